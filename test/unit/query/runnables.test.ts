import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePromqlFile } from "../../../src/promql/file.ts";
import { blockOfRun, selectedRunnables } from "../../../src/query/runnables.ts";

const file = [
  "# @connection prod",
  "# %% Error ratio",
  "# @range 6h  @step 1m  @legend {{job}}  @unit percentunit  @view stat",
  "rate(errors[5m])",
  "  / rate(requests[5m])",
  "# %%",
  "# @unit bytes",
  "a + b",
  "",
].join("\n");

/** What is run of a selection of the first appearance of `text`. */
function selected(text: string) {
  const from = file.indexOf(text);
  assert.ok(from >= 0);
  return selectedRunnables(file, parsePromqlFile(file), { from, to: from + text.length });
}

test("a part of a query has the place and time of its block, but neither its unit nor its look", () => {
  const [part, ...others] = selected("rate(errors[5m])\n");
  assert.deepEqual(others, []);
  assert.equal(part?.text, "rate(errors[5m])");
  assert.deepEqual(blockOfRun(part.key), { key: parsePromqlFile(file).blocks[0]?.key, isPart: true });
  const { connection, rangeMs, stepMs, title, unit, legend, view } = part.directives;
  assert.deepEqual([connection, rangeMs, stepMs, title], ["prod", 6 * 3_600_000, 60_000, "Error ratio (selection)"]);
  assert.deepEqual([unit, legend, view], [undefined, undefined, undefined]);
});

test("a part of a block without a title goes by its own text", () => {
  const [part] = selected("b\n");
  assert.equal(part?.text, "b");
  assert.deepEqual([part.directives.title, part.directives.unit], [undefined, undefined]);
});

test("a whole query that is selected, with what stands around it, is the block itself", () => {
  const [whole] = selected("# @unit bytes\na + b\n");
  assert.equal(whole?.text, "a + b");
  assert.deepEqual([whole.directives.unit, blockOfRun(whole.key).isPart], ["bytes", false]);
});

test("a selection that touches several queries is each of their blocks", () => {
  const all = selected("/ rate(requests[5m])\n# %%\n# @unit bytes\na");
  assert.deepEqual(
    all.map(({ text, directives }) => [text.slice(0, 5), directives.unit]),
    [
      ["rate(", "percentunit"],
      ["a + b", "bytes"],
    ],
  );
});
