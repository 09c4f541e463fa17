import { checkExpression } from "./checkExpression.ts";
import { builtinVariableNames } from "./data/builtinVariables.ts";
import { metricsqlAggregations, metricsqlFunctions } from "./data/metricsqlFunctions.ts";
import { renamedFunctions, thanosFunctions } from "./data/otherNames.ts";
import { lexPromql } from "./lexer.ts";
import { longestRead } from "./limits.ts";
import { parseExpression } from "./parser.ts";
import type { SyntaxProblem } from "./syntaxProblems.ts";

/** What a server understands: PromQL alone, or all that MetricsQL (VictoriaMetrics) makes of it. */
export type Dialect = "promql" | "metricsql";

/** What no dialect takes. */
const alwaysWrong: ReadonlySet<SyntaxProblem["code"]> = new Set<SyntaxProblem["code"]>([
  "unclosedBracket",
  "unopenedBracket",
  "unclosedString",
]);

/**
 * What a server will refuse of an expression, in the order of the text: of its form the first fault alone, since others may follow
 * from it, and what only another dialect takes; of a right form every fault of meaning. Of MetricsQL, which we do not know in whole, only brackets and strings that
 * nothing closes. Offsets are those of `text`.
 */
export function expressionProblems(text: string, dialect: Dialect): readonly SyntaxProblem[] {
  if (text.length > longestRead) return [];
  const { expression, problems } = parseExpression(text);
  if (dialect === "metricsql") return problems.filter(({ code }) => alwaysWrong.has(code)).slice(0, 1);
  if (problems.length > 0) return faultsOfForm(text, problems);
  return checkExpression(expression)
    .map(nameDialect)
    .toSorted((a, b) => a.from - b.from);
}

function faultsOfForm(text: string, problems: readonly SyntaxProblem[]): readonly SyntaxProblem[] {
  const dialect = problems.filter(({ code }) => code === "metricsqlOnly");
  // What stands in its parentheses is no PromQL at all.
  const template = dialect.find((problem) => problem.code === "metricsqlOnly" && problem.form === "WITH");
  if (template !== undefined) return [template];
  const fault = problems.find((problem) => problem.code !== "metricsqlOnly");
  const isKnown = fault !== undefined && !mayBeVariables(text, fault);
  return [...dialect, ...(isKnown ? [fault] : [])].toSorted((a, b) => a.from - b.from);
}

/** True where words touch a variable that may hold what they lack, its own comma or operator: only a run knows. */
function mayBeVariables(text: string, { code, from }: SyntaxProblem): boolean {
  if (code !== "unexpectedText" && code !== "unexpectedEnd") return false;
  const tokens = lexPromql(text).filter(({ kind }) => kind !== "comment");
  const at = tokens.findIndex((token) => token.from >= from);
  const near = at === -1 ? tokens.slice(-1) : tokens.slice(Math.max(0, at - 1), at + 2);
  if (at !== -1 && tokens[at]?.kind === "close") return false;
  return near.some(({ kind, from: start, to }) => {
    const name = /[A-Za-z_]\w*/.exec(text.slice(start, to))?.[0] ?? "";
    return kind === "variable" && !builtinVariableNames.has(name);
  });
}

/** A function that today's PromQL does not have, but yesterday's, or another dialect. */
function nameDialect(problem: SyntaxProblem): SyntaxProblem {
  if (problem.code !== "unknownFunction") return problem;
  const { name, from, to } = problem;
  const newName = renamedFunctions.get(name);
  if (newName !== undefined) return { code: "renamedFunction", name, newName, from, to };
  if (thanosFunctions.has(name)) return { code: "thanosOnly", form: name, from, to };
  const lower = name.toLowerCase();
  const isKnown = metricsqlFunctions.has(lower) || metricsqlAggregations.has(lower);
  return isKnown ? { code: "metricsqlOnly", form: name, from, to } : problem;
}

/** Reads again only what was changed: the problems of the expressions of one text, kept from one look to the next. */
export class ExpressionChecks {
  #known: ReadonlyMap<string, readonly SyntaxProblem[]> = new Map();

  /** Offsets of the answer are those of each expression. */
  check(
    expressions: readonly { readonly text: string; readonly dialect: Dialect }[],
  ): readonly (readonly SyntaxProblem[])[] {
    const known = new Map<string, readonly SyntaxProblem[]>();
    const found = expressions.map(({ text, dialect }) => {
      const key = `${dialect} ${text}`;
      const problems = known.get(key) ?? this.#known.get(key) ?? expressionProblems(text, dialect);
      known.set(key, problems);
      return problems;
    });
    this.#known = known;
    return found;
  }
}
