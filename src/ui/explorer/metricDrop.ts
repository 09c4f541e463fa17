import * as vscode from "vscode";
import { type Disposable, toDisposable } from "../../shared/disposable.ts";

/** What a dragged metric is to editors; no other program offers it. */
export const metricDropType = "application/vnd.promql-workbench.metric";

/** Lets metrics of the side bar be dropped into any text (with Shift, as VS Code asks). */
export function registerDrop(): Disposable {
  const registration = vscode.languages.registerDocumentDropEditProvider(
    { pattern: "**" },
    {
      async provideDocumentDropEdits(_document, _position, transfer) {
        const text = await transfer.get(metricDropType)?.asString();
        if (text === undefined || text === "") return undefined;
        const edit = new vscode.DocumentDropEdit(text);
        edit.title = "Insert Metric Name";
        return edit;
      },
    },
    { dropMimeTypes: [metricDropType] },
  );
  return toDisposable(() => registration.dispose());
}
