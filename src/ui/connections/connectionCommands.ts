import * as vscode from "vscode";
import type { ConnectionService } from "../../connections/connectionService.ts";
import { corrected } from "../../connections/form/formCorrection.ts";
import { editForm, newForm } from "../../connections/form/formState.ts";
import type { Profile } from "../../connections/profile.ts";
import type { ProfileStore } from "../../connections/profileStore.ts";
import type { SuggestedConnections, Suggestion } from "../../connections/suggestions.ts";
import { withSignal } from "../../host/cancellation.ts";
import type { ErrorReporter } from "../../host/errorReporter.ts";
import { openUserSettings } from "../../host/openUserSettings.ts";
import { plainLabel } from "../../host/plainLabel.ts";
import { AppError } from "../../shared/errors.ts";
import { type FailureAction, parseRemedy, type Remedy } from "../../shared/failureAction.ts";
import { pickConnection } from "./connectionPicker.ts";
import { describeTakenId, describeTest, noSuggestion } from "./connectionTexts.ts";
import { runWizard } from "./connectionWizard.ts";
import { probeConnection } from "./probeConnection.ts";
import { replaceSecret } from "./replaceSecret.ts";
import { confirmSending } from "./sendingConsents.ts";

/** Commands of connections. Their argument is a connection's id, a node of the tree, or nothing. */
export interface ConnectionCommands {
  "promqlWorkbench.connection.add"(wanted?: unknown): Promise<void>;
  "promqlWorkbench.connection.adopt"(which?: unknown): Promise<void>;
  "promqlWorkbench.connection.edit"(which?: unknown): Promise<void>;
  "promqlWorkbench.connection.remove"(which?: unknown): Promise<void>;
  "promqlWorkbench.connection.select"(which?: unknown): Promise<void>;
  "promqlWorkbench.connection.test"(which?: unknown): Promise<void>;
  "promqlWorkbench.connection.probe"(which?: unknown): Promise<void>;
  "promqlWorkbench.connection.replaceSecret"(which?: unknown): Promise<void>;
  "promqlWorkbench.connection.copyAsCurl"(which?: unknown): Promise<void>;
  "promqlWorkbench.connection.openSettings"(): Promise<void>;
  /** Does what a failure's message proposes; its argument carries a `remedy`. */
  "promqlWorkbench.connection.remedy"(node?: unknown): Promise<void>;
}

export interface ConnectionCommandDeps {
  readonly service: ConnectionService;
  readonly profiles: ProfileStore;
  readonly suggestions: SuggestedConnections;
  readonly reporter: ErrorReporter;
}

