import * as vscode from "vscode";
import { type ConnectionService, sendsSecretInTheOpen } from "../../connections/connectionService.ts";
import type { Profile } from "../../connections/profile.ts";
import { describeProfileProblem } from "../../connections/profileMessage.ts";
import type { DisabledProfile } from "../../connections/profileStore.ts";
import { describeFailure } from "../../host/failureMessage.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import { connectionTooltip, profileColor } from "./connectionTooltip.ts";

/** A node of the tree: a connection, an entry that cannot be used, or a line of text below one of them. */
export type ConnectionNode =
  | { readonly kind: "connection"; readonly connectionId: string; readonly profile: Profile }
  | { readonly kind: "disabled"; readonly disabled: DisabledProfile }
  | { readonly kind: "remark"; readonly text: string; readonly icon: string };

/** The connections of the user's settings, with how they are. Sends nothing. */
export class ConnectionsTree extends DisposableStore implements vscode.TreeDataProvider<ConnectionNode> {
  readonly #service: ConnectionService;
  readonly #changed = this.register(new vscode.EventEmitter<undefined>());
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(service: ConnectionService) {
    super();
    this.#service = service;
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
      ];
    }
    switch (node.kind) {
      case "connection":
        return this.#failureRemarks(node.profile);
      case "disabled":
        return node.disabled.problems.map((problem) => remark(describeProfileProblem(problem), "warning"));
      case "remark":
        return [];
    }
  }

  #failureRemarks(profile: Profile): ConnectionNode[] {
    const health = this.#service.healthOf(profile.id);
    if (health.state !== "failed") return [];
    const { title, detail, next } = describeFailure(health.failure, { server: profile.name });
    const lines = [remark(title, "error"), remark(detail, "quote"), remark(next, "lightbulb")];
    return lines.filter((line) => line.kind === "remark" && line.text !== "");
  }

  getTreeItem(node: ConnectionNode): vscode.TreeItem {
    switch (node.kind) {
      case "connection":
        return this.#connectionItem(node.profile);
      case "disabled":
        return disabledItem(node.disabled);
      case "remark": {
        const item = new vscode.TreeItem(node.text);
        item.iconPath = new vscode.ThemeIcon(node.icon);
        item.tooltip = node.text;
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
    const badges = [
      isActive ? "active" : "",
      hasFailed ? "failed" : "",
      sendsSecretInTheOpen(profile) ? "unencrypted" : "",
    ];
    item.description = [...badges.filter((badge) => badge !== ""), profile.baseUrl].join(" · ");
    const icon = { unknown: "server-environment", ok: "pass", failed: "error" }[health.state];
    const fallback = hasFailed ? new vscode.ThemeColor("list.errorForeground") : undefined;
    item.iconPath = new vscode.ThemeIcon(icon, profileColor(profile) ?? fallback);
    item.tooltip = connectionTooltip(profile, this.#service);
    item.contextValue = isActive ? "connection.active" : "connection";
    item.command = { title: "Select", command: "promqlWorkbench.connection.select", arguments: [profile.id] };
    return item;
  }
}

function remark(text: string, icon: string): ConnectionNode {
  return { kind: "remark", text, icon };
}

function disabledItem({ index, id, name }: DisabledProfile): vscode.TreeItem {
  const place = index === undefined ? "promqlWorkbench.connections" : `Entry ${index + 1}`;
  const item = new vscode.TreeItem(name ?? id ?? place, vscode.TreeItemCollapsibleState.Expanded);
  item.description = "disabled";
  item.iconPath = new vscode.ThemeIcon("circle-slash");
  item.contextValue = "connection.disabled";
  return item;
}
