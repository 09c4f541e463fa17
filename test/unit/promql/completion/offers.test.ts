import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { fixedOffers } from "../../../../src/promql/completion/fixedOffers.ts";
import {
  labelOffer,
  legendLabelOffer,
  listedLabelOffer,
  metricOffer,
  quotedMetricOffer,
  valueOffer,
} from "../../../../src/promql/completion/nameOffers.ts";
import type { Offer } from "../../../../src/promql/completion/offer.ts";
import { helpOf } from "../../../../src/promql/completion/offerHelp.ts";
import { usedMetrics } from "../../../../src/promql/completion/usedMetrics.ts";
import { parseExpression } from "../../../../src/promql/parser.ts";
import { readString } from "../../../../src/promql/stringValue.ts";
import { selectorsIn } from "../../../../src/promql/syntaxTree.ts";
import { contextIn, cursorIn } from "../../../support/completions.ts";

const facts = {
  variables: new Map([["job", "api"]]),
  connections: [
    { id: "local", name: "local" },
    { id: "prod-eu", name: "Production EU" },
  ],
  dialect: "promql",
  following: "",
} as const;

function offered(marked: string): readonly Offer[] {
  return fixedOffers(contextIn(marked), facts);
}

function labels(marked: string): readonly string[] {
  return offered(marked)
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ label }) => label);
}

/** The text once an offer was taken, `|` where the cursor is, places to fill in as they are. */
function taken(marked: string, offer: Offer | undefined): string {
  const { text } = cursorIn(marked);
  const context = contextIn(marked);
  assert.ok(context.kind !== "none" && offer !== undefined, marked);
  const to = offer.takesBrace === true ? text.indexOf("{", context.to) + 1 : context.to;
  return text.slice(0, context.from) + offer.insert + text.slice(to);
}

function takenFixed(marked: string, label: string): string {
  return taken(
    marked,
    offered(marked).find((offer) => offer.label === label),
  );
}

const first: readonly { readonly marked: string; readonly first: readonly string[] }[] = [
  { marked: "up{a='b'} |", first: ["[5m]", "offset", "@", "+", "-"] },
  { marked: "sum(x) |", first: ["by", "without", "[1h:5m]"] },
  { marked: "rate(x[5m]) |", first: ["[1h:5m]", "+"] },
  { marked: "x[5m] |", first: ["offset", "@"] },
  { marked: "sum |", first: ["by", "without"] },
  { marked: "a > |", first: ["bool", "on", "ignoring"] },
  { marked: "a / on (b) |", first: ["group_left", "group_right"] },
  { marked: "x{job |}", first: ["=", "!=", "=~", "!~"] },
  { marked: "x[|]", first: ["$__rate_interval", "$__interval", "$__range", "5m", "1m"] },
  { marked: "x[1h:|]", first: ["$__rate_interval", "$__interval", "$__range", "1m"] },
  { marked: "x[5|]", first: ["5m", "5h", "5s", "5d", "5w", "5ms", "5y"] },
  { marked: "x[1h30|]", first: ["1h30m", "1h30h"] },
  { marked: "x[5m|]", first: ["5m", "5h", "5s"] },
  { marked: "x @ |", first: ["start()", "end()"] },
  { marked: "$|", first: ["$job", "$__rate_interval"] },
  { marked: `"\${|"`, first: [`\${job}`, `\${__rate_interval}`] },
  { marked: "[[|]]", first: ["[[job]]"] },
  { marked: "x[$|]", first: ["$__rate_interval", "$__interval", "$__range", "$job"] },
  { marked: `\${job:|}`, first: ["regex", "pipe", "csv"] },
  { marked: "# @|", first: ["@connection", "@mode", "@range"] },
  { marked: "# |", first: ["# @connection"] },
  { marked: "# %|", first: ["# %%", "# %% [markdown]"] },
  { marked: "# @connection |", first: ["local", "prod-eu"] },
  { marked: "# @mode |", first: ["instant", "range"] },
  { marked: "# @view |", first: ["chart", "table", "stat", "heatmap", "json"] },
  { marked: "# @unit |", first: ["none", "s", "ms", "percentunit"] },
  { marked: "# @range |", first: ["15m", "30m", "1h"] },
  { marked: "# @step |", first: ["15s", "30s", "1m"] },
  { marked: "# @end |", first: ["now", "now-15m"] },
  { marked: "topk(|", first: ["pi", "scalar", "time"] },
];

