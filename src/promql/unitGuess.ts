import { isSetOperator } from "./data/operatorKinds.ts";
import { lexPromql, type Token } from "./lexer.ts";
import { isMomentName } from "./momentName.ts";

/** What a value counts, and whether by the second. `count`: a number of things. */
interface Dimension {
  readonly base: string;
  readonly perSecond: boolean;
  /** What a histogram observes; its buckets are counts until a function makes an observation of them. */
  readonly observed?: string;
  /** The metric that it was read from; things counted may be divided by each other only if they are the same things. */
  readonly metric?: string;
}

/** Words at the end of metric names and the unit that each says; after Prometheus' and OpenMetrics' naming rules. */
const words: ReadonlyMap<string, string> = new Map([
  ["bytes", "bytes"],
  ["seconds", "s"],
  ["milliseconds", "ms"],
  ["percent", "percent"],
  ["ratio", "percentunit"],
  ["hertz", "hertz"],
  ["celsius", "celsius"],
  ["volts", "volt"],
  ["amperes", "amp"],
  ["watts", "watt"],
  ["joules", "joule"],
  ["bits", "bits"],
]);

const perSecondUnits: ReadonlyMap<string, string> = new Map([
  ["count", "cps"],
  ["bytes", "binBps"],
  ["bits", "bps"],
  ["joule", "watt"],
  // Seconds a second: a share of time.
  ["s", "none"],
]);

/** Functions and aggregations whose answer is a plain number, whatever they are given. */
const counting = new Set([
  ...["count", "count_values", "group", "count_over_time", "changes", "resets", "absent", "absent_over_time"],
  ...["day_of_month", "day_of_week", "day_of_year", "days_in_month", "hour", "minute", "month", "year"],
  ...["histogram_stdvar", "present_over_time", "sgn"],
]);
const rating = new Set(["rate", "irate", "deriv"]);
/** What these make of a unit has no name here. */
const odd = new Set(["stdvar", "stdvar_over_time", "ln", "log2", "log10", "exp", "sqrt", "timestamp", "scalar"]);
const lists = new Set(["by", "without", "on", "ignoring", "group_left", "group_right"]);

/**
 * The unit of an expression's values as the names of its metrics tell it, or `undefined` where they do not, or not surely:
 * products, and sums of things with different units. A guess, to be shown as one.
 */
export function guessUnit(expression: string): string | undefined {
  const tokens = lexPromql(expression).filter(({ kind }) => kind !== "comment");
  const dimension = new Guess(expression, tokens).read();
  if (dimension === undefined) return undefined;
  const { base, perSecond } = dimension;
  if (perSecond) return perSecondUnits.get(base);
  if (base === "timestamp") return "dateTimeAsIso";
  return base === "count" || base === "now" ? undefined : base;
}

/** Reads the tokens from left to right; brackets nest at most as deep as this, what is deeper is not guessed. */
const deepest = 50;

