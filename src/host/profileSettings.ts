import { isDeepStrictEqual } from "node:util";
import * as vscode from "vscode";
import type { SettingsTextProblem, SettingsTextResult } from "../connections/settingsText.ts";
import type { ProfileSettings } from "../platform/ports.ts";
import { DisposableStore } from "../shared/disposable.ts";
import { AppError } from "../shared/errors.ts";
import { Emitter } from "../shared/event.ts";
import { openUserSettings } from "./openUserSettings.ts";
import { userSettingsPaths } from "./userSettingsPath.ts";

const key = "promqlWorkbench.connections";

/**
 * The user's connections in VS Code's settings. `WorkspaceConfiguration.update` writes a whole value and loses the
 * comments in it, so an edit is made in the text of the settings file: the file that VS Code reads is looked for, must
 * hold exactly the value that VS Code reports, and is then edited and saved like any document. Where it cannot be found
 * from here (a remote window with its settings on another machine) VS Code is asked to open it.
 */
export class UserProfileSettings extends DisposableStore implements ProfileSettings {
  readonly #globalStorage: vscode.Uri;
  readonly #changed = this.register(new Emitter<void>());
  /** Edits one after the other: each begins with the text that the one before has saved. */
  #queue: Promise<unknown> = Promise.resolve();

  readonly onDidChange = this.#changed.event;

  constructor(globalStorage: vscode.Uri) {
    super();
    this.#globalStorage = globalStorage;
    this.register(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(key)) this.#changed.fire();
      }),
    );
  }

  read(): unknown {
    return vscode.workspace.getConfiguration().inspect<unknown>(key)?.globalValue;
  }

  upsert(id: string, profile: Readonly<Record<string, unknown>>): Promise<void> {
    return this.#inTurn(async () => {
      const { upsertInSettingsText } = await import("../connections/settingsText.ts");
      await this.#edit((text) => upsertInSettingsText(text, key, id, profile), [profile]);
    });
  }

  remove(id: string): Promise<void> {
    return this.#inTurn(async () => {
      const { removeFromSettingsText } = await import("../connections/settingsText.ts");
      await this.#edit((text) => removeFromSettingsText(text, key, id), undefined);
    });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  /** `whole` is the value to write if there is nothing yet whose comments could be lost. */
  async #edit(change: (text: string) => SettingsTextResult, whole: unknown): Promise<void> {
    const document = await this.#findDocument();
    if (document !== undefined) {
      await this.#editDocument(document, change);
      return;
    }
    const value = this.read();
    if (whole !== undefined && (value === undefined || (Array.isArray(value) && value.length === 0))) {
      await vscode.workspace.getConfiguration().update(key, whole, vscode.ConfigurationTarget.Global);
      return;
    }
    await this.#editDocument(await this.#askForDocument(), change);
  }

  async #editDocument(document: vscode.TextDocument, change: (text: string) => SettingsTextResult): Promise<void> {
    const { changeBetween } = await import("../connections/settingsText.ts");
    const before = document.getText();
    const result = change(before);
    if (!result.ok) throw refused(textProblems[result.problem]);
    const edit = changeBetween(before, result.text);
    if (edit === undefined) return;
    const range = new vscode.Range(document.positionAt(edit.from), document.positionAt(edit.to));
    const workspaceEdit = new vscode.WorkspaceEdit();
    workspaceEdit.replace(document.uri, range, edit.insert);
    const seen = this.#nextChange();
    if (!(await vscode.workspace.applyEdit(workspaceEdit))) throw refused("VS Code did not apply the edit.");
    if (!(await document.save())) throw refused("VS Code did not save it; the edit is still in its editor.");
    await seen;
  }

  /** Ends when VS Code has read the file again, at the latest after two seconds: reading back must not give the old value. */
  #nextChange(): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        subscription.dispose();
        clearTimeout(timer);
        resolve();
      };
      const subscription = this.onDidChange(finish);
      const timer = setTimeout(finish, 2000);
    });
  }

  async #findDocument(): Promise<vscode.TextDocument | undefined> {
    const open = vscode.workspace.textDocuments.filter(isSettingsDocument).map(({ uri }) => uri);
    const derived = userSettingsPaths(this.#globalStorage.path).map((path) =>
      vscode.Uri.from({ scheme: "vscode-userdata", path }),
    );
    for (const uri of [...open, ...derived]) {
      const document = await openQuietly(uri);
      if (document !== undefined && (await this.#objection(document)) === undefined) return document;
    }
    return undefined;
  }

  /**
   * Why this is not the file to edit. The right one holds the value that VS Code reports for the user, and nothing that
   * the user has not saved.
   */
  async #objection(document: vscode.TextDocument): Promise<string | undefined> {
    if (document.isDirty) return "It has changes that are not saved. Save or revert them first.";
    const { readSettingFromText } = await import("../connections/settingsText.ts");
    const inText = readSettingFromText(document.getText(), key);
    if (!inText.ok) return textProblems[inText.problem];
    return isDeepStrictEqual(plain(inText.value), plain(this.read())) ? undefined : "It holds other connections.";
  }

  /** Lets VS Code open the file, which is visible to the user and works wherever the file is. */
  async #askForDocument(): Promise<vscode.TextDocument> {
    const document = await openUserSettings();
    if (document === undefined || !isSettingsDocument(document)) throw refused("It could not be found from here.");
    const objection = await this.#objection(document);
    if (objection !== undefined) throw refused(objection);
    return document;
  }
}

const textProblems: Readonly<Record<SettingsTextProblem, string>> = {
  unparsable: "It is not valid JSON.",
  keyTwice: `It holds ${key} more than once.`,
  notAList: `${key} is not a list.`,
  idMissing: "The connection is not in it.",
};

function isSettingsDocument({ uri }: vscode.TextDocument): boolean {
  return uri.scheme === "vscode-userdata" && uri.path.endsWith("/settings.json");
}

async function openQuietly(uri: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  try {
    return await vscode.workspace.openTextDocument(uri);
  } catch {
    // Not there: the user has no such file, or it is on another machine.
    return undefined;
  }
}

/** Settings come as frozen proxies; only their JSON is compared. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function refused(detail: string): AppError {
  return new AppError({ kind: "misconfigured", what: "settingsFile", detail });
}
