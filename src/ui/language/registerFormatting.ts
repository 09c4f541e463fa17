import * as vscode from "vscode";
import { type Disposable, DisposableStore } from "../../shared/disposable.ts";

/**
 * Format Document, Format Selection and formatting on save, for texts and cells. The layout is that of Prometheus' own formatter, whose
 * indentation is two blanks whatever the editor's is.
 */
export function registerFormatting(): Disposable {
  const load = () => import("./formatting.ts");
  const store = new DisposableStore();
  store.register(
    vscode.languages.registerDocumentFormattingEditProvider(
      { language: "promql" },
      { provideDocumentFormattingEdits: async (document) => (await load()).formattingEdits(document) },
    ),
  );
  store.register(
    vscode.languages.registerDocumentRangeFormattingEditProvider(
      { language: "promql" },
      {
        provideDocumentRangeFormattingEdits: async (document, range) => (await load()).formattingEdits(document, range),
      },
    ),
  );
  return store;
}
