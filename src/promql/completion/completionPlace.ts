import { blockAt, type PromqlFile } from "../file.ts";
import type { CompletionPlace } from "./completionContext.ts";

/** The part of a file, or of a cell, that a cursor there is about: its block or, above all blocks, the head of the file. */
export function completionPlace(
  text: string,
  file: PromqlFile,
  offset: number,
  { isCell }: { readonly isCell: boolean },
): CompletionPlace {
  const block = blockAt(file, offset);
  if (block === undefined) {
    const { from, to } = file.prologue;
    return { kind: "query", endsAtBlankLine: true, isCell, from, to };
  }
  const { kind, from, to, separator } = block;
  // A weak separator (`###`) stands only where blank lines count.
  const isSeparated = separator !== undefined && text.startsWith("# %%", separator.from);
  return { kind, endsAtBlankLine: !isCell && !isSeparated, isCell, from, to };
}
