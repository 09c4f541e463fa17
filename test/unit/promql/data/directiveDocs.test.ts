import assert from "node:assert/strict";
import { test } from "node:test";
import { directiveDocs } from "../../../../src/promql/data/directiveDocs.ts";
import { directiveKeys, directiveModes, directiveViews } from "../../../../src/promql/data/directiveKeys.ts";
import { readDirectives } from "../../../../src/promql/directives.ts";
import type { Problem } from "../../../../src/promql/problems.ts";
import { assertTexts } from "../../../support/documentation.ts";

for (const key of directiveKeys)
  test(`@${key} is described, and its example is read without a problem`, () => {
    const { example, value, ...texts } = directiveDocs[key];
    assertTexts(key, texts);
    assert.match(value, /^[^\r\n.`]+$/);
    const problems: Problem[] = [];
    const directives = readDirectives(example, { from: 0, to: example.length }, problems);
    assert.deepEqual(problems, []);
    assert.notEqual(directives.find((one) => one.key === key)?.value, undefined, example);
  });

test("values that are a choice are all named", () => {
  for (const mode of directiveModes) assert.ok(directiveDocs.mode.value.includes(mode), mode);
  for (const view of directiveViews) assert.ok(directiveDocs.view.value.includes(view), view);
});
