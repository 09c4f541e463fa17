import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  parseDocument,
} from "yaml";
import type { ImportProblem } from "./importResult.ts";

/** A YAML text as plain data: objects, lists, texts; a key without value, or with `null`, is not there. */
export type YamlOutcome =
  | { readonly ok: true; readonly data: unknown }
  | { readonly ok: false; readonly problem: ImportProblem };

/** The parser takes some seconds for a mebibyte of nothing but commas; a file of a thousand data sources has fewer. */
const mostTokens = 100_000;

/** Aliases and merged keys are cheap to write and dear to follow. */
const mostAliases = 200;
const mostMergedKeys = 10_000;

const mostDepth = 50;

/** Tags of YAML's own types. Nothing is made of them: every scalar is read as the text that it is. */
const plainTag = /^tag:yaml\.org,2002:(?:str|map|seq|int|float|bool|null)$/;

/** Stops the walk; never leaves this file. */
class Refusal extends Error {
  readonly problem: ImportProblem;

  constructor(problem: ImportProblem) {
    super(problem.code);
    this.problem = problem;
  }
}

/**
 * Reads one YAML document as a hostile text. Scalars stay the text that they are, since a password may look like a number;
 * tags other than YAML's own, unknown aliases, keys that are no text or there twice, and texts made to be costly are refused
 * with their line. The parser's own messages quote the text, and secrets with it: they are not passed on.
 */
export function readYaml(text: string): YamlOutcome {
  try {
    requireFewTokens(text);
    const lines = new LineCounter();
    const document = parseDocument(text, {
      // Only maps, lists and texts. Keys that are there twice are looked for below: the parser's own way is quadratic.
      schema: "failsafe",
      uniqueKeys: false,
      prettyErrors: false,
      // At "silent" it passes over all documents but the first without a word.
      logLevel: "error",
      lineCounter: lines,
    });
    const [error] = document.errors;
    if (error !== undefined) {
      const isTooDeep = error.code === "RESOURCE_EXHAUSTION";
      throw new Refusal(
        isTooDeep ? { code: "yamlTooComplex" } : { code: "yamlSyntax", line: lines.linePos(error.pos[0]).line },
      );
    }
    return { ok: true, data: new Reader(document, lines).read() };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, problem: error.problem };
    // The parser calls itself for what is nested; a text made for that exhausts the stack.
    if (error instanceof RangeError) return { ok: false, problem: { code: "yamlTooComplex" } };
    throw error;
  }
}

function requireFewTokens(text: string): void {
  let tokens = 0;
  for (const _token of new Lexer().lex(text)) {
    if (++tokens > mostTokens) throw new Refusal({ code: "yamlTooComplex" });
  }
}

/** Makes plain data of a parsed document. An alias gives the very data of its anchor, so that nothing is multiplied. */
class Reader {
  readonly #document: Document;
  readonly #lines: LineCounter;
  readonly #anchors = new Map<string, { readonly data: unknown } | "open">();
  #aliases = 0;
  #mergedKeys = 0;

  constructor(document: Document, lines: LineCounter) {
    this.#document = document;
    this.#lines = lines;
  }

  read(): unknown {
    return this.#read(this.#document.contents, 0);
  }

  #lineOf(node: Node): number {
    return this.#lines.linePos(node.range?.[0] ?? 0).line;
  }

  #read(node: unknown, depth: number): unknown {
    if (depth > mostDepth) throw new Refusal({ code: "yamlTooComplex" });
    if (isAlias(node)) return this.#readAlias(node.source, this.#lineOf(node));
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return undefined;
    if (node.tag !== undefined && !plainTag.test(node.tag)) {
      throw new Refusal({ code: "yamlTag", line: this.#lineOf(node) });
    }
    const { anchor } = node;
    if (anchor !== undefined) this.#anchors.set(anchor, "open");
    const data = isScalar(node)
      ? scalarOf(node.value, node.type)
      : isSeq(node)
        ? node.items.map((item) => this.#read(item, depth + 1))
        : this.#readMap(node.items, depth);
    if (anchor !== undefined) this.#anchors.set(anchor, { data });
    return data;
  }

  #readAlias(name: string, line: number): unknown {
    const target = this.#anchors.get(name);
    // Unknown, or inside of what it stands for.
    if (target === undefined || target === "open") throw new Refusal({ code: "yamlAlias", line });
    if (++this.#aliases > mostAliases) throw new Refusal({ code: "yamlTooComplex" });
    return target.data;
  }

  #readMap(items: readonly unknown[], depth: number): Readonly<Record<string, unknown>> {
    const own = new Map<string, unknown>();
    const merged = new Map<string, unknown>();
    for (const pair of items) {
      if (!isPair(pair)) continue;
      const key: unknown = isScalar(pair.key) ? pair.key.value : undefined;
      const line = this.#lineOf(pair.key as Node);
      if (typeof key !== "string") throw new Refusal({ code: "yamlKey", line });
      const value = this.#read(pair.value, depth + 1);
      if (key === "<<") {
        this.#merge(value, merged);
        continue;
      }
      if (own.has(key)) throw new Refusal({ code: "yamlKey", line });
      own.set(key, value);
    }
    const all = new Map([...merged, ...own]);
    return Object.fromEntries([...all].filter(([, value]) => value !== undefined));
  }

  /** `<<`: keys of other maps, of which the first that has a key counts. */
  #merge(value: unknown, into: Map<string, unknown>): void {
    for (const source of Array.isArray(value) ? value : [value]) {
      if (typeof source !== "object" || source === null) continue;
      for (const [key, one] of Object.entries(source)) {
        if (++this.#mergedKeys > mostMergedKeys) throw new Refusal({ code: "yamlTooComplex" });
        if (!into.has(key)) into.set(key, one);
      }
    }
  }
}

/** A scalar as text; `undefined` for what YAML calls null. */
function scalarOf(value: unknown, type: string | undefined): string | undefined {
  const text = typeof value === "string" ? value : "";
  return type === "PLAIN" && /^(?:|~|null|Null|NULL)$/.test(text) ? undefined : text;
}
