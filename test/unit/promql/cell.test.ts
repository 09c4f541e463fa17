import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { resolveDirectives } from "../../../src/promql/effectiveDirectives.ts";
import { parsePromqlCell } from "../../../src/promql/file.ts";

const alone = { defaults: [], title: undefined };

describe("a notebook's cell", () => {
  test("is one block: neither blank lines nor what looks like a separator divide it", () => {
    const text = "# %% not here\nup\n\n### nor here\n\n+ 1";
    const { blocks, problems } = parsePromqlCell(text, alone);
    assert.deepEqual(
      blocks.map(({ from, to }) => [from, to]),
      [[0, text.length]],
    );
    assert.deepEqual(blocks[0]?.expression, { from: 14, to: text.length });
    assert.deepEqual(problems, []);
  });

  test("with two expressions says so, and that a new cell parts them", () => {
    const { problems } = parsePromqlCell("up\n\ndown", alone);
    assert.deepEqual(problems, [{ code: "twoExpressions", insert: "cell", insertAt: 4, from: 4, to: 8 }]);
  });

  test("has the defaults of the first cell, and its title", () => {
    const [head] = parsePromqlCell("# @connection prod  @range 6h\n# @var job=api", alone).blocks;
    const file = parsePromqlCell("# @range 1h\nup", { defaults: head?.directives ?? [], title: "Up" });
    const [block] = file.blocks;
    assert.ok(block !== undefined);
    const { connection, rangeMs, vars, title } = resolveDirectives(file, block);
    assert.deepEqual(
      { connection, rangeMs, vars: [...vars], title },
      { connection: "prod", rangeMs: 3_600_000, vars: [["job", "api"]], title: "Up" },
    );
  });

  test("tells of its own directives alone, as the defaults let them be", () => {
    const [head] = parsePromqlCell("# @mode instant\n# @range 1h  @start now-1h", alone).blocks;
    const own = (text: string, defaults = head?.directives ?? []) =>
      parsePromqlCell(text, { defaults, title: undefined }).problems.map(({ code }) => code);
    assert.deepEqual(own("# @time now\nup"), []);
    assert.deepEqual(own("# @time now\nup", []), ["timeOnlyForInstant"]);
    assert.deepEqual(own("# @step 1m  @step 2m\nup"), ["duplicateDirective"]);
  });
});
