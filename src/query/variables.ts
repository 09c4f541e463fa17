import type { Span } from "../promql/problems.ts";
import { findVariableReferences } from "../promql/variableReferences.ts";
import type { ServerPosition } from "../shared/errors.ts";
import { type VariableRefusal, VariableValues } from "./variableValues.ts";

/** A query with its variables filled in, and the way back from it to the text it came from. */
export interface Substitution {
  /** What is sent. */
  readonly text: string;
  /** Names without a value, each once, in order of appearance; their references stand in `text` unchanged. */
  readonly undefinedNames: readonly string[];
  /** Why `text` must not be sent, if it must not. */
  readonly refusal: VariableRefusal | undefined;
  /**
   * The place in the original text (UTF-16) of an offset in the sent one. A place inside an inserted value is its whole
   * reference; any other place is empty (`from === to`). Offsets outside the text count as its ends.
   */
  mapToOriginal(offset: number): Span;
  /** The same for a place as a server counts it; one behind a line's or the text's end counts as that end. */
  mapFromUtf8Position(position: ServerPosition): Span;
}

/** A reference and where its value stands in the sent text. */
interface Insertion extends Span {
  readonly sentFrom: number;
  readonly sentTo: number;
}

/**
 * Fills in variables as text. `values` are inserted as they are; `definitions`, which beat them, may refer to both. A value is
 * one value, so `${name:pipe}` and `${name:csv}` insert it as it is, which is what Grafana documents for a variable with one
 * value; `${name:regex}` inserts it such that a regular expression matches exactly it, escaped for RE2 and for the string it
 * stands in. In the replacement argument of `label_replace` a name without value is left alone: there it is a group of the
 * regular expression.
 */
export function substituteVariables(
  text: string,
  values: ReadonlyMap<string, string>,
  definitions: ReadonlyMap<string, string> = new Map(),
): Substitution {
  const filled = new VariableValues(values, definitions);
  const insertions: Insertion[] = [];
  let sent = "";
  let copiedTo = 0;
  for (const reference of findVariableReferences(text)) {
    const { from, to } = reference;
    const inserted = filled.at(reference);
    if (inserted === undefined) continue;
    sent += text.slice(copiedTo, from);
    insertions.push({ from, to, sentFrom: sent.length, sentTo: sent.length + inserted.length });
    sent += inserted;
    copiedTo = to;
  }
  sent += text.slice(copiedTo);

  const mapToOriginal = (offset: number): Span => {
    const at = Math.min(Math.max(offset, 0), sent.length);
    const before = insertions.findLast((one) => one.sentFrom <= at);
    if (before === undefined) return { from: at, to: at };
    if (at < before.sentTo) return { from: before.from, to: before.to };
    const original = before.to + at - before.sentTo;
    return { from: original, to: original };
  };
  return {
    text: sent,
    undefinedNames: [...filled.undefinedNames],
    refusal: filled.refusal,
    mapToOriginal,
    mapFromUtf8Position: (position) => mapToOriginal(utf16Offset(sent, position)),
  };
}

/**
 * The UTF-16 offset of a place as Prometheus counts it (`posrange.StartPosInput`): lines end at `\n` only, columns are
 * bytes of UTF-8 from 1. A column inside a character counts as the character's start.
 */
function utf16Offset(text: string, { line, column }: ServerPosition): number {
  let at = 0;
  for (let n = 1; n < line; n++) {
    const end = text.indexOf("\n", at);
    if (end === -1) return text.length;
    at = end + 1;
  }
  let bytes = column - 1;
  while (at < text.length && text.charAt(at) !== "\n") {
    const point = text.codePointAt(at) ?? 0;
    bytes -= utf8Length(point);
    if (bytes < 0) break;
    at += point > 0xffff ? 2 : 1;
  }
  return at;
}

/** Bytes of one code point; a lone surrogate is sent as U+FFFD, three bytes as well. */
function utf8Length(point: number): number {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}
