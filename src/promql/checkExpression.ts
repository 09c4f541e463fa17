import { promqlAggregations } from "./data/aggregations.ts";
import { promqlFunctions } from "./data/functions.ts";
import { metricsqlInfix } from "./data/metricsqlWords.ts";
import { isComparison, isSetOperator } from "./data/operatorKinds.ts";
import { parameterAt, type Signature, signatureOf } from "./data/signatures.ts";
import { type ExpressionTypes, typesOf } from "./expressionTypes.ts";
import { type RegexReading, readRegex } from "./labelRegex.ts";
import { nearest } from "./nearest.ts";
import type { SyntaxProblem } from "./syntaxProblems.ts";
import {
  type Aggregation,
  type BinaryExpression,
  type Call,
  type Expression,
  fromLeaves,
  type Matcher,
  type Selector,
  type Subquery,
  type UnaryExpression,
  type ValueType,
} from "./syntaxTree.ts";

/** What is wrong with the meaning of an expression whose form is right, as `checkAST` of Prometheus' `parse.go` has it. */
export function checkExpression(root: Expression): readonly SyntaxProblem[] {
  const checker = new Checker(typesOf(root));
  for (const one of fromLeaves(root)) checker.check(one);
  return checker.problems;
}

/** Regular expressions that are read in one expression: each takes its time, and no person writes more. */
const mostRegexes = 300;

class Checker {
  readonly problems: SyntaxProblem[] = [];
  readonly #types: ExpressionTypes;
  readonly #regexes = new Map<string, RegexReading>();

  constructor(types: ExpressionTypes) {
    this.#types = types;
  }

  check(expression: Expression): void {
    switch (expression.kind) {
      case "selector":
        this.#checkSelector(expression);
        break;
      case "subquery":
        this.#checkSubquery(expression);
        break;
      case "call":
        this.#checkCall(expression);
        break;
      case "aggregation":
        this.#checkAggregation(expression);
        break;
      case "binary":
        this.#checkBinary(expression);
        break;
      case "unary":
        this.#checkUnary(expression);
        break;
      default:
    }
  }

