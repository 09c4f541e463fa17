import * as vscode from "vscode";
import { type PromqlFile, parsePromqlCell, parsePromqlFile } from "../promql/file.ts";
import { DisposableStore } from "../shared/disposable.ts";
import { Emitter } from "../shared/event.ts";
import { cellOf, defaultsCellOf, titleOf } from "./notebookCells.ts";

/** How long typing rests before problems are looked for again, in milliseconds. */
const quietMs = 150;

/** One reading of a `.promql` document for each of its versions, shared by lenses, problems and runs. */
export class PromqlDocuments extends DisposableStore {
  readonly #parsed = new WeakMap<vscode.TextDocument, { readonly version: string; readonly file: PromqlFile }>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #settled = this.register(new Emitter<vscode.TextDocument>());
  readonly #closed = this.register(new Emitter<vscode.Uri>());

  /** Fires when a document was opened, or changed and then left alone for a moment. */
  readonly onDidSettle = this.#settled.event;
  readonly onDidClose = this.#closed.event;

  constructor() {
    super();
    this.register(vscode.workspace.onDidOpenTextDocument((document) => this.#schedule(document, 0)));
    this.register(vscode.workspace.onDidChangeTextDocument(({ document }) => this.#schedule(document, quietMs)));
    this.register(
      vscode.workspace.onDidCloseTextDocument(({ uri, languageId }) => {
        if (languageId === "promql") this.#closed.fire(uri);
      }),
    );
    for (const document of vscode.workspace.textDocuments) this.#schedule(document, 0);
  }

  /** The document as blocks and directives; offsets are those of its present text. A notebook's cell is one block. */
  parse(document: vscode.TextDocument): PromqlFile {
    const cell = cellOf(document);
    const first = cell && defaultsCellOf(cell.notebook);
    const defaults = first === undefined || first === cell ? undefined : first.document;
    const title = cell && titleOf(cell.metadata);
    const version = `${document.version} ${defaults?.uri.fragment} ${defaults?.version} ${title}`;
    const known = this.#parsed.get(document);
    if (known?.version === version) return known.file;
    const file =
      cell === undefined
        ? parsePromqlFile(document.getText())
        : parsePromqlCell(document.getText(), {
            defaults: (defaults === undefined ? [] : this.parse(defaults).blocks[0]?.directives) ?? [],
            title,
          });
    this.#parsed.set(document, { version, file });
    return file;
  }

  override dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    super.dispose();
  }

  #schedule(document: vscode.TextDocument, delayMs: number): void {
    if (document.languageId !== "promql" || this.isDisposed) return;
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => {
        this.#timers.delete(key);
        if (!document.isClosed) this.#settled.fire(document);
      }, delayMs),
    );
  }
}
