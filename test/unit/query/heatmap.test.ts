import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Heatmaps, heatmapCells } from "../../../src/query/heatmap.ts";
import { heatmapGroups, heatmapOf } from "../../../src/query/heatmapGroups.ts";
import type { HistogramBucket, Series } from "../../../src/shared/model/answer.ts";
import type { Labels } from "../../../src/shared/model/labels.ts";

const step = 10;
const start = 1000;
const inf = Number.POSITIVE_INFINITY;
const hole = Number.NaN;
const pause = async () => undefined;

/** A series whose n-th value is of the n-th step; `undefined`: no point there. */
function line(labels: Labels, values: readonly (number | undefined)[], shift = 0): Series {
  const points = values.flatMap((value, i) =>
    value === undefined ? [] : [[start + shift + i * step, value] as const],
  );
  return {
    labels,
    times: Float64Array.from(points, ([time]) => time),
    values: Float64Array.from(points, ([, value]) => value),
    histograms: [],
  };
}

const le = (bound: string, values: readonly (number | undefined)[], others: Labels = []) =>
  line([...others, ["le", bound]], values);

type BucketTuple = readonly [boundaries: number, lower: number, upper: number, count: number];

function native(samples: readonly (readonly BucketTuple[] | undefined)[], labels: Labels = []): Series {
  const histograms = samples.flatMap((tuples, i) => {
    if (tuples === undefined) return [];
    const buckets = tuples.map(
      ([boundaries, lower, upper, count]): HistogramBucket => ({ boundaries, lower, upper, count }),
    );
    return [{ time: start + i * step, count: buckets.reduce((sum, { count }) => sum + count, 0), sum: 1, buckets }];
  });
  return { labels, times: new Float64Array(), values: new Float64Array(), histograms };
}

interface Options {
  readonly steps?: number;
  readonly maxColumns?: number;
  readonly zoom?: { readonly from: number | null; readonly to: number | null };
  readonly group?: number;
}

/** The map as rows of `[interval, ...counts]`, from the lowest. */
async function draw(series: readonly Series[], options: Options = {}) {
  const { steps = 3, maxColumns = 100, zoom = { from: null, to: null } } = options;
  const { groups } = await heatmapGroups(series, pause);
  const group = groups[options.group ?? 0];
  assert.ok(group !== undefined);
  const to = start + (steps - 1) * step;
  const cells = await heatmapCells({ group, from: start, to, stepMs: step, zoom, maxColumns, pause });
  const { columns } = cells.grid;
  const rows = cells.rows.map(({ lower, upper, boundaries }, row) => {
    const [open, close] = [
      boundaries === 1 || boundaries === 3 ? "[" : "(",
      boundaries === 0 || boundaries === 3 ? "]" : ")",
    ];
    return [`${open}${lower}, ${upper}${close}`, ...cells.counts.subarray(row * columns, (row + 1) * columns)];
  });
  return { ...cells, edges: [...cells.edges], rows };
}

type Row = readonly (string | number)[];

const classic: readonly {
  readonly title: string;
  readonly series: readonly Series[];
  readonly expected: readonly Row[];
}[] = [
  {
    title: "sorts bounds as numbers and takes from each bucket the one below",
    series: [le("+Inf", [10, 12, 12]), le("10", [9, 12, 6]), le("2", [4, 0, 6]), le("0.5", [1, 0, 5])],
    expected: [
      ["(-Infinity, 0.5]", 1, 0, 5],
      ["(0.5, 2]", 3, 0, 1],
      ["(2, 10]", 5, 12, 0],
      ["(10, Infinity]", 1, 0, 6],
    ],
  },
  {
    title: "has no row above the last finite bound where +Inf was not asked for",
    series: [le("1", [1, 1, 1]), le("2", [3, 4, 5])],
    expected: [
      ["(-Infinity, 1]", 1, 1, 1],
      ["(1, 2]", 2, 3, 4],
    ],
  },
  {
    title: "leaves a hole where a bucket has no point or NaN, and in the row above, whose share is not known",
    series: [le("1", [1, 1, 1]), le("2", [3, undefined, hole]), le("4", [7, 8, 9]), le("+Inf", [7, 9, 12])],
    expected: [
      ["(-Infinity, 1]", 1, 1, 1],
      ["(1, 2]", 2, hole, hole],
      ["(2, 4]", 4, hole, hole],
      ["(4, Infinity]", 0, 1, 3],
    ],
  },
  {
    title: "leaves a whole column of holes where no bucket has a point",
    series: [le("1", [1, undefined, 1]), le("2", [3, undefined, 4])],
    expected: [
      ["(-Infinity, 1]", 1, hole, 1],
      ["(1, 2]", 2, hole, 3],
    ],
  },
  {
    title: "takes a difference that comes of digits for none",
    series: [le("1", [0.3, 1e6, 1]), le("2", [0.1 + 0.2, 1e6 - 1e-9, 1 + 1e-9])],
    expected: [
      ["(-Infinity, 1]", 0.3, 1e6, 1],
      ["(1, 2]", 0, 0, 1 + 1e-9 - 1],
    ],
  },
  {
    title: "adds up what is one bound in two spellings",
    series: [le("1", [1, 1, undefined]), le("1.0", [2, undefined, 4]), le("2e0", [5, 5, 5])],
    expected: [
      ["(-Infinity, 1]", 3, 1, 4],
      ["(1, 2]", 2, 4, 1],
    ],
  },
  {
    title: "knows bounds below zero and infinity in Go's spellings",
    series: [le("-1", [1, 1, 1]), le("Inf", [2, 3, 4])],
    expected: [
      ["(-Infinity, -1]", 1, 1, 1],
      ["(-1, Infinity]", 1, 2, 3],
    ],
  },
];

