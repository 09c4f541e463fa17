import type { PromqlFile } from "../../promql/file.ts";

/**
 * Where blocks with separators can be put into a file so that none of its own changes: before the next separator at or behind
 * `offset`, else at the end. `undefined` for a file that separates by `###`, which counts only as long as there is no `# %%`.
 */
export function insertionPlace(text: string, { blocks }: PromqlFile, offset: number): number | undefined {
  const separators = blocks.flatMap(({ separator }) => (separator === undefined ? [] : [separator.from]));
  if (separators.some((from) => text.startsWith("###", from))) return undefined;
  return separators.find((from) => from >= offset) ?? text.length;
}

/** `insert` with the blank lines that it needs between what stands before and behind it; it begins a line and ends with one. */
export function withBlankLines(before: string, insert: string, behind: string): string {
  const isFirst = before.trim() === "" && (before === "" || /[\r\n]$/.test(before));
  const gap = isFirst || /(?:\r?\n|^)[ \t]*\r?\n$/.test(before) ? "" : /\n$/.test(before) ? "\n" : "\n\n";
  return gap + insert + (behind === "" || /^[ \t]*\r?(?:\n|$)/.test(behind) ? "" : "\n");
}
