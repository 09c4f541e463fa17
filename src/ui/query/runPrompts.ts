import * as vscode from "vscode";
import { destinationTitle } from "../../host/destinationTitle.ts";
import type { FileMove } from "../../host/fileMoves.ts";
import { movedTo } from "../../host/movedTo.ts";
import { plainLabel } from "../../host/plainLabel.ts";
import type { KeyValueStore } from "../../platform/ports.ts";
import type { Destination, QueryConnection, QueryConnections } from "../../query/destination.ts";
import type { RunTarget } from "../../query/run.ts";

const aliasKey = "promqlWorkbench.connectionAliases.v1";
const variableKey = "promqlWorkbench.variables.v1";
const memoryKeys = {
  confirmed: "promqlWorkbench.confirmedFiles.v1",
  introduced: "promqlWorkbench.introducedFiles.v1",
} as const;

/** Files that are remembered in one list; the oldest are forgotten, which only asks or says once more. */
const maxRemembered = 500;

function withLatest(known: Readonly<Record<string, string>>, id: string, value: string): Record<string, string> {
  const { [id]: _before, ...others } = known;
  return Object.fromEntries([...Object.entries(others).slice(1 - maxRemembered), [id, value]]);
}

function record(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  const entries = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return Object.fromEntries(entries);
}

/** Everything that is asked before a query is sent, and what was answered in this workspace before. */
export class RunPrompts {
  readonly #connections: QueryConnections;
  readonly #memory: KeyValueStore;
  /** Where the first run of a file went, while that is said. */
  #introduction: { readonly uri: string; readonly said: vscode.Disposable } | undefined;
  /** Of what is no file yet, by the same ids: the next text that is none has the same name, and is another one. */
  readonly #untitled = { confirmed: new Map<string, string>(), introduced: new Map<string, string>() };

  constructor({ connections, memory }: { readonly connections: QueryConnections; readonly memory: KeyValueStore }) {
    this.#connections = connections;
    this.#memory = memory;
  }

  /** Where a block goes, an earlier choice for an unknown name included. */
  destinationOf(name: string | undefined): Destination {
    // In Restricted Mode a file has no say in where anything is sent.
    const asked = vscode.workspace.isTrusted ? name : undefined;
    const direct = this.#connections.destinationOf(asked);
    if (direct.kind !== "unknown" || asked === undefined) return direct;
    const alias = record(this.#memory.get(aliasKey))[asked];
    if (alias === undefined) return direct;
    const chosen = this.#connections.destinationOf(alias);
    return chosen.kind === "ready" ? chosen : direct;
  }

  /** Where queries that name `name` go, in words. */
  titleOf(name: string | undefined) {
    const isSuggested = name !== undefined && this.suggestionFor(name) !== undefined;
    return destinationTitle(this.destinationOf(name), name, { isSuggested, isTrusted: vscode.workspace.isTrusted });
  }

  /** The connection with this id as it is now. */
  connection(id: string): QueryConnection | undefined {
    return this.#connections.list().find(({ target }) => target.connectionId === id);
  }

  /** Restricted Mode reads and writes, but asks for trust before it runs a file's queries. */
  async confirmTrust(): Promise<boolean> {
    if (vscode.workspace.isTrusted) return true;
    const manage = "Manage Workspace Trust";
    const answer = await vscode.window.showWarningMessage(
      "Running queries is off in Restricted Mode.",
      { modal: true, detail: "Files of this folder are not trusted yet. Trust the folder to run its queries." },
      manage,
    );
    if (answer === manage) await vscode.commands.executeCommand("workbench.trust.manage");
    return vscode.workspace.isTrusted;
  }

  /** A connection for a block, asking where its text names none that is set up. `undefined`: the user gave up. */
  async connectionFor(name: string | undefined): Promise<QueryConnection | undefined> {
    const destination = this.destinationOf(name);
    switch (destination.kind) {
      case "ready":
        return destination.connection;
      case "disabled":
        await vscode.window.showWarningMessage(`${plainLabel(destination.name)} cannot be used`, {
          modal: true,
          detail: destination.reasons.join("\n"),
        });
        return undefined;
      case "unknown":
        return this.#choose(
          `"${plainLabel(destination.name)}" is not set up here. Where should this query run?`,
          destination.name,
        );
      case "none":
        return this.#choose("Where should this query run?", undefined);
    }
  }

  /** What this workspace suggests for a name that is not set up. */
  suggestionFor(name: string) {
    return this.#connections.suggestionFor(name);
  }

