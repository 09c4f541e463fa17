import { parseExpression } from "./parser.ts";
import type { Problem, Span } from "./problems.ts";
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

/** What may be done about what a server would refuse. `place` is that of the expression, whose offsets the problem has. */
export function syntaxFixesOf(text: string, place: Span, problem: SyntaxProblem): readonly QuickFix[] {
  const { from, to } = problem;
  switch (problem.code) {
    case "unknownFunction": {
      const { suggestion } = problem;
      return suggestion === undefined ? [] : [replacement(`Write ${suggestion}`, problem, suggestion, true)];
    }
    case "unclosedBracket":
      return [insertion(`Insert "${closing[problem.bracket]}"`, to, closing[problem.bracket], true)];
    case "unclosedString":
      return [insertion("Close the string", endOfWords(text, problem), text.charAt(from), true)];
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
      return text.charAt(to - 1) === "]" ? [insertion("Make it a subquery", to - 1, ":", true)] : [];
    default:
      return [];
  }
}

const closing = { "(": ")", "[": "]", "{": "}" } as const;

type WrongType = Extract<SyntaxProblem, { readonly code: "wrongType" }>;

function typeFixes(text: string, place: Span, { expected, found, from, to }: WrongType): readonly QuickFix[] {
  const argument = expressionAt(text, place, { from, to });
  if (expected === "range-vector" && found === "instant-vector") {
    if (argument?.kind !== "selector") return [insertion("Make it a subquery [5m:]", to, "[5m:]", false)];
    const at = endOfSelection(argument);
    return [
      insertion("Add the range [$__rate_interval]", at, "[$__rate_interval]", true),
      insertion("Add the range [5m]", at, "[5m]", false),
    ];
  }
  if (expected === "instant-vector" && found === "range-vector") {
    const range = argument?.kind === "selector" ? argument.range : undefined;
    const bare = range === undefined ? [] : [replacement("Take the range away", range, "", false)];
    return [around("Put rate() around it", { from, to }, "rate", false), ...bare];
  }
  if (expected === "scalar" && found === "instant-vector") {
    return [around("Put scalar() around it", { from, to }, "scalar", false)];
  }
  if (expected === "instant-vector" && found === "scalar") {
    return [around("Put vector() around it", { from, to }, "vector", true)];
  }
  return [];
}

/** Where an open string probably ends: in front of the brackets that it swallowed at the end of its line. */
function endOfWords(text: string, { from, to }: Span): number {
  let end = to;
  while (end > from + 1 && /[\s)\]},]/.test(text.charAt(end - 1))) end--;
  return end;
}

/** The argument that a problem is about. */
function expressionAt(text: string, place: Span, { from, to }: Span): Expression | undefined {
  const { expression } = parseExpression(text, place);
  return pathAt(expression, from).find((one) => one.from === from && one.to === to);
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

function around(title: string, { from, to }: Span, name: string, isPreferred: boolean): QuickFix {
  const edits = [
    { from, to: from, text: `${name}(` },
    { from: to, to, text: ")" },
  ];
  return { title, edits, isPreferred };
}

function lineEndOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}
