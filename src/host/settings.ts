import * as vscode from "vscode";
import { DisposableStore } from "../shared/disposable.ts";
import { Emitter } from "../shared/event.ts";
import { readSettings, type Settings } from "./settingsSnapshot.ts";

const section = "promqlWorkbench";

/** Our settings as an immutable snapshot, read again when VS Code says that one of them changed. */
export class WorkspaceSettings extends DisposableStore {
  readonly #changed = this.register(new Emitter<Settings>());
  #current: Settings | undefined;

  /** Fires with the new snapshot. */
  readonly onDidChange = this.#changed.event;

  constructor() {
    super();
    this.register(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (!event.affectsConfiguration(section)) return;
        this.#renew();
      }),
    );
    this.register(vscode.workspace.onDidGrantWorkspaceTrust(() => this.#renew()));
  }

  /** Writes one of the user's settings, because the user said so. */
  async update(key: string, value: unknown): Promise<void> {
    await vscode.workspace.getConfiguration(section).update(key, value, vscode.ConfigurationTarget.Global);
  }

  get current(): Settings {
    if (this.#current === undefined) {
      const configuration = vscode.workspace.getConfiguration(section);
      const userOnly = (key: string) => configuration.inspect<unknown>(key)?.globalValue;
      const { isTrusted } = vscode.workspace;
      this.#current = readSettings({
        // VS Code withholds restricted settings of a folder that is not trusted, but not where they are written nested.
        effective: isTrusted ? (key) => configuration.get<unknown>(key) : userOnly,
        userOnly,
        workspaceOnly: (key) => (isTrusted ? configuration.inspect<unknown>(key)?.workspaceValue : undefined),
      });
    }
    return this.#current;
  }

  #renew(): void {
    this.#current = undefined;
    this.#changed.fire(this.current);
  }
}