  /** Says where a file's queries go when it is first run there in this workspace. */
  introduce({ target }: QueryConnection, uri: vscode.Uri): void {
    if (this.#known("introduced", target, uri) === target.origin) return;
    const file = uri.path.split("/").at(-1) ?? "";
    const said = vscode.window.setStatusBarMessage(
      `$(server) First run of ${plainLabel(file)} here: it goes to ${plainLabel(target.name)}, ${target.origin}`,
      10_000,
    );
    this.#introduction = { uri: uri.toString(), said };
    void this.#remember("introduced", target, uri);
  }

  /** What was remembered of a text that was no file goes with it. */
  closed(uri: vscode.Uri): void {
    if (uri.scheme !== "untitled") return;
    for (const known of Object.values(this.#untitled))
      for (const id of known.keys()) if (id.endsWith(` ${uri.toString()}`)) known.delete(id);
  }

  #known(what: keyof typeof memoryKeys, target: RunTarget, uri: vscode.Uri): string | undefined {
    const id = `${target.connectionId} ${uri.toString()}`;
    if (uri.scheme === "untitled") return this.#untitled[what].get(id);
    return record(this.#memory.get(memoryKeys[what]))[id];
  }

  async #remember(what: keyof typeof memoryKeys, target: RunTarget, uri: vscode.Uri): Promise<void> {
    const id = `${target.connectionId} ${uri.toString()}`;
    if (uri.scheme === "untitled") this.#untitled[what].set(id, target.origin);
    else
      await this.#memory.set(
        memoryKeys[what],
        withLatest(record(this.#memory.get(memoryKeys[what])), id, target.origin),
      );
  }

  /** A file that has another name by now is not spoken of under the one it had. */
  moved(move: FileMove): void {
    if (this.#introduction === undefined || movedTo(this.#introduction.uri, move) === undefined) return;
    this.#introduction.said.dispose();
    this.#introduction = undefined;
  }

  /**
   * Lets the user pick one of the connections, or adopt the one that the workspace suggests for `name`. `none`: what it is
   * called to name no connection, where that may be picked as well.
   */
  async pickConnection(
    placeHolder: string,
    { name, none }: { readonly name?: string | undefined; readonly none?: string } = {},
  ): Promise<QueryConnection | "add" | "adopt" | "none" | undefined> {
    const suggestion = name === undefined ? undefined : this.suggestionFor(name);
    const adopt = {
      label: `$(cloud-download) Adopt ${plainLabel(suggestion?.name ?? "")}…`,
      description: `suggested by this workspace · ${suggestion?.origin}`,
      connection: "adopt" as const,
    };
    const add = { label: "$(add) Add Connection…", connection: "add" as const };
    const items = this.#connections.list().map((connection) => ({
      label: `$(server) ${plainLabel(connection.target.name)}`,
      description: connection.target.origin,
      connection,
    }));
    if (items.length === 0 && suggestion === undefined && none === undefined) return "add";
    const offers = [
      ...(suggestion === undefined ? [] : [adopt]),
      ...items,
      ...(none === undefined ? [] : [{ label: `$(circle-slash) ${none}`, connection: "none" as const }]),
      add,
    ];
    return (await vscode.window.showQuickPick(offers, { placeHolder, matchOnDescription: true }))?.connection;
  }

  async #choose(placeHolder: string, name: string | undefined): Promise<QueryConnection | undefined> {
    const picked = await this.pickConnection(placeHolder, { name });
    if (picked === undefined || picked === "none") return undefined;
    if (picked === "add" || picked === "adopt") {
      await vscode.commands.executeCommand(
        `promqlWorkbench.connection.${picked}`,
        name === undefined ? undefined : { id: name },
      );
      const destination = this.destinationOf(name);
      return destination.kind === "ready" ? destination.connection : undefined;
    }
    const { connectionId } = picked.target;
    if (name === undefined) await vscode.commands.executeCommand("promqlWorkbench.connection.select", connectionId);
    else await this.#memory.set(aliasKey, { ...record(this.#memory.get(aliasKey)), [name]: connectionId });
    return picked;
  }

  /** A protected connection asks once for each file, every connection once for a secret that needs consent. */
  async confirmSending(connection: QueryConnection, uri: vscode.Uri): Promise<boolean> {
    const { target } = connection;
    if (connection.isProtected) {
      // Confirmed for one server is not confirmed for another that took its place.
      if (this.#known("confirmed", target, uri) !== target.origin) {
        const name = plainLabel(target.name);
        const run = `Run on ${name}`;
        const answer = await vscode.window.showWarningMessage(
          `${name} is protected. Run this file's queries there?`,
          { modal: true, detail: `${target.origin}\nAsked once for each file.` },
          run,
        );
        if (answer !== run) return false;
        await this.#remember("confirmed", target, uri);
      }
    }
    return this.#connections.confirmSending(target.connectionId);
  }

  /** Values remembered in this workspace for names that no directive defines. */
  rememberedVariables(): ReadonlyMap<string, string> {
    return new Map(Object.entries(record(this.#memory.get(variableKey))));
  }

  /** Asks for a value of each name, its last one filled in, and remembers them. `undefined`: the user gave up. */
  async variablesFor(names: readonly string[]): Promise<ReadonlyMap<string, string> | undefined> {
    const values = new Map<string, string>();
    const remembered = this.rememberedVariables();
    for (const [index, name] of names.entries()) {
      const value = await vscode.window.showInputBox({
        title: `Variables of This Query (${index + 1} of ${names.length})`,
        prompt: `Value of $${name}. Add "# @var ${name}=..." to the file to fix it.`,
        value: remembered.get(name) ?? "",
        ignoreFocusOut: true,
      });
      if (value === undefined) return undefined;
      values.set(name, value);
    }
    await this.#memory.set(variableKey, { ...record(this.#memory.get(variableKey)), ...Object.fromEntries(values) });
    return values;
  }
}
