import * as vscode from "vscode";
import type { PromqlDocuments } from "../../host/promqlDocuments.ts";
import type { WorkspaceSettings } from "../../host/settings.ts";
import { formatFile } from "../../promql/format/formatFile.ts";

/**
 * Format Document, Format Selection and formatting on save, for texts and cells. The layout is that of Prometheus' own formatter, whose
 * indentation is two blanks whatever the editor's is. A query that cannot be laid out stays as it is and nothing is said of it:
 * saving may have asked, and what is wrong with a text is told at its place.
 */
export class PromqlFormatting
  implements vscode.DocumentFormattingEditProvider, vscode.DocumentRangeFormattingEditProvider
{
  readonly #documents: PromqlDocuments;
  readonly #settings: Pick<WorkspaceSettings, "current">;

  constructor(documents: PromqlDocuments, settings: Pick<WorkspaceSettings, "current">) {
    this.#documents = documents;
    this.#settings = settings;
  }

  provideDocumentFormattingEdits(document: vscode.TextDocument): vscode.TextEdit[] {
    return this.#edits(document, undefined);
  }

  /** Those of the blocks that the range touches. */
  provideDocumentRangeFormattingEdits(document: vscode.TextDocument, range: vscode.Range): vscode.TextEdit[] {
    return this.#edits(document, { from: document.offsetAt(range.start), to: document.offsetAt(range.end) });
  }

  #edits(document: vscode.TextDocument, touching: { readonly from: number; readonly to: number } | undefined) {
    const file = this.#documents.parse(document);
    const canonical = this.#settings.current.format.style === "server";
    return formatFile(document.getText(), file, { touching, canonical }).map(({ from, to, text }) =>
      vscode.TextEdit.replace(new vscode.Range(document.positionAt(from), document.positionAt(to)), text),
    );
  }
}
