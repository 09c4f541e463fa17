import { promqlKeywords } from "./data/keywords.ts";
import { metricsqlInfix } from "./data/metricsqlWords.ts";
import { gluedTokens } from "./gluedTokens.ts";
import { lexPromql, type Token } from "./lexer.ts";
import { isTooLong, readDuration, readNumber } from "./numberValue.ts";
import type { Span } from "./problems.ts";
import { readString } from "./stringValue.ts";
import type { ExpectedSyntax, SyntaxProblem } from "./syntaxProblems.ts";
import type {
  Aggregation,
  Arguments,
  BinaryExpression,
  BraceItem,
  Braces,
  Clause,
  DurationExpression,
  Expression,
  FillClause,
  LabelList,
  Matcher,
  Modifier,
  Name,
  NumberLiteral,
  RangeBrackets,
  Selector,
  SubqueryBrackets,
  VariableExpression,
} from "./syntaxTree.ts";

export interface ParsedExpression {
  readonly expression: Expression;
  /** What is wrong with its form, in the order in which it was found: the first is the cause, others may follow from it. */
  readonly problems: readonly SyntaxProblem[];
}

/** Deeper nesting is not read, and nothing is said of it. People do not write it; a hostile text may. */
const deepest = 1_000;

/**
 * Reads PromQL 3.14 with our variables into a tree, whatever the text: what it lacks is `missing` there. `place` bounds what is
 * read; all places are those of the whole text. Linear, and a chain of operators is as deep as it likes.
 */
export function parseExpression(text: string, place: Span = { from: 0, to: text.length }): ParsedExpression {
  const tokens = lexPromql(text, place.from, place.to).filter(({ kind }) => kind !== "comment");
  const parser = new Parser(text, gluedTokens(tokens), place.from);
  try {
    return { expression: parser.whole(), problems: parser.problems };
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
    return { expression: { kind: "missing", ...place }, problems: [] };
  }
}

class TooDeep extends Error {}

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

const durationCalls: ReadonlySet<string> = new Set(["step", "range", "min_of", "max_of"]);
const matchOperators: ReadonlySet<string> = new Set(["=", "!=", "=~", "!~"]);

class Parser {
  readonly problems: SyntaxProblem[] = [];
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #end: number;
  #at = 0;
  #depth = 0;

  constructor(text: string, tokens: readonly Token[], from: number) {
    this.#text = text;
    this.#tokens = tokens;
    // Where something is missing at the end, it is missing behind the last word, not behind blanks and comments.
    this.#end = tokens.at(-1)?.to ?? from;
  }

  whole(): Expression {
    const expression = this.#expression(0);
    const rest = this.#token();
    if (rest?.kind === "close") this.#report({ code: "unopenedBracket", bracket: this.#word(), ...this.#take() });
    else if (rest !== undefined) this.#unexpected("operator");
    return expression;
  }

  // Tokens

