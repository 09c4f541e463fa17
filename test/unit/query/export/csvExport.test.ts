import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Series } from "../../../../src/shared/model/answer.ts";
import type { Labels } from "../../../../src/shared/model/labels.ts";
import { TimeZone } from "../../../../src/shared/model/zonedTime.ts";
import { aHistogram, aSubject, exported, readCsv, tableOf } from "../../../support/exports.ts";
import { hostileStrings } from "../../../support/hostileStrings.ts";
import { aSeries, testNow } from "../../../support/runs.ts";

const unix = testNow / 1000;
const nothing = new Float64Array();
const native: Series = {
  labels: [["__name__", "latency"]],
  times: nothing,
  values: nothing,
  histograms: [aHistogram(testNow)],
};
const bucketText = "{count:4, sum:18, [-0.5,0.5]:1, (2,+Inf]:3}";

describe("CSV, one row per sample", () => {
  test("has a column for each label of any series, the metric's name first, and times in the zone", async () => {
    const series = [
      aSeries(
        [
          ["__name__", "up"],
          ["zone", "a"],
          ["job", "api, v2"],
        ],
        [1, 0.1],
      ),
      aSeries(
        [
          ["instance", 'x"y'],
          ["job", ""],
        ],
        [-5],
      ),
    ];
    const csv = await exported("csv", aSubject({ type: "matrix", series }, { zone: new TimeZone("Asia/Kolkata") }));
    assert.deepEqual(tableOf(csv), [
      ["time", "unix_seconds", "__name__", "instance", "job", "zone", "value"],
      ["2026-01-02T17:29:45+05:30", String(unix - 15), "up", "", "api, v2", "a", "1"],
      ["2026-01-02T17:30:00+05:30", String(unix), "up", "", "api, v2", "a", "0.1"],
      ["2026-01-02T17:30:00+05:30", String(unix), "", 'x"y', "", "", "-5"],
    ]);
  });

  test("writes values as they were sent", async () => {
    const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 1e-7, 1e21, 0.1 + 0.2];
    const csv = await exported("csv", aSubject({ type: "matrix", series: [aSeries([], values)] }));
    assert.deepEqual(
      tableOf(csv).map((row) => row[2]),
      ["value", "NaN", "+Inf", "-Inf", "-0", "1e-7", "1e+21", "0.30000000000000004"],
    );
    // Bare, so that a spreadsheet takes them for numbers where they are.
    assert.match(csv, /,-Inf\r\n/);
  });

  test("keeps a milliseconds' moment, and rows of series that share times and of one that does not", async () => {
    const shared = Float64Array.of(1000, 2000.5, 3000);
    const one = (job: string, times: Float64Array): Series => ({
      labels: [["job", job]],
      times,
      values: times.map((time) => time / 1000),
      histograms: [],
    });
    const series = [one("a", shared), one("b", shared.subarray(1)), one("c", Float64Array.of(1500)), one("d", shared)];
    const rows = tableOf(await exported("csv", aSubject({ type: "matrix", series }))).slice(1);
    assert.deepEqual(
      rows.map(([time, seconds, job, value]) => [time, seconds === value, job]),
      [
        ["1970-01-01T00:00:01Z", true, "a"],
        ["1970-01-01T00:00:02Z", true, "a"],
        ["1970-01-01T00:00:03Z", true, "a"],
        ["1970-01-01T00:00:02Z", true, "b"],
        ["1970-01-01T00:00:03Z", true, "b"],
        ["1970-01-01T00:00:01.500Z", true, "c"],
        ["1970-01-01T00:00:01Z", true, "d"],
        ["1970-01-01T00:00:02Z", true, "d"],
        ["1970-01-01T00:00:03Z", true, "d"],
      ],
    );
  });

  test("gives native histograms columns of their own, in the order of time between floats", async () => {
    const mixed: Series = {
      ...aSeries([["__name__", "latency"]], [7, 8]),
      histograms: [aHistogram(testNow - 5000), aHistogram(testNow + 1000)],
    };
    const rows = tableOf(await exported("csv", aSubject({ type: "matrix", series: [mixed] })));
    assert.deepEqual(
      rows.map((row) => row.slice(1)),
      [
        ["unix_seconds", "__name__", "value", "count", "sum", "avg", "histogram"],
        [String(unix - 15), "latency", "7", "", "", "", ""],
        [String(unix - 5), "latency", "", "4", "18", "4.5", bucketText],
        [String(unix), "latency", "8", "", "", "", ""],
        [String(unix + 1), "latency", "", "4", "18", "4.5", bucketText],
      ],
    );
  });

  test("an instant answer has one row per series, a scalar and a string one row", async () => {
    const series = [aSeries([["job", "a"]], [1]), aSeries([["job", "b"]], [2]), native];
    const vector = tableOf(await exported("csv", aSubject({ type: "vector", series })));
    assert.deepEqual(
      vector.slice(1).map((row) => row.slice(2)),
      [
        ["", "a", "1", "", "", "", ""],
        ["", "b", "2", "", "", "", ""],
        ["latency", "", "", "4", "18", "4.5", bucketText],
      ],
    );
    const scalar = tableOf(await exported("csv", aSubject({ type: "scalar", time: testNow, value: -2 })));
    assert.deepEqual(scalar[1], ["2026-01-02T12:00:00Z", String(unix), "-2"]);
    const text = tableOf(await exported("csv", aSubject({ type: "string", time: testNow, value: "=1+1" })));
    assert.deepEqual(text[1]?.[2], "'=1+1");
  });

  test("one label that a series lacks, and labels called like our own columns", async () => {
    const series = [aSeries([["value", "x"]], [1]), aSeries([], [2])];
    const rows = tableOf(await exported("csv", aSubject({ type: "vector", series })));
    assert.deepEqual(
      rows.map((row) => row.slice(2)),
      [
        ["label:value", "value"],
        ["x", "1"],
        ["", "2"],
      ],
    );
  });

  test("a name of its own in each of thousands of series makes no table of their square", async () => {
    const series = Array.from({ length: 3000 }, (_, i) => aSeries([[`l${i}`, "x"]], [1]));
    const csv = await exported("csv", aSubject({ type: "vector", series }));
    const rows = tableOf(csv);
    assert.deepEqual(rows[0], ["time", "unix_seconds", "series", "value"]);
    assert.equal(rows[3000]?.[2], '{l2999="x"}');
    assert.ok(csv.length < 300_000);
  });
});