describe("offers without a server, the first of them", () => {
  for (const { marked, first: expected } of first) {
    test(JSON.stringify(marked), () => assert.deepEqual(labels(marked).slice(0, expected.length), expected));
  }
});

test("nothing is offered where anything may stand", () => {
  for (const marked of ["# @title |", "# @var x=|", "# @legend |"]) assert.deepEqual(labels(marked), [], marked);
});

test("a number's place has only what yields one", () => {
  assert.deepEqual(labels("topk(|, x)").toSorted(), [
    ...["end", "max_of", "min_of", "pi", "range", "scalar", "start", "step", "time"],
  ]);
});

const takings: readonly { readonly marked: string; readonly label: string; readonly text: string }[] = [
  { marked: "ra|", label: "rate", text: "rate($0)" },
  { marked: "ra|(x[5m])", label: "rate", text: "rate(x[5m])" },
  { marked: "ra| (x[5m])", label: "rate", text: "rate (x[5m])" },
  { marked: "ti|", label: "time", text: "time()" },
  { marked: "su|", label: "sum", text: "sum($0)" },
  { marked: "su|", label: "sum by", text: "sum by ($1) ($0)" },
  { marked: "su|(x)", label: "sum", text: "sum(x)" },
  { marked: "sum b|", label: "by", text: "sum by ($0)" },
  { marked: "sum by| (job)", label: "by", text: "sum by (job)" },
  { marked: "sum |(x)", label: "by", text: "sum by ($0)(x)" },
  { marked: "a / o|", label: "on", text: "a / on ($0)" },
  { marked: "a / o| (b) c", label: "on", text: "a / on (b) c" },
  { marked: "a > b|", label: "bool", text: "a > bool " },
  { marked: "a an|", label: "and", text: "a and " },
  { marked: "a off|", label: "offset", text: "a offset " },
  { marked: "x{job!|}", label: "!=", text: 'x{job!="$1"}' },
  { marked: "x{job |}", label: "=~", text: 'x{job =~"$1"}' },
  { marked: "x[5|m]", label: "5h", text: "x[5h]" },
  { marked: "x[$|]", label: "$__rate_interval", text: "x[$__rate_interval]" },
  { marked: `x{a="\${|}"}`, label: `\${job}`, text: `x{a="\${job}"}` },
  { marked: `x{a="\${|"}`, label: `\${job}`, text: `x{a="\${job}"}` },
  { marked: "x{a='[[j|]]'}", label: "[[job]]", text: "x{a='[[job]]'}" },
  { marked: `\${job:|}`, label: "csv", text: `\${job:csv}` },
  { marked: `\${job:r|`, label: "regex", text: `\${job:regex}` },
  { marked: "# @ra|", label: "@range", text: "# @range " },
  { marked: "# @view ch|", label: "table", text: "# @view table" },
  { marked: "# @mode |instant", label: "range", text: "# @mode range" },
  { marked: "#|", label: "# @view", text: "# @view " },
  { marked: "# %|", label: "# %% [markdown]", text: "# %% [markdown]\n# " },
  { marked: "x @ s|", label: "start()", text: "x @ start()" },
];

describe("taking an offer", () => {
  for (const { marked, label, text } of takings) {
    test(`${JSON.stringify(marked)}: ${label}`, () => assert.equal(takenFixed(marked, label), text));
  }
});

