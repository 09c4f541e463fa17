import { plainLabel } from "../../host/plainLabel.ts";
import type { ExpectedSyntax, SyntaxProblem } from "../../promql/syntaxProblems.ts";
import type { ValueType } from "../../promql/syntaxTree.ts";

/** The sentence for what a server would refuse of an expression: what is so, and what to do about it. */
export function syntaxMessage(problem: SyntaxProblem): string {
  switch (problem.code) {
    case "unexpectedText":
      return `${quoted(problem.text)} cannot stand here: expected ${expectations[problem.expected]}.`;
    case "unexpectedEnd":
      return `The expression ends too early: expected ${expectations[problem.expected]}.`;
    case "unclosedBracket":
      return `A ${brackets[problem.bracket]} is opened and never closed.`;
    case "unopenedBracket":
      return `There is no open bracket that "${problem.bracket}" could close.`;
    case "unclosedString":
      return "This string is never closed.";
    case "badEscape":
      return `There is no escape ${quoted(problem.escape)} in strings. Write \\\\ for a backslash, or put the string between backticks.`;
    case "badNumberText":
      return `${quoted(problem.text)} is neither a number nor a duration such as 30s, 5m or 1h30m.`;
    case "numberTooLarge":
      return `${quoted(problem.text)} is larger than any number that servers know.`;
    case "badDuration":
      return `${quoted(problem.text)} is no duration: each unit may stand once, the larger ones first, such as 1h30m.`;
    case "durationNotPositive":
      return "A range has to be longer than nothing.";
    case "durationTooLarge":
      return "This duration is longer than the 292 years that servers know.";
    case "divisionByZero":
      return problem.operator === "/" ? "This divides by zero." : "This takes the rest of a division by zero.";
    case "unknownFunction":
      return `There is no function ${quoted(problem.name)}.${problem.suggestion === undefined ? "" : ` Did you mean ${problem.suggestion}?`}`;
    case "wrongArgumentCount":
      return `${problem.name} takes ${count(problem.least, problem.most)}, and ${problem.found} ${problem.found === 1 ? "is" : "are"} given.`;
    case "trailingComma":
      return "No comma may stand behind the last argument.";
    case "wrongType":
      return wrongType(problem.within, problem.expected, problem.found);
    case "selectorMatchesAll":
      return "This would select every series there is. Give a metric, or a matcher that an empty value does not meet.";
    case "nameTwice":
      return `The metric is named twice${problem.name === "" ? "" : `, once as ${quoted(problem.name)}`}. Keep one of the names.`;
    case "badRegex":
      return `This is no regular expression (RE2): ${plainLabel(problem.reason, 200)}.`;
    case "setOperatorOnScalar":
      return `"${problem.operator}" joins series, and one side is a number. Use vector(...) to make a series of it.`;
    case "operatorOnType":
      return `"${problem.operator}" works on numbers and instant vectors, and this is ${kinds[problem.found]}.`;
    case "boolOnNonComparison":
      return `"bool" belongs behind a comparison such as > or ==, not behind "${problem.operator}".`;
    case "scalarsNeedBool":
      return `Between two numbers a comparison needs "bool": write "${problem.operator} bool".`;
    case "matchingOnScalar":
      return "Labels can be matched between instant vectors only, and one side is a number.";
    case "groupingOnSet":
      return `"${problem.operator}" always joins many series with many: group_left and group_right cannot stand behind it.`;
    case "fillOnSet":
      return `"${problem.operator}" has no values to fill in.`;
    case "labelInOnAndGroup":
      return `${quoted(problem.label)} is matched by "on" already, so it cannot be taken over by the group clause too.`;
    case "rangeOfExpression":
      return "Only a selector has a range. For an expression write a subquery such as [5m:1m].";
    case "rangeAfterModifier":
      return `The range stands before "${problem.modifier}": put the brackets right behind the selector.`;
    case "subqueryOfType":
      return `A subquery is made of an instant vector, and this is ${kinds[problem.found]}.`;
    case "modifierOfExpression":
      return `"${problem.modifier}" belongs behind a selector${problem.modifier === "offset" || problem.modifier === "@" ? " or a subquery" : ""}.`;
    case "modifierTwice":
      return `"${problem.modifier}" stands here twice.`;
    case "anchoredAndSmoothed":
      return "A selector is anchored or smoothed, not both.";
    case "timeOutOfBounds":
      return `${quoted(problem.text)} is no time. Expected unix seconds, start() or end().`;
    case "labelSelectorsOnly":
      return 'The second argument of info chooses labels: write matchers in braces without a metric, such as {k8s_cluster=~".+"}.';
    case "metricsqlOnly":
      return `${quoted(problem.form)} is MetricsQL: VictoriaMetrics understands it, Prometheus does not.`;
    case "thanosOnly":
      return `Thanos only: ${quoted(problem.form)} is there where it runs with --query.enable-x-functions. Prometheus does not have it.`;
    case "renamedFunction":
      return `Prometheus 3 calls ${problem.name} ${problem.newName}; older servers know it as it is.`;
  }
}

const expectations: Readonly<Record<ExpectedSyntax, string>> = {
  expression: "a metric, a function or a number",
  operator: "an operator, or the expression's end",
  label: "a label's name",
  labelOrClose: 'a comma or ")"',
  matchOperator: "one of =, !=, =~ and !~",
  matchValue: "the label's value in quotes",
  commaOrBrace: 'a comma or "}"',
  duration: "a duration such as 5m",
  time: "unix seconds, start() or end()",
  openParenthesis: '"("',
  closeBracket: '"]", or ":" and a step',
  number: "a number",
};

const brackets = { "(": "parenthesis", "[": "square bracket", "{": "brace" } as const;

const kinds: Readonly<Record<ValueType, string>> = {
  scalar: "a number",
  "instant-vector": "an instant vector",
  "range-vector": "a range vector",
  string: "a string",
};

function wrongType(within: string, expected: ValueType, found: ValueType): string {
  const advice =
    expected === "range-vector" && found === "instant-vector"
      ? " Add a range such as [5m]."
      : expected === "instant-vector" && found === "range-vector"
        ? " Take the range in brackets away, or put a function such as rate() around it."
        : expected === "scalar" && found === "instant-vector"
          ? " scalar() makes a number of a single series."
          : "";
  return `${within} wants ${kinds[expected]} here, and this is ${kinds[found]}.${advice}`;
}

function count(least: number, most: number | undefined): string {
  const wordOf = (number: number) => `${number === 0 ? "no" : number} argument${number === 1 ? "" : "s"}`;
  if (most === undefined) return `at least ${wordOf(least)}`;
  return least === most ? wordOf(least) : `${least} to ${wordOf(most)}`;
}

function quoted(text: string): string {
  return `"${plainLabel(text, 60)}"`;
}
