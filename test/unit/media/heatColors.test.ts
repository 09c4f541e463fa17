import assert from "node:assert/strict";
import { test } from "node:test";
import { countAt, heatColor, heatColors } from "../../../media/plot/heatColors.ts";

/** Relative luminance as WCAG 2 defines it. */
function luminance([red, green, blue]: readonly number[]): number {
  const linear = (channel = 0) =>
    channel / 255 <= 0.04045 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4;
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

const channels = (color: string) => (color.match(/\d+/g) ?? []).map(Number);
const contrast = (a: number, b: number) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);

for (const [theme, isLight, page] of [
  ["dark", false, [31, 31, 31]],
  ["light", true, [255, 255, 255]],
] as const) {
  test(`shades of a ${theme} page go one way, away from it, so that hue tells nothing that lightness does not`, () => {
    const light = heatColors(isLight).map((color) => luminance(channels(color)));
    assert.equal(light.length, 64);
    for (const [i, one] of light.entries()) {
      const next = light[i + 1];
      assert.ok(next === undefined || (isLight ? next < one : next > one), `${i}: ${one} ${next}`);
    }
    const background = luminance(page);
    assert.ok(contrast(light[0] ?? 0, background) > 1.4);
    assert.ok(contrast(light.at(-1) ?? 0, background) > 10);
  });
}

test("nothing has no shade, the least has the first, the most the last, a quarter the middle one", () => {
  const colors = ["a", "b", "c", "d"];
  const cases: readonly (readonly [count: number, expected: string | undefined])[] = [
    [0, undefined],
    [-1, undefined],
    [Number.NaN, undefined],
    [1e-9, "a"],
    [24.9, "b"],
    [25, "c"],
    [100, "d"],
    [Number.POSITIVE_INFINITY, "d"],
  ];
  for (const [count, expected] of cases) assert.equal(heatColor(colors, count, 100), expected, String(count));
  assert.equal(countAt(0.5, 100), 25);
});