/** The implementations of all commands of connections. */
export function connectionCommands({
  service,
  profiles,
  suggestions,
  reporter,
}: ConnectionCommandDeps): ConnectionCommands {
  const wizard = {
    service,
    rawOf: (id: string) => profiles.rawOf(id),
    reportError: (error: unknown) => reporter.report("Saving a connection", error),
  };

  const openSettings = async () => {
    await openUserSettings();
  };

  async function add(wanted: string | undefined, url?: string): Promise<void> {
    const before = service.active;
    const id = await runWizard(newForm(wanted, url), wizard);
    // The only connection is active without having been chosen: a second one must not take that away.
    if (id !== undefined) await service.select(before.kind === "ready" ? before.profile.id : id);
  }

  /** Copies a suggestion of the workspace into the user's setting, once the user has seen where it leads. */
  async function adopt(name: string | undefined): Promise<void> {
    if (!vscode.workspace.isTrusted) {
      await askForTrust();
      return;
    }
    const meant = name === undefined ? undefined : suggestions.find(name);
    const suggestion = meant ?? (await pickSuggestion(suggestions, name));
    if (suggestion === undefined) return;
    const taken = new Set([...service.list(), ...service.disabled()].flatMap(({ id }) => id ?? []));
    if (taken.has(suggestion.id)) {
      // Another server under the name that files use would mislead: the user decides in the form.
      // Not awaited: the message may stand beside the form as long as it likes.
      vscode.window.showInformationMessage(describeTakenId(suggestion)).then(undefined, () => undefined);
      await add(suggestion.name, suggestion.baseUrl);
      return;
    }
    const button = "Add Connection";
    const answer = await vscode.window.showInformationMessage(
      `Add the connection ${plainLabel(suggestion.name)} that this workspace suggests?`,
      {
        modal: true,
        detail: `Queries that you run on it go to\n${suggestion.baseUrl}\n\nIt signs in nowhere until you edit it.`,
      },
      button,
    );
    if (answer !== button) return;
    const before = service.active;
    await profiles.upsert(suggestion.id, { ...suggestion.element, id: suggestion.id });
    await service.select(before.kind === "ready" ? before.profile.id : suggestion.id);
  }

  /** `action`: what a failure proposes to correct, which the form opens with. */
  async function edit(profile: Profile, action?: FailureAction): Promise<void> {
    const form = editForm(profile, await service.bindingsOf(profile));
    await runWizard((action && corrected(form, action)) ?? form, wizard);
  }

  async function repair({ connectionId, action }: Remedy): Promise<void> {
    switch (action.kind) {
      case "openSettings":
        return openSettings();
      case "manageTrust":
        await vscode.commands.executeCommand("workbench.trust.manage");
        return;
      case "restartExtensions":
        await vscode.commands.executeCommand("workbench.action.restartExtensionHost");
        return;
    }
    const profile = service.find(connectionId);
    if (profile === undefined) {
      throw new AppError({ kind: "misconfigured", what: "connectionUnknown", detail: connectionId });
    }
    if (action.kind === "testConnection") return test(profile, service, reporter);
    if (action.kind === "replaceSecret") return replaceSecret(profile, service);
    if (action.kind !== "useMethodGet") return edit(profile, action);
    await profiles.upsert(profile.id, { method: "GET" });
    void vscode.window.setStatusBarMessage(`$(info) ${plainLabel(profile.name)} is asked by GET from now on.`, 4000);
  }

  /** The connection that an argument names, or that the user picks. `undefined`: none, or something else was done. */
  async function chosen(which: unknown, title: string): Promise<Profile | undefined> {
    const id = idOf(which);
    if (id !== undefined) return service.find(id);
    if (service.list().length === 0 && service.disabled().length === 0) {
      await add(undefined);
      return undefined;
    }
    const picked = await pickConnection(service, { title, placeholder: "Which connection?" });
    switch (picked?.kind) {
      case "connection":
        return service.find(picked.id);
      case "edit": {
        const profile = service.find(picked.id);
        if (profile !== undefined) await edit(profile);
        return undefined;
      }
      case "add":
        await add(undefined);
        return undefined;
      case "openSettings":
        await openSettings();
        return undefined;
      default:
        return undefined;
    }
  }

  /** As `chosen`, for what is only done with a connection that there is: a form that opens instead would be no answer. */
  async function existing(which: unknown, title: string): Promise<Profile | undefined> {
    const isNoneThere = service.list().length === 0 && service.disabled().length === 0;
    if (idOf(which) !== undefined || !isNoneThere) return chosen(which, title);
    const button = "Add Connection";
    if ((await vscode.window.showInformationMessage("There is no connection yet.", button)) === button) {
      await add(undefined);
    }
    return undefined;
  }

  return {
    "promqlWorkbench.connection.add": (wanted) => add(idOf(wanted)),
    "promqlWorkbench.connection.adopt": (which) => adopt(idOf(which)),
    "promqlWorkbench.connection.edit": async (which) => {
      const profile = await chosen(which, "Edit Connection");
      if (profile !== undefined) await edit(profile);
    },
    "promqlWorkbench.connection.remove": async (which) => {
      const profile = await existing(which, "Remove Connection");
      if (profile === undefined) return;
      const remove = "Remove";
      const answer = await vscode.window.showWarningMessage(
        `Remove the connection ${plainLabel(profile.name)}?`,
        {
          modal: true,
          detail: `${profile.baseUrl}\nIts stored secret is deleted too. Files that name it stay as they are.`,
        },
        remove,
      );
      if (answer === remove) await service.remove(profile.id);
    },
    "promqlWorkbench.connection.select": async (which) => {
      const profile = await chosen(which, "Select Connection");
      if (profile !== undefined) await service.select(profile.id);
    },
    "promqlWorkbench.connection.test": async (which) => {
      const profile = await existing(which, "Test Connection");
      if (profile !== undefined) await test(profile, service, reporter);
    },
    "promqlWorkbench.connection.probe": async (which) => {
      const profile = await existing(which, "Detect What the Server Offers");
      if (profile !== undefined) await probeConnection(profile, service, reporter);
    },
    "promqlWorkbench.connection.replaceSecret": async (which) => {
      const profile = await existing(which, "Replace a Secret");
      if (profile !== undefined) await replaceSecret(profile, service);
    },
    "promqlWorkbench.connection.copyAsCurl": async (which) => {
      const profile = await existing(which, "Copy Connection as curl");
      if (profile !== undefined) await copyAsCurl(profile);
    },
    "promqlWorkbench.connection.openSettings": openSettings,
    "promqlWorkbench.connection.remedy": async (node) => {
      const remedy = remedyOf(node);
      if (remedy !== undefined) await repair(remedy);
    },
  };
}

