import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { TimeZone } from "../../../../../src/shared/model/zonedTime.ts";
import { aHistogram } from "../../../../support/exports.ts";
import { hostileStrings } from "../../../../support/hostileStrings.ts";
import { aNotebook, aQueryCell, writtenNotebook } from "../../../../support/notebookExports.ts";
import { anAnswer, aRun, aSeries, done, testNow } from "../../../../support/runs.ts";

const series = [aSeries([["job", "a"]], [3, 1, 2]), aSeries([["job", "b"]], [Number.NaN])];
const range = done(anAnswer({ type: "matrix", series }));

function written(...cells: Parameters<typeof aNotebook>[0]): Promise<string> {
  return writtenNotebook("markdown", aNotebook(cells));
}

test("cells in their order: text as it is, queries with what they came to", async () => {
  const text = await written(
    { kind: "markdown", text: "# Why\n\n<b>As it is.</b>" },
    aQueryCell(undefined, { title: undefined, text: "# range: 1h" }),
    aQueryCell(aRun({ range })),
    aQueryCell(undefined, { title: undefined, text: "up" }),
  );
  assert.equal(
    text,
    `# Incident 42

Exported at 2026-01-02T12:01:00Z; times are of the zone UTC.

# Why

<b>As it is.</b>

\`\`\`promql
# range: 1h
\`\`\`

## Requests

\`\`\`promql
rate(http_requests_total[5m])
\`\`\`

Server: \`Production EU\`, \`https://prometheus.example\`

### Range

- from: 2026-01-02T11:00:00Z
- to: 2026-01-02T12:00:00Z
- step: 15s
- answered at: 2026-01-02T12:00:00Z
- series: 2
- samples: 4
- took: 42ms

| Series | Last | Min | Max | Mean | Count |
| --- | ---: | ---: | ---: | ---: | ---: |
| \`{job="a"}\` | 2 | 1 | 3 | 2 | 3 |
| \`{job="b"}\` | NaN | NaN | NaN | NaN | 1 |

## Query 2

\`\`\`promql
up
\`\`\`

Not run.
`,
  );
});

