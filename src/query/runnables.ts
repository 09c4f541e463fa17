import { type EffectiveDirectives, resolveDirectives } from "../promql/effectiveDirectives.ts";
import type { Block, PromqlFile } from "../promql/file.ts";

/** Something of a file that can be run. */
export interface Runnable {
  readonly key: string;
  readonly text: string;
  readonly directives: EffectiveDirectives;
}

/** Begins the key of a selection inside a block. */
const selectionPrefix = "selection:";

/** The query of a block; none of a block that holds no query. */
export function runnableOf(text: string, file: PromqlFile, block: Block): readonly Runnable[] {
  if (block.kind !== "query" || block.expression === undefined) return [];
  const { from, to } = block.expression;
  return [{ key: block.key, text: text.slice(from, to), directives: resolveDirectives(file, block) }];
}

/**
 * What a selection from one offset to another means: its text, as a query of the block that holds it; or, if it touches the
 * queries of several blocks, each of those blocks. Blanks at its ends count for nothing: a line is selected to the beginning
 * of the next one.
 */
export function selectedRunnables(
  text: string,
  file: PromqlFile,
  selection: { readonly from: number; readonly to: number },
): readonly Runnable[] {
  const selected = text.slice(selection.from, selection.to);
  if (selected.trim() === "") return [];
  const from = selection.from + (selected.length - selected.trimStart().length);
  const to = from + selected.trim().length;
  const touched = file.blocks.filter(
    ({ kind, expression }) =>
      kind === "query" && expression !== undefined && expression.from < to && expression.to > from,
  );
  const [block] = touched;
  if (block?.expression === undefined) return [];
  if (touched.length > 1) return touched.flatMap((one) => runnableOf(text, file, one));
  // Titles and directives around the query may be selected with it: they are read anyway.
  const start = Math.max(from, block.expression.from);
  const end = Math.min(to, block.expression.to);
  return runnableOf(text, file, block).map((whole) =>
    start === block.expression?.from && end === block.expression.to
      ? whole
      : partOf(whole, `${selectionPrefix}${block.key}`, text.slice(start, end).trim()),
  );
}

/** The key of the block that a run is of, and whether it is of a part that was selected in it. */
export function blockOfRun(key: string): { readonly key: string; readonly isPart: boolean } {
  const isPart = key.startsWith(selectionPrefix);
  return { key: isPart ? key.slice(selectionPrefix.length) : key, isPart };
}

/**
 * A part of a block's query: where and when it runs is the block's, but what its values mean and how they are best seen
 * need not be. Of a ratio in percent the numerator is none. Without the block's title its own text stands for it.
 */
export function partOf({ directives }: Runnable, key: string, text: string): Runnable {
  const title = directives.title === undefined ? undefined : `${directives.title} (selection)`;
  return { key, text, directives: { ...directives, title, unit: undefined, legend: undefined, view: undefined } };
}
