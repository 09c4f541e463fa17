import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { canDraw, chartSvg } from "../../../../../src/query/export/notebook/chartSvg.ts";
import { TimeZone } from "../../../../../src/shared/model/zonedTime.ts";

type Line = readonly (readonly [second: number, value: number])[];

interface Options {
  readonly to?: number;
  readonly gap?: number;
  readonly title?: string;
  readonly unit?: string;
}

/** A chart of one minute from 1970 on; the plot goes from (84, 10) to (684, 230), so a second takes 10 units. */
function svgOf(lines: readonly Line[], { to = 60, gap = 45, title = "t", unit }: Options = {}): string {
  return [
    ...chartSvg({
      id: "c",
      title,
      description: "d",
      lines: lines.map((points, i) => ({
        times: Float64Array.from(points, ([second]) => second * 1000),
        values: Float64Array.from(points, ([, value]) => value),
        gapMs: gap * 1000,
        stroke: { color: i, dash: 0 },
      })),
      from: 0,
      to: to * 1000,
      unit,
      zone: new TimeZone("UTC"),
    }),
  ].join("");
}

function pathsOf(svg: string, name: "line" | "dots"): readonly string[] {
  return [...svg.matchAll(new RegExp(`<path class="${name} [^"]*" d="([^"]*)"/>`, "g"))].map(([, path]) => path ?? "");
}

test("texts of values that need many digits have room beside the axis", () => {
  const gibi = 2 ** 30;
  const around = (step: number): Line => [
    [0, 100 * gibi],
    [60, 100 * gibi + 4 * step],
  ];
  assert.match(svgOf([around(gibi)], { unit: "bytes" }), /viewBox="0 0 700 270".*>101 GiB</s);
  assert.match(svgOf([around(2 ** 18)], { unit: "bytes" }), /viewBox="-2 0 702 270".*>100\.00024 GiB</s);
});

describe("lines of a chart", () => {
  // The axis of 0 to 20 ends there: 11 units for each 1, the greatest value at the top.
  const cases: readonly {
    readonly title: string;
    readonly lines: readonly Line[];
    readonly gap?: number;
    readonly expected: readonly string[];
    readonly dots?: readonly string[];
  }[] = [
    {
      title: "go through their samples",
      lines: [
        [
          [0, 0],
          [30, 10],
          [60, 20],
        ],
      ],
      expected: ["M84,230L384,120L684,10"],
    },
    {
      title: "stop where there is a pause, and a sample by itself is a dot",
      lines: [
        [
          [0, 0],
          [15, 10],
          [60, 20],
        ],
      ],
      gap: 22.5,
      expected: ["M84,230L234,120"],
      dots: ["M684,10h0"],
    },
    {
      title: "stop at what is no number or infinite",
      lines: [
        [
          [0, 0],
          [20, Number.NaN],
          [40, 20],
          [60, 0],
        ],
        [
          [0, 0],
          [20, 20],
          [40, Number.POSITIVE_INFINITY],
          [60, 0],
        ],
      ],
      expected: ["M484,10L684,230", "M84,230L284,10"],
      dots: ["M84,230h0", "M684,230h0"],
    },
    {
      title: "go on where only others have samples",
      lines: [
        [
          [0, 0],
          [60, 20],
        ],
        [
          [0, 0],
          [30, 0],
          [60, 0],
        ],
      ],
      gap: 90,
      expected: ["M84,230L684,10", "M84,230L384,230L684,230"],
    },
    {
      title: "are in the middle where they are flat",
      lines: [
        [
          [0, 5],
          [60, 5],
        ],
      ],
      gap: 90,
      expected: ["M84,120L684,120"],
    },
    { title: "are not there without samples", lines: [[]], expected: [] },
    {
      title: "are not there without a number",
      lines: [
        [
          [0, Number.NaN],
          [60, Number.NaN],
        ],
      ],
      expected: [],
    },
  ];
  for (const { title, lines, gap = 45, expected, dots = [] } of cases) {
    test(title, () => {
      const svg = svgOf(lines, { gap });
      assert.deepEqual(pathsOf(svg, "line"), expected);
      assert.deepEqual(pathsOf(svg, "dots"), dots);
    });
  }

  test("keep the one spike among four samples a pixel, at its place", () => {
    const points: Line = Array.from({ length: 2400 }, (_, i) => [i / 4, i === 1201 ? 20 : 0]);
    const [path = ""] = pathsOf(svgOf([points], { to: 600 }), "line");
    // The 301st of 600 pixels; its greatest value is the second of its two points, or the first.
    assert.match(path, /L384(\.5)?,10L/);
    assert.equal(path.split(",10").length, 2);
    assert.ok(path.split("L").length <= 1200, "at most two points a pixel");
  });

  test("are as many as their strokes, each with its class", () => {
    const svg = svgOf([
      [
        [0, 0],
        [30, 1],
      ],
      [
        [0, 2],
        [30, 3],
      ],
    ]);
    assert.match(svg, /class="line s0 d0" [^>]*>\n<path class="line s1 d0"/);
  });
});

test("axes: values at good numbers, times on the zone's clock with the day", () => {
  const svg = svgOf(
    [
      [
        [0, 0],
        [60, 20],
      ],
    ],
    { gap: 90 },
  );
  const texts = [...svg.matchAll(/<text class="tick (\w+)" x="([\d.]+)" y="([\d.]+)">(.*?)<\/text>/g)].map((match) =>
    match.slice(1).join(" "),
  );
  assert.deepEqual(texts, [
    ...["value 76 234 0", "value 76 179 5", "value 76 124 10", "value 76 69 15", "value 76 14 20"],
    'time 84 249 00:00:00<tspan x="84" y="263">01-01</tspan>',
    ...["time 184 249 00:00:10", "time 284 249 00:00:20", "time 384 249 00:00:30"],
    ...["time 484 249 00:00:40", "time 584 249 00:00:50", "time 684 249 00:01:00"],
  ]);
});

test("names itself for those who do not see it, and its texts are text", () => {
  const svg = svgOf([[[0, 0]]], { title: '"><script>x</script>' });
  assert.match(svg, /^<svg class="chart" [^>]*role="img" aria-labelledby="c-title c-desc">\n<title id="c-title">/);
  assert.match(
    svg,
    /<title id="c-title">&quot;&gt;&lt;script&gt;x&lt;\/script&gt;<\/title><desc id="c-desc">d<\/desc>/,
  );
});

describe("windows that can be drawn", () => {
  const windows: readonly { readonly from: number; readonly to: number; readonly expected: boolean }[] = [
    { from: 0, to: 1, expected: true },
    { from: 5, to: 5, expected: true },
    { from: 2, to: 1, expected: false },
    { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY, expected: false },
    { from: Number.NaN, to: 1, expected: false },
    { from: 0, to: 1e300, expected: false },
  ];
  for (const { from, to, expected } of windows) {
    test(`${from} to ${to}: ${expected}`, () => assert.equal(canDraw(from, to), expected));
  }
});