describe("CSV, one column per series", () => {
  test("has one row for each moment and holes where a series has no sample", async () => {
    const series = [
      aSeries(
        [
          ["__name__", "up"],
          ["job", "a"],
        ],
        [1, 2, 3],
      ),
      aSeries([["job", "b"]], [Number.NaN], 30_000),
      { ...aSeries([["job", "c"]], [9]), times: Float64Array.of(testNow - 20_000) },
    ];
    const rows = tableOf(await exported("csvWide", aSubject({ type: "matrix", series })));
    assert.deepEqual(rows, [
      ["time", "unix_seconds", 'up{job="a"}', '{job="b"}', '{job="c"}'],
      ["2026-01-02T11:59:30Z", String(unix - 30), "1", "", ""],
      ["2026-01-02T11:59:40Z", String(unix - 20), "", "", "9"],
      ["2026-01-02T11:59:45Z", String(unix - 15), "2", "", ""],
      ["2026-01-02T12:00:00Z", String(unix), "3", "NaN", ""],
    ]);
  });

  test("gives native histograms four columns, and their floats one more", async () => {
    const mixed: Series = { ...aSeries([["job", "m"]], [7]), histograms: [aHistogram(testNow)] };
    const rows = tableOf(await exported("csvWide", aSubject({ type: "matrix", series: [native, mixed] })));
    const four = (name: string) => ["count", "sum", "avg", "histogram"].map((title) => `${name} ${title}`);
    assert.deepEqual(rows, [
      ["time", "unix_seconds", ...four("latency"), '{job="m"}', ...four('{job="m"}')],
      ["2026-01-02T12:00:00Z", String(unix), "4", "18", "4.5", bucketText, "7", "4", "18", "4.5", bucketText],
    ]);
  });
});