  #token(ahead = 0): Token | undefined {
    return this.#tokens[this.#at + ahead];
  }

  #word(ahead = 0): string {
    const token = this.#token(ahead);
    return token === undefined ? "" : this.#text.slice(token.from, token.to);
  }

  #lower(ahead = 0): string {
    return this.#word(ahead).toLowerCase();
  }

  #take(): Span {
    const token = this.#token();
    if (token === undefined) return this.#here();
    this.#at++;
    return { from: token.from, to: token.to };
  }

  /** The empty place in front of the next token. */
  #here(): Span {
    const at = this.#token()?.from ?? this.#end;
    return { from: at, to: at };
  }

  /** The end of what was read last. */
  #lastEnd(): number {
    return this.#tokens[this.#at - 1]?.to ?? this.#here().from;
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > deepest) throw new TooDeep();
    const result = read();
    this.#depth--;
    return result;
  }

  // Problems

  #report(problem: SyntaxProblem): void {
    this.problems.push(problem);
  }

  /** Says that the next token cannot stand there. */
  #unexpected(expected: ExpectedSyntax): void {
    const token = this.#token();
    if (token === undefined) {
      this.#report({ code: "unexpectedEnd", expected, ...this.#here() });
      return;
    }
    const { from, to } = token;
    const text = this.#text.slice(from, to);
    if (token.kind === "unterminatedString") this.#report({ code: "unclosedString", from, to });
    else if (token.kind === "badNumber") this.#report({ code: "badNumberText", text, from, to });
    else this.#report({ code: "unexpectedText", text, expected, from, to });
  }

  /** Reads up to the bracket that closes `open`, over what cannot be read; false: the text ends before. */
  #close(sign: ")" | "]" | "}", open: Span, expected: ExpectedSyntax): boolean {
    if (this.#word() === sign && this.#token()?.kind === "close") {
      this.#take();
      return true;
    }
    if (this.#token() !== undefined) this.#unexpected(expected);
    let depth = 0;
    for (let token = this.#token(); token !== undefined; token = this.#token()) {
      if (token.kind === "open") depth++;
      if (token.kind === "close") {
        if (depth === 0) {
          if (this.#word() !== sign) return false;
          this.#take();
          return true;
        }
        depth--;
      }
      this.#take();
    }
    const bracket = this.#text.charAt(open.from);
    if (bracket === "(" || bracket === "[" || bracket === "{") {
      this.#report({ code: "unclosedBracket", bracket, openedAt: open.from, ...this.#here() });
    }
    return false;
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
      if (form !== undefined && metricsqlInfix.has(form)) this.#report({ code: "metricsqlOnly", form, ...place });
      this.#take();
      left = this.#binary(left, operator, strength);
    }
  }

  /** The operator that comes next, if one does. */
  #binaryOperator(): BinaryExpression["operator"] | undefined {
    const token = this.#token();
    if (token === undefined) return undefined;
    const { kind, from, to } = token;
    const text = this.#lower();
    if (kind === "operator" && precedences.has(text)) return { text, from, to };
    const role = kind === "keyword" ? promqlKeywords.get(text) : undefined;
    if (role === "setOperator" || role === "arithmeticOperator") return { text, from, to };
    if (kind === "identifier" && metricsqlInfix.has(text)) return { text, from, to };
    // With something behind it, it is an operator; else it may be a modifier, which an operand reads for itself.
    return kind === "variable" ? { text: undefined, from, to } : undefined;
  }

  #binary(left: Expression, operator: BinaryExpression["operator"], strength: number): BinaryExpression {
    const bool = this.#isKeyword("bool") ? this.#take() : undefined;
    const matching = this.#isKeyword("on", "ignoring") ? this.#clause() : undefined;
    if (matching === undefined && this.#isKeyword("group_left", "group_right")) this.#unexpected("expression");
    const grouping = this.#isKeyword("group_left", "group_right") ? this.#clause({ mayLackLabels: true }) : undefined;
    const fills = this.#fills();
    // To the right first: `2 ^ 3 ^ 2` is `2 ^ (3 ^ 2)`.
    const right =
      strength === power
        ? this.#nested(() => this.#expression(power))
        : this.#nested(() => this.#expression(strength + 1));
    const spans = { from: left.from, to: right.to };
    return { kind: "binary", operator, bool, matching, grouping, fills, left, right, ...spans };
  }

  #isKeyword(...words: readonly string[]): boolean {
    return this.#token()?.kind === "keyword" && words.includes(this.#lower());
  }

  #clause({ mayLackLabels = false } = {}): Clause {
    const text = this.#lower();
    const word = { text, ...this.#take() };
    const labels = this.#word() === "(" ? this.#labels() : undefined;
    if (labels === undefined && !mayLackLabels) this.#unexpected("openParenthesis");
    return { word, labels, from: word.from, to: labels?.to ?? word.to };
  }

  #labels(): LabelList {
    const open = this.#take();
    const items: Name[] = [];
    while (this.#token() !== undefined && this.#word() !== ")") {
      const token = this.#token();
      if (token?.kind === "comma" || !this.#mayBeLabel(token)) {
        this.#unexpected("label");
        break;
      }
      const name = this.#name();
      if (name.text === "")
        this.#report({ code: "unexpectedText", text: '""', expected: "label", from: name.from, to: name.to });
      items.push(name);
      if (this.#token()?.kind !== "comma") break;
      this.#take();
    }
    const isClosed = this.#close(")", open, "labelOrClose");
    return { items, isClosed, from: open.from, to: this.#lastEnd() };
  }

  /** Words of every kind are labels, as are strings; a name of a metric with `:` is none. */
  #mayBeLabel(token: Token | undefined): boolean {
    switch (token?.kind) {
      case "identifier":
      case "keyword":
      case "aggregation":
      case "variable":
        return !this.#text.slice(token.from, token.to).includes(":") || token.kind === "variable";
      case "number":
        return /^[a-z]/i.test(this.#text.charAt(token.from));
      case "string":
        return true;
      default:
        return false;
    }
  }

  /** A word, a string or a variable as a name. */
  #name(): Name {
    const kind = this.#token()?.kind;
    const text = this.#word();
    const place = this.#take();
    if (kind === "variable") return { isQuoted: false, text: undefined, ...place };
    if (kind !== "string") return { isQuoted: false, text, ...place };
    return { isQuoted: true, text: this.#stringValue(text, place), ...place };
  }

  /** What a string says; `undefined` where a variable stands in it or it has an escape that there is not. */
  #stringValue(text: string, { from }: Span): string | undefined {
    const reading = readString(text);
    if (reading.ok) return /\$[A-Za-z_{]|\[\[/.test(text) ? undefined : reading.value;
    const bad = reading.escape;
    this.#report({ code: "badEscape", escape: bad.text, from: from + bad.from, to: from + bad.to });
    return undefined;
  }

  /** A number with its sign in parentheses; each of the words once, and `fill` alone. */
  #fills(): readonly FillClause[] {
    const fills: FillClause[] = [];
    while (this.#isKeyword("fill", "fill_left", "fill_right") && this.#word(1) === "(") {
      const text = this.#lower();
      if (fills.some(({ word }) => word.text === text || word.text === "fill" || text === "fill")) {
        this.#unexpected("expression");
      }
      const word = { text, ...this.#take() };
      const open = this.#take();
      const isSigned = this.#word() === "+" || this.#word() === "-";
      const isNumber = this.#token(isSigned ? 1 : 0)?.kind === "number" || this.#token()?.kind === "variable";
      const value = isNumber ? this.#operand() : undefined;
      this.#close(")", open, "number");
      fills.push({ word, value, from: word.from, to: this.#lastEnd() });
    }
    return fills;
  }

  #operand(): Expression {
    const word = this.#word();
    if (word === "+" || word === "-") {
      const { from } = this.#take();
      // Weaker than a power: `-1^2` is `-(1^2)`.
      const operand = this.#nested(() => this.#expression(power));
      return { kind: "unary", operator: word, operand, from, to: operand.to };
    }
    return this.#withModifiers(this.#primary());
  }

  #primary(): Expression {
    const token = this.#token();
    switch (token?.kind) {
      case "number":
      case "duration":
      case "badNumber":
        return this.#number();
      case "string": {
        const text = this.#word();
        const place = this.#take();
        this.#stringValue(text, place);
        return { kind: "string", ...place };
      }
      case "identifier":
        return this.#word(1) === "(" ? this.#call() : this.#selector();
      case "aggregation":
        return this.#word(1) === "(" || (this.#token(1)?.kind === "keyword" && /^(?:by|without)$/i.test(this.#word(1)))
          ? this.#aggregation()
          : this.#selector();
      case "variable":
        return this.#variable();
      case "keyword":
        return this.#keywordOperand();
      case "open":
        if (this.#word() === "(") return this.#parentheses();
        if (this.#word() === "{") return this.#selector();
        break;
      default:
    }
    return this.#missing("expression");
  }

  #missing(expected: ExpectedSyntax): { readonly kind: "missing" } & Span {
    this.#unexpected(expected);
    // A string that nothing closes is the operand; it reaches to the end of its line.
    if (this.#token()?.kind === "unterminatedString") return { kind: "missing", ...this.#take() };
    return { kind: "missing", ...this.#here() };
  }

  /** A word that Prometheus reserves and yet takes for the name of a metric, where nothing else can stand. */
  #keywordOperand(): Expression {
    const role = promqlKeywords.get(this.#lower());
    const mayBeName = role === "setOperator" || role === "grouping" || role === "fill" || role === "modifier";
    return mayBeName ? this.#selector() : this.#missing("expression");
  }

  #number(): NumberLiteral {
    const kind = this.#token()?.kind;
    const text = this.#word();
    const place = this.#take();
    if (kind === "badNumber") {
      this.#report({ code: "badNumberText", text, ...place });
      return { kind: "number", value: Number.NaN, isDuration: false, ...place };
    }
    const isDuration = kind === "duration";
    const reading = isDuration ? readDuration(text) : readNumber(text);
    if (reading.ok) return { kind: "number", value: reading.value, isDuration, ...place };
    if (reading.reason === "dialect") this.#report({ code: "metricsqlOnly", form: text, ...place });
    else if (reading.reason === "notDuration") this.#report({ code: "badDuration", text, ...place });
    else if (isDuration) this.#report({ code: "durationTooLarge", ...place });
    else this.#report({ code: "numberTooLarge", text, ...place });
    return { kind: "number", value: Number.NaN, isDuration, ...place };
  }

  #parentheses(): Expression {
    const open = this.#take();
    const expression = this.#nested(() => this.#expression(0));
    const isClosed = this.#nested(() => this.#close(")", open, "operator"));
    return { kind: "parentheses", expression, isClosed, from: open.from, to: this.#lastEnd() };
  }

  #call(): Expression {
    const name = this.#name();
    if (name.text?.toLowerCase() === "with")
      this.#report({ code: "metricsqlOnly", form: "WITH", from: name.from, to: name.to });
    const list = this.#arguments();
    return { kind: "call", name, arguments: list, from: name.from, to: list.to };
  }

  #arguments(): Arguments {
    const open = this.#take();
    const items: Expression[] = [];
    const commas: number[] = [];
    const isClosed = this.#nested(() => {
      while (this.#token() !== undefined && this.#word() !== ")") {
        items.push(this.#expression(0));
        const comma = this.#token();
        if (comma?.kind !== "comma") break;
        commas.push(this.#take().from);
        if (this.#word() === ")") this.#report({ code: "trailingComma", from: comma.from, to: comma.to });
      }
      return this.#close(")", open, "operator");
    });
    return { items, commas, isClosed, from: open.from, to: this.#lastEnd() };
  }

  #aggregation(): Aggregation {
    const name = this.#name();
    const before = this.#isKeyword("by", "without") ? this.#clause() : undefined;
    const list = this.#word() === "(" ? this.#arguments() : undefined;
    if (list === undefined) this.#unexpected("openParenthesis");
    const behind = before === undefined && this.#isKeyword("by", "without") ? this.#clause() : undefined;
    const grouping = before ?? behind;
    const to = Math.max(name.to, grouping?.to ?? 0, list?.to ?? 0);
    return { kind: "aggregation", name, grouping, arguments: list, from: name.from, to };
  }

  #variable(): Expression {
    const next = this.#word(1);
    if (next === "(") return this.#call();
    if (this.#token(1)?.kind === "keyword" && /^(?:by|without)$/i.test(next)) return this.#aggregation();
    if (next === "{") return this.#selector();
    return { kind: "variable", ...this.#take() };
  }

  // Selectors

  #selector(): Selector {
    const name = this.#word() === "{" ? undefined : this.#name();
    const braces = this.#word() === "{" ? this.#braces() : undefined;
    const from = name?.from ?? braces?.from ?? this.#here().from;
    return { kind: "selector", name, braces, range: undefined, modifiers: [], from, to: this.#lastEnd() };
  }

  #braces(): Braces {
    const open = this.#take();
    const items: BraceItem[] = [];
    while (this.#token() !== undefined && this.#word() !== "}") {
      const item = this.#braceItem();
      if (item === undefined) break;
      items.push(item);
      if (this.#token()?.kind === "identifier" && this.#lower() === "or" && item.kind === "matcher") {
        this.#report({ code: "metricsqlOnly", form: "or", ...this.#take() });
        continue;
      }
      if (this.#token()?.kind !== "comma") break;
      this.#take();
    }
    const isClosed = this.#close("}", open, "commaOrBrace");
    return { items, isClosed, from: open.from, to: this.#lastEnd() };
  }

  #braceItem(): BraceItem | undefined {
    const token = this.#token();
    if (token?.kind !== "identifier" && token?.kind !== "string" && token?.kind !== "variable") {
      this.#unexpected("label");
      return undefined;
    }
    const label = this.#name();
    const isLabel = this.#token()?.kind === "operator";
    if (!isLabel && label.isQuoted) return { kind: "name", ...label };
    if (!isLabel && token.kind === "variable") return { kind: "variable", from: label.from, to: label.to };
    return this.#matcher(label);
  }

  #matcher(label: Name): Matcher | undefined {
    const text = this.#word();
    const operator = { text: isMatchOperator(text) ? text : undefined, ...this.#here() };
    if (operator.text === undefined) {
      this.#unexpected("matchOperator");
      return {
        kind: "matcher",
        label,
        operator,
        value: { text: undefined, ...this.#here() },
        from: label.from,
        to: label.to,
      };
    }
    operator.to = this.#take().to;
    const kind = this.#token()?.kind;
    if (kind === "variable") {
      // Outside a string a variable holds the string with its quotes.
      const value = { text: undefined, ...this.#take() };
      return { kind: "matcher", label, operator, value, from: label.from, to: value.to };
    }
    if (kind !== "string") {
      this.#unexpected("matchValue");
      const place = kind === "unterminatedString" ? this.#take() : this.#here();
      return {
        kind: "matcher",
        label,
        operator,
        value: { text: undefined, ...place },
        from: label.from,
        to: this.#lastEnd(),
      };
    }
    const raw = this.#word();
    const place = this.#take();
    const value = { text: this.#stringValue(raw, place), ...place };
    return { kind: "matcher", label, operator, value, from: label.from, to: place.to };
  }

  // What stands behind an operand

  #withModifiers(first: Expression): Expression {
    let expression = first;
    for (;;) {
      const token = this.#token();
      if (token === undefined) return expression;
      if (token.kind === "open" && this.#word() === "[") {
        expression = this.#withBrackets(expression);
        continue;
      }
      if (token.kind === "identifier" && this.#lower() === "keep_metric_names") {
        this.#report({ code: "metricsqlOnly", form: "keep_metric_names", ...this.#take() });
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
      this.#report({ code: "rangeOfExpression", ...place });
      const subquery = { ...brackets, step: undefined };
      return { kind: "subquery", expression: operand, brackets: subquery, modifiers: [], from, to: brackets.to };
    }
    const modifier = operand.modifiers.find(({ kind }) => kind !== "variable");
    if (modifier !== undefined) this.#report({ code: "rangeAfterModifier", modifier: nameOf(modifier), ...place });
    return { ...operand, range: brackets, to: brackets.to };
  }

  #brackets(): RangeBrackets | SubqueryBrackets {
    const open = this.#take();
    const duration = this.#positive(this.#nested(() => this.#duration(0)));
    if (this.#token()?.kind !== "colon") {
      const isClosed = this.#close("]", open, "closeBracket");
      return { duration, isClosed, from: open.from, to: this.#lastEnd() };
    }
    this.#take();
    const isStepGiven = this.#token() !== undefined && this.#word() !== "]";
    const step = isStepGiven ? this.#positive(this.#nested(() => this.#duration(0))) : undefined;
    const isClosed = this.#close("]", open, "closeBracket");
    return { duration, step, isClosed, from: open.from, to: this.#lastEnd() };
  }

  /** A range has to be longer than nothing, where that can be told from the text. */
  #positive(duration: DurationExpression): DurationExpression {
    const number = literalOf(duration);
    const { from, to } = duration;
    if (number !== undefined && number <= 0) this.#report({ code: "durationNotPositive", from, to });
    else if (number !== undefined && isTooLong(number)) this.#report({ code: "durationTooLarge", from, to });
    return duration;
  }

  #modifier(): Modifier | undefined {
    const token = this.#token();
    if (token?.kind === "variable") {
      // Between two operands it is their operator.
      const next = this.#token(1);
      const isLast = next === undefined || next.kind === "close" || next.kind === "comma" || next.kind === "operator";
      const isModifier = isLast || (next.kind === "keyword" && promqlKeywords.get(this.#lower(1)) === "setOperator");
      return isModifier ? { kind: "variable", ...this.#take() } : undefined;
    }
    if (token?.kind === "operator" && this.#word() === "@") return this.#atModifier();
    if (token?.kind !== "keyword") return undefined;
    switch (this.#lower()) {
      case "offset": {
        const { from } = this.#take();
        const duration = this.#nested(() => this.#offset());
        if (isTooLong(literalOf(duration) ?? 0)) {
          this.#report({ code: "durationTooLarge", from: duration.from, to: duration.to });
        }
        return { kind: "offset", duration, from, to: Math.max(duration.to, this.#lastEnd()) };
      }
      case "anchored":
        return { kind: "anchored", ...this.#take() };
      case "smoothed":
        return { kind: "smoothed", ...this.#take() };
      default:
        return undefined;
    }
  }

  #atModifier(): Modifier {
    const { from } = this.#take();
    const [word, sign] = [this.#lower(), this.#word()];
    if ((word === "start" || word === "end") && this.#word(1) === "(") {
      const { from: start } = this.#take();
      const open = this.#take();
      this.#close(")", open, "labelOrClose");
      const time = { value: word, from: start, to: this.#lastEnd() } as const;
      return { kind: "at", time, from, to: time.to };
    }
    if (this.#token()?.kind === "variable") {
      const time = { value: undefined, ...this.#take() };
      return { kind: "at", time, from, to: time.to };
    }
    const signed = sign === "+" || sign === "-" ? this.#take() : undefined;
    const kind = this.#token()?.kind;
    if (kind !== "number" && kind !== "duration") {
      this.#unexpected("time");
      return { kind: "at", time: { value: undefined, ...this.#here() }, from, to: this.#lastEnd() };
    }
    const number = this.#number();
    const value = sign === "-" ? -number.value : number.value;
    const time = { value, from: signed?.from ?? number.from, to: number.to };
    return { kind: "at", time, from, to: time.to };
  }

  #modified(expression: Expression, modifier: Modifier): Expression {
    const operand =
      expression.kind === "variable" && modifier.kind !== "variable" ? asSelector(expression) : expression;
    if (operand.kind !== "selector" && operand.kind !== "subquery") {
      if (modifier.kind === "variable") return operand;
      const { from, to } = operand;
      this.#report({ code: "modifierOfExpression", modifier: nameOf(modifier), from, to });
      return operand;
    }
    const place = { from: operand.from, to: operand.to };
    const before = operand.modifiers.map(({ kind }) => kind);
    if (modifier.kind !== "variable" && before.includes(modifier.kind)) {
      this.#report({ code: "modifierTwice", modifier: nameOf(modifier), ...place });
    }
    if (modifier.kind === "anchored" || modifier.kind === "smoothed") {
      const { kind } = modifier;
      const other = kind === "anchored" ? "smoothed" : "anchored";
      if (operand.kind === "subquery") this.#report({ code: "modifierOfExpression", modifier: kind, ...place });
      else if (before.includes(other)) this.#report({ code: "anchoredAndSmoothed", ...place });
    }
    if (modifier.kind === "at" && typeof modifier.time.value === "number" && !isTime(modifier.time.value)) {
      const { from, to } = modifier.time;
      this.#report({ code: "timeOutOfBounds", text: this.#text.slice(from, to), ...place });
    }
    return { ...operand, modifiers: [...operand.modifiers, modifier], to: modifier.to };
  }

  // Durations

  /** Behind `offset` stands one operand: `offset 5s-8` ends before the minus. */
  #offset(): DurationExpression {
    const word = this.#word();
    if (word !== "+" && word !== "-") return this.#durationOperand();
    const { from } = this.#take();
    const operand = this.#nested(() => this.#offset());
    return { kind: "unary", operator: word, operand, from, to: operand.to };
  }

  #duration(least: number): DurationExpression {
    let left = this.#signedDuration();
    for (;;) {
      const text = this.#word();
      const strength = this.#token()?.kind === "operator" ? (durationPrecedences.get(text) ?? 0) : 0;
      if (strength === 0 || strength < least) return left;
      const operator = { text, ...this.#take() };
      const right = this.#nested(() => this.#duration(strength === power ? power : strength + 1));
      if ((text === "/" || text === "%") && right.kind === "number" && right.value === 0) {
        this.#report({ code: "divisionByZero", operator: text, from: operator.from, to: operator.to });
      }
      left = { kind: "binary", operator, left, right, from: left.from, to: right.to };
    }
  }

  #signedDuration(): DurationExpression {
    const word = this.#word();
    if (word !== "+" && word !== "-") return this.#durationOperand();
    const { from } = this.#take();
    const operand = this.#nested(() => this.#duration(power));
    return { kind: "unary", operator: word, operand, from, to: operand.to };
  }

  #durationOperand(): DurationExpression {
    const token = this.#token();
    if (token?.kind === "number" || token?.kind === "duration" || token?.kind === "badNumber") return this.#number();
    if (token?.kind === "variable") return { kind: "variable", ...this.#take() };
    if (this.#word() === "(" && token?.kind === "open") {
      const open = this.#take();
      const expression = this.#nested(() => this.#duration(0));
      this.#close(")", open, "operator");
      return { kind: "parentheses", expression, from: open.from, to: this.#lastEnd() };
    }
    const name = this.#lower();
    if (token?.kind === "identifier" && isDurationCall(name)) return this.#durationCall(name);
    return this.#missing("duration");
  }

  #durationCall(name: "step" | "range" | "min_of" | "max_of"): DurationExpression {
    const { from } = this.#take();
    const items: DurationExpression[] = [];
    if (this.#word() !== "(") {
      this.#unexpected("openParenthesis");
      return { kind: "call", name, items, from, to: this.#lastEnd() };
    }
    const open = this.#take();
    while (this.#token() !== undefined && this.#word() !== ")") {
      items.push(this.#nested(() => this.#duration(0)));
      if (this.#token()?.kind !== "comma") break;
      this.#take();
    }
    this.#close(")", open, "operator");
    const wanted = name === "step" || name === "range" ? 0 : 2;
    const place = { from, to: this.#lastEnd() };
    if (items.length !== wanted) {
      this.#report({ code: "wrongArgumentCount", name, least: wanted, most: wanted, found: items.length, ...place });
    }
    return { kind: "call", name, items, ...place };
  }
}

const durationPrecedences: ReadonlyMap<string, number> = new Map([
  ["+", 5],
  ["-", 5],
  ["*", 6],
  ["/", 6],
  ["%", 6],
  ["^", power],
]);

function isMatchOperator(text: string): text is "=" | "!=" | "=~" | "!~" {
  return matchOperators.has(text);
}

function isDurationCall(name: string): name is "step" | "range" | "min_of" | "max_of" {
  return durationCalls.has(name);
}

/** A variable with a range or a modifier behind it holds a metric's name. */
function asSelector({ from, to }: VariableExpression): Selector {
  const name = { isQuoted: false, text: undefined, from, to };
  return { kind: "selector", name, braces: undefined, range: undefined, modifiers: [], from, to };
}

function nameOf(modifier: Modifier): "offset" | "@" | "anchored" | "smoothed" {
  return modifier.kind === "at" || modifier.kind === "variable" ? "@" : modifier.kind;
}

/** The seconds of a number that is written out, with its sign. */
function literalOf(duration: DurationExpression): number | undefined {
  if (duration.kind === "number") return Number.isNaN(duration.value) ? undefined : duration.value;
  if (duration.kind !== "unary" || duration.operand.kind !== "number") return undefined;
  return duration.operator === "-" ? -duration.operand.value : duration.operand.value;
}

/** True for seconds that a server's time in milliseconds can hold. */
function isTime(seconds: number): boolean {
  return Math.abs(seconds * 1000) < 2 ** 63;
}
