import type { Failure } from "../../../shared/errors.ts";
import type { UnixMs } from "../../../shared/model/answer.ts";
import type { TimeZone } from "../../../shared/model/zonedTime.ts";
import { seriesOf } from "../../answerFacts.ts";
import { partsOf, type Run, type RunTarget } from "../../run.ts";
import { type ExportPiece, sampleTotal } from "../exportSubject.ts";

/** A notebook to be exported with what its queries came to. */
export interface NotebookSubject {
  readonly title: string;
  readonly exportedAt: UnixMs;
  /** Zone that times are written in. */
  readonly zone: TimeZone;
  readonly cells: readonly NotebookExportCell[];
  /** A failure in words. */
  readonly describe: (failure: Failure, target: RunTarget) => { readonly title: string; readonly detail: string };
}

export type NotebookExportCell = { readonly kind: "markdown"; readonly text: string } | QueryCell;

export interface QueryCell {
  readonly kind: "query";
  readonly title: string | undefined;
  readonly text: string;
  /** `undefined`: it was not run. */
  readonly run: Run | undefined;
  /** True: the cell's text, or what it depends on, was changed after this run. */
  readonly isStale: boolean;
}

/** Writes a notebook piece by piece; a piece is made within a few milliseconds. */
export type NotebookWriter = (notebook: NotebookSubject) => Generator<ExportPiece, void>;

/** Rows of a table, and lines of a chart: who needs more exports the answer by itself. */
export const mostRows = 100;
export const mostLines = 20;

/** How many samples an export of the notebook looks at. */
export function notebookTotal({ cells }: NotebookSubject): number {
  const parts = cells.flatMap((cell) => (cell.kind === "query" ? partsOf(cell.run) : []));
  return parts.reduce((sum, part) => {
    if (part.state !== "done") return sum;
    const { data } = part.answer;
    const isSeries = data.type === "matrix" || data.type === "vector";
    return sum + sampleTotal(isSeries ? { ...data, series: seriesOf(data).slice(0, mostRows) } : data);
  }, 0);
}
