import * as vscode from "vscode";
import type { PromqlDocuments } from "../../host/promqlDocuments.ts";
import { queryBlock, queryFile, type SuggestedQuery } from "../../query/defaultQuery.ts";
import type { QueryOpener } from "../../query/queryOpener.ts";
import type { RunController } from "./runController.ts";

/** The text into which queries of the side bar go, visible and editable like any other. */
export class ScratchText implements QueryOpener {
  readonly #documents: PromqlDocuments;
  readonly #controller: RunController;
  #document: vscode.TextDocument | undefined;
  /** The last block as it was put there, and where it begins. */
  #last: { readonly from: number; readonly text: string } | undefined;

  constructor({
    documents,
    controller,
  }: {
    readonly documents: PromqlDocuments;
    readonly controller: RunController;
  }) {
    this.#documents = documents;
    this.#controller = controller;
  }

  async explore(query: SuggestedQuery): Promise<void> {
    const document = await this.#scratch();
    const editor = await vscode.window.showTextDocument(document, { preview: false, viewColumn: textColumn(document) });
    const text = document.getText();
    const last = this.#last;
    const isUntouched = last !== undefined && text.slice(last.from) === last.text;
    const from = isUntouched ? last.from : text.length;
    const gap =
      from === 0 || text.slice(0, from).endsWith("\n\n") ? "" : text.slice(0, from).endsWith("\n") ? "\n" : "\n\n";
    const block = `${gap}${queryBlock(query)}`;
    const range = new vscode.Range(document.positionAt(from), document.positionAt(text.length));
    await editor.edit((edit) => edit.replace(range, block));
    this.#last = { from, text: block };
    const place = document.positionAt(from + block.length - 1);
    editor.selection = new vscode.Selection(place, place);
    editor.revealRange(new vscode.Range(document.positionAt(from), place));
    const added = this.#documents.parse(document).blocks.findLast(({ kind }) => kind === "query");
    if (added !== undefined) await this.#controller.runBlock(document, added.key);
  }

  async open(queries: readonly SuggestedQuery[]): Promise<void> {
    const content = queryFile(queries);
    const document = await vscode.workspace.openTextDocument({ language: "promql", content });
    await vscode.window.showTextDocument(document, { preview: false, viewColumn: textColumn(document) });
  }

  async insert(text: string): Promise<boolean> {
    const editor = vscode.window.activeTextEditor ?? vscode.window.visibleTextEditors.at(0);
    if (editor === undefined) return false;
    await vscode.window.showTextDocument(editor.document, editor.viewColumn);
    return editor.edit((edit) => {
      for (const selection of editor.selections) edit.replace(selection, text);
    });
  }

  async #scratch(): Promise<vscode.TextDocument> {
    if (this.#document === undefined || this.#document.isClosed) {
      this.#document = await vscode.workspace.openTextDocument({ language: "promql", content: "" });
      this.#last = undefined;
    }
    return this.#document;
  }
}

/** Where a text is shown: where it is already, else in a group that does not show results. */
function textColumn(document: vscode.TextDocument): vscode.ViewColumn {
  const groups = vscode.window.tabGroups.all;
  const holds = ({ tabs }: vscode.TabGroup) =>
    tabs.some(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === document.uri.toString());
  const isText = ({ activeTab }: vscode.TabGroup) => !(activeTab?.input instanceof vscode.TabInputWebview);
  const { activeTabGroup } = vscode.window.tabGroups;
  const group = groups.find(holds) ?? (isText(activeTabGroup) ? activeTabGroup : groups.find(isText));
  return group?.viewColumn ?? vscode.ViewColumn.One;
}
