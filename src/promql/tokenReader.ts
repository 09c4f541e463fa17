import { gluedTokens } from "./gluedTokens.ts";
import { lexPromql, type Token } from "./lexer.ts";
import { readDuration, readNumber } from "./numberValue.ts";
import type { Span } from "./problems.ts";
import { readString } from "./stringValue.ts";
import type { ExpectedSyntax, SyntaxProblem } from "./syntaxProblems.ts";
import type { Missing, Name, NumberLiteral } from "./syntaxTree.ts";

/** Deeper nesting is not read, and nothing is said of it. People do not write it; a hostile text may. */
const deepest = 1_000;

/** Thrown out of a text that is nested too deeply to be read. */
export class TooDeep extends Error {}

/** The words of an expression one after the other, with what is wrong with them: what a parser reads by. */
export class TokenReader {
  readonly problems: SyntaxProblem[] = [];
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #end: number;
  #at = 0;
  #depth = 0;

  constructor(text: string, { from, to }: Span) {
    this.#text = text;
    this.#tokens = gluedTokens(lexPromql(text, from, to).filter(({ kind }) => kind !== "comment"));
    // Where something is missing at the end, it is missing behind the last word, not behind blanks and comments.
    this.#end = this.#tokens.at(-1)?.to ?? from;
  }

  token(ahead = 0): Token | undefined {
    return this.#tokens[this.#at + ahead];
  }

  word(ahead = 0): string {
    const token = this.token(ahead);
    return token === undefined ? "" : this.#text.slice(token.from, token.to);
  }

  lower(ahead = 0): string {
    return this.word(ahead).toLowerCase();
  }

  take(): Span {
    const token = this.token();
    if (token === undefined) return this.here();
    this.#at++;
    return { from: token.from, to: token.to };
  }

  /** The empty place in front of the next token. */
  here(): Span {
    const at = this.token()?.from ?? this.#end;
    return { from: at, to: at };
  }

  /** The empty place behind what was read last, where something is missing. */
  gap(): Span {
    const at = this.lastEnd();
    return { from: at, to: at };
  }

  /** The end of what was read last. */
  lastEnd(): number {
    return this.#tokens[this.#at - 1]?.to ?? this.here().from;
  }

  nested<T>(read: () => T): T {
    if (++this.#depth > deepest) throw new TooDeep();
    const result = read();
    this.#depth--;
    return result;
  }

  report(problem: SyntaxProblem): void {
    this.problems.push(problem);
  }

  /** Says that the next token cannot stand there. */
  unexpected(expected: ExpectedSyntax): void {
    const token = this.token();
    if (token === undefined) {
      this.report({ code: "unexpectedEnd", expected, ...this.here() });
      return;
    }
    const { from, to } = token;
    const text = this.#text.slice(from, to);
    if (token.kind === "unterminatedString") this.report({ code: "unclosedString", from, to });
    else if (token.kind === "badNumber") this.report({ code: "badNumberText", text, from, to });
    else this.report({ code: "unexpectedText", text, expected, from, to });
  }

  /** Reads up to the bracket that closes `open`, over what cannot be read; false: the text ends before. */
  close(sign: ")" | "]" | "}", open: Span, expected: ExpectedSyntax): boolean {
    if (this.word() === sign && this.token()?.kind === "close") {
      this.take();
      return true;
    }
    if (this.token() !== undefined) this.unexpected(expected);
    let depth = 0;
    for (let token = this.token(); token !== undefined; token = this.token()) {
      if (token.kind === "open") depth++;
      if (token.kind === "close") {
        if (depth === 0) {
          if (this.word() !== sign) return false;
          this.take();
          return true;
        }
        depth--;
      }
      this.take();
    }
    const bracket = this.#text.charAt(open.from);
    if (bracket === "(" || bracket === "[" || bracket === "{") {
      this.report({ code: "unclosedBracket", bracket, openedAt: open.from, ...this.here() });
    }
    return false;
  }

  /** A word, a string or a variable as a name. */
  name(): Name {
    const kind = this.token()?.kind;
    const text = this.word();
    const place = this.take();
    if (kind === "variable") return { isQuoted: false, text: undefined, ...place };
    if (kind !== "string") return { isQuoted: false, text, ...place };
    return { isQuoted: true, text: this.stringValue(text, place), ...place };
  }

  /** What a string says; `undefined` where a variable stands in it or it has an escape that there is not. */
  stringValue(text: string, { from }: Span): string | undefined {
    const reading = readString(text);
    if (reading.ok) return /\$[A-Za-z_{]|\[\[/.test(text) ? undefined : reading.value;
    const bad = reading.escape;
    this.report({ code: "badEscape", escape: bad.text, from: from + bad.from, to: from + bad.to });
    return undefined;
  }

  number(): NumberLiteral {
    const kind = this.token()?.kind;
    const text = this.word();
    const place = this.take();
    if (kind === "badNumber") {
      this.report({ code: "badNumberText", text, ...place });
      return { kind: "number", value: Number.NaN, isDuration: false, ...place };
    }
    const isDuration = kind === "duration";
    const reading = isDuration ? readDuration(text) : readNumber(text);
    if (reading.ok) return { kind: "number", value: reading.value, isDuration, ...place };
    if (reading.reason === "dialect") this.report({ code: "metricsqlOnly", form: text, ...place });
    else if (reading.reason === "notDuration") this.report({ code: "badDuration", text, ...place });
    else if (isDuration) this.report({ code: "durationTooLarge", ...place });
    else this.report({ code: "numberTooLarge", text, ...place });
    return { kind: "number", value: Number.NaN, isDuration, ...place };
  }

  /** Says what was expected in the place of an operand. */
  missing(expected: ExpectedSyntax): Missing {
    this.unexpected(expected);
    // A string that nothing closes is the operand; it reaches to the end of its line.
    if (this.token()?.kind === "unterminatedString") return { kind: "missing", ...this.take() };
    return { kind: "missing", ...this.gap() };
  }
}