describe("classic buckets", () => {
  for (const { title, series, expected } of classic) {
    test(title, async () => {
      const { rows, remarks, edges } = await draw(series);
      assert.deepEqual(rows, expected);
      assert.deepEqual(remarks, []);
      // A point stands for the step before it.
      assert.deepEqual(edges, [990, 1000, 1010, 1020]);
    });
  }

  test("say where they are not cumulative; what is above counts only what the highest below does not", async () => {
    const { rows, remarks } = await draw([le("1", [5, 10]), le("2", [6, 8]), le("+Inf", [9, 12])], { steps: 2 });
    assert.deepEqual(rows, [
      ["(-Infinity, 1]", 5, 10],
      ["(1, 2]", 1, 0],
      ["(2, Infinity]", 3, 2],
    ]);
    assert.deepEqual(remarks, ["notCumulative"]);
  });

  test("of many steps share columns, each the mean of its steps but for holes; the newest column is whole", async () => {
    const series = [le("1", [1, 2, 3, 4, 5, 6, 7]), le("2", [2, 4, 6, 8, undefined, undefined, 14.5])];
    const { rows, edges, grid } = await draw(series, { steps: 7, maxColumns: 4 });
    assert.equal(grid.stepsPerColumn, 2);
    assert.deepEqual(edges, [990, 1000, 1020, 1040, 1060]);
    assert.deepEqual(rows, [
      ["(-Infinity, 1]", 1, 2.5, 4.5, 6.5],
      // Of steps 4 and 5, and of 6 and 7, one is a hole.
      ["(1, 2]", 1, 2.5, 4, 7.5],
    ]);
  });

  test("without any point in a column leave a hole there, whatever other rows have", async () => {
    const { rows } = await draw([le("1", [1, 1, 1, 3]), le("2", [undefined, undefined, 2, 6])], {
      steps: 4,
      maxColumns: 2,
    });
    assert.deepEqual(rows, [
      ["(-Infinity, 1]", 1, 2],
      ["(1, 2]", hole, 2],
    ]);
  });

  test("that share a row are added up within each step, and the steps averaged", async () => {
    const bounds = Array.from({ length: 400 }, (_, i) => le(String(i + 1), [i + 1, 3 * (i + 1)]));
    const { rows } = await draw(bounds, { steps: 2, maxColumns: 1 });
    // Two bounds to a row: two observations in the first step, six in the second.
    assert.equal(rows.length, 200);
    assert.ok(rows.every(([, count]) => count === 4));
  });

  describe("that share a row, one of which has no point", () => {
    // Two bounds to each of 200 rows; every bucket counts one observation a step.
    const without = (missing: number, count = (bound: number) => bound) =>
      Array.from({ length: 400 }, (_, i) => le(String(i + 1), [count(i + 1), i + 1 === missing ? hole : count(i + 1)]));
    const counted = async (series: readonly Series[]) =>
      (await draw(series, { steps: 2 })).rows.map(([, , second]) => second);

    test("leave nothing out where it is an inner one: the row's own bounds say how many lie between", async () => {
      assert.deepEqual(await counted(without(5)), Array(200).fill(2));
    });

    test("leave a hole where it is the row's upper bound, and in the row above, as a row of one bucket does", async () => {
      const expected = Array.from({ length: 200 }, (_, row) => (row === 2 || row === 3 ? hole : 2));
      assert.deepEqual(await counted(without(6)), expected);
    });

    test("count what the highest below does not, where an inner one counts more than the row's upper bound", async () => {
      const falling = (bound: number) => (bound === 5 ? 100 : bound === 7 ? 101 : bound);
      const { rows, remarks } = await draw(without(0, falling), { steps: 2 });
      // Up to 4 there are 4, up to 6 at least the 100 of 5, up to 8 at least the 101 of 7, and no more until 102.
      assert.deepEqual(
        rows.slice(0, 5).map(([, first]) => first),
        [2, 2, 96, 1, 0],
      );
      assert.deepEqual(
        rows.slice(50, 53).map(([, first]) => first),
        [1, 2, 2],
      );
      assert.deepEqual(remarks, ["notCumulative", "joinedRows"].toReversed());
    });
  });

  test("of more bounds than can be drawn share rows, but for those above the last finite one", async () => {
    const bounds = Array.from({ length: 401 }, (_, i) => le(i === 400 ? "+Inf" : String(i + 1), [i + 1]));
    const { rows, remarks } = await draw(bounds, { steps: 1 });
    // 400 finite ones, three to each of 134 rows, the last of which has one; each bucket holds one observation.
    assert.equal(rows.length, 135);
    assert.deepEqual(rows[0], ["(-Infinity, 3]", 3]);
    assert.deepEqual(rows[133], ["(399, 400]", 1]);
    assert.deepEqual(rows[134], ["(400, Infinity]", 1]);
    assert.deepEqual(remarks, ["joinedRows"]);
  });
});

