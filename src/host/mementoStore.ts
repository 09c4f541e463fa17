import type * as vscode from "vscode";
import type { KeyValueStore } from "../platform/ports.ts";

/** Small values in VS Code's storage of this workspace or of this user. */
export class MementoStore implements KeyValueStore {
  readonly #memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  get(key: string): unknown {
    return this.#memento.get(key);
  }

  async set(key: string, value: unknown): Promise<void> {
    await this.#memento.update(key, value);
  }
}
