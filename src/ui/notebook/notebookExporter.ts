import * as vscode from "vscode";
import { parseExportOptions } from "../../host/exportOptions.ts";
import { FileExporter } from "../../host/fileExporter.ts";
import { readCell } from "../../host/notebookCells.ts";
import { counted } from "../../query/export/exportFacts.ts";
import { exportFileName } from "../../query/export/exportFileName.ts";
import {
  type NotebookFormatId,
  notebookChunks,
  notebookFormatIds,
  notebookFormats,
} from "../../query/export/notebook/notebookFormats.ts";
import type { NotebookSubject } from "../../query/export/notebook/notebookSubject.ts";
import type { Run } from "../../query/run.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import type { TimeZone } from "../../shared/model/zonedTime.ts";

export interface ExportedNotebook {
  readonly notebook: vscode.NotebookDocument;
  readonly runOf: (cell: vscode.NotebookCell) => Run | undefined;
  /** True if the cell, or what it depends on, was changed since its run. */
  readonly isStale: (cell: vscode.NotebookCell) => boolean;
  /** The title that stands below the cell. */
  readonly titleOf: (cell: vscode.NotebookCell) => string | undefined;
  readonly describe: NotebookSubject["describe"];
  readonly now: number;
  readonly zone: TimeZone;
}

/** Exports notebooks with what their queries came to, for people who do not run them. */
export class NotebookExporter extends DisposableStore {
  readonly #files = this.register(new FileExporter());

  /** Asks for what `options` (of a key binding) do not say. */
  async export(from: ExportedNotebook, options: unknown): Promise<void> {
    const { format, target } = parseExportOptions(options, notebookFormatIds);
    const { notebook, describe, now, zone } = from;
    // Taken before the person is asked: cells may be run again meanwhile.
    const cells = notebook.getCells().map((cell): NotebookSubject["cells"][number] => {
      const { kind, text } = readCell(cell, cell.document.getText());
      if (kind === "markdown") return { kind, text };
      const run = from.runOf(cell);
      return { kind, text, title: from.titleOf(cell), run, isStale: from.isStale(cell) };
    });
    const id = format ?? (await pickFormat());
    if (id === undefined) return;
    const title = (notebook.uri.path.split("/").at(-1) ?? "").replace(/\.promql(nb)?$/, "");
    const subject: NotebookSubject = { title, exportedAt: now, zone, cells, describe };
    const { kind, extension, title: name } = notebookFormats[id];
    const queries = cells.filter((cell) => cell.kind === "query" && cell.run !== undefined).length;
    await this.#files.write(
      {
        fileName: exportFileName(title, now, zone, extension),
        ...{ kind, extension, title: `Export Notebook as ${name}` },
        extent: counted(queries, "query with its result", "queries with their results"),
        chunks: (options) => notebookChunks(id, subject, options),
      },
      target,
    );
  }
}

async function pickFormat(): Promise<NotebookFormatId | undefined> {
  const items = notebookFormatIds.map((id) => ({
    id,
    label: notebookFormats[id].title,
    description: notebookFormats[id].detail,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: "Export the Notebook with Its Results",
    placeHolder: "Format of the file",
  });
  return picked?.id;
}