describe("the window", () => {
  const series = [le("1", [1, 2, 3, 4]), le("2", [1, 2, 3, 4])];
  const cases: readonly {
    title: string;
    zoom: Options["zoom"];
    edges: readonly number[];
    counts: readonly number[];
  }[] = [
    {
      title: "without a zoom",
      zoom: { from: null, to: null },
      edges: [990, 1000, 1010, 1020, 1030],
      counts: [1, 2, 3, 4],
    },
    {
      title: "drawn edge to drawn edge",
      zoom: { from: 990, to: 1030 },
      edges: [990, 1000, 1010, 1020, 1030],
      counts: [1, 2, 3, 4],
    },
    { title: "edges of columns", zoom: { from: 1000, to: 1020 }, edges: [1000, 1010, 1020], counts: [2, 3] },
    {
      title: "within columns, which are drawn whole",
      zoom: { from: 1004, to: 1011 },
      edges: [1000, 1010, 1020],
      counts: [2, 3],
    },
    { title: "within one column", zoom: { from: 1004, to: 1006 }, edges: [1000, 1010], counts: [2] },
    {
      title: "beyond what is here",
      zoom: { from: -1e12, to: 1e12 },
      edges: [990, 1000, 1010, 1020, 1030],
      counts: [1, 2, 3, 4],
    },
    { title: "elsewhere", zoom: { from: 1e12, to: 1e13 }, edges: [1020, 1030], counts: [4] },
  ];
  for (const { title, zoom, edges, counts } of cases) {
    test(title, async () => {
      const map = await draw(series, { steps: 4, ...(zoom === undefined ? {} : { zoom }) });
      assert.deepEqual(map.edges, edges);
      assert.deepEqual(map.rows[0]?.slice(1), counts);
    });
  }

  test("reaches to where nothing was sampled, which are holes", async () => {
    const late = [le("1", [undefined, undefined, 1]), le("2", [undefined, undefined, 3])];
    assert.deepEqual((await draw(late, { steps: 4 })).rows, [
      ["(-Infinity, 1]", hole, hole, 1, hole],
      ["(1, 2]", hole, hole, 2, hole],
    ]);
  });

  test("keeps every point of a server that shifts steps to multiples of their length", async () => {
    const shifted = [line([["le", "1"]], [1, 2, 3], -4), line([["le", "2"]], [2, 4, 6], -4)];
    const { rows, edges } = await draw(shifted);
    assert.deepEqual(edges, [986, 996, 1006, 1016]);
    assert.deepEqual(rows[1], ["(1, 2]", 1, 2, 3]);
  });

  test("of a server that invents times stays as small as it was", async () => {
    const { rows, grid } = await draw([line([["le", "1"]], [1], 9e15), line([["le", "2"]], [1], -9e15)]);
    assert.ok(grid.columns <= 4);
    assert.equal(rows.length, 2);
  });
});