  #expect(within: string, expected: ValueType, argument: Expression): void {
    const found = this.#types.get(argument);
    if (found === undefined || found === expected) return;
    const { from, to } = argument;
    this.problems.push({ code: "wrongType", within, expected, found, from, to });
  }

  #checkSelector(selector: Selector): void {
    const { from, to, name } = selector;
    const items = selector.braces?.items ?? [];
    const matchers = items.filter((item) => item.kind === "matcher");
    for (const matcher of matchers) this.#checkRegex(matcher);
    const quoted = items.filter((item) => item.kind === "name");
    const [set, second] = [...(name === undefined ? [] : [name]), ...quoted];
    const isNamedAgain = set !== undefined && matchers.some(({ label }) => label.text === "__name__");
    if (second !== undefined || isNamedAgain)
      this.problems.push({ code: "nameTwice", name: set?.text ?? "", from, to });
    if (set !== undefined || items.some(({ kind }) => kind === "variable")) return;
    // A name given by a matcher counts as any other matcher does.
    if (!matchers.some((matcher) => !this.#mayMatchEmpty(matcher)))
      this.problems.push({ code: "selectorMatchesAll", from, to });
  }

  /** `undefined`: there were too many already. */
  #readRegex(regex: string): RegexReading | undefined {
    const known = this.#regexes.get(regex);
    if (known !== undefined || this.#regexes.size >= mostRegexes) return known;
    const reading = readRegex(regex);
    this.#regexes.set(regex, reading);
    return reading;
  }

  #checkRegex({ operator, value }: Matcher): void {
    if ((operator.text !== "=~" && operator.text !== "!~") || value.text === undefined) return;
    const reason = this.#readRegex(value.text)?.problem;
    if (reason !== undefined) this.problems.push({ code: "badRegex", reason, from: value.from, to: value.to });
  }

  #checkSubquery({ expression, from, to }: Subquery): void {
    const found = this.#types.get(expression);
    if (found !== undefined && found !== "instant-vector") {
      this.problems.push({ code: "subqueryOfType", found, from, to });
    }
  }

  #checkCall(call: Call): void {
    const name = call.name.text;
    if (name === undefined) return;
    const signature = promqlAggregations.has(name.toLowerCase()) ? undefined : signatureOf(name);
    if (signature === undefined) {
      const { from, to } = call.name;
      const suggestion = nearest(name, [...promqlFunctions.keys(), ...promqlAggregations.keys()]);
      this.problems.push({ code: "unknownFunction", name, suggestion, from, to });
      return;
    }
    this.#checkCount(signature, call, call.arguments.items.length);
    call.arguments.items.forEach((argument, i) => {
      const parameter = parameterAt(signature, i);
      if (name === "info" && i === 1) this.#checkDataLabels(argument);
      else if (parameter !== undefined) this.#expect(name, parameter.type, argument);
    });
  }

  #checkCount(signature: Signature, place: Expression, found: number): void {
    const { name, leastArguments: least, mostArguments: most } = signature;
    if (found >= least && found <= (most ?? found)) return;
    const { from, to } = place;
    this.problems.push({ code: "wrongArgumentCount", name, least, most, found, from, to });
  }

  /** The second argument of `info` chooses labels: a selector without a name, which may match everything. */
  #checkDataLabels(argument: Expression): void {
    const { from, to } = argument;
    const isPlain = argument.kind === "selector" && argument.name === undefined && argument.range === undefined;
    if (!isPlain && argument.kind !== "variable") this.problems.push({ code: "labelSelectorsOnly", from, to });
    if (!isPlain) return;
    const at = this.problems.findIndex(
      (one) => one.code === "selectorMatchesAll" && one.from === from && one.to === to,
    );
    if (at >= 0) this.problems.splice(at, 1);
  }

  #checkAggregation(aggregation: Aggregation): void {
    const name = aggregation.name.text?.toLowerCase();
    const items = aggregation.arguments?.items ?? [];
    const signature = name === undefined ? undefined : signatureOf(name);
    if (signature === undefined || aggregation.arguments === undefined) return;
    this.#checkCount(signature, aggregation, items.length);
    if (items.length !== signature.mostArguments) return;
    items.forEach((argument, i) => {
      const parameter = parameterAt(signature, i);
      if (parameter !== undefined) this.#expect(signature.name, parameter.type, argument);
    });
  }

  #checkUnary({ operator, operand, from, to }: UnaryExpression): void {
    const found = this.#types.get(operand);
    if (found === "string" || found === "range-vector") {
      this.problems.push({ code: "operatorOnType", operator, found, from, to });
    }
  }

  #checkBinary(binary: BinaryExpression): void {
    const left = this.#types.get(binary.left);
    const right = this.#types.get(binary.right);
    const operator = binary.operator.text;
    if (operator === undefined || metricsqlInfix.has(operator)) return;
    for (const [type, { from, to }] of [[left, binary.left] as const, [right, binary.right] as const]) {
      if (type === "string" || type === "range-vector") {
        this.problems.push({ code: "operatorOnType", operator, found: type, from, to });
      }
    }
    this.#checkBool(binary, operator, left === "scalar" && right === "scalar");
    this.#checkMatching(binary, operator, left === "scalar" || right === "scalar");
  }

  #checkBool({ bool, operator: { from, to } }: BinaryExpression, operator: string, areScalars: boolean): void {
    if (bool !== undefined && !isComparison(operator)) {
      this.problems.push({ code: "boolOnNonComparison", operator, from, to: bool.to });
    }
    if (bool === undefined && isComparison(operator) && areScalars) {
      this.problems.push({ code: "scalarsNeedBool", operator, from, to });
    }
  }

  #checkMatching(binary: BinaryExpression, operator: string, hasScalar: boolean): void {
    const { matching, grouping, fills, from, to } = binary;
    const isSet = isSetOperator(operator);
    const labels = matching?.labels?.items ?? [];
    if (hasScalar && (labels.length > 0 || fills.length > 0))
      this.problems.push({ code: "matchingOnScalar", from, to });
    if (hasScalar && isSet) this.problems.push({ code: "setOperatorOnScalar", operator, from, to });
    if (!hasScalar && isSet && grouping !== undefined)
      this.problems.push({ code: "groupingOnSet", operator, from, to });
    if (isSet && fills.length > 0) this.problems.push({ code: "fillOnSet", operator, from, to });
    if (matching?.word.text !== "on") return;
    const matched = new Set(labels.map(({ text }) => text));
    const both = grouping?.labels?.items.find(({ text }) => text !== undefined && matched.has(text));
    if (both?.text !== undefined) {
      this.problems.push({ code: "labelInOnAndGroup", label: both.text, from: both.from, to: both.to });
    }
  }

  /** True if a series without the label may be matched, as far as the text tells. */
  #mayMatchEmpty({ operator, value }: Matcher): boolean {
    // What a variable holds is not known here: nothing is said of it.
    if (value.text === undefined || operator.text === undefined) return false;
    switch (operator.text) {
      case "=":
        return value.text === "";
      case "!=":
        return value.text !== "";
      case "=~":
        return this.#readRegex(value.text)?.matchesEmpty ?? false;
      case "!~":
        return !(this.#readRegex(value.text)?.matchesEmpty ?? true);
    }
  }
}
