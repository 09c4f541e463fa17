import assert from "node:assert/strict";
import { test } from "node:test";
import { type Dialect, ExpressionChecks, expressionProblems } from "../../../src/promql/expressionProblems.ts";

const table: readonly {
  readonly title: string;
  readonly text: string;
  readonly dialect?: Dialect;
  readonly expected: readonly string[];
}[] = [
  { title: "nothing of what is right", text: "sum(rate(x[5m]))", expected: [] },
  { title: "the first fault of a form", text: "sum(rate(x[)) + ) by", expected: ["unexpectedText )"] },
  {
    title: "every fault of a meaning, in the order of the text",
    text: "rate(a) + (1 == 1) + foo(b)",
    expected: ["wrongType a", "scalarsNeedBool ==", "unknownFunction foo"],
  },
  {
    title: "the first fault of a form beside what is another dialect's",
    text: "sum(foo default 0 + rate(x[1.5h])",
    expected: ["metricsqlOnly default", "metricsqlOnly 1.5h", "unclosedBracket "],
  },
  { title: "nothing where a variable may hold what is missing", text: "quantile(.$q, x)", expected: [] },
  {
    title: "a bracket that is missing behind a variable all the same",
    text: "rate(x[$__interval)",
    expected: ["unexpectedText )"],
  },
  {
    title: "a bracket that is missing behind a person's own variable too",
    text: "rate(x[$r)",
    expected: ["unexpectedText )"],
  },
  { title: "functions of MetricsQL as such", text: "rollup_rate(a[5m])", expected: ["metricsqlOnly rollup_rate"] },
  {
    title: "a function's older name as such",
    text: "holt_winters(x[5m], 0.5, 0.5)",
    expected: ["renamedFunction holt_winters"],
  },
  {
    title: "functions of Thanos as such",
    text: "xrate(x[5m]) + xincrease(x[5m]) + xdelta(x[5m])",
    expected: ["thanosOnly xrate", "thanosOnly xincrease", "thanosOnly xdelta"],
  },
  {
    title: "MetricsQL's names in any case, and an older name in its own alone",
    text: "Rollup(x[5m]) + Holt_Winters(x[5m], 0.5, 0.5) + Xrate(x[5m])",
    expected: ["metricsqlOnly Rollup", "metricsqlOnly Holt_Winters", "unknownFunction Xrate"],
  },
  {
    title: "nothing of MetricsQL's forms where the server speaks it",
    text: 'WITH (x = a{b="c" or d="e"}) rate(x) default 0 keep_metric_names',
    dialect: "metricsql",
    expected: [],
  },
  { title: "what no dialect takes", text: "rollup_rate(a[5m]", dialect: "metricsql", expected: ["unclosedBracket "] },
];

for (const { title, text, dialect = "promql", expected } of table) {
  test(`tells ${title}`, () => {
    const found = expressionProblems(text, dialect).map(({ code, from, to }) => `${code} ${text.slice(from, to)}`);
    assert.deepEqual(found, expected);
  });
}

test("looks again only at what was changed", () => {
  const checks = new ExpressionChecks();
  const look = (...texts: readonly string[]) => checks.check(texts.map((text) => ({ text, dialect: "promql" })));
  const [first, second] = look("rate(a)", "b +");
  const [again, changed] = look("rate(a)", "b + 1");
  assert.equal(again, first, "the very same findings");
  assert.deepEqual([second?.length, changed], [1, []]);
  assert.equal(
    checks.check([{ text: "rate(a)", dialect: "metricsql" }])[0]?.length,
    0,
    "another dialect is another look",
  );
});

test("does not look at what is too long to be looked at while somebody types", () => {
  assert.deepEqual(expressionProblems(`${"a + ".repeat(60_000)})`, "promql"), []);
});
