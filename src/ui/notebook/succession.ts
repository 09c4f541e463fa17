import * as vscode from "vscode";
import type { FileMove } from "../../host/fileMoves.ts";
import { movedTo } from "../../host/movedTo.ts";
import { isPromqlNotebook } from "../../host/notebookTypes.ts";
import type { Clock } from "../../platform/ports.ts";
import { type Disposable, DisposableStore } from "../../shared/disposable.ts";
import type { Event } from "../../shared/event.ts";
import { keyOf } from "./notebookRuns.ts";

/** For so long, in ms, what a closed notebook had is kept for another one. */
const keptMs = 5000;

export interface SuccessionDeps<Estate> {
  readonly clock: Clock;
  readonly onDidMove: Event<FileMove>;
  /** What a notebook that is closed has to leave, if anything. */
  readonly estateOf: (notebook: vscode.NotebookDocument) => Estate | undefined;
  /** Given to the notebook that takes its place; `keys`: what each of its cells was called before. */
  readonly inherit: (estate: Estate, notebook: vscode.NotebookDocument, keys: readonly string[]) => void;
}

/** A notebook that was closed a moment ago. */
interface Left<Estate> {
  readonly estate: Estate;
  readonly isUntitled: boolean;
  /** Where its file went, if it was moved. */
  readonly to: string | undefined;
  readonly keys: readonly string[];
  readonly texts: string;
  readonly end: Disposable;
}

/**
 * Tells which notebook takes the place of which: VS Code closes one whose file is renamed, or that is saved for the first time, and
 * opens another one with the same cells.
 */
export class Succession<Estate> extends DisposableStore {
  readonly #deps: SuccessionDeps<Estate>;
  /** Where files of open notebooks have gone. */
  readonly #moved = new Map<string, string>();
  #left: Left<Estate> | undefined;

  constructor(deps: SuccessionDeps<Estate>) {
    super();
    this.#deps = deps;
    this.register(
      deps.onDidMove((move) => {
        for (const { uri } of vscode.workspace.notebookDocuments) {
          const to = movedTo(uri.toString(), move);
          if (to !== undefined) this.#moved.set(uri.toString(), to);
        }
      }),
    );
    this.register(vscode.workspace.onDidOpenNotebookDocument(() => this.#settle()));
  }

  /** To be told when a notebook is closed, before what it had is given up. */
  close(notebook: vscode.NotebookDocument): void {
    const id = notebook.uri.toString();
    const to = this.#moved.get(id);
    this.#moved.delete(id);
    const estate = this.#deps.estateOf(notebook);
    if (estate === undefined || (to === undefined && !notebook.isUntitled)) return;
    this.#forget();
    this.#left = {
      ...{ estate, to, isUntitled: notebook.isUntitled },
      keys: notebook.getCells().map(keyOf),
      texts: textsOf(notebook),
      end: this.#deps.clock.setTimeout(() => this.#forget(), keptMs),
    };
    this.#settle();
  }

  override dispose(): void {
    this.#forget();
    super.dispose();
  }

  #settle(): void {
    const left = this.#left;
    if (left === undefined) return;
    const next = vscode.workspace.notebookDocuments.find(
      (one) =>
        isPromqlNotebook(one) &&
        (one.uri.toString() === left.to || (left.isUntitled && !one.isUntitled)) &&
        this.#deps.estateOf(one) === undefined &&
        textsOf(one) === left.texts,
    );
    if (next === undefined) return;
    this.#forget();
    this.#deps.inherit(left.estate, next, left.keys);
  }

  #forget(): void {
    this.#left?.end.dispose();
    this.#left = undefined;
  }
}

function textsOf(notebook: vscode.NotebookDocument): string {
  return JSON.stringify(notebook.getCells().map(({ kind, document }) => [kind, document.getText()]));
}
