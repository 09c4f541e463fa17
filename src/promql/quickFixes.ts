import { parameterAt, signatureOf } from "./data/signatures.ts";
import { expressionProblems } from "./expressionProblems.ts";
import { typesOf } from "./expressionTypes.ts";
import { editDistance } from "./nearest.ts";
import { parseExpression } from "./parser.ts";
import type { Problem, Span } from "./problems.ts";
import { probableEnd } from "./stringEnds.ts";
import type { SyntaxProblem } from "./syntaxProblems.ts";
import { type Expression, pathAt, type Selector } from "./syntaxTree.ts";

/** A change of the text that settles a problem. Edits do not overlap; an empty place inserts. */
export interface QuickFix {
  /** As a person reads it: what will be done. */
  readonly title: string;
  readonly edits: readonly (Span & { readonly text: string })[];
  /** The one that is surely meant. */
  readonly isPreferred: boolean;
}

/** What may be done about a finding of a file's text. */
export function fixesOf(text: string, problem: Problem): readonly QuickFix[] {
  switch (problem.code) {
    case "twoExpressions":
      if (problem.insert === "cell") return [];
      return problem.insert === "blankLine"
        ? [insertion("Insert a blank line", problem.insertAt, lineEndOf(text), true)]
        : [insertion("Insert a separator", problem.insertAt, `# %%${lineEndOf(text)}`, true)];
    case "textInMarkdown":
      return [
        insertion("Insert a separator, which makes it a query", problem.insertAt, `# %%${lineEndOf(text)}`, false),
        insertion("Make this line a comment", problem.insertAt, "# ", true),
      ];
    case "unknownDirective":
      return problem.suggestion === undefined ? [] : [directiveFix(text, problem, problem.suggestion)];
    default:
      return [];
  }
}

/** Instead of the key, with a blank before the value where none stands. */
function directiveFix(text: string, { from, to }: Span, key: string): QuickFix {
  const isApart = to >= text.length || /\s/.test(text.charAt(to));
  return replacement(`Write @${key}`, { from, to }, `@${key}${isApart ? "" : " "}`, true);
}

/** What may be shown of an expression, whatever its server speaks: that may have changed since it was shown. */
export function problemsForAnyServer(text: string): readonly SyntaxProblem[] {
  const [first, second] = [expressionProblems(text, "promql"), expressionProblems(text, "metricsql")];
  const isNew = (one: SyntaxProblem) =>
    !first.some(({ code, from, to }) => code === one.code && from === one.from && to === one.to);
  return [...first, ...second.filter(isNew)];
}

/** What may be done about what a server would refuse. `place` is that of the expression, whose offsets the problem has. */
export function syntaxFixesOf(text: string, place: Span, problem: SyntaxProblem): readonly QuickFix[] {
  const { from, to } = problem;
  switch (problem.code) {
    case "unknownFunction": {
      const { name, suggestion } = problem;
      if (suggestion === undefined) return [];
      const isSure = editDistance(name.toLowerCase(), suggestion) <= 1;
      return [replacement(`Write ${suggestion}`, problem, suggestion, isSure)];
    }
    case "renamedFunction":
      return [replacement(`Write ${problem.newName}`, problem, problem.newName, false)];
    case "unclosedBracket":
      return bracketFixes(text, place, problem.bracket, to);
    case "unclosedString":
      return stringFixes(text, place, problem);
    case "badEscape":
      return [insertion("Write the backslash twice", from, "\\", true)];
    case "trailingComma":
      return [replacement("Take the comma away", problem, "", true)];
    case "scalarsNeedBool":
      return [insertion('Insert "bool"', to, " bool", true)];
    case "boolOnNonComparison":
      return [replacement('Take "bool" away', { from: from + problem.operator.length, to }, "", true)];
    case "wrongType":
      return typeFixes(text, place, problem);
    case "rangeOfExpression":
      return rangeFixes(text, place, problem);
    default:
      return [];
  }
}

const closing = { "(": ")", "[": "]", "{": "}" } as const;

function bracketFixes(text: string, place: Span, bracket: "(" | "[" | "{", at: number): readonly QuickFix[] {
  const sign = closing[bracket];
  const now = text.slice(place.from, place.to);
  const then = `${text.slice(place.from, at)}${sign}${text.slice(at, place.to)}`;
  // Behind another fault it may close nothing: a string without an end would take it in.
  return openBrackets(then) < openBrackets(now) ? [insertion(`Insert "${sign}"`, at, sign, true)] : [];
}

function openBrackets(expression: string): number {
  return parseExpression(expression).problems.filter(({ code }) => code === "unclosedBracket").length;
}

type WrongType = Extract<SyntaxProblem, { readonly code: "wrongType" }>;

