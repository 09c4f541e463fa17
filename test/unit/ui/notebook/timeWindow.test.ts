import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { resolveDirectives } from "../../../../src/promql/effectiveDirectives.ts";
import { parsePromqlCell } from "../../../../src/promql/file.ts";
import type { TimeExpression } from "../../../../src/shared/model/time.ts";
import { type TimeWindow, windowDirectives } from "../../../../src/ui/notebook/timeWindow.ts";

const ago = (offsetMs: number): TimeExpression => ({ kind: "now", offsetMs: 0 - offsetMs });
const lastHour: TimeWindow = { start: ago(3_600_000), end: ago(0) };
const hourBefore: TimeWindow = { start: ago(7_200_000), end: ago(3_600_000) };

const directivesOf = (text: string, defaults: string) => {
  const { blocks } = parsePromqlCell(defaults, { defaults: [], title: undefined });
  const file = parsePromqlCell(text, { defaults: blocks[0]?.directives ?? [], title: undefined });
  assert.ok(file.blocks[0] !== undefined);
  return { defaults: file.prologue.directives, effective: resolveDirectives(file, file.blocks[0]) };
};

describe("the directives of a chosen time", () => {
  const cases: readonly {
    readonly window: TimeWindow;
    readonly defaults: string;
    readonly text: readonly string[];
  }[] = [
    { window: lastHour, defaults: "", text: ["# @range 1h"] },
    { window: lastHour, defaults: "# @start now-9h", text: ["# @range 1h"] },
    { window: lastHour, defaults: "# @end now-5m", text: ["# @range 1h", "# @end now"] },
    { window: hourBefore, defaults: "# @range 6h", text: ["# @start now-2h", "# @end now-1h"] },
    { window: lastHour, defaults: "# @mode instant", text: [] },
    { window: lastHour, defaults: "# @mode instant @time now-1d", text: ["# @time now"] },
    { window: lastHour, defaults: "# @mode instant @end now-1d", text: ["# @time now"] },
    { window: hourBefore, defaults: "# @mode instant", text: ["# @time now-1h"] },
  ];
  for (const { window, defaults, text } of cases) {
    test(`below ${defaults === "" ? "no defaults" : defaults}: ${text.join(", ") || "none"}`, () => {
      const before = directivesOf("up", defaults);
      const values = windowDirectives(window, before.effective.mode, before.defaults);
      const lines = values.flatMap(([key, value]) => (value === undefined ? [] : [`# @${key} ${value}`]));
      assert.deepEqual(lines, text);
      const { mode, rangeMs, start, end, time } = directivesOf([...lines, "up"].join("\n"), defaults).effective;
      if (mode === "instant") assert.deepEqual(time ?? end ?? ago(0), window.end);
      else {
        assert.deepEqual(start ?? ago(rangeMs ?? Number.NaN), window.start);
        assert.deepEqual(end ?? ago(0), window.end);
      }
    });
  }

  test("without one: none of its own", () => {
    const { effective, defaults } = directivesOf("up", "# @end now-5m");
    assert.ok(windowDirectives(undefined, effective.mode, defaults).every(([, value]) => value === undefined));
  });
});
