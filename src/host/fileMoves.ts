import * as vscode from "vscode";
import { DisposableStore } from "../shared/disposable.ts";
import { Emitter } from "../shared/event.ts";

/** From where to where a file or folder was moved, as URIs; what was an untitled text is a file from now on. */
export interface FileMove {
  readonly from: string;
  readonly to: string;
}

/**
 * Tells where files went. Of renamed files VS Code says so. Of an untitled text that is saved it does not: a file with the
 * same text is saved, and then the untitled one is closed, which together are taken for it.
 */
export class FileMoves extends DisposableStore {
  readonly #moved = this.register(new Emitter<FileMove>());
  /** The file that an untitled text has the same text as while that is saved, by the untitled one's URI. */
  readonly #becoming = new Map<string, { readonly to: string; isSaved: boolean }>();

  readonly onDidMove = this.#moved.event;

  constructor() {
    super();
    const { workspace } = vscode;
    this.register(
      workspace.onDidRenameFiles(({ files }) => {
        for (const { oldUri, newUri } of files) this.#moved.fire({ from: oldUri.toString(), to: newUri.toString() });
      }),
    );
    // Before anything that formats on saving makes another text of it.
    this.register(workspace.onWillSaveTextDocument(({ document }) => this.#willSave(document)));
    this.register(
      workspace.onDidSaveTextDocument(({ uri }) => {
        for (const one of this.#becoming.values()) if (one.to === uri.toString()) one.isSaved = true;
      }),
    );
    this.register(
      workspace.onDidChangeTextDocument(({ document }) => {
        // One that was saved is emptied before it is closed; another change says that it goes on being written.
        if (this.#becoming.size > 0 && document.isUntitled && document.getText() !== "")
          this.#becoming.delete(document.uri.toString());
      }),
    );
    this.register(
      workspace.onDidCloseTextDocument(({ uri }) => {
        const from = uri.toString();
        const file = this.#becoming.get(from);
        this.#becoming.delete(from);
        if (file?.isSaved === true) this.#moved.fire({ from, to: file.to });
      }),
    );
  }

  #willSave(document: vscode.TextDocument): void {
    const untitled = vscode.workspace.textDocuments.filter(
      ({ isUntitled, languageId }) => isUntitled && languageId === "promql",
    );
    if (untitled.length === 0) return;
    const text = document.getText();
    for (const one of untitled) {
      if (text !== "" && one.getText() === text)
        this.#becoming.set(one.uri.toString(), { to: document.uri.toString(), isSaved: false });
    }
  }
}
