import type { Token } from "../lexer.ts";
import { readSeparator, readWeakSeparator } from "../separators.ts";
import type { Expression } from "../syntaxTree.ts";

/** What an expression is laid out from, in the order in which it is written. */
export type Part =
  /** `from` is where it stands in the text: comments in front of that place go before it. */
  | { readonly kind: "word"; readonly text: string; readonly from?: number }
  | { readonly kind: "space" }
  /** A new line where the node is split, and what stands there where it is not. Comments above a closing bracket are inside. */
  | { readonly kind: "break"; readonly unsplit: "" | " "; readonly indent: number; readonly closes?: true }
  /** A new line in any case. */
  | { readonly kind: "line"; readonly indent: number; readonly closes?: true }
  /** Indented where the node around it is split. */
  | { readonly kind: "node"; readonly node: Expression; readonly indent: number };

/** An expression that is ready to be written: its parts, and whether they are split over lines. */
export interface Layout {
  readonly parts: readonly Part[];
  readonly isSplit: boolean;
}

export interface Source {
  readonly text: string;
  /** All of them, comments included. */
  readonly tokens: readonly Token[];
}

const indentation = "  ";

/**
 * Where each operator of a chain is a level of its own, thousands of operators would be millions of blanks: deeper levels are
 * written as this one.
 */
const deepestIndent = 40;

/** Writes a tree as text whose lines end with `eol`. Keeps a stack of its own: chains may be thousands of operators deep. */
export function writeLayout(
  root: Expression,
  layoutOf: (node: Expression) => Layout,
  source: Source,
  eol: string,
): string {
  const writer = new Writer(source, eol);
  const waiting: { readonly part: Part; readonly level: number; readonly isSplit: boolean }[] = [
    { part: { kind: "node", node: root, indent: 0 }, level: 0, isSplit: false },
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { part, level, isSplit } = next;
    switch (part.kind) {
      case "word":
        writer.word(part.text, part.from);
        break;
      case "space":
        writer.space();
        break;
      case "line":
        writer.line(level + part.indent, part.closes);
        break;
      case "break":
        if (isSplit) writer.line(level + part.indent, part.closes);
        else if (part.unsplit === " ") writer.space();
        break;
      case "node": {
        const inner = layoutOf(part.node);
        const at = isSplit ? level + part.indent : level;
        writer.beginNode(at);
        for (const one of inner.parts.toReversed()) waiting.push({ part: one, level: at, isSplit: inner.isSplit });
      }
    }
  }
  return writer.end();
}

/** Joins words with what stands between them, and the comments of the source with the words that they stand at. */
class Writer {
  readonly #source: Source;
  readonly #eol: string;
  readonly #out: string[] = [];
  /** Of the source: what lies before has been written. */
  #at = 0;
  /** What goes in front of the next word: a level stands for a new line. */
  #gap: number | "space" | "none" = 0;
  /** The level of the line that is being written. */
  #level = 0;
  #isAfterComment = false;
  /** A closing bracket comes next: comments above it stand as far in as what it encloses. */
  #isClosing = false;

  constructor(source: Source, eol: string) {
    this.#source = source;
    this.#eol = eol;
  }

  word(text: string, from: number | undefined): void {
    if (from !== undefined) this.#comments(from);
    if (typeof this.#gap === "number") this.#level = this.#gap;
    // What a comment breaks belongs to the line above.
    if (this.#isAfterComment || typeof this.#gap === "number") this.#line(this.#gapLevel());
    else if (this.#gap === "space") this.#out.push(" ");
    this.#out.push(text);
    this.#gap = "none";
    this.#isAfterComment = false;
    this.#isClosing = false;
  }

  space(): void {
    if (this.#gap === "none") this.#gap = "space";
  }

  line(level: number, closes = false): void {
    this.#gap = level;
    this.#isClosing = closes;
  }

  /** A node that begins a line says how far in. */
  beginNode(level: number): void {
    if (typeof this.#gap === "number") this.#gap = level;
  }

  end(): string {
    this.#gap = 0;
    this.#comments(Number.POSITIVE_INFINITY);
    return this.#out.join("");
  }

  #gapLevel(): number {
    return typeof this.#gap === "number" ? this.#gap : this.#level + 1;
  }

  /** Writes the comments up to `from`: those at a line's end behind the last word, the others on lines of their own. */
  #comments(from: number): void {
    const { text, tokens } = this.#source;
    for (let token = tokens[this.#at]; token !== undefined && token.from < from; token = tokens[++this.#at]) {
      if (token.kind !== "comment") continue;
      const comment = text.slice(token.from, token.to);
      const before = tokens[this.#at - 1];
      const isAtLineEnd = before !== undefined && !/[\r\n]/.test(text.slice(before.to, token.from));
      // Where two lines become one, as at a comma of its own, the second comment has to stand alone.
      if (isAtLineEnd && !this.#isAfterComment) this.#out.push(" ");
      else this.#line(this.#gapLevel() + (this.#isClosing ? 1 : 0), comment);
      this.#out.push(comment);
      this.#isAfterComment = true;
    }
  }

  #line(level: number, comment = ""): void {
    if (this.#out.length > 0) this.#out.push(this.#eol);
    // In column 1 it would end the block.
    this.#out.push(level === 0 && isSeparator(comment) ? " " : indentation.repeat(Math.min(level, deepestIndent)));
  }
}

function isSeparator(line: string): boolean {
  const whole = { from: 0, to: line.length };
  return readSeparator(line, whole) !== undefined || readWeakSeparator(line, whole) !== undefined;
}