test("what is experimental says so, and comes after the rest", () => {
  const all = offered("|");
  const find = (label: string) => all.find((offer) => offer.label === label);
  assert.match(find("info")?.detail ?? "", /^experimental · info\(/);
  assert.match(find("limitk")?.detail ?? "", /^experimental · /);
  assert.ok((find("info")?.rank ?? 0) > (find("rate")?.rank ?? 0));
  assert.match(offered("a / |").find(({ label }) => label === "fill_left")?.detail ?? "", /^experimental · --enable/);
});

test("help is there for every offer that names some", () => {
  const marked = ["|", "a > |", "a |", "sum |", "x @ |", "$|", "# @|", "x[5m] |"];
  const named = marked.flatMap((one) => offered(one)).filter(({ help }) => help !== undefined);
  assert.ok(named.length > 150);
  for (const { label, help } of named) assert.ok(help !== undefined && helpOf(help) !== undefined, label);
});

/** The text once the offer of a name was taken. */
function takenName(marked: string, name: string): string {
  const context = contextIn(marked);
  switch (context.kind) {
    case "operand":
      return taken(marked, metricOffer({ name, type: undefined, isUsed: false }, context));
    case "labelName":
      return taken(
        marked,
        context.mayBeMetric && context.quote !== undefined
          ? quotedMetricOffer({ name, type: undefined, isUsed: false }, context)
          : labelOffer(name, context),
      );
    case "listedLabel":
      return taken(marked, listedLabelOffer(name, context));
    case "legendLabel":
      return taken(marked, legendLabelOffer(name, context));
    case "labelValue":
      return taken(marked, valueOffer(name, context));
    default:
      return assert.fail(`${marked} is ${context.kind}`);
  }
}

test("what VictoriaMetrics adds is offered where it is known to answer", () => {
  const of = (marked: string, dialect: "promql" | "metricsql") =>
    fixedOffers(contextIn(marked), { ...facts, dialect }).map(({ label }) => label);
  for (const name of ["rollup_rate", "share", "rate"]) assert.ok(of("|", "metricsql").includes(name), name);
  for (const name of ["if", "keep_metric_names", "and"]) assert.ok(of("up |", "metricsql").includes(name), name);
  for (const name of ["rollup_rate", "share"]) assert.ok(!of("|", "promql").includes(name), name);
  assert.ok(!of("up |", "promql").includes("if"));
});

const names: readonly { readonly marked: string; readonly name: string; readonly text: string }[] = [
  { marked: "u|", name: "up", text: "up" },
  { marked: "u|{job='a'}", name: "up", text: "up{job='a'}" },
  { marked: "rate(|[5m])", name: "a:b:c", text: "rate(a:b:c[5m])" },
  { marked: "my.m|", name: "my.metric", text: '{"my.metric"}' },
  { marked: 'my.m|{job="a"}', name: "my.metric", text: '{"my.metric", job="a"}' },
  { marked: "my.m|  {}", name: "my.metric", text: '{"my.metric", }' },
  { marked: "o|", name: "on", text: '{"on"}' },
  { marked: "s|", name: "say $hi", text: '{"say \\x24hi"}' },
  { marked: '{"m|"}', name: 'my "m"', text: '{"my \\"m\\""}' },
  { marked: "x{|}", name: "job", text: 'x{job="$1"}' },
  { marked: 'x{j|="a"}', name: "job", text: 'x{job="a"}' },
  { marked: "x{|}", name: "a.b", text: 'x{"a.b"="$1"}' },
  { marked: "x{|}", name: "a$b", text: 'x{"a\\\\x24b"="$1"}' },
  { marked: 'x{"a|"}', name: "a.b", text: 'x{"a.b"}' },
  { marked: 'x{job="|"}', name: "api", text: 'x{job="api"}' },
  { marked: 'x{job="a|pi"}', name: "web", text: 'x{job="web"}' },
  { marked: "x{job=|}", name: "api", text: 'x{job="api"}' },
  { marked: 'x{job="|}', name: "api", text: 'x{job="api"}' },
  { marked: 'x{job="|"}', name: 'a"b\\c', text: 'x{job="a\\"b\\\\c"}' },
  { marked: "x{job='|'}", name: `a"b'c`, text: `x{job='a"b\\'c'}` },
  { marked: "x{job=`|`}", name: 'a"b\\c', text: 'x{job=`a"b\\c`}' },
  { marked: 'x{job="|"}', name: "$name [[x]]", text: 'x{job="\\x24name \\x5b[x]]"}' },
  { marked: 'x{job=~"|"}', name: "10.0.0.1:9100", text: 'x{job=~"10\\\\.0\\\\.0\\\\.1:9100"}' },
  { marked: "x{job=~`|`}", name: "a.b", text: "x{job=~`a\\.b`}" },
  { marked: 'x{job=~"a‖|"}', name: "b.c", text: 'x{job=~"a|b\\\\.c"}' },
  { marked: 'x{job=~"(a‖b|)"}', name: "c", text: 'x{job=~"(a|c)"}' },
  { marked: 'x{job!~"a‖|‖c"}', name: "b", text: 'x{job!~"a|b|c"}' },
  { marked: "# @legend {{|\nx", name: "job", text: "# @legend {{job}}\nx" },
  { marked: "# @legend {{j|}} {{b}}\nx", name: "job", text: "# @legend {{job}} {{b}}\nx" },
  { marked: "sum by (|) (x)", name: "job", text: "sum by (job) (x)" },
  { marked: "sum by (|) (x)", name: "a.b", text: 'sum by ("a.b") (x)' },
  { marked: 'sum by ("|") (x)', name: "a.b", text: 'sum by ("a.b") (x)' },
  { marked: 'sum by ("a|', name: "a.b", text: 'sum by ("a.b"' },
  { marked: 'label_join(x, "a", ",", |)', name: "job", text: 'label_join(x, "a", ",", "job")' },
  { marked: "label_join(x, 'a', ',', '|')", name: "job", text: "label_join(x, 'a', ',', 'job')" },
];

describe("taking a name", () => {
  for (const { marked, name, text } of names) {
    test(`${JSON.stringify(marked)}: ${name}`, () => assert.equal(takenName(marked, name), text));
  }
});

test("raw quotes hold no backtick and no variable, so such values are not offered there", () => {
  const context = contextIn("x{job=`|`}");
  assert.ok(context.kind === "labelValue");
  for (const value of ["a`b", "$job", "[[job]]", "a\nb"]) assert.equal(valueOffer(value, context), undefined, value);
});

test("any value reads back from any quotes", () => {
  const quoted = fc.constantFrom('"', "'", "`");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), quoted, (value, quote) => {
      const context = contextIn(`x{job=${quote}|${quote}}`);
      assert.ok(context.kind === "labelValue");
      const offer = valueOffer(value, context);
      if (offer === undefined) return assert.equal(quote, "`");
      assert.deepEqual(readString(`${quote}${offer.insert}${quote}`), { ok: true, value });
    }),
  );
});