class Guess {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text;
    this.#tokens = tokens;
  }

  read(): Dimension | undefined {
    const dimension = this.#terms(0);
    return this.#at >= this.#tokens.length ? dimension : undefined;
  }

  #word(offset = 0): string {
    const token = this.#tokens[this.#at + offset];
    return token === undefined ? "" : this.#text.slice(token.from, token.to);
  }

  /** Products with operators of a lower rank between them, up to a closing bracket, a comma or the end. */
  #terms(depth: number): Dimension | undefined {
    if (depth > deepest) return this.#giveUp();
    let left = this.#product(depth);
    for (;;) {
      const operator = this.#word().toLowerCase();
      if (operator === "" || operator === ")" || operator === ",") return left?.base === "number" ? undefined : left;
      const isBool = this.#skipOperator();
      const right = this.#product(depth);
      left = isBool ? { base: "count", perSecond: false } : combined(left, operator, right);
    }
  }

  #product(depth: number): Dimension | undefined {
    let left = this.#operand(depth);
    for (;;) {
      const operator = this.#word().toLowerCase();
      if (!/^(?:[*/%^]|atan2)$/.test(operator)) return left;
      this.#skipOperator();
      left = combined(left, operator, this.#operand(depth));
    }
  }

  /** The operator with what stands behind it before its operand; true: it makes a comparison a number. */
  #skipOperator(): boolean {
    this.#at++;
    const isBool = this.#word().toLowerCase() === "bool";
    if (isBool) this.#at++;
    while (lists.has(this.#word().toLowerCase())) this.#skipList();
    return isBool;
  }

  #operand(depth: number): Dimension | undefined {
    while (this.#word() === "-" || this.#word() === "+") this.#at++;
    const token = this.#tokens[this.#at];
    if (token === undefined) return undefined;
    const word = this.#word();
    const name = word.toLowerCase();
    let dimension: Dimension | undefined;
    this.#at++;
    if (token.kind === "number" || token.kind === "duration") dimension = { base: "number", perSecond: false };
    else if (word === "(") dimension = this.#inBrackets(depth);
    else if (token.kind === "aggregation" || (token.kind === "identifier" && this.#word() === "(")) {
      if (lists.has(this.#word().toLowerCase())) this.#skipList();
      if (this.#word() !== "(") return this.#giveUp();
      this.#at++;
      dimension = applied(name, this.#inBrackets(depth));
      if (lists.has(this.#word().toLowerCase())) this.#skipList();
    } else if (token.kind === "identifier") dimension = dimensionOf(word);
    this.#skipSelector();
    return dimension;
  }

  /** The arguments of a call, or what is in parentheses: the last one that has a unit. */
  #inBrackets(depth: number): Dimension | undefined {
    let last: Dimension | undefined;
    while (this.#word() !== ")" && this.#word() !== "") {
      const one = this.#terms(depth + 1);
      last = one ?? last;
      if (this.#word() === ",") this.#at++;
    }
    this.#at++;
    return last;
  }

  /** Matchers, range, `offset` and `@` behind a selector. */
  #skipSelector(): void {
    for (;;) {
      const word = this.#word().toLowerCase();
      if (word === "{" || word === "[") {
        const close = word === "{" ? "}" : "]";
        while (this.#word() !== close && this.#word() !== "") this.#at++;
        this.#at++;
      } else if (word === "offset" || word === "@") {
        this.#at++;
        if (this.#word() === "-") this.#at++;
        this.#at += this.#word(1) === "(" ? 3 : 1;
      } else return;
    }
  }

  #skipList(): void {
    this.#at++;
    if (this.#word() !== "(") return;
    while (this.#word() !== ")" && this.#word() !== "") this.#at++;
    this.#at++;
  }

  #giveUp(): undefined {
    this.#at = this.#tokens.length + 1;
    return undefined;
  }
}

function isSame(a: Dimension, b: Dimension): boolean {
  return a.base === b.base && a.perSecond === b.perSecond;
}

function combined(left: Dimension | undefined, operator: string, right: Dimension | undefined): Dimension | undefined {
  if (operator === "and" || operator === "unless") return left;
  if (/^(?:==|!=|<=|>=|<|>)$/.test(operator)) return left?.base === "number" ? right : left;
  if (left === undefined || right === undefined) return undefined;
  const isMoment = ({ base }: Dimension) => base === "now" || base === "timestamp";
  if (operator === "-" && isMoment(left) && isMoment(right)) return { base: "s", perSecond: false };
  if (operator === "+" || operator === "-" || isSetOperator(operator)) {
    if (left.base === "number") return right;
    return right.base === "number" || isSame(left, right) ? left : undefined;
  }
  if (operator !== "/" || left.base === "number" || right.base === "number") return undefined;
  if (left.perSecond !== right.perSecond) return undefined;
  // Buckets by all observations of the same histogram: a share of them.
  if (left.observed !== undefined && right.base === "count" && left.metric === right.metric)
    return { base: "percentunit", perSecond: false };
  if (left.base === "count" && (right.base !== "count" || left.metric !== right.metric)) return undefined;
  // Seconds a second by observations a second: seconds of one observation.
  if (left.base !== "count" && right.base === "count") return { base: left.base, perSecond: false };
  return isSame(left, right) ? { base: "percentunit", perSecond: false } : undefined;
}

/** What a function or aggregation makes of its argument's unit; most leave it as it is. */
function applied(name: string, argument: Dimension | undefined): Dimension | undefined {
  if (name === "time") return { base: "now", perSecond: false };
  if (counting.has(name)) return { base: "count", perSecond: false };
  if (argument === undefined || odd.has(name)) return undefined;
  if (name === "histogram_fraction") return { base: "percentunit", perSecond: false };
  const observed = argument.observed ?? argument.base;
  if (/^histogram_(?:quantile|avg|stddev)/.test(name)) return { base: observed, perSecond: false };
  if (name === "histogram_sum") return { base: observed, perSecond: argument.perSecond };
  if (name === "histogram_count") return { base: "count", perSecond: argument.perSecond };
  if (argument.base === "timestamp" && /^(?:delta|idelta|deriv|rate|irate|increase|sum|stddev)/.test(name))
    return undefined;
  if (rating.has(name)) return argument.perSecond ? undefined : { ...argument, perSecond: true };
  return argument;
}

/** What a metric's name says; a histogram's buckets stand for what it observes. */
function dimensionOf(name: string): Dimension {
  const parts = name.toLowerCase().split("_");
  const perSecond = false;
  const last = parts.at(-1) ?? "";
  const family = name.replace(/_(?:bucket|count)$/i, "");
  if (last === "bucket") {
    const observed = words.get(parts.at(-2) ?? "");
    return { base: "count", perSecond, metric: family, ...(observed === undefined ? {} : { observed }) };
  }
  if (last === "count" || last === "info") return { base: "count", perSecond, metric: family };
  if (isMomentName(name)) return { base: "timestamp", perSecond };
  const unit = words.get(last) ?? words.get(parts.at(-2) ?? "");
  return unit === undefined ? { base: "count", perSecond, metric: name } : { base: unit, perSecond };
}

/** What a metric's name says that its values are counted in, as the word that stands there; of buckets: what their bounds are. */
export function unitWordOf(metric: string): string | undefined {
  // Its name ends in seconds as well, but those of the clock.
  if (isMomentName(metric)) return undefined;
  const parts = metric.toLowerCase().split(/[_:]/);
  const last = parts.at(-1) ?? "";
  const word = /^(?:total|sum|bucket)$/.test(last) ? (parts.at(-2) ?? "") : last;
  return words.has(word) ? word : undefined;
}
