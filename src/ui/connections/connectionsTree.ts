import * as vscode from "vscode";
import type { ConnectionService } from "../../connections/connectionService.ts";
import type { Profile } from "../../connections/profile.ts";
import { describeProfileProblem } from "../../connections/profileMessage.ts";
import type { DisabledProfile } from "../../connections/profileStore.ts";
import type { RefusedSuggestion, SuggestedConnections, Suggestion } from "../../connections/suggestions.ts";
import { describeFailure } from "../../host/failureMessage.ts";
import { plainLine } from "../../host/plainText.ts";
import { remediesOf } from "../../host/remedies.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import { failureActionTitle, type Remedy } from "../../shared/failureAction.ts";
import { describeBackend } from "./connectionTexts.ts";
import { connectionCautions, connectionTooltip, profileColor } from "./connectionTooltip.ts";

/** A node of the tree: a connection, an entry that cannot be used, what the workspace suggests, or a line of text or a repair below. */
export type ConnectionNode =
  | { readonly kind: "connection"; readonly connectionId: string; readonly profile: Profile }
  | { readonly kind: "disabled"; readonly disabled: DisabledProfile }
  | { readonly kind: "suggestion"; readonly id: string; readonly suggestion: Suggestion }
  | { readonly kind: "refused"; readonly refused: RefusedSuggestion }
  | { readonly kind: "repair"; readonly remedy: Remedy }
  | { readonly kind: "remark"; readonly text: string; readonly icon: string; readonly command?: string };

