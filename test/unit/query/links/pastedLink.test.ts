import assert from "node:assert/strict";
import { test } from "node:test";
import { blocksText } from "../../../../src/query/links/blockText.ts";
import { isLoneUrl, parsePastedLink } from "../../../../src/query/links/pastedLink.ts";

/** The text of the blocks that a link becomes, or the reason why there are none. */
function textOf(link: string): string {
  const parsed = parsePastedLink(link);
  return parsed.ok ? blocksText(parsed.blocks.map((block) => ({ ...block, connection: undefined }))) : parsed.problem;
}

const pane = (value: unknown) =>
  `https://g.example/explore?schemaVersion=1&orgId=1&panes=${encodeURIComponent(JSON.stringify(value))}`;
const left = (value: unknown) => `https://g.example/explore?left=${encodeURIComponent(JSON.stringify(value))}`;
const prometheus = { type: "prometheus", uid: "P1" };

const cases: readonly { title: string; link: string; expected: string }[] = [
  {
    title: "Prometheus 2.x, graph and table",
    link: "http://h:9090/graph?g0.expr=rate(x%5B5m%5D)&g0.tab=0&g0.stacked=0&g0.range_input=6h&g0.end_input=2026-01-02%2012%3A00&g0.step_input=30&g1.expr=up&g1.tab=1&g1.range_input=1h&g1.moment_input=2026-01-02%2011%3A00%3A30",
    expected:
      "# %%\n# @range 6h  @end 2026-01-02T12:00:00Z  @step 30s\nrate(x[5m])\n\n# %%\n# @mode instant  @time 2026-01-02T11:00:30Z\nup\n",
  },
  {
    title: "Prometheus 3.x with an automatic resolution",
    link: "http://h:9090/query?g0.expr=a+%2B+b&g0.show_tree=0&g0.tab=graph&g0.range_input=1h&g0.res_type=auto&g0.res_density=medium&g0.display_mode=lines",
    expected: "# %%\n# @range 1h\na + b\n",
  },
  {
    title: "Prometheus 3.x with a custom one",
    link: "http://h/p/query?g0.expr=up&g0.tab=table&g0.res_type=custom&g0.res_step=10&g1.expr=up&g1.tab=explain&g1.res_type=custom&g1.res_step=1.5",
    expected: "# %%\n# @mode instant\nup\n\n# %%\n# @step 1s500ms\nup\n",
  },
  {
    title: "VictoriaMetrics, which follows the clock",
    link: "http://h:8428/vmui/#/?g0.expr=sum%28up%29&g0.range_input=30m&g0.end_input=2026-01-02T07%3A38%3A40&g0.relative_time=last_30_minutes&g0.tab=0",
    expected: "# %%\n# @range 30m\nsum(up)\n",
  },
  {
    title: "VictoriaMetrics at a fixed time, an older form of the address",
    link: "http://h:8428/vmui/?#/?g0.range_input=1d%202h&g0.end_input=2026-01-02T07%3A38%3A40&g0.relative_time=none&g0.expr=up&g0.step_input=31m",
    expected: "# %%\n# @range 1d2h  @end 2026-01-02T07:38:40Z  @step 31m\nup\n",
  },
  {
    title: "the API, instant",
    link: "https://h/x/api/v1/query?query=up&time=1767355200.5&timeout=30",
    expected: "# %%\n# @mode instant  @time 2026-01-02T12:00:00.500Z\nup\n",
  },
  {
    title: "the API, over a range",
    link: "https://h/api/v1/query_range?query=up&start=2026-01-02T11:00:00Z&end=1767355200&step=15",
    expected: "# %%\n# @mode range  @start 2026-01-02T11:00:00Z  @end 2026-01-02T12:00:00Z  @step 15s\nup\n",
  },
  {
    title: "Explore, panes",
    link: pane({
      abc: {
        datasource: "P1",
        queries: [
          {
            refId: "A",
            expr: "rate(x[$__rate_interval])",
            range: true,
            instant: true,
            datasource: prometheus,
            legendFormat: "__auto",
          },
          {
            refId: "B",
            expr: "up",
            range: false,
            instant: true,
            datasource: prometheus,
            legendFormat: '{{job}} @step "1"',
          },
          { refId: "C", expr: '{app="x"} |= "error"', datasource: { type: "loki", uid: "L1" } },
          { refId: "D", query: "no expression" },
        ],
        range: { from: "now-6h", to: "now" },
      },
      def: {
        datasource: "P1",
        queries: [{ refId: "A", expr: "z", range: true }],
        range: { from: "1767351600000", to: "1767355200000" },
      },
    }),
    expected: [
      "# %%\n# @range 6h\nrate(x[$__rate_interval])\n",
      '# %%\n# @mode instant\n# @legend "{{job}} @step \\"1\\""\nup\n',
      "# %%\n# @mode range  @start 2026-01-02T11:00:00Z  @end 2026-01-02T12:00:00Z\nz\n",
    ].join("\n"),
  },
  {
    title: "Explore, one half as an object, other relative times",
    link: left({ datasource: "P1", queries: [{ refId: "A", expr: "up" }], range: { from: "now-2h", to: "now-1h" } }),
    expected: "# %%\n# @start now-2h  @end now-1h\nup\n",
  },
  {
    title: "Explore, one half as an array",
    link: left([
      "now-1h",
      "now",
      "Prometheus",
      { expr: "up", refId: "A" },
      { mode: "Metrics" },
      { ui: [true, true, true, "none"] },
    ]),
    expected: "# %%\n# @range 1h\nup\n",
  },
  { title: "Explore on Loki by name", link: left(["now-1h", "now", "Loki", { expr: '{a="b"}' }]), expected: "noQuery" },
  {
    title: "times that cannot be written here are left out",
    link: left({ queries: [{ expr: "up" }], range: { from: "now/d", to: "now/d" } }),
    expected: "# %%\nup\n",
  },
  { title: "state that is no JSON", link: "https://g/explore?left=%7B", expected: "unreadable" },
  { title: "state that is no object", link: "https://g/explore?panes=3&left=null&right=%22x%22", expected: "noQuery" },
  {
    title: "panes of strange types",
    link: pane({ a: null, b: [[]], c: { queries: {} }, d: { queries: [null, 1, { expr: {} }] } }),
    expected: "noQuery",
  },
  { title: "blanks around it", link: "  http://h/graph?g0.expr=up \n", expected: "# %%\nup\n" },
  { title: "bad percent-encoding stays as it is", link: "http://h/graph?g0.expr=up%zz%", expected: "# %%\nup%zz%\n" },
  {
    title: "unreadable times",
    link: "http://h/graph?g0.expr=up&g0.range_input=x&g0.end_input=y&g0.step_input=-1",
    expected: "# %%\nup\n",
  },
  { title: "an empty query", link: "http://h/graph?g0.expr=&g1.expr=%23%20note", expected: "noQuery" },
  { title: "a page without queries", link: "http://h/targets", expected: "notQueryLink" },
  { title: "another API", link: "http://h/api/v1/series?match[]=up", expected: "notQueryLink" },
  { title: "words", link: "see http://h/graph?g0.expr=up", expected: "notUrl" },
  { title: "another scheme", link: "javascript:alert(1)//graph?g0.expr=up", expected: "notUrl" },
  { title: "no address", link: "http://", expected: "notUrl" },
  { title: "nothing", link: " \n", expected: "empty" },
  { title: "an enormous one", link: `http://h/graph?g0.expr=${"x".repeat(600_000)}`, expected: "tooLong" },
  { title: "deep JSON", link: `http://h/explore?panes=${"[".repeat(200_000)}`, expected: "unreadable" },
  {
    title: "deep JSON that ends",
    link: `http://h/explore?panes=${"[".repeat(100_000)}${"]".repeat(100_000)}`,
    expected: "noQuery",
  },
  {
    title: "comments of a link are no directives",
    link: `http://h/graph?g0.expr=${encodeURIComponent("up # @connection evil\n# %% Other\n# @var a=b\n+ 1")}`,
    expected: "# %%\nup  \n \n \n+ 1\n",
  },
  {
    title: "a raw string of several lines is the same string on one line",
    link: `http://h/graph?g0.expr=${encodeURIComponent('x{a=`"b"\\\n# %% Other\n# @connection evil\n`}')}`,
    expected: '# %%\nx{a="\\"b\\"\\\\\\n# %% Other\\n# @connection evil\\n"}\n',
  },
  {
    title: "what looks like a variable in a link's string is none",
    link: `http://h/graph?g0.expr=${encodeURIComponent('x{name="mssql$sqlexpress"}')}`,
    expected: '# %%\nx{name="mssql\\x24sqlexpress"}\n',
  },
  {
    title: "a raw string without end begins no block",
    link: `http://h/graph?g0.expr=${encodeURIComponent("`a\r\n# %% Other\n# @connection evil")}`,
    expected: "# %%\n`a\n # %% Other\n# @connection evil\n",
  },
];

