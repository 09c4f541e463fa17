import assert from "node:assert/strict";
import { test } from "node:test";
import { pickSelector } from "../../../src/catalog/labelPicks.ts";
import { undefinedVariables } from "../../../src/query/planRun.ts";

test("picked values are taken literally, in regular expressions and where they look like variables", () => {
  const picks = (...values: string[]) => new Map([["name", new Set(values)]]);
  assert.equal(pickSelector(new Map()), undefined);
  assert.equal(pickSelector(picks("w32time")), '{name="w32time"}');
  assert.equal(pickSelector(picks("mssql$sqlexpress")), String.raw`{name="mssql\x24sqlexpress"}`);
  assert.equal(pickSelector(picks("mssql$sql", "a.b")), String.raw`{name=~"mssql\\\x24sql|a\\.b"}`);
  for (const selector of [pickSelector(picks("mssql$sqlexpress")), pickSelector(picks("a[[b]]", `\${c}`))])
    assert.deepEqual(undefinedVariables(`count(${selector})`, new Map()), []);
});
