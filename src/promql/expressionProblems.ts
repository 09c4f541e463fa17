import { checkExpression } from "./checkExpression.ts";
import { metricsqlAggregations, metricsqlFunctions } from "./data/metricsqlFunctions.ts";
import { renamedFunctions, thanosFunctions } from "./data/otherNames.ts";
import { parseExpression } from "./parser.ts";
import type { SyntaxProblem } from "./syntaxProblems.ts";

/** What a server understands: PromQL alone, or all that MetricsQL (VictoriaMetrics) makes of it. */
export type Dialect = "promql" | "metricsql";

/** Longer texts are not looked at while somebody types; the server says what is wrong with them. */
const mostCharacters = 200_000;

/** What no dialect takes. */
const alwaysWrong: ReadonlySet<SyntaxProblem["code"]> = new Set<SyntaxProblem["code"]>([
  "unclosedBracket",
  "unopenedBracket",
  "unclosedString",
]);

/**
 * What a server will refuse of an expression, in the order of the text: of its form the first fault alone, since others may follow
 * from it; of a right form every fault of meaning. Of MetricsQL, which we do not know in whole, only brackets and strings that
 * nothing closes. Offsets are those of `text`.
 */
export function expressionProblems(text: string, dialect: Dialect): readonly SyntaxProblem[] {
  if (text.length > mostCharacters) return [];
  const { expression, problems } = parseExpression(text);
  if (dialect === "metricsql") return problems.filter(({ code }) => alwaysWrong.has(code)).slice(0, 1);
  if (problems.length > 0) return problems.slice(0, 1);
  return checkExpression(expression)
    .map(nameDialect)
    .toSorted((a, b) => a.from - b.from);
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
