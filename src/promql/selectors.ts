import { parseDuration } from "../shared/model/time.ts";
import { lexPromql, type Token } from "./lexer.ts";

/** A selector of an expression, as it is written there without its range. */
export interface SelectorFact {
  /** The metric's name; `undefined` where only labels select. */
  readonly name: string | undefined;
  /** Name and matchers. */
  readonly text: string;
  /** True if labels are asked for beside the name. */
  readonly hasMatchers: boolean;
  /**
   * How far back the expression reads it at one moment, in ms: its own range and those of subqueries around it. 0: it has none, and
   * the server looks back as it does for the present value.
   */
  readonly rangeMs: number;
  /** `offset` with its duration, or empty. */
  readonly offset: string;
  /** The same in ms; positive: earlier. */
  readonly offsetMs: number;
  /** True if the text says in a way of its own when to look: by an `@`, a duration to be computed, or a subquery that is moved. */
  readonly isPinned: boolean;
}

/** A selector with the tokens that it consists of, modifiers included: from (inclusive) to (exclusive). */
interface Found extends SelectorFact {
  readonly from: number;
  readonly to: number;
}

/** A subquery around other selectors, by its tokens in parentheses. `rangeMs`: `undefined` where it cannot be read here. */
interface Subquery {
  readonly from: number;
  readonly to: number;
  readonly rangeMs: number | undefined;
}

/** How far back a server looks for the present value. */
export const lookbackMs = 5 * 60_000;

/** Keywords that a list of labels in parentheses follows; after the first ones an aggregation may end. */
const groupings: ReadonlySet<string> = new Set(["by", "without"]);
const beforeLabels: ReadonlySet<string> = new Set([...groupings, "on", "ignoring", "group_left", "group_right"]);

/** Operators of MetricsQL that are names to PromQL, which has no name behind an operand; the first ones have an operand themselves. */
const infixWords: ReadonlySet<string> = new Set(["if", "ifnot", "default", "limit"]);
const suffixWords: ReadonlySet<string> = new Set(["keep_metric_names"]);

/** The selectors of an expression in the order of the text, each as often as it stands there. Total: any text has some or none. */
export function selectorsOf(expression: string): readonly SelectorFact[] {
  return new Reader(expression).selectors().map(({ from: _from, to: _to, ...fact }) => fact);
}

/** True where an expression is one selector and nothing else, but for parentheses. */
export function isLoneSelector(expression: string): boolean {
  const reader = new Reader(expression);
  const [only, ...others] = reader.selectors();
  if (only === undefined || others.length > 0) return false;
  return reader.words.every((word, i) => (i >= only.from && i < only.to) || word === "(" || word === ")");
}

class Reader {
  /** Without comments, and what each one says. */
  readonly tokens: readonly Token[];
  readonly words: readonly string[];
  readonly #text: string;

  constructor(expression: string) {
    this.#text = expression;
    this.tokens = lexPromql(expression).filter(({ kind }) => kind !== "comment");
    this.words = this.tokens.map(({ from, to }) => expression.slice(from, to));
  }

  selectors(): readonly Found[] {
    const found: Found[] = [];
    /** Where a call's argument begins and ends that is no query by itself. */
    const skipped = new Map<number, number>();
    let isAfterOperand = false;
    let at = 0;
    while (at < this.tokens.length) {
      const next = skipped.get(at) ?? this.#afterLabels(at);
      if (next !== undefined) {
        isAfterOperand = groupings.has(this.#lower(at));
        at = next;
        continue;
      }
      const one = isAfterOperand && this.#isWord(at) ? undefined : this.#selectorAt(at);
      if (one === "unclosed") break;
      if (one !== undefined) {
        found.push(one);
        isAfterOperand = true;
        at = one.to;
        continue;
      }
      const labels = this.#dataLabels(at);
      if (labels !== undefined) skipped.set(labels.from, labels.to);
      isAfterOperand = this.#endsOperand(at) || (isAfterOperand && suffixWords.has(this.#lower(at)));
      at++;
    }
    const subqueries = this.#subqueries();
    return subqueries.length === 0 ? found : found.map((one) => within(subqueries, one));
  }

  #lower(at: number): string {
    return this.words[at]?.toLowerCase() ?? "";
  }

  #isWord(at: number): boolean {
    return infixWords.has(this.#lower(at)) || suffixWords.has(this.#lower(at));
  }