test("any metric stands in the text as the selector of that metric", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", minLength: 1 }),
      fc.constantFrom("|", "|{}", '|{a="b"}'),
      (name, marked) => {
        const text = takenName(marked, name);
        const { expression, problems } = parseExpression(text);
        assert.deepEqual(problems, [], text);
        const [selector, ...others] = selectorsIn(expression);
        assert.deepEqual(others, []);
        const [item] = selector?.braces?.items ?? [];
        assert.equal(selector?.name?.text ?? (item?.kind === "name" ? item.text : undefined), name, text);
      },
    ),
  );
});

const ranks: readonly { readonly title: string; readonly marked: string; readonly order: readonly string[] }[] = [
  { title: "counters come first where a rate wants one", marked: "rate(|)", order: ["b_total", "c_bucket", "a"] },
  { title: "elsewhere they do not", marked: "sum(|)", order: ["a", "b_total", "c_bucket"] },
];

describe("the order of metrics", () => {
  for (const { title, marked, order } of ranks) {
    test(title, () => {
      const context = contextIn(marked);
      assert.ok(context.kind === "operand");
      const offers = ["a", "b_total", "c_bucket"].map((name) =>
        metricOffer({ name, type: undefined, isUsed: false }, context),
      );
      const sorted = offers.toSorted((a, b) => a.rank - b.rank).map(({ label }) => label);
      assert.deepEqual(sorted, order);
    });
  }

  test("the server's word beats the name, and a metric of the file beats both", () => {
    const context = contextIn("rate(|)");
    assert.ok(context.kind === "operand");
    const rank = (name: string, type: string | undefined, isUsed = false) =>
      metricOffer({ name, type, isUsed }, context).rank;
    assert.ok(rank("things", "counter") < rank("things_total", "gauge"));
    assert.ok(rank("things", "gauge", true) < rank("things_total", "counter"));
    const functions = fixedOffers(context, facts).map((offer) => offer.rank);
    assert.ok(rank("things", "gauge") < Math.min(...functions));
  });
});

test("the metrics of a text are those that its selectors name, in unfinished text too", () => {
  const text = [
    'sum by (job) (rate(a_total{job="x"}[5m])) / b:c +',
    '{"my.metric", x="y"} + on (instance) group_left (n) d offset 5m +',
    "# not_a_metric",
    '{__name__="e"} + "text" + $var + sum(f{job="',
  ].join("\n");
  assert.deepEqual([...usedMetrics(text)], ["a_total", "b:c", "my.metric", "d", "e", "f"]);
});
