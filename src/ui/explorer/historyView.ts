import * as vscode from "vscode";
import { historyNodes } from "../../catalog/historyNodes.ts";
import type { TreeNode } from "../../catalog/treeNode.ts";
import type { SuggestedQuery } from "../../query/defaultQuery.ts";
import type { RunHistory } from "../../query/runHistory.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import { treeItem } from "./explorerView.ts";
import { momentText } from "./momentText.ts";

/** The last runs of this user, of all connections. Sends nothing. */
export class HistoryView extends DisposableStore implements vscode.TreeDataProvider<TreeNode> {
  readonly #history: RunHistory;
  readonly #changed = this.register(new vscode.EventEmitter<TreeNode | undefined>());
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(history: RunHistory) {
    super();
    this.#history = history;
    this.register(history.onDidChange(() => this.redraw()));
  }

  /** Asks for the rows again. */
  redraw(): void {
    this.#changed.fire(undefined);
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    return treeItem(node);
  }

  getChildren(node?: TreeNode): TreeNode[] {
    return node === undefined ? [...historyNodes(this.#history.list(), momentText)] : [];
  }

  /** A remembered query as it can be run again, on the connection that it went to. */
  query(id: string): SuggestedQuery | undefined {
    const entry = this.#history.list().find((one) => one.id === id);
    if (entry === undefined) return undefined;
    const { title, text, connectionId } = entry;
    return { title, text, connection: connectionId };
  }

  remove(ids: readonly string[]): Promise<void> {
    return this.#history.remove(ids);
  }

  async clear(): Promise<void> {
    const clear = "Clear History";
    const answer = await vscode.window.showWarningMessage(
      "Clear the history of runs?",
      { modal: true, detail: "Files and results stay as they are." },
      clear,
    );
    if (answer === clear) await this.#history.clear();
  }
}