  #endsOperand(at: number): boolean {
    const kind = this.tokens[at]?.kind;
    return kind === "number" || kind === "duration" || kind === "string" || kind === "close";
  }

  /** Behind a keyword's list of labels; `undefined`: none begins here. */
  #afterLabels(at: number): number | undefined {
    if (this.tokens[at]?.kind !== "keyword" || !beforeLabels.has(this.#lower(at))) return undefined;
    if (this.words[at + 1] !== "(") return undefined;
    return (this.#closing(at + 1, ")") ?? this.tokens.length) + 1;
  }

  #closing(at: number, sign: string): number | undefined {
    const end = this.words.indexOf(sign, at + 1);
    return end < 0 ? undefined : end;
  }

  /** The second argument of `info`, from its comma to the end of the call: it chooses labels of another metric. */
  #dataLabels(at: number): { readonly from: number; readonly to: number } | undefined {
    if (this.words[at] !== "info" || this.words[at + 1] !== "(") return undefined;
    let depth = 0;
    let comma: number | undefined;
    for (let i = at + 1; i < this.tokens.length; i++) {
      const { kind } = this.tokens[i] ?? {};
      if (kind === "open") depth++;
      else if (kind === "close") depth--;
      else if (kind === "comma" && depth === 1) comma ??= i;
      if (depth === 0) return comma === undefined ? undefined : { from: comma, to: i };
    }
    return undefined;
  }

  /** `unclosed`: a brace that nothing closes, which is no selector. */
  #selectorAt(at: number): Found | "unclosed" | undefined {
    const token = this.tokens[at];
    const [word, next] = [this.words[at], this.words[at + 1]];
    const isName = token?.kind === "identifier" && next !== "(";
    if (token === undefined || (!isName && word !== "{")) return undefined;
    const open = word === "{" ? at : next === "{" ? at + 1 : undefined;
    const end = open === undefined ? at : this.#closing(open, "}");
    if (end === undefined) return "unclosed";
    const [first, last] = open === undefined ? [at, at] : [open + 1, end];
    const inside = this.tokens.slice(first, last);
    const quoted = quotedName(inside, this.words.slice(first, last));
    return {
      name: isName ? word : quoted.name,
      text: this.#text.slice(token.from, this.tokens[end]?.to),
      hasMatchers: inside.some(({ kind }) => kind === "operator") && !quoted.isAlone,
      from: at,
      ...this.#modifiers(end + 1),
    };
  }

  /** What stands behind a selector: perhaps a range in brackets, then `offset` and `@` in any order. */
  #modifiers(start: number): Pick<Found, "rangeMs" | "offset" | "offsetMs" | "isPinned" | "to"> {
    const range = this.#range(start);
    let to = range?.to ?? start;
    let isPinned = range !== undefined && range.ms === undefined;
    let offset = "";
    let offsetMs = 0;
    for (;;) {
      const word = this.#lower(to);
      if (word === "@") {
        isPinned = true;
        // A time, or `start()` or `end()`.
        to += this.words[to + 2] === "(" ? 4 : 2;
      } else if (word === "offset") {
        const isNegative = this.words[to + 1] === "-";
        const at = to + (isNegative ? 2 : 1);
        const ms = this.#duration(at);
        if (ms === undefined) isPinned = true;
        offset = `offset ${isNegative ? "-" : ""}${this.words[at] ?? ""}`;
        offsetMs = (isNegative ? -1 : 1) * (ms ?? 0);
        to = at + 1;
      } else return { rangeMs: range?.ms ?? 0, offset, offsetMs, isPinned, to: Math.min(to, this.tokens.length) };
    }
  }

  /** A range or subquery in brackets; `ms`: how far back it reads, `undefined` where that has to be computed. */
  #range(at: number): { readonly to: number; readonly ms: number | undefined } | undefined {
    if (this.words[at] !== "[") return undefined;
    const end = this.#closing(at, "]") ?? this.tokens.length - 1;
    const colon = this.words.slice(at, end).indexOf(":");
    const ms = this.#duration(at + 1);
    const isPlain = colon < 0 ? end === at + 2 : colon === 2;
    // At its first step a subquery looks back from there.
    return { to: end + 1, ms: ms === undefined || !isPlain ? undefined : ms + (colon < 0 ? 0 : lookbackMs) };
  }

  #duration(at: number): number | undefined {
    const kind = this.tokens[at]?.kind;
    return kind === "duration" || kind === "number" ? parseDuration(this.words[at] ?? "") : undefined;
  }

  #subqueries(): readonly Subquery[] {
    const found: Subquery[] = [];
    const open: number[] = [];
    for (const [i, word] of this.words.entries()) {
      if (word === "(") open.push(i);
      if (word !== ")") continue;
      const from = open.pop();
      const range = this.#range(i + 1);
      if (from === undefined || range === undefined) continue;
      const isMoved = this.words[range.to] === "@" || this.#lower(range.to) === "offset";
      found.push({ from, to: i, rangeMs: isMoved ? undefined : range.ms });
    }
    return found;
  }
}

/** A selector as subqueries around it read it. */
function within(subqueries: readonly Subquery[], one: Found): Found {
  const around = subqueries.filter(({ from, to }) => from < one.from && one.from < to);
  const rangeMs = around.reduce((sum, subquery) => sum + (subquery.rangeMs ?? 0), one.rangeMs);
  return { ...one, rangeMs, isPinned: one.isPinned || around.some((subquery) => subquery.rangeMs === undefined) };
}

/** The name inside braces: `{"http.requests"}` or `{__name__="up"}`; `isAlone`: nothing else stands there. */
function quotedName(
  inside: readonly Token[],
  words: readonly string[],
): { readonly name: string | undefined; readonly isAlone: boolean } {
  const plain = (at: number) => {
    const text = words[at] ?? "";
    // Escapes would have to be read: rather no name than a wrong one.
    return inside[at]?.kind === "string" && !text.includes("\\") ? text.slice(1, -1) : undefined;
  };
  if (inside[0]?.kind === "string" && inside[1]?.kind !== "operator") {
    return { name: plain(0), isAlone: inside.length <= 2 };
  }
  const isNamed = words[0] === "__name__" && words[1] === "=";
  return isNamed ? { name: plain(2), isAlone: inside.length <= 4 } : { name: undefined, isAlone: false };
}
