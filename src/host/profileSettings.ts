import { isDeepStrictEqual } from "node:util";
import * as vscode from "vscode";
import type { SettingsTextProblem, SettingsTextResult } from "../connections/settingsText.ts";
import type { ProfileSettings } from "../platform/ports.ts";
import { DisposableStore } from "../shared/disposable.ts";
import { AppError, type Failure } from "../shared/errors.ts";
import { Emitter } from "../shared/event.ts";
import { openUserSettings } from "./openUserSettings.ts";
import { userSettingsPaths } from "./userSettingsPath.ts";

const key = "promqlWorkbench.connections";

/** Of the same scope as the connections, so that both lie in the same file. */
const reloadKey = "promqlWorkbench.query.maxSamples";

/**
 * The user's connections in VS Code's settings. `WorkspaceConfiguration.update` writes a whole value and loses the
 * comments in it, so it serves only for the first connection, when there is no value yet. Later edits are made in the
 * text of the settings file: the file that VS Code reads is looked for, must hold exactly the value that VS Code reports,
 * and is written with nothing but that edit. Where it cannot be found from here (a remote window with its settings on
 * another machine) VS Code is asked to open it. No way loses a comment.
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

  /** `whole` is the value to write if there is none yet, and so no comment in it. */
  async #edit(change: (text: string) => SettingsTextResult, whole: readonly unknown[] | undefined): Promise<void> {
    if (this.read() !== undefined || whole === undefined) {
      await this.#editFile((await this.#findFile()) ?? (await this.#askForFile()), change);
      return;
    }
    try {
      await vscode.workspace.getConfiguration().update(key, whole, vscode.ConfigurationTarget.Global);
    } catch (error) {
      throw new AppError(refusal(error instanceof Error ? error.message : String(error)), { cause: error });
    }
  }

  async #editFile({ uri, text }: SettingsFile, change: (text: string) => SettingsTextResult): Promise<void> {
    const { readSettingFromText } = await import("../connections/settingsText.ts");
    const result = change(text);
    if (!result.ok) throw refused(textProblems[result.problem]);
    if (result.text === text) return;
    const seen = this.#nextChange();
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(result.text));
    await seen;
    const expected = readSettingFromText(result.text, key);
    const isRead = () => expected.ok && this.#holds(expected.value);
    let cause: unknown;
    if (!isRead()) {
      await this.#reload().catch((error: unknown) => {
        cause = error;
      });
    }
    if (!isRead()) {
      throw new AppError({ kind: "misconfigured", what: "settingsNotRead", detail: uri.path }, { cause });
    }
  }

  /** True if VS Code reports this value for the user. */
  #holds(value: unknown): boolean {
    return isDeepStrictEqual(plain(value), plain(this.read()));
  }

  /**
   * Makes VS Code read its settings again where it did not notice that they were saved (in its server they have another
   * URI than the document, and on some file systems nothing can be watched): an update reads them in any case. This one
   * gives a plain number the value it has, which changes nothing in the file.
   */
  async #reload(): Promise<void> {
    const configuration = vscode.workspace.getConfiguration();
    const value = configuration.inspect<unknown>(reloadKey)?.globalValue;
    await configuration.update(reloadKey, value, vscode.ConfigurationTarget.Global);
  }

  /** Ends when VS Code says that the connections changed, at the latest after half a second. */
  #nextChange(): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        subscription.dispose();
        clearTimeout(timer);
        resolve();
      };
      const subscription = this.onDidChange(finish);
      const timer = setTimeout(finish, 500);
    });
  }

  async #findFile(): Promise<SettingsFile | undefined> {
    // Desktop VS Code has its settings as `vscode-userdata`, its server as files of its own machine.
    const schemes = new Set(["vscode-userdata", this.#globalStorage.scheme]);
    const paths = userSettingsPaths(this.#globalStorage.path);
    const derived = [...schemes].flatMap((scheme) => paths.map((path) => vscode.Uri.from({ scheme, path })));
    const open = vscode.workspace.textDocuments
      .map(({ uri }) => uri)
      .filter(({ scheme }) => scheme === "vscode-userdata");
    for (const uri of [...derived, ...open]) {
      const file = await readQuietly(uri);
      if (file !== undefined && (await this.#objection(file)) === undefined) return file;
    }
    return undefined;
  }

  /**
   * Why this is not the file to edit. The right one holds the value that VS Code reports for the user, and no editor has
   * changes of it that the user has not saved.
   */
  async #objection({ uri, text }: SettingsFile): Promise<string | undefined> {
    const isDirty = vscode.workspace.textDocuments.some(
      (document) => document.isDirty && document.uri.path === uri.path,
    );
    if (isDirty) return "It has changes that are not saved. Save or revert them first.";
    const { readSettingFromText } = await import("../connections/settingsText.ts");
    const inText = readSettingFromText(text, key);
    if (!inText.ok) return textProblems[inText.problem];
    return this.#holds(inText.value) ? undefined : "It holds other connections.";
  }

  /** Lets VS Code open the file, which is visible to the user and works wherever the file is. */
  async #askForFile(): Promise<SettingsFile> {
    const document = await openUserSettings();
    const file = document === undefined ? undefined : await readQuietly(document.uri);
    if (file === undefined) throw refused("It could not be found from here.");
    const objection = await this.#objection(file);
    if (objection !== undefined) throw refused(objection);
    return file;
  }
}

/** A settings file as read. */
interface SettingsFile {
  readonly uri: vscode.Uri;
  readonly text: string;
}

const textProblems: Readonly<Record<SettingsTextProblem, string>> = {
  unparsable: "It is not valid JSON.",
  keyTwice: `It holds ${key} more than once.`,
  notAList: `${key} is not a list.`,
  idMissing: "The connection is not in it.",
};

/**
 * `undefined` where there is no such file, or only on another machine. Other bytes than UTF-8 are left alone. A byte order
 * mark stays in the text, so that it is written back.
 */
async function readQuietly(uri: vscode.Uri): Promise<SettingsFile | undefined> {
  try {
    const bytes = await vscode.workspace.fs.readFile(uri);
    return { uri, text: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return undefined;
  }
}

/** Settings come as frozen proxies; only their JSON is compared. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function refusal(detail: string): Failure {
  return { kind: "misconfigured", what: "settingsFile", detail };
}

function refused(detail: string): AppError {
  return new AppError(refusal(detail));
}