/** Suggestions come from files of the workspace, which has no say before it is trusted. */
async function askForTrust(): Promise<void> {
  const manage = "Manage Workspace Trust";
  const answer = await vscode.window.showWarningMessage(
    "Suggested connections are not read in Restricted Mode.",
    { modal: true, detail: "Trust this workspace to see the connections that it suggests." },
    manage,
  );
  if (answer === manage) await vscode.commands.executeCommand("workbench.trust.manage");
}

/** Lets the user pick one of the workspace's suggestions, or of those with this name; says so where there is none. */
async function pickSuggestion(
  suggestions: SuggestedConnections,
  name: string | undefined,
): Promise<Suggestion | undefined> {
  const items = suggestions
    .list()
    .filter((suggestion) => name === undefined || suggestion.name === name)
    .map((suggestion) => ({
      label: `$(cloud-download) ${plainLabel(suggestion.name)}`,
      description: plainLabel(suggestion.baseUrl, 120),
      suggestion,
    }));
  if (items.length === 0) {
    void vscode.window.setStatusBarMessage(`$(info) ${noSuggestion(name)}`, 4000);
    return undefined;
  }
  const options = { title: "Adopt a Suggested Connection", placeHolder: "Which connection of this workspace?" };
  return (await vscode.window.showQuickPick(items, options))?.suggestion;
}

async function test(profile: Profile, service: ConnectionService, reporter: ErrorReporter): Promise<void> {
  if (!(await confirmSending(service, profile.id))) return;
  const name = plainLabel(profile.name);
  try {
    const report = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: `Testing ${name}`, cancellable: true },
      (_progress, token) => withSignal(token, (signal) => service.check(profile.id, { signal })),
    );
    // Not awaited: the message may stand as long as it likes.
    vscode.window
      .showInformationMessage(`${name} answers: ${describeTest(report, profile.baseUrl)}`)
      .then(undefined, () => undefined);
  } catch (error) {
    const { id, method, baseUrl } = profile;
    reporter.report(`Testing ${name}`, error, { server: name, id, method, baseUrl });
  }
}

/** A command that asks the server what a test of the connection asks. Secrets are variables of the shell. */
async function copyAsCurl(profile: Profile): Promise<void> {
  const { curlTestCommand } = await import("../../query/links/curlCommand.ts");
  const command = curlTestCommand(profile);
  // Without a line end: a pasted command waits for Enter.
  if (command !== undefined) await vscode.env.clipboard.writeText(command);
  const variables = command?.includes("$PROMQL_")
    ? " Secrets are left out: set the variables $PROMQL_… in your shell."
    : "";
  const text =
    command === undefined
      ? "Not copied: control characters in the connection would be obeyed by a terminal."
      : `Copied as curl.${variables}`;
  void vscode.window.setStatusBarMessage(`$(info) ${text}`, 10_000);
}

/** What a row or a message proposes; nothing for any other argument. */
function remedyOf(argument: unknown): Remedy | undefined {
  const isCarrier = typeof argument === "object" && argument !== null && "remedy" in argument;
  return isCarrier ? parseRemedy(argument.remedy) : undefined;
}

/** Arguments come from menus, lenses and other extensions: only a text or an object that carries one counts. */
function idOf(argument: unknown): string | undefined {
  if (typeof argument === "string") return argument;
  if (typeof argument !== "object" || argument === null) return undefined;
  if ("connectionId" in argument && typeof argument.connectionId === "string") return argument.connectionId;
  return "id" in argument && typeof argument.id === "string" ? argument.id : undefined;
}
