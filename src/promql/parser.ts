import { promqlKeywords } from "./data/keywords.ts";
import { metricsqlAggregations } from "./data/metricsqlFunctions.ts";
import { metricsqlInfix } from "./data/metricsqlWords.ts";
import { DurationParser, literalSeconds } from "./durationParser.ts";
import type { Token } from "./lexer.ts";
import { isTooLong } from "./numberValue.ts";
import type { Span } from "./problems.ts";
import type { SyntaxProblem } from "./syntaxProblems.ts";
import type {
  Aggregation,
  Arguments,
  BinaryExpression,
  BraceItem,
  Braces,
  Call,
  Clause,
  Expression,
  FillClause,
  LabelList,
  Matcher,
  Modifier,
  Name,
  RangeBrackets,
  Selector,
  SubqueryBrackets,
  VariableExpression,
} from "./syntaxTree.ts";
import { TokenReader, TooDeep } from "./tokenReader.ts";

export interface ParsedExpression {
  readonly expression: Expression;
  /** What is wrong with its form, in the order in which it was found: the first is the cause, others may follow from it. */
  readonly problems: readonly SyntaxProblem[];
}

/**
 * Reads PromQL 3.14 with our variables into a tree, whatever the text: what it lacks is `missing` there. `place` bounds what is
 * read; all places are those of the whole text. Linear, and a chain of operators is as deep as it likes.
 */
export function parseExpression(text: string, place: Span = { from: 0, to: text.length }): ParsedExpression {
  const reader = new TokenReader(text, place);
  try {
    return { expression: new Parser(text, reader).whole(), problems: reader.problems };
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
    return { expression: { kind: "missing", ...place }, problems: [] };
  }
}

/** Binding strength of binary operators, and those that bind to the right first; `generated_parser.y` of Prometheus. */
const precedences: ReadonlyMap<string, number> = new Map([
  ...["default", "if", "ifnot"].map((word) => [word, 1] as const),
  ["or", 2],
  ...["and", "unless"].map((word) => [word, 3] as const),
  ...["==", "!=", "<=", "<", ">=", ">", "</", ">/"].map((sign) => [sign, 4] as const),
  ...["+", "-"].map((sign) => [sign, 5] as const),
  ...["*", "/", "%", "atan2"].map((sign) => [sign, 6] as const),
  ["^", 7],
]);
/** A variable in the place of an operator may be any of them. */
const variablePrecedence = 4;
const power = 7;

const matchOperators: ReadonlySet<string> = new Set(["=", "!=", "=~", "!~"]);

type NamedModifier = Exclude<Modifier, { readonly kind: "variable" }>;

class Parser {
  readonly #text: string;
  readonly #reader: TokenReader;
  readonly #durations: DurationParser;

  constructor(text: string, reader: TokenReader) {
    this.#text = text;
    this.#reader = reader;
    this.#durations = new DurationParser(reader);
  }

  whole(): Expression {
    const expression = this.#expression(0);
    const rest = this.#reader.token();
    if (rest?.kind === "close")
      this.#reader.report({ code: "unopenedBracket", bracket: this.#reader.word(), ...this.#reader.take() });
    else if (rest !== undefined) this.#reader.unexpected("operator");
    return expression;
  }

  // Expressions

