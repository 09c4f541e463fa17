import type { ScopeMatcher, SelectorScope } from "../promql/completion/selectorScope.ts";
import { readRegex } from "../promql/labelRegex.ts";
import { formatMatcher } from "../shared/model/labels.ts";

/**
 * A scope as a selector that a server takes; `undefined` where it says nothing that may be asked for: servers refuse a selector
 * that also fits series with none of its labels, and a regular expression that is none.
 */
export function scopeSelector(
  { metric, matchers }: SelectorScope,
  more: readonly ScopeMatcher[] = [],
): string | undefined {
  // In braces any name of a metric may stand, also for servers that know no quoted ones.
  const named: readonly ScopeMatcher[] =
    metric === undefined ? [] : [{ label: "__name__", operator: "=", value: metric }];
  const usable = [...named, ...matchers, ...more].filter(({ operator, value }) => {
    return !isRegex(operator) || readRegex(value).problem === undefined;
  });
  if (!usable.some(choosesSome)) return undefined;
  return `{${usable.map(({ label, operator, value }) => formatMatcher(label, operator, value)).join(",")}}`;
}

function isRegex(operator: ScopeMatcher["operator"]): boolean {
  return operator === "=~" || operator === "!~";
}

/** True for a matcher that a series without the label does not fit. */
function choosesSome({ operator, value }: ScopeMatcher): boolean {
  switch (operator) {
    case "=":
      return value !== "";
    case "!=":
      return value === "";
    case "=~":
      return readRegex(value).matchesEmpty === false;
    case "!~":
      return readRegex(value).matchesEmpty === true;
  }
}
