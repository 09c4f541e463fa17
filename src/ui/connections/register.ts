import * as vscode from "vscode";
import type { ConnectionService } from "../../connections/connectionService.ts";
import type { ImportStores } from "../../connections/import/saveImported.ts";
import type { Environment, ProfileStore } from "../../connections/profileStore.ts";
import type { SuggestedConnections } from "../../connections/suggestions.ts";
import { registerCommands } from "../../host/commands.ts";
import type { ContextKeySetter } from "../../host/contextKeys.ts";
import type { ErrorReporter } from "../../host/errorReporter.ts";
import { type Disposable, DisposableStore } from "../../shared/disposable.ts";
import { connectionCommands } from "./connectionCommands.ts";
import { ConnectionStatus } from "./connectionStatus.ts";
import { ConnectionsTree } from "./connectionsTree.ts";
import { importCommands } from "./importCommands.ts";

export interface RegisterConnectionsDeps {
  readonly service: ConnectionService;
  readonly profiles: ProfileStore;
  readonly secrets: ImportStores["secrets"];
  readonly environment: Environment;
  readonly suggestions: SuggestedConnections;
  readonly reporter: ErrorReporter;
  readonly contextKeys: ContextKeySetter;
}

/** The view of connections, their commands and the status bar. */
export function registerConnections(deps: RegisterConnectionsDeps): Disposable {
  const { service, suggestions, reporter, contextKeys } = deps;
  const store = new DisposableStore();
  const treeDataProvider = store.register(new ConnectionsTree(service, suggestions));
  const view = store.register(vscode.window.createTreeView("promqlWorkbench.connections", { treeDataProvider }));
  store.register(new ConnectionStatus(service, view));
  store.register(registerCommands(connectionCommands(deps), reporter));
  store.register(registerCommands(importCommands(deps), reporter));
  const setKeys = () => {
    contextKeys.set("promqlWorkbench.connectionCount", service.list().length + service.disabled().length);
    contextKeys.set("promqlWorkbench.hasActiveConnection", service.active.kind === "ready");
    contextKeys.set("promqlWorkbench.connectionsReady", true);
  };
  store.register(service.onDidChange(setKeys));
  setKeys();
  return store;
}
