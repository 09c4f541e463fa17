import { type ExportChunksOptions, exportPieces } from "../exportChunks.ts";
import { notebookHtml } from "./notebookHtml.ts";
import { notebookMarkdown } from "./notebookMarkdown.ts";
import { type NotebookSubject, type NotebookWriter, notebookTotal } from "./notebookSubject.ts";

/** Ids of the formats that a notebook can be exported in. */
export const notebookFormatIds = ["html", "markdown"] as const;

export type NotebookFormatId = (typeof notebookFormatIds)[number];

/** A form in which a notebook can be exported with its results. */
export interface NotebookFormat {
  readonly title: string;
  readonly detail: string;
  /** Of the file's kind, as a save dialog shows it. */
  readonly kind: string;
  readonly extension: string;
  readonly write: NotebookWriter;
}

export const notebookFormats: Readonly<Record<NotebookFormatId, NotebookFormat>> = {
  html: {
    title: "HTML",
    detail: "One page with charts and tables that needs no other file and no script",
    kind: "HTML",
    extension: "html",
    write: notebookHtml,
  },
  markdown: {
    title: "Markdown",
    detail: "Text, queries and tables, for tickets and notes",
    kind: "Markdown",
    extension: "md",
    write: notebookMarkdown,
  },
};

/** The whole notebook as texts of about 64 KiB, giving way to other work in between; throws `cancelled` once `signal` is aborted. */
export function notebookChunks(
  id: NotebookFormatId,
  notebook: NotebookSubject,
  options: ExportChunksOptions,
): AsyncGenerator<string, void> {
  return exportPieces(() => notebookFormats[id].write(notebook), notebookTotal(notebook), options);
}
