import type * as vscode from "vscode";
import type { SecretStore } from "../platform/ports.ts";

/** VS Code's secret storage. It is per machine, and forgets silently what it can no longer decrypt. */
export class HostSecretStore implements SecretStore {
  readonly #secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  async get(key: string): Promise<string | undefined> {
    return this.#secrets.get(key);
  }

  async set(key: string, value: string): Promise<void> {
    await this.#secrets.store(key, value);
  }

  async delete(key: string): Promise<void> {
    await this.#secrets.delete(key);
  }

  async keys(): Promise<readonly string[]> {
    return this.#secrets.keys();
  }
}
