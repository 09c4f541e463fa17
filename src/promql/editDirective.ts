import type { DirectiveKey } from "./data/directiveKeys.ts";
import type { Directive } from "./directives.ts";
import { isCommentLine, scanLines } from "./lines.ts";
import type { Span } from "./problems.ts";

/** A piece of text to put in the place of another. */
export interface TextEdit extends Span {
  readonly text: string;
}

/**
 * The edit that makes `value` the one of `key` in a block's text; `undefined` takes the directive away, with its line if
 * nothing else is on it. A new one gets a line of its own above the first line that is no comment. `directives` are those
 * of `text`; `undefined` is returned where nothing has to be changed.
 */
export function editDirective(
  text: string,
  directives: readonly Directive[],
  key: Exclude<DirectiveKey, "var">,
  value: string | undefined,
): TextEdit | undefined {
  // The last one of a key wins.
  const existing = directives.findLast((one) => one.key === key);
  if (existing === undefined) return value === undefined ? undefined : insertion(text, key, value);
  if (value === undefined) return removal(text, directives, existing);
  if (text.slice(existing.valueSpan.from, existing.valueSpan.to) === value) return undefined;
  const { keySpan, valueSpan } = existing;
  // A directive without value ends at its key.
  return valueSpan.from === valueSpan.to
    ? { from: keySpan.to, to: keySpan.to, text: ` ${value}` }
    : { from: valueSpan.from, to: valueSpan.to, text: value };
}

function insertion(text: string, key: DirectiveKey, value: string): TextEdit {
  const line = `# @${key} ${value}`;
  const lines = scanLines(text);
  const at = lines.find((one) => !isCommentLine(text, one));
  if (at === undefined) return { from: text.length, to: text.length, text: `${text === "" ? "" : "\n"}${line}` };
  // An empty cell gets the line alone.
  const isEmpty = text.slice(at.from).trim() === "" && lines.at(-1) === at;
  return { from: at.from, to: at.from, text: isEmpty ? line : `${line}\n` };
}

function removal(text: string, directives: readonly Directive[], gone: Directive): TextEdit {
  const lines = scanLines(text);
  const index = lines.findLastIndex((line) => line.from <= gone.from);
  const line = lines[index] ?? { from: 0, to: text.length };
  const others = directives.filter((one) => one !== gone && one.from >= line.from && one.to <= line.to);
  if (others.length === 0) {
    // A comment behind a query goes with the blanks before it, and leaves the query.
    const before = text.slice(line.from, gone.from).replace(/[ \t]*#+[ \t]*$/, "").length;
    if (before > 0) return { from: line.from + before, to: line.to, text: "" };
    const next = lines[index + 1];
    if (next !== undefined) return { from: line.from, to: next.from, text: "" };
    return { from: lines[index - 1]?.to ?? line.from, to: line.to, text: "" };
  }
  const next = others.find((one) => one.from > gone.from);
  if (next !== undefined) return { from: gone.from, to: next.from, text: "" };
  const before = others.at(-1);
  return { from: before?.to ?? gone.from, to: gone.to, text: "" };
}