  #expression(least: number): Expression {
    let left = this.#operand();
    for (;;) {
      const operator = this.#binaryOperator();
      if (operator === undefined) return left;
      const strength = operator.text === undefined ? variablePrecedence : (precedences.get(operator.text) ?? 0);
      if (strength < least) return left;
      const { text: form, ...place } = operator;
      if (form !== undefined && metricsqlInfix.has(form))
        this.#reader.report({ code: "metricsqlOnly", form, ...place });
      this.#reader.take();
      left = this.#binary(left, operator, strength);
    }
  }

  /** The operator that comes next, if one does. */
  #binaryOperator(): BinaryExpression["operator"] | undefined {
    const token = this.#reader.token();
    if (token === undefined) return undefined;
    const { kind, from, to } = token;
    const text = this.#reader.lower();
    if (kind === "operator" && precedences.has(text)) return { text, from, to };
    const role = kind === "keyword" ? promqlKeywords.get(text) : undefined;
    if (role === "setOperator" || role === "arithmeticOperator") return { text, from, to };
    if (kind === "identifier" && metricsqlInfix.has(text)) return { text, from, to };
    // With something behind it, it is an operator; else it may be a modifier, which an operand reads for itself.
    return kind === "variable" ? { text: undefined, from, to } : undefined;
  }

  #binary(left: Expression, operator: BinaryExpression["operator"], strength: number): BinaryExpression {
    const bool = this.#isKeyword("bool") ? this.#reader.take() : undefined;
    const matching = this.#isKeyword("on", "ignoring") ? this.#clause() : undefined;
    if (matching === undefined && this.#isKeyword("group_left", "group_right")) this.#reader.unexpected("expression");
    const grouping = this.#isKeyword("group_left", "group_right") ? this.#clause({ mayLackLabels: true }) : undefined;
    const fills = this.#fills();
    // To the right first: `2 ^ 3 ^ 2` is `2 ^ (3 ^ 2)`.
    const right =
      strength === power
        ? this.#reader.nested(() => this.#expression(power))
        : this.#reader.nested(() => this.#expression(strength + 1));
    const spans = { from: left.from, to: right.to };
    return { kind: "binary", operator, bool, matching, grouping, fills, left, right, ...spans };
  }

  #isKeyword(...words: readonly string[]): boolean {
    return this.#reader.token()?.kind === "keyword" && words.includes(this.#reader.lower());
  }

  #clause({ mayLackLabels = false } = {}): Clause {
    const text = this.#reader.lower();
    const word = { text, ...this.#reader.take() };
    const labels = this.#reader.word() === "(" ? this.#labels() : undefined;
    if (labels === undefined && !mayLackLabels) this.#reader.unexpected("openParenthesis");
    return { word, labels, from: word.from, to: labels?.to ?? word.to };
  }

  #labels(): LabelList {
    const open = this.#reader.take();
    const items: Name[] = [];
    while (this.#reader.token() !== undefined && this.#reader.word() !== ")") {
      const token = this.#reader.token();
      if (token?.kind === "comma" || !this.#mayBeLabel(token)) {
        this.#reader.unexpected("label");
        break;
      }
      const name = this.#reader.name();
      if (name.text === "")
        this.#reader.report({ code: "unexpectedText", text: '""', expected: "label", from: name.from, to: name.to });
      items.push(name);
      const next = this.#reader.token()?.kind;
      const isVariable = name.text === undefined && !name.isQuoted;
      if (next === "variable" || (isVariable && next !== "comma" && next !== "close")) continue;
      if (next !== "comma") break;
      this.#reader.take();
    }
    const isClosed = this.#reader.close(")", open, "labelOrClose");
    return { items, isClosed, from: open.from, to: this.#reader.lastEnd() };
  }

  /** Words of every kind are labels, as are strings; a name of a metric with `:` is none. */
  #mayBeLabel(token: Token | undefined): boolean {
    switch (token?.kind) {
      case "identifier":
      case "keyword":
      case "aggregation":
      case "variable":
        return !this.#text.slice(token.from, token.to).includes(":") || token.kind === "variable";
      case "string":
        return true;
      default:
        return false;
    }
  }

  /** A number with its sign in parentheses; each of the words once, and `fill` alone. */
  #fills(): readonly FillClause[] {
    const fills: FillClause[] = [];
    while (this.#isKeyword("fill", "fill_left", "fill_right") && this.#reader.word(1) === "(") {
      const text = this.#reader.lower();
      if (fills.some(({ word }) => word.text === text || word.text === "fill" || text === "fill")) {
        this.#reader.unexpected("expression");
      }
      const word = { text, ...this.#reader.take() };
      const open = this.#reader.take();
      const isSigned = this.#reader.word() === "+" || this.#reader.word() === "-";
      const isNumber =
        this.#reader.token(isSigned ? 1 : 0)?.kind === "number" || this.#reader.token()?.kind === "variable";
      const value = isNumber ? this.#operand() : undefined;
      this.#reader.close(")", open, "number");
      fills.push({ word, value, from: word.from, to: this.#reader.lastEnd() });
    }
    return fills;
  }

  #operand(): Expression {
    const word = this.#reader.word();
    if (word === "+" || word === "-") {
      const { from } = this.#reader.take();
      // Weaker than a power: `-1^2` is `-(1^2)`.
      const operand = this.#reader.nested(() => this.#expression(power));
      return { kind: "unary", operator: word, operand, from, to: operand.to };
    }
    return this.#withModifiers(this.#primary());
  }

  #primary(): Expression {
    const token = this.#reader.token();
    switch (token?.kind) {
      case "number":
      case "duration":
      case "badNumber":
        return this.#reader.number();
      case "string": {
        const text = this.#reader.word();
        const place = this.#reader.take();
        this.#reader.stringValue(text, place);
        return { kind: "string", ...place };
      }
      case "identifier":
        return this.#reader.word(1) === "(" ? this.#call() : this.#selector();
      case "aggregation":
        return this.#reader.word(1) === "(" ||
          (this.#reader.token(1)?.kind === "keyword" && /^(?:by|without)$/i.test(this.#reader.word(1)))
          ? this.#aggregation()
          : this.#selector();
      case "variable":
        return this.#variable();
      case "keyword":
        return this.#keywordOperand();
      case "open":
        if (this.#reader.word() === "(") return this.#parentheses();
        if (this.#reader.word() === "{") return this.#selector();
        break;
      default:
    }
    return this.#reader.missing("expression");
  }

  /** A word that Prometheus reserves and yet takes for the name of a metric, where nothing else can stand. */
  #keywordOperand(): Expression {
    const role = promqlKeywords.get(this.#reader.lower());
    const mayBeName = role === "setOperator" || role === "grouping" || role === "fill" || role === "modifier";
    return mayBeName ? this.#selector() : this.#reader.missing("expression");
  }

  #parentheses(): Expression {
    const open = this.#reader.take();
    const expression = this.#reader.nested(() => this.#expression(0));
    const isClosed = this.#reader.nested(() => this.#reader.close(")", open, "operator"));
    return { kind: "parentheses", expression, isClosed, from: open.from, to: this.#reader.lastEnd() };
  }

  #call(): Call | Aggregation {
    const name = this.#reader.name();
    if (name.text?.toLowerCase() === "with")
      this.#reader.report({ code: "metricsqlOnly", form: "WITH", from: name.from, to: name.to });
    const list = this.#arguments();
    // A variable, or a name of MetricsQL, may be an aggregation's.
    const isAggregation = name.text === undefined || metricsqlAggregations.has(name.text.toLowerCase());
    if (isAggregation && this.#isKeyword("by", "without")) {
      const grouping = this.#clause();
      return { kind: "aggregation", name, grouping, arguments: list, from: name.from, to: grouping.to };
    }
    return { kind: "call", name, arguments: list, from: name.from, to: list.to };
  }

  #arguments(): Arguments {
    const open = this.#reader.take();
    const items: Expression[] = [];
    const commas: number[] = [];
    const isClosed = this.#reader.nested(() => {
      while (this.#reader.token() !== undefined && this.#reader.word() !== ")") {
        items.push(this.#expression(0));
        const comma = this.#reader.token();
        if (comma?.kind !== "comma") break;
        commas.push(this.#reader.take().from);
        if (this.#reader.word() === ")") this.#reader.report({ code: "trailingComma", from: comma.from, to: comma.to });
      }
      return this.#reader.close(")", open, "operator");
    });
    return { items, commas, isClosed, from: open.from, to: this.#reader.lastEnd() };
  }

  #aggregation(): Aggregation {
    const name = this.#reader.name();
    const before = this.#isKeyword("by", "without") ? this.#clause() : undefined;
    const list = this.#reader.word() === "(" ? this.#arguments() : undefined;
    if (list === undefined) this.#reader.unexpected("openParenthesis");
    const behind = before === undefined && this.#isKeyword("by", "without") ? this.#clause() : undefined;
    const grouping = before ?? behind;
    const to = Math.max(name.to, grouping?.to ?? 0, list?.to ?? 0);
    return { kind: "aggregation", name, grouping, arguments: list, from: name.from, to };
  }

  #variable(): Expression {
    const next = this.#reader.word(1);
    if (next === "(") return this.#call();
    if (this.#reader.token(1)?.kind === "keyword" && /^(?:by|without)$/i.test(next)) return this.#aggregation();
    if (next === "{") return this.#selector();
    return { kind: "variable", ...this.#reader.take() };
  }

  // Selectors

  #selector(): Selector {
    const name = this.#reader.word() === "{" ? undefined : this.#reader.name();
    const braces = this.#reader.word() === "{" ? this.#braces() : undefined;
    const from = name?.from ?? braces?.from ?? this.#reader.here().from;
    return { kind: "selector", name, braces, range: undefined, modifiers: [], from, to: this.#reader.lastEnd() };
  }

  #braces(): Braces {
    const open = this.#reader.take();
    const items: BraceItem[] = [];
    while (this.#reader.token() !== undefined && this.#reader.word() !== "}") {
      const item = this.#braceItem();
      if (item === undefined) break;
      items.push(item);
      if (this.#reader.token()?.kind === "identifier" && this.#reader.lower() === "or" && item.kind === "matcher") {
        this.#reader.report({ code: "metricsqlOnly", form: "or", ...this.#reader.take() });
        continue;
      }
      const next = this.#reader.token()?.kind;
      // A variable may bring its comma with it.
      if (next === "variable" || (item.kind === "variable" && next !== "comma" && next !== "close")) continue;
      if (next !== "comma") break;
      this.#reader.take();
    }
    const isClosed = this.#reader.close("}", open, "commaOrBrace");
    return { items, isClosed, from: open.from, to: this.#reader.lastEnd() };
  }

  #braceItem(): BraceItem | undefined {
    const token = this.#reader.token();
    if (token?.kind !== "identifier" && token?.kind !== "string" && token?.kind !== "variable") {
      this.#reader.unexpected("label");
      return undefined;
    }
    const label = this.#reader.name();
    const isLabel = this.#reader.token()?.kind === "operator";
    if (!isLabel && label.isQuoted) return { kind: "name", ...label };
    if (!isLabel && token.kind === "variable") return { kind: "variable", from: label.from, to: label.to };
    return this.#matcher(label);
  }

  #matcher(label: Name): Matcher | undefined {
    const text = this.#reader.word();
    if (!isMatchOperator(text)) {
      this.#reader.unexpected("matchOperator");
      const operator = { text: undefined, ...this.#reader.gap() };
      return {
        kind: "matcher",
        label,
        operator,
        value: { text: undefined, ...this.#reader.gap() },
        from: label.from,
        to: label.to,
      };
    }
    const operator = { text, ...this.#reader.take() };
    const kind = this.#reader.token()?.kind;
    if (kind === "variable") {
      // Outside a string a variable holds the string with its quotes.
      const value = { text: undefined, ...this.#reader.take() };
      return { kind: "matcher", label, operator, value, from: label.from, to: value.to };
    }
    if (kind !== "string") {
      this.#reader.unexpected("matchValue");
      const place = kind === "unterminatedString" ? this.#reader.take() : this.#reader.gap();
      return {
        kind: "matcher",
        label,
        operator,
        value: { text: undefined, ...place },
        from: label.from,
        to: this.#reader.lastEnd(),
      };
    }
    const raw = this.#reader.word();
    const place = this.#reader.take();
    const value = { text: this.#reader.stringValue(raw, place), ...place };
    return { kind: "matcher", label, operator, value, from: label.from, to: place.to };
  }

  // What stands behind an operand

  #withModifiers(first: Expression): Expression {
    let expression = first;
    for (;;) {
      const token = this.#reader.token();
      if (token === undefined) return expression;
      if (token.kind === "open" && this.#reader.word() === "[") {
        expression = this.#withBrackets(expression);
        continue;
      }
      if (token.kind === "identifier" && this.#reader.lower() === "keep_metric_names") {
        this.#reader.report({ code: "metricsqlOnly", form: "keep_metric_names", ...this.#reader.take() });
        continue;
      }
      const modifier = this.#modifier();
      if (modifier === undefined) return expression;
      expression = this.#modified(expression, modifier);
    }
  }

  #withBrackets(expression: Expression): Expression {
    const operand = expression.kind === "variable" ? asSelector(expression) : expression;
    const brackets = this.#brackets();
    const { from } = operand;
    if ("step" in brackets)
      return { kind: "subquery", expression: operand, brackets, modifiers: [], from, to: brackets.to };
    const place = { from: brackets.from, to: brackets.to };
    if (operand.kind !== "selector" || operand.range !== undefined) {
      this.#reader.report({ code: "rangeOfExpression", ...place });
      const subquery = { ...brackets, step: undefined };
      return { kind: "subquery", expression: operand, brackets: subquery, modifiers: [], from, to: brackets.to };
    }
    const modifier = operand.modifiers.find((one) => one.kind !== "variable");
    if (modifier !== undefined)
      this.#reader.report({ code: "rangeAfterModifier", modifier: nameOf(modifier), ...place });
    return { ...operand, range: brackets, to: brackets.to };
  }

  #brackets(): RangeBrackets | SubqueryBrackets {
    const open = this.#reader.take();
    const duration = this.#durations.positive();
    if (this.#reader.token()?.kind !== "colon") {
      const isClosed = this.#reader.close("]", open, "closeBracket");
      return { duration, isClosed, from: open.from, to: this.#reader.lastEnd() };
    }
    this.#reader.take();
    const isStepGiven = this.#reader.token() !== undefined && this.#reader.word() !== "]";
    const step = isStepGiven ? this.#durations.positive() : undefined;
    const isClosed = this.#reader.close("]", open, "closeBracket");
    return { duration, step, isClosed, from: open.from, to: this.#reader.lastEnd() };
  }

  #modifier(): Modifier | undefined {
    const token = this.#reader.token();
    if (token?.kind === "variable") {
      // Between two operands it is their operator.
      const next = this.#reader.token(1);
      const isLast = next === undefined || next.kind === "close" || next.kind === "comma" || next.kind === "operator";
      const isModifier =
        isLast || (next.kind === "keyword" && promqlKeywords.get(this.#reader.lower(1)) === "setOperator");
      return isModifier ? { kind: "variable", ...this.#reader.take() } : undefined;
    }
    if (token?.kind === "operator" && this.#reader.word() === "@") return this.#atModifier();
    if (token?.kind !== "keyword") return undefined;
    switch (this.#reader.lower()) {
      case "offset": {
        const { from } = this.#reader.take();
        const duration = this.#durations.offset();
        if (isTooLong(literalSeconds(duration) ?? 0)) {
          this.#reader.report({ code: "durationTooLarge", from: duration.from, to: duration.to });
        }
        return { kind: "offset", duration, from, to: Math.max(duration.to, this.#reader.lastEnd()) };
      }
      case "anchored":
        return { kind: "anchored", ...this.#reader.take() };
      case "smoothed":
        return { kind: "smoothed", ...this.#reader.take() };
      default:
        return undefined;
    }
  }

  #atModifier(): Modifier {
    const { from } = this.#reader.take();
    const [word, sign] = [this.#reader.lower(), this.#reader.word()];
    if ((word === "start" || word === "end") && this.#reader.word(1) === "(") {
      const { from: start } = this.#reader.take();
      const open = this.#reader.take();
      this.#reader.close(")", open, "labelOrClose");
      const time = { value: word, from: start, to: this.#reader.lastEnd() } as const;
      return { kind: "at", time, from, to: time.to };
    }
    if (this.#reader.token()?.kind === "variable") {
      const time = { value: undefined, ...this.#reader.take() };
      return { kind: "at", time, from, to: time.to };
    }
    const signed = sign === "+" || sign === "-" ? this.#reader.take() : undefined;
    const kind = this.#reader.token()?.kind;
    if (kind !== "number" && kind !== "duration") {
      this.#reader.unexpected("time");
      return { kind: "at", time: { value: undefined, ...this.#reader.gap() }, from, to: this.#reader.lastEnd() };
    }
    const number = this.#reader.number();
    const value = sign === "-" ? -number.value : number.value;
    const time = { value, from: signed?.from ?? number.from, to: number.to };
    return { kind: "at", time, from, to: time.to };
  }

  #modified(expression: Expression, modifier: Modifier): Expression {
    const operand = expression.kind === "variable" ? asSelector(expression) : expression;
    if (operand.kind !== "selector" && operand.kind !== "subquery") {
      if (modifier.kind === "variable") return operand;
      const { from, to } = operand;
      this.#reader.report({ code: "modifierOfExpression", modifier: nameOf(modifier), from, to });
      return operand;
    }
    const place = { from: operand.from, to: operand.to };
    const before = operand.modifiers.map(({ kind }) => kind);
    if (before.includes(modifier.kind)) {
      // Said once, and not kept: a hostile text has thousands.
      if (modifier.kind !== "variable" && this.#reader.problems.at(-1)?.code !== "modifierTwice") {
        this.#reader.report({ code: "modifierTwice", modifier: nameOf(modifier), ...place });
      }
      return { ...operand, to: modifier.to };
    }
    if (modifier.kind === "anchored" || modifier.kind === "smoothed") {
      const { kind } = modifier;
      const other = kind === "anchored" ? "smoothed" : "anchored";
      if (operand.kind === "subquery") this.#reader.report({ code: "modifierOfExpression", modifier: kind, ...place });
      else if (before.includes(other)) this.#reader.report({ code: "anchoredAndSmoothed", ...place });
    }
    if (modifier.kind === "at" && typeof modifier.time.value === "number" && !isTime(modifier.time.value)) {
      const { from, to } = modifier.time;
      this.#reader.report({ code: "timeOutOfBounds", text: this.#text.slice(from, to), ...place });
    }
    return { ...operand, modifiers: [...operand.modifiers, modifier], to: modifier.to };
  }
}

function isMatchOperator(text: string): text is "=" | "!=" | "=~" | "!~" {
  return matchOperators.has(text);
}

/** A variable with a range or a modifier behind it holds a metric's name. */
function asSelector({ from, to }: VariableExpression): Selector {
  const name = { isQuoted: false, text: undefined, from, to };
  return { kind: "selector", name, braces: undefined, range: undefined, modifiers: [], from, to };
}

function nameOf({ kind }: NamedModifier): "offset" | "@" | "anchored" | "smoothed" {
  return kind === "at" ? "@" : kind;
}

/** True for seconds that a server's time in milliseconds can hold. */
function isTime(seconds: number): boolean {
  return Math.abs(seconds * 1000) < 2 ** 63;
}