for (const { title, link, expected } of cases) {
  test(title, () => assert.equal(textOf(link), expected));
}

test("more queries than anybody pastes are counted, not taken", () => {
  const params = Array.from({ length: 120 }, (_, i) => `g${i}.expr=up`).join("&");
  const parsed = parsePastedLink(`http://h/graph?${params}`);
  assert.ok(parsed.ok);
  assert.deepEqual([parsed.blocks.length, parsed.omitted], [50, 70]);
});

test("a link says under which addresses its server may be set up", () => {
  const basesOf = (link: string) => {
    const parsed = parsePastedLink(link);
    return parsed.ok ? parsed.blocks[0]?.bases : parsed.problem;
  };
  assert.deepEqual(basesOf("https://u:p@h/x/graph?g0.expr=up"), ["https://h/x", "https://h/x/prometheus"]);
  assert.deepEqual(basesOf("http://h/new/graph?g0.expr=up"), ["http://h", "http://h/prometheus"]);
  assert.deepEqual(basesOf("http://h/select/0/vmui/#/?g0.expr=up"), [
    "http://h/select/0",
    "http://h/select/0/prometheus",
  ]);
  assert.deepEqual(basesOf("http://h/x/api/v1/query?query=up"), ["http://h/x"]);
  assert.deepEqual(basesOf(left({ queries: [{ expr: "up", datasource: prometheus }] })), [
    "https://g.example/api/datasources/proxy/uid/P1",
    "https://g.example/api/datasources/uid/P1/resources",
  ]);
  assert.deepEqual(basesOf(left(["now-1h", "now", "My Prometheus", { expr: "up" }])), []);
});

test("a lone address is told from text at once, however long", () => {
  assert.ok(isLoneUrl("\thttp://h\n"));
  for (const text of ["", "up", "http://a http://b", "# http://a", `${" ".repeat(500_000)}x`])
    assert.ok(!isLoneUrl(text));
});
