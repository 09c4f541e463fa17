import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { scopeSelector } from "../../../src/catalog/scopeSelector.ts";
import type { ScopeMatcher, SelectorScope } from "../../../src/promql/completion/selectorScope.ts";

const matcher = (label: string, operator: ScopeMatcher["operator"], value: string): ScopeMatcher => ({
  ...{ label, operator, value },
});

const cases: readonly {
  readonly title: string;
  readonly scope: SelectorScope;
  readonly more?: readonly ScopeMatcher[];
  readonly selector: string | undefined;
}[] = [
  { title: "a metric", scope: { metric: "up", matchers: [] }, selector: '{__name__="up"}' },
  { title: "a UTF-8 metric", scope: { metric: "my.m", matchers: [] }, selector: '{__name__="my.m"}' },
  {
    title: "matchers, escaped, a UTF-8 label in quotes",
    scope: { metric: "up", matchers: [matcher("a.b", "=", 'x"\\'), matcher("c", "!~", "d|e")] },
    selector: '{__name__="up","a.b"="x\\"\\\\",c!~"d|e"}',
  },
  { title: "nothing", scope: { metric: undefined, matchers: [] }, selector: undefined },
  {
    title: "matchers that fit series without the label alone",
    scope: { metric: undefined, matchers: [matcher("a", "=~", ".*"), matcher("b", "!=", "x"), matcher("c", "=", "")] },
    selector: undefined,
  },
  {
    title: "a regular expression that needs a value",
    scope: { metric: undefined, matchers: [matcher("a", "=~", ".+")] },
    selector: '{a=~".+"}',
  },
  {
    title: "one that is none is left out",
    scope: { metric: "up", matchers: [matcher("a", "=~", "(")] },
    selector: '{__name__="up"}',
  },
  {
    title: "what is typed of a value",
    scope: { metric: undefined, matchers: [] },
    more: [matcher("job", "=~", "(?i).*ap.*")],
    selector: '{job=~"(?i).*ap.*"}',
  },
];

describe("a scope as a selector for a server", () => {
  for (const { title, scope, more, selector } of cases) {
    test(title, () => assert.equal(scopeSelector(scope, more), selector));
  }
});