describe("the head of a CSV file", () => {
  test("says what was asked of whom, when and in which zone; each row begins with # and has two cells", async () => {
    const query = 'sum by (job) (\n  rate(x{a="b"}[5m]) # all, of it\n)';
    const csv = await exported("csv", aSubject({ type: "matrix", series: [aSeries([], [1, 2])] }, { query }));
    const head = readCsv(csv).filter(([first]) => first?.startsWith("#"));
    assert.deepEqual(head.slice(0, -1), [
      ["# title", "Requests"],
      ["# query", "sum by (job) ("],
      ["# ", '  rate(x{a="b"}[5m]) # all, of it'],
      ["# ", ")"],
      ["# server", "Production EU"],
      ["# address", "https://prometheus.example"],
      ["# from", "2026-01-02T11:00:00Z"],
      ["# to", "2026-01-02T12:00:00Z"],
      ["# step", "15s"],
      ["# answered at", "2026-01-02T12:00:01Z"],
      ["# exported at", "2026-01-02T12:01:00Z"],
      ["# time zone", "UTC"],
      ["# series", "1"],
      ["# samples", "2"],
    ]);
    assert.match(head.at(-1)?.[1] ?? "", /apostrophe/);
    // A program that skips lines with # is left with the table.
    const left = csv.split("\r\n").filter((line) => line !== "" && !line.startsWith("#"));
    assert.equal(left.length, 3);
  });

  const series = [aSeries([], [1]), aSeries([["a", "b"]], [1])];
  const remarks: readonly {
    readonly title: string;
    readonly answer: Parameters<typeof aSubject>[2];
    readonly limitSent?: number;
    readonly expected: readonly (readonly [string, RegExp])[];
  }[] = [
    { title: "a whole answer: nothing", answer: {}, limitSent: 3, expected: [] },
    {
      title: "the server said that there is more",
      answer: { warnings: ["results truncated due to limit"] },
      limitSent: 2,
      expected: [
        ["# remark", /asked for 2 series at most .* it has more/],
        ["# server says", /results truncated/],
      ],
    },
    { title: "a server that knows no limit and sent all", answer: {}, limitSent: 1, expected: [] },
    {
      title: "just as many as were asked for",
      answer: {},
      limitSent: 2,
      expected: [["# remark", /it may have more/]],
    },
    {
      title: "cut by the decoder, and partial",
      answer: { cut: { limit: "samples", allowed: 20_000_000 }, isPartial: true },
      expected: [
        ["# remark", /cut at 20,000,000 samples: only the 2 series/],
        ["# remark", /Partial/],
      ],
    },
    {
      title: "a server whose clock differs by more than 30 s",
      answer: { serverClock: { server: testNow + 90_000, local: testNow } },
      expected: [["# remark", /clock is 1m30s ahead of this machine's/]],
    },
    {
      title: "warnings and infos of the server",
      answer: { warnings: ["=cmd()\n-2"], infos: ["might not be a counter"] },
      expected: [
        ["# server says", /^'=cmd\(\)$/],
        ["# ", /^-2$/],
        ["# server says", /counter/],
      ],
    },
  ];
  for (const { title, answer, limitSent, expected } of remarks) {
    test(`remarks of ${title}`, async () => {
      const subject = aSubject({ type: "vector", series }, { limitSent }, answer);
      const rows = readCsv(await exported("csv", subject)).filter(([first]) => first?.startsWith("#"));
      const found = rows.slice(rows.findIndex(([name]) => name === "# samples") + 1, -1);
      assert.deepEqual(
        found.map(([name]) => name),
        expected.map(([name]) => name),
      );
      for (const [i, [, form]] of expected.entries()) assert.match(found[i]?.[1] ?? "", form);
    });
  }
});

describe("what a spreadsheet makes of hostile texts", () => {
  const attacks = [
    ...hostileStrings,
    ...[
      "=1+1",
      "+1+1",
      "-1+1",
      "@SUM(1)",
      "\t=1",
      "\r=1",
      "\n=1",
      " =1",
      "\u00a0=1",
      "\u200b=1",
      "\u0000=1",
      '"=1',
      '""=1"',
    ],
    ...[
      "\uff1d1+1",
      "\uff0b1",
      "\uff0d1",
      "\uff20x",
      "x;=1+1",
      "x\t=1+1",
      "x\n=1+1",
      "x\r\n@y",
      'x;"=1',
      "-",
      "--",
      "=",
      "-a",
    ],
    '=HYPERLINK("http://127.0.0.1:9/?"&A1,"x")',
    "=cmd|'/C calc'!A0;",
  ];
  /** What RFC 4180 and programs that split elsewhere may take for the beginning of a cell. */
  const beginnings = (cell: string): string[] => cell.split(/[;\t\r\n]/);
  const isNumber = (cell: string) => /^[+-]?(\d+(\.\d*)?(e[+-]?\d+)?|Inf)$/i.test(cell);

  const everywhere = (text: string) => {
    const labels: Labels = [
      ["__name__", text],
      [text, "x"],
      ["job", text],
    ];
    return aSubject(
      { type: "matrix", series: [aSeries(labels, [1])] },
      { title: text, query: text, server: { name: text, origin: text } },
      { warnings: [text], infos: [text] },
    );
  };

  for (const format of ["csv", "csvWide"] as const) {
    test(`${format}: no cell begins with a formula, however the file is split`, async () => {
      for (const attack of attacks) {
        const csv = await exported(format, everywhere(attack));
        assert.doesNotMatch(csv, /[^\P{Cc}\t\r\n]/u, "what a terminal would obey");
        const rows = readCsv(csv);
        const width = rows.at(-1)?.length ?? 0;
        assert.ok(rows.filter((row) => row.length === width).length >= 2, "titles and one row");
        for (const cell of rows.flat()) {
          if (isNumber(cell)) continue;
          assert.doesNotMatch(cell, /^[\t\r\n]/, JSON.stringify(attack));
          for (const part of beginnings(cell)) {
            assert.doesNotMatch(part.replace(/^[\s"\p{C}]+/u, ""), /^[=+\-@＝＋－＠]/u, JSON.stringify([attack, cell]));
          }
        }
      }
    });
  }

  test("text that begins no formula is as it was, and so are numbers in labels", async () => {
    const plain = [
      "a=b",
      "GET /a-b?c=d",
      "x;y",
      "",
      "'",
      "10.0.0.1:9090",
      "-5",
      "+Inf",
      "-Inf",
      "1e309",
      "é ü",
      "a\nb",
      " x ",
    ];
    const series = plain.map((text) => aSeries([["le", text]], [1]));
    const rows = tableOf(await exported("csv", aSubject({ type: "vector", series })));
    assert.deepEqual(
      rows.slice(1).map((row) => row[2]),
      plain,
    );
  });
});
