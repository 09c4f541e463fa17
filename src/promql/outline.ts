import type { Directive } from "./directives.ts";
import type { Block, PromqlFile } from "./file.ts";
import { scanLines } from "./lines.ts";
import type { Span } from "./problems.ts";

/** A row of a file's outline: the defaults, a block, or a variable that one of them defines. */
export interface OutlineItem extends Span {
  readonly kind: "defaults" | "query" | "markdown" | "variable";
  /** Never empty. */
  readonly name: string;
  /** A variable's value, or nothing. */
  readonly detail: string;
  /** What is selected when a person goes there; it lies in the item. */
  readonly head: Span;
  readonly children: readonly OutlineItem[];
}

/** As many characters of a name or value as a row shows. */
const longestName = 120;

/** The outline of a file in the order of the text. Linear. */
export function outlineOf(text: string, { prologue, blocks }: PromqlFile): readonly OutlineItem[] {
  const defaults = prologue.directives.filter((one) => one.from >= prologue.from && one.to <= prologue.to);
  return [...defaultsItem(text, defaults), ...blocks.map((block) => blockItem(text, block))];
}

function defaultsItem(text: string, directives: readonly Directive[]): readonly OutlineItem[] {
  const [first] = directives;
  const last = directives.at(-1);
  if (first === undefined || last === undefined) return [];
  const head = { from: first.from, to: first.to };
  const children = variableItems(text, directives);
  return [{ kind: "defaults", name: "Defaults", detail: "", from: first.from, to: last.to, head, children }];
}

function blockItem(text: string, block: Block): OutlineItem {
  const { kind, title, expression, directives } = block;
  const span = inked(text, block);
  const isOwnTitle = title !== undefined && title.to > title.from;
  const head =
    (isOwnTitle ? title : undefined) ?? firstLine(text, expression) ?? block.separator ?? firstLine(text, span);
  return {
    kind,
    name: shortened(title?.text ?? "") || nameOf(text, block),
    detail: "",
    ...span,
    head: head === undefined || head.from < span.from || head.to > span.to ? { from: span.from, to: span.from } : head,
    children: variableItems(text, directives),
  };
}

/** What a block without a title is called: by its first line. */
function nameOf(text: string, block: Block): string {
  if (block.kind === "query") return lineName(text, block.expression) || "Empty query";
  const inside = text.slice(block.separator?.to ?? block.from, block.to);
  const [line] = inside.split(/[\r\n]+/, 50).flatMap((one) => shortened(one.replace(/^[\s#]+/, "")) || []);
  return line ?? "Empty text";
}

function lineName(text: string, span: Span | undefined): string {
  const line = firstLine(text, span);
  return line === undefined ? "" : shortened(text.slice(line.from, line.to));
}

function variableItems(text: string, directives: readonly Directive[]): readonly OutlineItem[] {
  return directives.flatMap(({ value, valueSpan, from, to }): OutlineItem[] => {
    if (value?.key !== "var") return [];
    const start = valueSpan.from + (text.charAt(valueSpan.from) === '"' ? 1 : 0);
    const head = { from: start, to: start + value.value.name.length };
    const detail = shortened(value.value.value);
    return [{ kind: "variable", name: `$${value.value.name}`, detail, from, to, head, children: [] }];
  });
}

/** The span without the blanks and line ends around it. */
function inked(text: string, { from, to }: Span): Span {
  let start = from;
  let end = to;
  while (start < end && isSpace(text.charAt(start))) start++;
  while (end > start && isSpace(text.charAt(end - 1))) end--;
  return { from: start, to: end };
}

function isSpace(sign: string): boolean {
  return sign === " " || sign === "\t" || sign === "\n" || sign === "\r" || sign === "\ufeff";
}

function firstLine(text: string, span: Span | undefined): Span | undefined {
  if (span === undefined || span.from === span.to) return undefined;
  const [line] = scanLines(text.slice(span.from, Math.min(span.to, span.from + 1000)));
  return line === undefined ? undefined : { from: span.from + line.from, to: span.from + line.to };
}

function shortened(text: string): string {
  const line = text
    .slice(0, 2 * longestName)
    .replace(/\s+/g, " ")
    .trim();
  if (line.length <= longestName) return line;
  return `${line.slice(0, longestName - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}
