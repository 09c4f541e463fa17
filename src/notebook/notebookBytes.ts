import { lineEnd } from "./cellText.ts";

/** Why a file is not shown as a notebook: it could not be written back as it is. */
export type NotebookProblem =
  /** `offset`: the first byte that is no UTF-8. */
  | { readonly code: "notUtf8"; readonly offset: number }
  /** A merge that is not finished: the line (from 1) of the first mark in column 1. */
  | { readonly code: "mergeConflict"; readonly line: number };

const conflictMark = /(?:^\ufeff?|\r\n?|\n)(?:<{7}|={7}|>{7})(?=[ \t\r\n]|$)/;

/** A file's text, byte order mark included, or why it is none that a notebook can show. */
export function decodeNotebook(bytes: Uint8Array): string | NotebookProblem {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { code: "notUtf8", offset: validLength(bytes) };
  }
  const line = conflictLine(text);
  return line === undefined ? text : { code: "mergeConflict", line };
}

/** The line (from 1) of the first mark of an unfinished merge in column 1. */
export function conflictLine(text: string): number | undefined {
  const found = conflictMark.exec(text);
  return found === null ? undefined : text.slice(0, found.index + found[0].length).split(lineEnd).length;
}

/** How many leading bytes are UTF-8. */
function validLength(bytes: Uint8Array): number {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  // Where both texts agree the decoder has put nothing of its own in.
  const back = new TextEncoder().encode(decoder.decode(bytes));
  let at = 0;
  while (at < bytes.length && bytes[at] === back[at]) at++;
  return at;
}