const natives: readonly {
  readonly title: string;
  readonly samples: readonly (readonly BucketTuple[] | undefined)[];
  readonly expected: readonly Row[];
  readonly remarks?: readonly string[];
}[] = [
  {
    title: "are counts as sent; one that was not sent is empty, a histogram that was not sent is a hole",
    samples: [
      [
        [3, -0.25, 0.25, 3],
        [0, 0.25, 0.5, 12],
      ],
      undefined,
      [
        [0, 0.25, 0.5, 1],
        [0, 0.5, 1, 21],
      ],
    ],
    expected: [
      ["[-0.25, 0.25]", 3, hole, 0],
      ["(0.25, 0.5]", 12, hole, 1],
      ["(0.5, 1]", 0, hole, 21],
    ],
  },
  {
    title: "have an empty row for each bucket that none of them holds, as their growth says",
    samples: [
      [
        [0, 1, 2, 5],
        [0, 8, 16, 6],
      ],
      [
        [1, -16, -8, 1],
        [1, -2, -1, 2],
      ],
      [[3, -1, 1, 4]],
    ],
    expected: [
      ["[-16, -8)", 0, 1, 0],
      ["[-8, -4)", 0, 0, 0],
      ["[-4, -2)", 0, 0, 0],
      ["[-2, -1)", 0, 2, 0],
      ["[-1, 1]", 0, 0, 4],
      ["(1, 2]", 5, 0, 0],
      ["(2, 4]", 0, 0, 0],
      ["(4, 8]", 0, 0, 0],
      ["(8, 16]", 6, 0, 0],
    ],
  },
  {
    title: "have one empty row between the zero bucket and what is far away",
    samples: [
      [
        [3, -1e-9, 1e-9, 1],
        [0, 1, 2, 5],
      ],
      [],
      [],
    ],
    expected: [
      ["[-1e-9, 1e-9]", 1, 0, 0],
      ["(1e-9, 1]", 0, 0, 0],
      ["(1, 2]", 5, 0, 0],
    ],
  },
  {
    title: "with custom bounds begin at minus infinity, closed on both sides, and end at infinity",
    samples: [
      [
        [3, -inf, 0.03, 2],
        [0, 0.03, 0.1, 4],
        [0, 0.5, inf, 1],
      ],
      [],
      [[0, 0.03, 0.1, 3]],
    ],
    expected: [
      ["[-Infinity, 0.03]", 2, 0, 0],
      ["(0.03, 0.1]", 4, 0, 3],
      ["(0.1, 0.5]", 0, 0, 0],
      ["(0.5, Infinity]", 1, 0, 0],
    ],
  },
  {
    title: "of two resolutions share the rows of the coarser one",
    samples: [
      [
        [0, 1, 2, 5],
        [0, 2, 4, 6],
      ],
      [
        [0, 1, 1.5, 1],
        [0, 1.5, 2, 2],
        [0, 2, 4, 1],
      ],
      [[0, 4, 8, 9]],
    ],
    expected: [
      ["(1, 2]", 5, 3, 0],
      ["(2, 4]", 6, 1, 0],
      ["(4, 8]", 0, 0, 9],
    ],
    remarks: ["resolutions"],
  },
  {
    title: "with a wider zero bucket later give their small buckets to it",
    samples: [
      [
        [3, -1, 1, 1],
        [0, 1, 2, 5],
        [0, 2, 4, 1],
      ],
      [
        [3, -2, 2, 7],
        [0, 2, 4, 1],
      ],
      [],
    ],
    expected: [
      ["[-2, 2]", 6, 7, 0],
      ["(2, 4]", 1, 1, 0],
    ],
    remarks: ["resolutions"],
  },
  {
    title: "that lie all in the zero bucket are one row, be it without width",
    samples: [[[3, 0, 0, 5]], [[3, 0, 0, 7]], []],
    expected: [["[0, 0]", 5, 7, 0]],
  },
  {
    title: "keep a zero bucket without width apart from its neighbours",
    samples: [
      [
        [1, -2, -1, 1],
        [3, 0, 0, 5],
        [0, 1, 2, 3],
      ],
      [],
      [],
    ],
    expected: [
      ["[-2, -1)", 1, 0, 0],
      ["[-1, 0)", 0, 0, 0],
      ["[0, 0]", 5, 0, 0],
      ["(0, 1]", 0, 0, 0],
      ["(1, 2]", 3, 0, 0],
    ],
  },
  {
    title: "without any bucket have no rows",
    samples: [[], [], []],
    expected: [],
  },
  {
    title: "that are malformed are left out",
    samples: [
      [
        [0, hole, hole, 5],
        [0, 2, 1, 5],
        [0, 1, 2, 5],
        [0, 1, 2, hole],
      ],
      [],
      [],
    ],
    expected: [["(1, 2]", 5, 0, 0]],
  },
];