test("times are of the chosen zone", async () => {
  const zone = new TimeZone("Europe/Berlin");
  const text = await writtenNotebook("markdown", aNotebook([aQueryCell(aRun({ range }))], { zone }));
  assert.match(text, /^Exported at 2026-01-02T13:01:00\+01:00; times are of the zone Europe&#47;Berlin\.$/m);
  assert.match(text, /^- from: 2026-01-02T12:00:00\+01:00$/m);
});

describe("what came of a request", () => {
  const native = { ...aSeries([["job", "h"]], []), histograms: [aHistogram(testNow)] };
  const failure = { kind: "rejected", status: 422, errorType: "execution", message: "too *many* samples" } as const;
  const many = Array.from({ length: 1234 }, (_, i) => aSeries([["i", String(i)]], [1]));
  const cases: readonly {
    readonly title: string;
    readonly run: Parameters<typeof aRun>[0];
    readonly expected: RegExp;
  }[] = [
    {
      title: "an instant answer",
      run: { instant: done(anAnswer({ type: "vector", series: [aSeries([["job", "a"]], [-5])] })) },
      expected:
        /### Instant\n\n- evaluated at: 2026-01-02T12:00:00Z\n[\s\S]*\| Series \| Value \|\n[\s\S]*\| `\{job="a"\}` \| -5 \|\n$/,
    },
    {
      title: "native histograms",
      run: { instant: done(anAnswer({ type: "vector", series: [native] })) },
      expected: /\| count 4 · sum 18 · avg 4\.5 \|\n$/,
    },
    {
      title: "a range of native histograms",
      run: { range: done(anAnswer({ type: "matrix", series: [native] })) },
      expected: /numbers of their counts\.\n[\s\S]*\| 4 \| 4 \| 4 \| 4 \| 1 \|\n$/,
    },
    {
      title: "a scalar, which is no series",
      run: { instant: done(anAnswer({ type: "scalar", time: testNow, value: 2 })) },
      expected:
        /answered at: \S+\n- took: 42ms\n\n\| Time \| Value \|\n\| --- \| --- \|\n\| 2026-01-02T12:00:00Z \| 2 \|\n$/,
    },
    {
      title: "a string",
      run: { instant: done(anAnswer({ type: "string", time: testNow, value: "a|b" })) },
      expected: /\| 2026-01-02T12:00:00Z \| a&#124;b \|\n$/,
    },
    {
      title: "an empty answer",
      run: { range: done(anAnswer({ type: "matrix", series: [] })) },
      expected: /- series: 0\n- samples: 0\n- took: 42ms\n\nThe answer has no series\.\n$/,
    },
    {
      title: "the first 100 of many series",
      run: { instant: done(anAnswer({ type: "vector", series: many })) },
      expected: /The first 100 series of 1,234 series\.\n\n(\|.*\n){2}(\| `\{i="\d\d?"\}` \| 1 \|\n){100}$/,
    },
    {
      title: "a failure, with its detail",
      run: { range: { state: "failed", failure, finishedAt: testNow } },
      expected:
        /- failed at: 2026-01-02T12:00:00Z\n\n> \*\*Failed:\*\* Production EU did not answer\n\n> too &#42;many&#42; samples\n$/,
    },
    {
      title: "no answer yet",
      run: { range: { state: "running", startedAt: testNow } },
      expected: /> \*\*Not answered yet when this was exported\.\*\*\n$/,
    },
    {
      title: "an answer beside a failure, and an earlier range",
      run: { range, instant: { state: "failed", failure, finishedAt: testNow }, before: range },
      expected:
        /### Range\n[\s\S]*### Instant\n[\s\S]*Failed:[\s\S]*### Earlier range\n\n- from: 2026-01-01T11:00:00Z\n/,
    },
    {
      title: "a part, cut, with warnings, by another clock",
      run: {
        range: done(
          anAnswer(
            { type: "matrix", series },
            {
              isPartial: true,
              cut: { limit: "samples", allowed: 4 },
              warnings: ["<b>w</b>"],
              infos: ["i"],
              serverClock: { server: testNow + 60_000, local: testNow },
            },
          ),
          2,
        ),
      },
      expected:
        /> \*\*The server was asked for 2 series at most[\s\S]*> \*\*The answer was cut at 4 samples[\s\S]*> \*\*Partial answer[\s\S]*> \*\*The server's clock is 1m ahead[\s\S]*> Server: &#60;b&#62;w&#60;&#47;b&#62;\n\n> Server: i\n/,
    },
  ];
  for (const { title, run, expected } of cases) {
    test(title, async () => assert.match(await written(aQueryCell(aRun(run))), expected));
  }
});

describe("the query as sent", () => {
  const stale = "The cell was changed after this run";
  const cases: readonly {
    readonly title: string;
    readonly cell: string;
    readonly text: string;
    readonly query: string;
    readonly isStale?: boolean;
    readonly isSaid: boolean;
  }[] = [
    { title: "is not repeated", cell: "up", text: "up", query: "up", isSaid: false },
    {
      title: "is not repeated below directives",
      cell: "# range: 1h\r\nup\r\n",
      text: "up",
      query: "up",
      isSaid: false,
    },
    { title: "is said where variables were filled in", cell: "up[$w]", text: "up[$w]", query: "up[5m]", isSaid: true },
    { title: "is said of a changed cell", cell: "up * 2", text: "up", query: "up", isStale: true, isSaid: true },
    { title: "is said where the cell has another", cell: "down", text: "up", query: "up", isSaid: true },
  ];
  for (const { title, cell, text, query, isStale = false, isSaid } of cases) {
    test(title, async () => {
      const page = await written(aQueryCell(aRun({ range }, { text, query }), { text: cell, isStale }));
      assert.equal(page.includes(`As sent:\n\n\`\`\`promql\n${query}\n\`\`\``), isSaid);
      assert.equal(page.includes(stale), isStale);
    });
  }
});

test("a certificate that nobody checked is said", async () => {
  const target = { ...aRun({}).request.target, isUnverified: true };
  assert.match(
    await written(aQueryCell(aRun({ range }, { target }))),
    /^> \*\*The server's certificate was not checked/m,
  );
});

describe("a Markdown cell", () => {
  const cases: readonly { readonly title: string; readonly input: string; readonly added: string }[] = [
    { title: "is kept", input: "a *b* | <c>\n\n- d", added: "" },
    { title: "with code is kept", input: "```sh\na\n```\nb", added: "" },
    { title: "with code that has no end gets one", input: "a\n````sh\n```\nb", added: "\n````" },
    { title: "with a fence of the other kind inside gets the right one", input: "~~~\n```\n", added: "~~~" },
    { title: "with code in a line is kept", input: "``` a ``` b", added: "" },
    { title: "with a line that only looks like an end gets one", input: "```\na\n``` b", added: "\n```" },
    { title: "with a comment that has no end gets one", input: "a\n<!-- b\n\nc", added: "\n-->" },
    { title: "with a comment of one line is kept", input: "<!-- a -->\nb", added: "" },
    { title: "with a comment that has an end is kept", input: "<!--\n```\n--> a", added: "" },
    { title: "with the begin of a comment in a line is kept", input: "a <!-- b", added: "" },
    { title: "with <pre> that has no end gets one", input: "<PRE>\na\n\nb\n", added: "</PRE>" },
    { title: "with <style> on a line is kept", input: "<style>a</style>", added: "" },
    { title: "with an instruction that has no end gets one", input: " <?php\n>", added: "\n?>" },
    { title: "with CDATA that has no end gets one", input: "<![CDATA[\n>", added: "\n]]>" },
    { title: "with a declaration that has no end gets one", input: "<!DOCTYPE a\nb", added: "\n>" },
    { title: "with HTML that an empty line ends is kept", input: "<div>\na", added: "" },
  ];
  for (const { title, input, added } of cases) {
    test(title, async () => {
      const text = await written({ kind: "markdown", text: input }, aQueryCell(undefined));
      assert.ok(text.includes(`\n\n${input}${added}\n\n## Requests\n`), text);
    });
  }
});

test("hostile texts are markup nowhere, and bring no line that begins like one of the page's own", async () => {
  for (const hostile of hostileStrings) {
    const target = { connectionId: hostile, name: hostile, origin: hostile, color: undefined };
    const failed = { state: "failed", finishedAt: testNow, failure: { kind: "bug", detail: "" } } as const;
    const labels = [
      ["__name__", hostile],
      ["job", hostile],
    ] as const;
    const answer = anAnswer(
      { type: "matrix", series: [aSeries(labels, [1])] },
      { warnings: [hostile], infos: [hostile] },
    );
    const run = aRun({ range: done(answer), instant: failed }, { target, text: hostile, query: hostile });
    const text = await writtenNotebook(
      "markdown",
      aNotebook([aQueryCell(run, { title: hostile, text: `up${hostile}`, isStale: true })], {
        title: hostile,
        describe: () => ({ title: hostile, detail: hostile }),
      }),
    );
    const outside = text
      .replace(/^(`{3,})promql\n[\s\S]*?\n\1$/gm, "")
      .replace(/`[^`\n]*`/g, "")
      .replace(/^#{1,3} |^> (\*\*Failed:\*\* |Server: )?|^- [a-z ]+: /gm, "")
      .replace(/^\*\*(.*)\*\*$/gm, "$1")
      .replace(/^\|( ---.*| Series .*)\|$/gm, "")
      .replace(/^\|(.*)\|$/gm, (_, row: string) => row.replace(/ \| (?=[\d\w])/g, " "))
      .replace(/&#\d+;/g, "");
    assert.doesNotMatch(outside, /[<>[\]`*_~|\\!$&]|:\/\/|www\.|@/, JSON.stringify(hostile));
    assert.equal(text.split("\n").filter((line) => line.startsWith("|")).length, 3, JSON.stringify(hostile));
  }
});