/** The connections of the user's settings, with how they are. Sends nothing. */
export class ConnectionsTree extends DisposableStore implements vscode.TreeDataProvider<ConnectionNode> {
  readonly #service: ConnectionService;
  readonly #suggestions: SuggestedConnections;
  readonly #changed = this.register(new vscode.EventEmitter<undefined>());
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(service: ConnectionService, suggestions: SuggestedConnections) {
    super();
    this.#service = service;
    this.#suggestions = suggestions;
    this.register(suggestions.onDidChange(() => this.#changed.fire(undefined)));
    this.register(service.onDidChange(() => this.#changed.fire(undefined)));
  }

  getChildren(node?: ConnectionNode): ConnectionNode[] {
    if (node === undefined) {
      const usable = this.#service
        .list()
        .map((profile): ConnectionNode => ({ kind: "connection", connectionId: profile.id, profile }));
      return [
        ...usable,
        ...this.#service.disabled().map((disabled): ConnectionNode => ({ kind: "disabled", disabled })),
        ...this.#suggestions
          .list()
          .map((suggestion): ConnectionNode => ({ kind: "suggestion", id: suggestion.id, suggestion })),
        ...this.#suggestions.refused().map((refused): ConnectionNode => ({ kind: "refused", refused })),
      ];
    }
    switch (node.kind) {
      case "connection":
        return this.#failureRemarks(node.profile);
      case "disabled":
        return disabledRemarks(node.disabled);
      case "refused":
        return node.refused.problems.map((problem) => remark(describeProfileProblem(problem), "warning"));
      case "suggestion":
      case "repair":
      case "remark":
        return [];
    }
  }

  #failureRemarks(profile: Profile): ConnectionNode[] {
    const health = this.#service.healthOf(profile.id);
    if (health.state !== "failed") return [];
    const { name, method, baseUrl } = profile;
    const { title, detail, next, actions } = describeFailure(health.failure, { server: name, method, baseUrl });
    const lines = [remark(title, "error"), remark(detail, "quote"), remark(next, "lightbulb")];
    return [
      ...lines.filter((line) => line.kind === "remark" && line.text !== ""),
      ...remediesOf(actions, profile.id).map((remedy): ConnectionNode => ({ kind: "repair", remedy })),
    ];
  }

  getTreeItem(node: ConnectionNode): vscode.TreeItem {
    switch (node.kind) {
      case "connection":
        return this.#connectionItem(node.profile);
      case "disabled":
        return disabledItem(node.disabled);
      case "suggestion":
        return suggestionItem(node.suggestion);
      case "refused":
        return refusedItem(node.refused);
      case "repair": {
        const item = new vscode.TreeItem(failureActionTitle(node.remedy.action));
        item.iconPath = new vscode.ThemeIcon("wrench");
        item.command = { title: "Repair", command: "promqlWorkbench.connection.remedy", arguments: [node] };
        return item;
      }
      case "remark": {
        const item = new vscode.TreeItem(node.text);
        item.iconPath = new vscode.ThemeIcon(node.icon);
        item.tooltip = node.text;
        if (node.command !== undefined) item.command = { title: node.text, command: node.command };
        return item;
      }
    }
  }

  #connectionItem(profile: Profile): vscode.TreeItem {
    const health = this.#service.healthOf(profile.id);
    const { active } = this.#service;
    const isActive = active.kind === "ready" && active.profile.id === profile.id;
    const hasFailed = health.state === "failed";
    const item = new vscode.TreeItem(
      profile.name,
      hasFailed ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
    );
    item.id = profile.id;
    const badges = [isActive ? "active" : "", hasFailed ? "failed" : "", ...connectionCautions(profile, this.#service)];
    // Behind the address, whose scheme is in the tooltip, so that its host is seen in a narrow side bar: what a server says of
    // itself must not push it out of sight or pass for it.
    const program = describeBackend(this.#service.programOf(profile));
    item.description = [...badges, withoutScheme(profile.baseUrl), program].filter((part) => part !== "").join(" · ");
    const icon = { unknown: "server-environment", ok: "pass", failed: "error" }[health.state];
    const fallback = hasFailed ? new vscode.ThemeColor("list.errorForeground") : undefined;
    item.iconPath = new vscode.ThemeIcon(icon, profileColor(profile) ?? fallback);
    item.tooltip = connectionTooltip(profile, this.#service);
    // Without it a screen reader would be given the whole tooltip.
    item.accessibilityInformation = { label: plainLine(`${profile.name}, ${item.description}`) };
    item.contextValue = isActive ? "connection.active" : "connection";
    item.command = { title: "Select", command: "promqlWorkbench.connection.select", arguments: [profile.id] };
    return item;
  }
}

function withoutScheme(url: string): string {
  return url.replace(/^https?:\/\//, "");
}

function remark(text: string, icon: string): ConnectionNode {
  return { kind: "remark", text, icon };
}

function disabledRemarks({ problems }: DisabledProfile): ConnectionNode[] {
  const restart: ConnectionNode = {
    ...{ kind: "remark", icon: "debug-restart", text: "Restart the extension host, which reads the environment anew" },
    command: "workbench.action.restartExtensionHost",
  };
  const isOfEnvironment = problems.some(({ code }) => code === "envUnset" || code === "envEmpty");
  const remarks = problems.map((problem) => remark(describeProfileProblem(problem), "warning"));
  return isOfEnvironment ? [...remarks, restart] : remarks;
}

function suggestionItem({ index, id, name, baseUrl }: Suggestion): vscode.TreeItem {
  const item = new vscode.TreeItem(name);
  item.id = `suggestion ${index}`;
  item.description = `suggested · ${withoutScheme(baseUrl)}`;
  item.iconPath = new vscode.ThemeIcon("cloud-download");
  item.tooltip = `${name}\n${baseUrl}\nSuggested by this workspace. Nothing is sent there until you adopt it.`;
  item.contextValue = "connection.suggestion";
  item.command = { title: "Adopt", command: "promqlWorkbench.connection.adopt", arguments: [id] };
  return item;
}

function refusedItem({ index, name }: RefusedSuggestion): vscode.TreeItem {
  const item = new vscode.TreeItem(name ?? `Suggestion ${index + 1}`, vscode.TreeItemCollapsibleState.Expanded);
  item.description = "suggested · cannot be used";
  item.tooltip = "This workspace suggests it, but it cannot be used: open it to see why.";
  item.iconPath = new vscode.ThemeIcon("circle-slash");
  return item;
}

function disabledItem({ index, id, name }: DisabledProfile): vscode.TreeItem {
  const place = index === undefined ? "promqlWorkbench.connections" : `Entry ${index + 1}`;
  const item = new vscode.TreeItem(name ?? id ?? place, vscode.TreeItemCollapsibleState.Expanded);
  item.description = "disabled";
  item.iconPath = new vscode.ThemeIcon("circle-slash");
  item.contextValue = "connection.disabled";
  return item;
}