describe("native histograms", () => {
  for (const { title, samples, expected, remarks = [] } of natives) {
    test(title, async () => {
      const map = await draw([native(samples)]);
      assert.deepEqual(map.rows, expected);
      assert.deepEqual(map.remarks, remarks);
    });
  }

  test("have the same rows in every part of their time", async () => {
    const series = native([[[0, 1, 2, 5]], [[0, 2, 4, 6]], [[0, 2, 4, 7]]]);
    const map = await draw([series], { zoom: { from: 1010, to: null } });
    assert.deepEqual(map.rows, [
      ["(1, 2]", 0],
      ["(2, 4]", 7],
    ]);
  });

  test("of several steps in a column are averaged; a step without a histogram is none of them", async () => {
    const map = await draw([native([[[0, 1, 2, 5]], [[0, 1, 2, 6]], undefined])], { steps: 3, maxColumns: 2 });
    assert.deepEqual(map.rows, [["(1, 2]", 5, 6]]);
    const two = await draw([native([[[0, 1, 2, 5]], [], [[0, 1, 2, 6]], [[0, 1, 2, 8]]])], { steps: 4, maxColumns: 2 });
    assert.deepEqual(two.rows, [["(1, 2]", 2.5, 7]]);
  });
});

test("VictoriaMetrics' ranges hold only their own; one not sent is empty while others are", async () => {
  const range = (text: string, values: readonly (number | undefined)[]) => line([["vmrange", text]], values);
  const series = [
    range("8.799e-01...1.000e+00", [3, undefined, undefined]),
    range("1.136e+00...1.292e+00", [1, 2, undefined]),
    range("0...1.000e-09", [undefined, 4, undefined]),
  ];
  const { rows } = await draw(series);
  assert.deepEqual(rows, [
    ["(0, 1e-9]", 0, 4, hole],
    ["(1e-9, 0.8799]", 0, 0, hole],
    ["(0.8799, 1]", 3, 0, hole],
    ["(1, 1.136]", 0, 0, hole],
    ["(1.136, 1.292]", 1, 2, hole],
  ]);
});

describe("a constant rate has the same cells however wide they are", () => {
  const times = Array.from({ length: 10 }, () => 1);
  const kinds: readonly { readonly title: string; readonly series: readonly Series[] }[] = [
    {
      title: "classic",
      series: [
        le(
          "1",
          times.map(() => 0.5),
        ),
        le("2", times),
      ],
    },
    {
      title: "vmrange",
      series: ["0...1", "1...2"].map((vmrange) =>
        line(
          [["vmrange", vmrange]],
          times.map(() => 0.5),
        ),
      ),
    },
    {
      title: "native",
      series: [
        native(
          times.map(() => [
            [0, 0, 1, 0.5],
            [0, 1, 2, 0.5],
          ]),
        ),
      ],
    },
  ];
  for (const { title, series } of kinds) {
    for (const maxColumns of [100, 6, 3]) {
      test(`${title}, at most ${maxColumns} columns`, async () => {
        const { counts } = await draw(series, { steps: 10, maxColumns });
        assert.deepEqual([...new Set(counts)], [0.5]);
      });
    }
  }
});

