import * as vscode from "vscode";
import { movedTo } from "../../host/movedTo.ts";
import { notebookTypes } from "../../host/notebookTypes.ts";
import { type Disposable, DisposableStore } from "../../shared/disposable.ts";

/** A notebook in an editor whose file is about to be moved. */
interface Shown {
  readonly to: vscode.Uri;
  readonly type: string;
  readonly column: vscode.ViewColumn;
  readonly isActive: boolean;
}

/** Keeps renamed notebooks notebooks: VS Code would open a file again as what its name says, which may be a text. */
export function keepRenamedNotebooks(guard: (work: () => Promise<void>) => void): Disposable {
  const store = new DisposableStore();
  let moving: readonly Shown[] = [];
  store.register(
    vscode.workspace.onWillRenameFiles(({ files }) => {
      moving = files.flatMap(({ oldUri, newUri }) => shownBelow(oldUri, newUri));
    }),
  );
  store.register(
    vscode.workspace.onDidRenameFiles(() => {
      const moved = moving;
      moving = [];
      if (moved.length > 0) guard(() => reopen(moved));
    }),
  );
  return store;
}

function shownBelow(from: vscode.Uri, to: vscode.Uri): readonly Shown[] {
  return vscode.window.tabGroups.all.flatMap(({ tabs, viewColumn, isActive }) =>
    tabs.flatMap(({ input, isActive: isInFront }) => {
      if (!(input instanceof vscode.TabInputNotebook) || !notebookTypes.some((type) => type === input.notebookType))
        return [];
      const uri = movedTo(input.uri.toString(), { from: from.toString(), to: to.toString() });
      if (uri === undefined) return [];
      const shown = { to: vscode.Uri.parse(uri), type: input.notebookType, column: viewColumn };
      return [{ ...shown, isActive: isActive && isInFront }];
    }),
  );
}

async function reopen(moved: readonly Shown[]): Promise<void> {
  // The one in front comes last, and so stays there.
  for (const { to, type, column, isActive } of moved.toSorted((a, b) => Number(a.isActive) - Number(b.isActive))) {
    const group = vscode.window.tabGroups.all.find(({ viewColumn }) => viewColumn === column);
    const text = group?.tabs.find(
      ({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === to.toString(),
    );
    if (text === undefined) continue;
    await vscode.commands.executeCommand("vscode.openWith", to, type, {
      viewColumn: column,
      preserveFocus: !isActive,
      preview: false,
    });
    await vscode.window.tabGroups.close(text);
  }
}
