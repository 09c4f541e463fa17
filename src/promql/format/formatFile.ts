import type { PromqlFile } from "../file.ts";
import { isBlank } from "../lines.ts";
import type { Span } from "../problems.ts";
import { formatExpression } from "./formatExpression.ts";
import { type TextEdit, wordEdits } from "./wordEdits.ts";

export interface FormatFileOptions {
  /** Only the blocks that this touches. */
  readonly touching?: Span | undefined;
  /** Each word as the server would print it too; a query with comments, which it has not, stays as it is. */
  readonly canonical?: boolean;
}

/**
 * The changes that lay out the queries of a `.promql` file or of a cell, in ascending order. Everything but the expressions stays as it is, and so does a block that cannot be laid out.
 */
export function formatFile(
  text: string,
  { blocks }: PromqlFile,
  { touching, canonical = false }: FormatFileOptions = {},
): readonly TextEdit[] {
  const eol = /\r\n?|\n/.exec(text)?.[0] ?? "\n";
  return blocks.flatMap((block) => {
    if (block.expression === undefined || (touching !== undefined && !touch(block, touching))) return [];
    const formatted = formatExpression(text, block.expression, { eol, canonical });
    if (formatted === undefined) return [];
    return wordEdits(text, withIndentation(text, block.expression), formatted);
  });
}

/** An empty span touches the block that it stands in. */
function touch(block: Span, { from, to }: Span): boolean {
  return from === to ? block.from <= from && from <= block.to : block.from < to && from < block.to;
}

/** From the start of its first line, so that this line is indented as its layout says. */
function withIndentation(text: string, { from, to }: Span): Span {
  let start = from;
  while (start > 0 && isBlank(text.charAt(start - 1))) start--;
  return { from: start, to };
}
