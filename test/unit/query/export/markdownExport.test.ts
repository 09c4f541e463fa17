import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { markdownBlock, markdownCode, markdownText } from "../../../../src/query/export/markdownText.ts";
import type { Series } from "../../../../src/shared/model/answer.ts";
import { aHistogram, aSubject, exported } from "../../../support/exports.ts";
import { hostileStrings } from "../../../support/hostileStrings.ts";
import { aSeries, testNow } from "../../../support/runs.ts";

test("a range: title, query, facts, and the numbers of each series", async () => {
  const series = [aSeries([["job", "a"]], [3, 1, 2]), aSeries([["job", "b"]], [Number.NaN])];
  const text = await exported("markdown", aSubject({ type: "matrix", series }));
  assert.equal(
    text,
    `# Requests

\`\`\`promql
rate(http_requests_total[5m])
\`\`\`

- server: \`Production EU\`
- address: \`https://prometheus.example\`
- from: 2026-01-02T11:00:00Z
- to: 2026-01-02T12:00:00Z
- step: 15s
- answered at: 2026-01-02T12:00:01Z
- exported at: 2026-01-02T12:01:00Z
- time zone: UTC
- series: 2
- samples: 4

| Series | Last | Min | Max | Mean | Count |
| --- | ---: | ---: | ---: | ---: | ---: |
| \`{job="a"}\` | 2 | 1 | 3 | 2 | 3 |
| \`{job="b"}\` | NaN | NaN | NaN | NaN | 1 |
`,
  );
});

test("an instant answer has values, native histograms included", async () => {
  const native: Series = { ...aSeries([["job", "h"]], []), histograms: [aHistogram(testNow)] };
  const text = await exported(
    "markdown",
    aSubject({ type: "vector", series: [aSeries([["job", "a"]], [-5]), native] }),
  );
  assert.match(text, /\| Series \| Value \|\n/);
  assert.match(text, /\| `\{job="a"\}` \| -5 \|\n\| `\{job="h"\}` \| count 4 · sum 18 · avg 4\.5 \|\n$/);
  assert.match(text, /^- evaluated at: 2026-01-02T12:00:00Z$/m);
});

test("a range of native histograms says what its numbers are of", async () => {
  const native: Series = { ...aSeries([["job", "h"]], []), histograms: [aHistogram(testNow)] };
  const text = await exported("markdown", aSubject({ type: "matrix", series: [native] }));
  assert.match(text, /numbers of their counts/);
  assert.match(text, /\| 4 \| 4 \| 4 \| 4 \| 1 \|/);
});

test("a scalar and a string have a time and a value", async () => {
  const scalar = await exported("markdown", aSubject({ type: "scalar", time: testNow, value: 2 }));
  assert.match(scalar, /\| 2026-01-02T12:00:00Z \| 2 \|\n$/);
  const text = await exported("markdown", aSubject({ type: "string", time: testNow, value: "a|b" }));
  assert.match(text, /\| 2026-01-02T12:00:00Z \| a&#124;b \|\n$/);
});

test("shows the first 1,000 series and says of how many", async () => {
  const series = Array.from({ length: 1234 }, (_, i) => aSeries([["i", String(i)]], [1]));
  const text = await exported("markdown", aSubject({ type: "vector", series }));
  assert.match(text, /The first 1,000 series of 1,234 series; an export as CSV or JSON has all of them\./);
  assert.match(text, /i="999"/);
  assert.doesNotMatch(text, /i="1000"/);
});

test("says what keeps the answer from being whole", async () => {
  const series = [aSeries([], [1])];
  const answer = { cut: { limit: "bytes", allowed: 1000 }, warnings: ["<b>*w*</b>"] } as const;
  const text = await exported("markdown", aSubject({ type: "vector", series }, {}, answer));
  assert.match(
    text,
    /^> \*\*The answer was cut at 1,000 bytes of text: only the 1 series before that are here\.\*\*$/m,
  );
  assert.match(text, /^> Server: &#60;b&#62;&#42;w&#42;&#60;&#47;b&#62;$/m);
});

describe("text of anybody in Markdown", () => {
  const texts: readonly { readonly input: string; readonly expected: string }[] = [
    { input: "Requests (last hour), 50 %", expected: "Requests (last hour), 50 %" },
    { input: "Ends. And: goes on.", expected: "Ends. And: goes on." },
    { input: "www.evil.example", expected: "www&#46;evil&#46;example" },
    { input: "https://x", expected: "https&#58;&#47;&#47;x" },
    { input: "a@b", expected: "a&#64;b" },
    { input: "[a](b)", expected: "&#91;a&#93;(b)" },
    { input: "![a](b)", expected: "&#33;&#91;a&#93;(b)" },
    { input: "a|b\\|c", expected: "a&#124;b&#92;&#124;c" },
    { input: "&amp;", expected: "&#38;amp;" },
    { input: "one\ntwo\r\n\tthree", expected: "one two three" },
    { input: "\u202Egnp.exe", expected: "\ufffdgnp&#46;exe" },
    { input: "日本 é", expected: "日本 é" },
  ];
  for (const { input, expected } of texts) {
    test(`as text: ${JSON.stringify(input)}`, () => assert.equal(markdownText(input), expected));
  }

  test("as code it stays as it is, unless it could break out", () => {
    assert.equal(markdownCode('up{job="<b>[a](b)</b>"}'), '`up{job="<b>[a](b)</b>"}`');
    assert.equal(markdownCode("a`b"), "a&#96;b");
    assert.equal(markdownCode('{a="x|y"}'), '&#123;a="x&#124;y"&#125;');
    assert.equal(markdownCode("a\nb"), "`a b`");
    assert.equal(markdownCode(""), "");
  });

  test("a block's fence is longer than any inside", () => {
    assert.equal(markdownBlock("a\n````\n=1", "promql"), "`````promql\na\n````\n=1\n`````");
  });

  test("hostile texts stay in their line and cell, and are markup nowhere", async () => {
    for (const hostile of hostileStrings) {
      const series = [
        aSeries(
          [
            ["__name__", hostile],
            ["job", hostile],
          ],
          [1],
        ),
      ];
      const text = await exported(
        "markdown",
        aSubject(
          { type: "vector", series },
          { title: hostile, query: hostile, server: { name: hostile, origin: hostile } },
          { warnings: [hostile] },
        ),
      );
      const fence = /^(`{3,})promql\n[\s\S]*?\n\1\n/m;
      assert.match(text, fence);
      const outside = text.replace(fence, "").replace(/`[^`\n]*`/g, "");
      // Of Markdown's signs only those of the page itself are left: heading, list, quotation, table.
      const body = outside
        .replace(/^# /m, "")
        .replace(/^> Server: /m, "")
        .replace(/^\|( --- \| ---: | Series \| Value )\|$/gm, "")
        .replace(/^\|(.*)\| 1 \|$/m, "$1");
      assert.doesNotMatch(body.replace(/&#\d+;/g, ""), /[<>[\]`*_~|\\!$&]|:\/\/|www\.|@/, JSON.stringify(hostile));
      const rows = text.split("\n").filter((line) => line.startsWith("|"));
      assert.equal(rows.length, 3, JSON.stringify(hostile));
    }
  });
});