function typeFixes(text: string, place: Span, { expected, found, from, to }: WrongType): readonly QuickFix[] {
  const argument = expressionAt(text, place, { from, to });
  if (argument === undefined) return [];
  if (expected === "range-vector" && found === "instant-vector") return missingRangeFixes(argument);
  if (expected === "instant-vector" && found === "range-vector") return surplusRangeFixes(argument);
  if (expected === "scalar" && found === "instant-vector") {
    return [around("Put scalar() around it", argument, "scalar(", ")", false)];
  }
  if (expected === "instant-vector" && found === "scalar") {
    return [around("Put vector() around it", argument, "vector(", ")", true)];
  }
  return [];
}

function missingRangeFixes(argument: Expression): readonly QuickFix[] {
  const inner = withoutParentheses(argument);
  if (inner.kind === "selector") {
    const at = endOfSelection(inner);
    return [
      insertion("Add the range [$__rate_interval]", at, "[$__rate_interval]", true),
      insertion("Add the range [5m]", at, "[5m]", false),
    ];
  }
  const title = "Make it a subquery [5m:]";
  // Brackets bind more closely than any operator.
  return isOperation(argument)
    ? [around(title, argument, "(", ")[5m:]", false)]
    : [insertion(title, argument.to, "[5m:]", false)];
}

function surplusRangeFixes(argument: Expression): readonly QuickFix[] {
  const inner = withoutParentheses(argument);
  // Its operand has a range, which no operator takes: a function around all of it would not help.
  if (isOperation(inner)) return [];
  const range = inner.kind === "selector" ? inner.range : undefined;
  const bare = range === undefined ? [] : [replacement("Take the range away", range, "", false)];
  return [around("Put rate() around it", argument, "rate(", ")", false), ...bare];
}

/** About a range (`brackets`) behind something that is no selector. */
function rangeFixes(text: string, place: Span, brackets: Span): readonly QuickFix[] {
  const path = pathAt(parseExpression(text, place).expression, brackets.from);
  const found = path.find((one) => one.kind === "subquery" && one.brackets.from === brackets.from);
  if (found?.kind !== "subquery" || !found.brackets.isClosed) return [];
  const { expression: operand, modifiers, to } = found;
  const selector = argumentWithoutRange(operand);
  if (selector === undefined) {
    const isVector = typesOf(operand).get(operand) === "instant-vector";
    return isVector ? [insertion("Make it a subquery", brackets.to - 1, ":", true)] : [];
  }
  if (selector.modifiers.length > 0 && modifiers.length > 0) return [];
  const at = endOfSelection(selector);
  const from = text.slice(operand.to, brackets.from).trim() === "" ? operand.to : brackets.from;
  const edits = [
    { from: at, to: at, text: text.slice(brackets.from, to) },
    { from, to, text: "" },
  ];
  return [{ title: "Move the range inside", edits, isPreferred: true }];
}

/** Of a call that wants a range: the selector that was given without one. */
function argumentWithoutRange(call: Expression): Selector | undefined {
  if (call.kind !== "call") return undefined;
  const signature = signatureOf(call.name.text ?? "");
  const { items } = call.arguments;
  const argument = items.find((_, i) => signature !== undefined && parameterAt(signature, i)?.type === "range-vector");
  return argument?.kind === "selector" && argument.range === undefined ? argument : undefined;
}

function stringFixes(text: string, place: Span, open: Span): readonly QuickFix[] {
  const end = probableEnd(text, place, open);
  if (end === undefined) return [];
  const quote = text.charAt(open.from);
  const title = end.from === end.to ? "Close the string" : `Close the string with ${quote}`;
  return [replacement(title, end, quote, end.isSure)];
}

/** The argument that a problem is about. */
function expressionAt(text: string, place: Span, { from, to }: Span): Expression | undefined {
  const { expression } = parseExpression(text, place);
  return pathAt(expression, from).find((one) => one.from === from && one.to === to);
}

function withoutParentheses(expression: Expression): Expression {
  let inner = expression;
  while (inner.kind === "parentheses") inner = inner.expression;
  return inner;
}

function isOperation({ kind }: Expression): boolean {
  return kind === "binary" || kind === "unary";
}

/** Where a range stands: behind the name or the braces, in front of modifiers. */
function endOfSelection({ name, braces, to }: Selector): number {
  return braces?.to ?? name?.to ?? to;
}

function insertion(title: string, at: number, text: string, isPreferred: boolean): QuickFix {
  return { title, edits: [{ from: at, to: at, text }], isPreferred };
}

function replacement(title: string, { from, to }: Span, text: string, isPreferred: boolean): QuickFix {
  return { title, edits: [{ from, to, text }], isPreferred };
}

function around(title: string, { from, to }: Span, before: string, behind: string, isPreferred: boolean): QuickFix {
  const edits = [
    { from, to: from, text: before },
    { from: to, to, text: behind },
  ];
  return { title, edits, isPreferred };
}

function lineEndOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}
