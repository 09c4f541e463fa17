import { lexPromql, type Token } from "../lexer.ts";
import type { Span } from "../problems.ts";

/** A change of a text: what stands there, and what is to stand there. */
export interface TextEdit extends Span {
  readonly text: string;
}

/**
 * The changes that make `wanted` out of what stands at `place`, as small as blanks between words: a cursor in a word stays there. Both
 * are the same words but for a few.
 */
export function wordEdits(text: string, place: Span, wanted: string): readonly TextEdit[] {
  const old = pieces(text, place);
  const next = pieces(wanted, { from: 0, to: wanted.length });
  const shorter = Math.min(old.length, next.length);
  const same = (a: Span | undefined, b: Span | undefined) =>
    a !== undefined && b !== undefined && sliceOf(text, a) === sliceOf(wanted, b);
  let head = 0;
  while (head < shorter && same(old[head], next[head])) head++;
  let tail = 0;
  while (tail < shorter - head && same(old.at(-1 - tail), next.at(-1 - tail))) tail++;

  const edits: TextEdit[] = [];
  const replace = (a: Span, b: Span) => {
    const edit = { from: a.from, to: a.to, text: sliceOf(wanted, b) };
    if (edit.text !== sliceOf(text, a)) edits.push(edit);
  };
  const gap = (words: readonly Token[], before: number, whole: Span): Span => ({
    from: words[before]?.to ?? whole.from,
    to: words[before + 1]?.from ?? whole.to,
  });
  const wholeWanted = { from: 0, to: wanted.length };
  for (let i = 0; i < head; i++) replace(gap(old, i - 1, place), gap(next, i - 1, wholeWanted));
  // Between what is the same at both ends: a gap, or words that changed with the gaps around them.
  const [oldTail, nextTail] = [old.length - tail, next.length - tail];
  replace(
    { from: gap(old, head - 1, place).from, to: gap(old, oldTail - 1, place).to },
    { from: gap(next, head - 1, wholeWanted).from, to: gap(next, nextTail - 1, wholeWanted).to },
  );
  for (let i = 0; i < tail; i++) replace(gap(old, oldTail + i, place), gap(next, nextTail + i, wholeWanted));
  return edits;
}

function pieces(text: string, { from, to }: Span): readonly Token[] {
  return lexPromql(text, from, to);
}

function sliceOf(text: string, { from, to }: Span): string {
  return text.slice(from, to);
}
