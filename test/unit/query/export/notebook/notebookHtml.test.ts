import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { notebookChunks, notebookFormatIds } from "../../../../../src/query/export/notebook/notebookFormats.ts";
import { notebookTotal } from "../../../../../src/query/export/notebook/notebookSubject.ts";
import { isCancelled } from "../../../../../src/shared/errors.ts";
import { aHistogram } from "../../../../support/exports.ts";
import { aNotebook, aQueryCell, piecesOf, writtenNotebook } from "../../../../support/notebookExports.ts";
import { anAnswer, aRun, aSeries, done, testNow } from "../../../../support/runs.ts";

function written(...cells: Parameters<typeof aNotebook>[0]): Promise<string> {
  return writtenNotebook("html", aNotebook(cells));
}

/** 1,000 series of 1,000 points that share their times, as a server sends them. */
const [first = aSeries([], [])] = [
  aSeries(
    [],
    Array.from({ length: 1000 }, (_, i) => Math.sin(i)),
  ),
];
const many = Array.from({ length: 1000 }, (_, i) => ({ ...first, labels: [["i", String(i)]] as const }));
const large = aNotebook([aQueryCell(aRun({ range: done(anAnswer({ type: "matrix", series: many })) }))]);

test("its policy lets in nothing but the one style sheet in it", async () => {
  const html = await written(aQueryCell(undefined));
  const [, style = ""] = /<style>([\s\S]*?)<\/style>/.exec(html) ?? [];
  const hash = createHash("sha256").update(style).digest("base64");
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  assert.ok(html.includes(`<meta http-equiv="Content-Security-Policy" content="${policy}">`));
  assert.ok(html.indexOf("Content-Security-Policy") < html.indexOf("<style>"));
  assert.equal(html.split("<style").length, 2);
  assert.doesNotMatch(html, /<script|<link|<img| style=|url\(|@import/);
  assert.match(style, /@media screen and \(prefers-color-scheme: dark\)/);
  assert.match(style, /@media print/);
});

test("a range has a chart, and a row for each series with its line beside its name", async () => {
  const series = [aSeries([["job", "a"]], [3, 1, 2]), aSeries([["job", "b"]], [Number.NaN])];
  const html = await written(aQueryCell(aRun({ range: done(anAnswer({ type: "matrix", series })) }, { unit: "s" })));
  assert.match(html, /<h2>Requests<\/h2>\n<pre><code>rate\(http_requests_total\[5m\]\)<\/code><\/pre>/);
  assert.match(html, /Server: <strong>Production EU<\/strong> <code>https:\/\/prometheus\.example<\/code>/);
  assert.match(html, /<dt>from<\/dt><dd>2026-01-02T11:00:00Z<\/dd>/);
  assert.match(html, /<dt>took<\/dt><dd>42ms<\/dd>/);
  assert.match(
    html,
    /<svg class="chart"[\s\S]*<desc[^>]*>2 lines, from 2026-01-02T11:00:00Z to 2026-01-02T12:00:00Z\./,
  );
  assert.match(html, /<text class="tick value"[^>]*>1s<\/text>/);
  // The line in the chart and the one beside the name are of one class.
  const [, line = "none"] = /<path class="line (s\d d0)" d="M[\d.,L]+"\/>/.exec(html) ?? [];
  assert.match(html, new RegExp(`<path class="line ${line}" d="M1,5H27"/></svg><code>\\{job=&quot;a&quot;\\}</code>`));
  assert.match(html, /<td>2<\/td><td>1<\/td><td>3<\/td><td>2<\/td><td>3<\/td>/);
});

test("many series: 20 lines and 100 rows, and of how many", async () => {
  const html = await writtenNotebook("html", large);
  const [chart = ""] = /<svg class="chart"[\s\S]*?<\/svg>/.exec(html) ?? [];
  assert.equal(chart.split('<path class="line').length - 1, 20);
  assert.match(html, /<figcaption>Drawn: the first 20 of 1,000 series\. Times are of the zone UTC\.<\/figcaption>/);
  assert.match(html, /Listed: the first 100 of 1,000 series\./);
  assert.equal(html.split('<th scope="row">').length - 1, 100);
  // 20 lines with 8 colours: no two have the same colour and dash.
  const strokes = [...chart.matchAll(/class="line (s\d d\d)"/g)].map(([, stroke]) => stroke);
  assert.equal(new Set(strokes).size, 20);
});

test("points that no pixel has room for are said to be so", async () => {
  const series = [aSeries([], Array<number>(3000).fill(1), 1000)];
  const html = await written(aQueryCell(aRun({ range: done(anAnswer({ type: "matrix", series })) })));
  assert.match(html, /Each column of pixels shows its least and its greatest value\./);
});

describe("numbers in tables", () => {
  const cases: readonly { readonly input: number; readonly expected: string }[] = [
    { input: 2, expected: "<td>2</td>" },
    { input: 123456789012, expected: "<td>123456789012</td>" },
    { input: 1 / 3, expected: '<td title="0.3333333333333333">0.33333333</td>' },
    { input: 1767355200.125, expected: '<td title="1767355200.125">1767355200.13</td>' },
    { input: 1.25, expected: "<td>1.25</td>" },
    { input: 1 / 3e10, expected: '<td title="3.3333333333333335e-11">3.3333333e-11</td>' },
    { input: Number.NaN, expected: "<td>NaN</td>" },
    { input: Number.NEGATIVE_INFINITY, expected: "<td>-Inf</td>" },
  ];
  for (const { input, expected } of cases) {
    test(String(input), async () => {
      const data = { type: "vector", series: [aSeries([], [input])] } as const;
      const html = await written(aQueryCell(aRun({ instant: done(anAnswer(data)) })));
      assert.ok(html.includes(`</th>${expected}</tr>`), /<\/th>(.*)<\/tr>\n<\/tbody>/.exec(html)?.[1]);
    });
  }
});

describe("what came of a request", () => {
  const native = { ...aSeries([["job", "h"]], []), histograms: [aHistogram(testNow)] };
  const failure = { kind: "rejected", status: 422, errorType: "execution", message: "<b>too many</b>" } as const;
  const cases: readonly {
    readonly title: string;
    readonly run: Parameters<typeof aRun>[0];
    readonly expected: RegExp;
  }[] = [
    {
      title: "native histograms",
      run: { instant: done(anAnswer({ type: "vector", series: [native] })) },
      expected: /<td>count 4 · sum 18 · avg 4\.5<\/td>/,
    },
    {
      title: "a scalar",
      run: { instant: done(anAnswer({ type: "scalar", time: testNow, value: 0.5 })) },
      expected: /<p class="single">0\.5<\/p>\n<p class="about">at 2026-01-02T12:00:00Z<\/p>/,
    },
    {
      title: "a string",
      run: { instant: done(anAnswer({ type: "string", time: testNow, value: "<b>" })) },
      expected: /<p class="single">&lt;b&gt;<\/p>/,
    },
    {
      title: "an empty answer, which has no chart",
      run: { range: done(anAnswer({ type: "matrix", series: [] })) },
      expected: /<\/dl>\n<p>The answer has no series\.<\/p>\n<\/div>/,
    },
    {
      title: "raw samples, which have no step",
      run: { instant: done(anAnswer({ type: "matrix", series: [aSeries([], [1, 2])] })) },
      expected: /<h3>Instant<\/h3>[\s\S]*<svg class="chart"/,
    },
    {
      title: "times that cannot be drawn",
      run: {
        instant: done(anAnswer({ type: "matrix", series: [{ ...aSeries([], [1]), times: Float64Array.of(1e300) }] })),
      },
      expected: /<\/dl>\n<div class="scroll"[\s\S]*<th scope="row"><div class="name"><code>/,
    },
    {
      title: "a failure, with its detail",
      run: { range: { state: "failed", failure, finishedAt: testNow } },
      expected:
        /<div class="failure"><strong>Failed: Production EU did not answer<\/strong><p>&lt;b&gt;too many&lt;\/b&gt;<\/p><\/div>/,
    },
    {
      title: "no answer yet",
      run: { range: { state: "running", startedAt: testNow } },
      expected: /<p class="remark">Not answered yet when this was exported\.<\/p>/,
    },
    {
      title: "a part of an answer, with a warning",
      run: { range: done(anAnswer({ type: "matrix", series: [] }, { isPartial: true, warnings: ["<w>"] })) },
      expected: /<p class="remark">Partial answer[^<]*<\/p>\n<p class="remark"><b>Server:<\/b> &lt;w&gt;<\/p>/,
    },
  ];
  for (const { title, run, expected } of cases) {
    test(title, async () => assert.match(await written(aQueryCell(aRun(run))), expected));
  }

  test("nothing: it was not run", async () => {
    assert.match(await written(aQueryCell(undefined)), /<pre><code>up<\/code><\/pre>\n<p class="about">Not run\.<\/p>/);
    assert.doesNotMatch(await written(aQueryCell(undefined, { text: "# range: 1h\n\n" })), /Not run|<h2>/);
  });
});

test("of a connection there are its name and origin and nothing else", async () => {
  const secret = "s3cr3t-of-the-connection";
  const target = {
    ...aRun({}).request.target,
    connectionId: secret,
    headers: { authorization: `Bearer ${secret}` },
    password: secret,
  };
  const failure = { kind: "secretMissing", connectionId: secret, purpose: secret } as const;
  const run = aRun(
    {
      range: done(anAnswer({ type: "matrix", series: [aSeries([], [1])] }, { stats: { secret } })),
      instant: { state: "failed", failure, finishedAt: testNow },
    },
    { target, key: secret },
  );
  for (const id of notebookFormatIds) {
    const text = await writtenNotebook(id, aNotebook([aQueryCell(run)]));
    assert.ok(text.includes("Production EU"));
    assert.ok(!text.includes(secret), id);
  }
});

describe("a million samples", () => {
  test("come in many small pieces", () => {
    // A line, a path and a row each.
    const html = piecesOf("html", large);
    assert.ok(html.count >= 20 + 20 + 100, `${html.count} pieces`);
    assert.ok(html.longest < 100_000, `a piece of ${html.longest}`);
    assert.ok(piecesOf("markdown", large).count >= 100);
  });

  test("are counted as far as they are looked at", async () => {
    assert.equal(notebookTotal(large), 100_000);
    for (const id of notebookFormatIds) {
      const progress: number[] = [];
      const onProgress = (done: number, total: number) => {
        assert.equal(total, 100_000);
        progress.push(done);
      };
      const chunks = notebookChunks(id, large, { onProgress, signal: new AbortController().signal });
      for await (const chunk of chunks) assert.notEqual(chunk, "");
      assert.equal(progress.at(-1), 100_000);
    }
  });

  for (const id of notebookFormatIds) {
    test(`${id} ends as soon as it is cancelled`, async () => {
      const controller = new AbortController();
      controller.abort();
      const chunks = notebookChunks(id, large, { onProgress: () => undefined, signal: controller.signal });
      await assert.rejects(chunks.next(), isCancelled);
    });
  }
});
