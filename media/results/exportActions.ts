import type { ResultAction, ResultSummary } from "../../src/shared/protocol/results.ts";

type Entry = readonly [title: string, action: ResultAction];

/** The groups of the menu that export or copy the answer looked at; none without one. */
export function exportActions(result: ResultSummary | undefined): readonly (readonly Entry[])[] {
  if (result === undefined) return [];
  // An instant answer has one moment: a row for each would be a single one.
  const wide: readonly Entry[] =
    result.type === "matrix" ? [["Export CSV, One Column per Series…", "exportCsvWide"]] : [];
  return [
    [
      [result.type === "matrix" ? "Export CSV, One Row per Sample…" : "Export CSV…", "exportCsv"],
      ...wide,
      ["Export JSON…", "exportJson"],
      ["Export Markdown…", "exportMarkdown"],
    ],
    [
      ["Copy as CSV", "copyCsv"],
      ["Copy as Markdown", "copyMarkdown"],
    ],
  ];
}