describe("maps of an answer", () => {
  test("are one for each set of the other labels, and one for each native series; the rest is counted", async () => {
    const job = (name: string): Labels => [["job", name]];
    const series = [
      le("1", [1], job("a")),
      le("1", [2], job("b")),
      le("2", [3], job("a")),
      line(job("a"), [1]),
      le("nonsense", [1], job("a")),
      native([[[0, 1, 2, 5]]], job("a")),
      line([["vmrange", "1...2"], ...job("a")], [1]),
    ];
    const { groups, others } = await heatmapGroups(series, pause);
    assert.deepEqual(
      groups.map(({ name, kind, buckets }) => [name, kind, buckets.length]),
      [
        ['{job="a"}', "classic", 2],
        ['{job="b"}', "classic", 1],
        ['{job="a"}', "native", 1],
        ['{job="a"}', "vmrange", 1],
      ],
    );
    assert.equal(others, 2);
  });

  test("keep their groups and rows, and draw the part that is asked for", async () => {
    let pauses = 0;
    const maps = new Heatmaps([le("1", [1, 2]), le("2", [1, 4])], async () => {
      pauses++;
    });
    const [group] = (await maps.groups()).groups;
    assert.ok(group !== undefined);
    assert.equal((await maps.groups()).groups[0], group);
    const window = { from: start, to: start + step, stepMs: step, maxColumns: 10 };
    const cells = await maps.cells({ group, ...window, zoom: { from: start, to: null } });
    assert.deepEqual([...cells.counts], [2, 2]);
    assert.ok(pauses > 0);
  });
});

const detections: readonly {
  readonly title: string;
  readonly series: readonly Series[];
  readonly expected: readonly [kind: string | undefined, isAll: boolean];
}[] = [
  { title: "nothing", series: [], expected: [undefined, false] },
  { title: "no buckets", series: [line([["job", "a"]], [1])], expected: [undefined, false] },
  { title: "a single bound", series: [le("1", [1]), le("1", [1], [["job", "a"]])], expected: [undefined, false] },
  { title: "two bounds", series: [le("1", [1]), le("+Inf", [1])], expected: ["classic", true] },
  {
    title: "bounds that are no numbers",
    series: [le("", [1]), le("0x10", [1]), le("a", [1])],
    expected: [undefined, false],
  },
  { title: "buckets and others", series: [le("1", [1]), le("2", [1]), line([], [1])], expected: ["classic", false] },
  { title: "a range", series: [line([["vmrange", "1...2"]], [1])], expected: ["classic", true] },
  { title: "a range the wrong way round", series: [line([["vmrange", "2...1"]], [1])], expected: [undefined, false] },
  { title: "native", series: [native([[[0, 1, 2, 5]]])], expected: ["native", true] },
  { title: "native and others", series: [native([[[0, 1, 2, 5]]]), line([], [1])], expected: ["native", false] },
];

test("whether an answer can be a heatmap", () => {
  for (const { title, series, expected } of detections) {
    const { canHeatmap, isAllBuckets } = heatmapOf(series);
    assert.deepEqual([canHeatmap, isAllBuckets], expected, title);
  }
});

const name: Labels = [["__name__", "x_bucket"]];
const rising = Array.from({ length: 12 }, (_, i) => 100 + i * i);
const totals: readonly { readonly title: string; readonly series: readonly Series[]; readonly expected: boolean }[] = [
  { title: "counters as scraped", series: [le("1", [1, 1, 1], name), le("2", [3, 5, 5], name)], expected: true },
  {
    title: "counters that stand still say nothing",
    series: [le("1", [1, 1, 1], name), le("2", [3, 3, 3], name)],
    expected: false,
  },
  {
    title: "a sum of counters",
    series: [
      le("1", rising),
      le(
        "2",
        rising.map((n) => n * 2),
      ),
    ],
    expected: true,
  },
  { title: "few points may rise by chance", series: [le("1", [1, 2, 3]), le("2", [3, 4, 5])], expected: false },
  { title: "a sum that falls", series: [le("1", [...rising, 0]), le("2", [...rising, 0])], expected: false },
  {
    title: "named counters after one restart in many points",
    series: [le("1", [...Array.from({ length: 150 }, (_, i) => i), 0, 1], name), le("2", [1], name)],
    expected: true,
  },
  {
    title: "rates are no whole numbers",
    series: [
      le(
        "1",
        rising.map((n) => n / 15),
      ),
      le(
        "2",
        rising.map((n) => n / 15),
      ),
    ],
    expected: false,
  },
  {
    title: "native histograms as scraped",
    series: [native([[[0, 1, 2, 5]], [[0, 1, 2, 6]], [[0, 1, 2, 9]]], name)],
    expected: true,
  },
];

test("counters as they were scraped are known by what they do", async () => {
  for (const { title, series, expected } of totals) {
    const { remarks } = await draw(series, { steps: 20 });
    assert.equal(remarks.includes("runningTotals"), expected, title);
  }
});
