import {
  type NotebookFormatId,
  notebookChunks,
  notebookFormats,
} from "../../src/query/export/notebook/notebookFormats.ts";
import type {
  NotebookExportCell,
  NotebookSubject,
  QueryCell,
} from "../../src/query/export/notebook/notebookSubject.ts";
import type { Run } from "../../src/query/run.ts";
import { TimeZone } from "../../src/shared/model/zonedTime.ts";
import { testNow } from "./runs.ts";

/** A notebook that is exported a minute after `testNow`. */
export function aNotebook(
  cells: readonly NotebookExportCell[],
  changes: Partial<NotebookSubject> = {},
): NotebookSubject {
  return {
    title: "Incident 42",
    exportedAt: testNow + 60_000,
    zone: new TimeZone("UTC"),
    cells,
    describe: (failure, { name }) => ({
      title: `${name} did not answer`,
      detail: failure.kind === "rejected" ? failure.message : failure.kind,
    }),
    ...changes,
  };
}

export function aQueryCell(run: Run | undefined, changes: Partial<QueryCell> = {}): QueryCell {
  return { kind: "query", title: "Requests", text: run?.request.text ?? "up", run, isStale: false, ...changes };
}

/** The whole export of a notebook. */
export async function writtenNotebook(id: NotebookFormatId, notebook: NotebookSubject): Promise<string> {
  const options = { onProgress: () => undefined, signal: new AbortController().signal };
  const chunks: string[] = [];
  for await (const chunk of notebookChunks(id, notebook, options)) chunks.push(chunk);
  return chunks.join("");
}

/** How many pieces a notebook is made in, and the longest of them. */
export function piecesOf(id: NotebookFormatId, notebook: NotebookSubject): { count: number; longest: number } {
  let count = 0;
  let longest = 0;
  for (const { text } of notebookFormats[id].write(notebook)) {
    count++;
    longest = Math.max(longest, text.length);
  }
  return { count, longest };
}
