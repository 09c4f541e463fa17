import type { QueryData } from "../../shared/model/answer.ts";
import { csvExport } from "./csvExport.ts";
import { csvWideExport } from "./csvWideExport.ts";
import type { ExportWriter } from "./exportSubject.ts";
import { jsonExport } from "./jsonExport.ts";
import { markdownExport } from "./markdownExport.ts";

/** Ids of the formats, which keys and scripts may name. */
export const exportFormatIds = ["csv", "csvWide", "json", "markdown"] as const;

export type ExportFormatId = (typeof exportFormatIds)[number];

/** A form in which an answer can be exported. */
export interface ExportFormat {
  readonly title: string;
  readonly detail: string;
  /** Of the file's kind, as a save dialog shows it. */
  readonly kind: string;
  readonly extension: string;
  readonly write: ExportWriter;
}

export const exportFormats: Readonly<Record<ExportFormatId, ExportFormat>> = {
  csv: {
    title: "CSV (one row per sample)",
    detail: "Time, a column for each label, value",
    kind: "CSV",
    extension: "csv",
    write: csvExport,
  },
  csvWide: {
    title: "CSV (one column per series)",
    detail: "A row for each time, for charts in a spreadsheet",
    kind: "CSV",
    extension: "csv",
    write: csvWideExport,
  },
  json: {
    title: "JSON",
    detail: "In the shape of Prometheus' API, with query and server",
    kind: "JSON",
    extension: "json",
    write: jsonExport,
  },
  markdown: {
    title: "Markdown",
    detail: "A table of series with their numbers, for tickets and notes",
    kind: "Markdown",
    extension: "md",
    write: markdownExport,
  },
};

/** The formats that make sense for an answer. A vector has one time, so a row for each time would be a single one. */
export function formatsFor(data: QueryData): readonly ExportFormatId[] {
  return exportFormatIds.filter((id) => id !== "csvWide" || data.type === "matrix");
}
