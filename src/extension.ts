import * as vscode from "vscode";
import { ConnectionService } from "./connections/connectionService.ts";
import { ProfileStore } from "./connections/profileStore.ts";
import { ConnectionSecrets } from "./connections/secrets.ts";
import { SuggestedConnections } from "./connections/suggestions.ts";
import { ContextKeySetter } from "./host/contextKeys.ts";
import { ErrorReporter } from "./host/errorReporter.ts";
import { FileMoves } from "./host/fileMoves.ts";
import type { HostPorts } from "./host/hostPorts.ts";
import { HostSecretStore } from "./host/hostSecretStore.ts";
import { LogOutputChannel } from "./host/logOutputChannel.ts";
import { MementoStore } from "./host/mementoStore.ts";
import { NodeFileReader } from "./host/nodeFileReader.ts";
import { NodeProgramRunner } from "./host/nodeProgramRunner.ts";
import { UserProfileSettings } from "./host/profileSettings.ts";
import { WorkspaceSettings } from "./host/settings.ts";
import { systemClock } from "./host/systemClock.ts";
import { userProxySettings } from "./host/userProxySettings.ts";
import { RunHistory } from "./query/runHistory.ts";
import { DisposableStore } from "./shared/disposable.ts";
import { QueryTargets } from "./ui/connections/queryTargets.ts";
import { registerConnections } from "./ui/connections/register.ts";
import { type RegisteredExplorer, registerExplorer } from "./ui/explorer/register.ts";
import { registerHelp } from "./ui/help/register.ts";
import { registerLanguage } from "./ui/language/register.ts";
import { type RegisteredNotebooks, registerNotebooks } from "./ui/notebook/register.ts";
import type { ExtensionApi } from "./ui/query/extensionApi.ts";
import { type RegisteredQuery, registerQuery } from "./ui/query/register.ts";
import { registerLinks } from "./ui/query/registerLinks.ts";
import { type RegisteredResults, registerResults } from "./ui/results/register.ts";

/** Puts the parts together and hands them to VS Code. Reads and sends nothing: whatever costs is loaded on first use. */
export function activate(context: vscode.ExtensionContext): ExtensionApi & {
  readonly explorer?: RegisteredExplorer["shown"];
  readonly logUri?: vscode.Uri;
  readonly mementos?: readonly vscode.Memento[];
} {
  const store = new DisposableStore();
  context.subscriptions.push(store);

  // ports
  const log = store.register(new LogOutputChannel());
  const reporter = new ErrorReporter(log);
  const settings = store.register(new WorkspaceSettings());
  const contextKeys = new ContextKeySetter();
  const fileMoves = store.register(new FileMoves());
  const workspaceMemory = new MementoStore(context.workspaceState);
  const userMemory = new MementoStore(context.globalState);
  const variables = { ...process.env };
  const environment = (name: string) => variables[name];
  const userAgent = `promql-workbench/${String(context.extension.packageJSON.version)}`;

  // services
  const profileSettings = store.register(new UserProfileSettings(context.globalStorageUri));
  const profiles = store.register(new ProfileStore(profileSettings, environment));
  const secrets = new ConnectionSecrets(new HostSecretStore(context.secrets));
  const connections = store.register(
    new ConnectionService({
      profiles,
      secrets,
      workspaceMemory,
      userMemory,
      loadNetwork: async () => {
        const { createNetwork } = await import("./prometheus/network.ts");
        return createNetwork({ userAgent, log });
      },
      environment,
      editorProxy: userProxySettings,
      files: new NodeFileReader(),
      programs: new NodeProgramRunner(),
      isTrusted: () => vscode.workspace.isTrusted,
      bounds: () => {
        const { maxSamples, maxResponseBytes } = settings.current.query;
        return { maxSamples, maxBytes: maxResponseBytes };
      },
      clock: systemClock,
      log,
    }),
  );

  const suggestions = store.register(
    new SuggestedConnections({
      read: () => settings.current.suggestedConnections,
      onDidChange: settings.onDidChange,
      adopted: () => connections.list(),
    }),
  );

  // features
  const host: HostPorts = { log, reporter, settings, contextKeys, fileMoves, clock: systemClock };
  const history = store.register(new RunHistory(userMemory));
  const targets = store.register(new QueryTargets(connections, suggestions));
  store.register(
    registerConnections({ service: connections, profiles, secrets, environment, suggestions, reporter, contextKeys }),
  );
  const shared = { host, connections: targets, history };
  const settingsOf = (id: string) => connections.adviceFor(id);
  const query: RegisteredQuery = store.register(
    registerQuery({
      ...shared,
      memory: workspaceMemory,
      cells: () => notebooks.cells(),
      panels: () => results.panels(),
    }),
  );
  store.register(registerLanguage({ host, connections: targets, queries: query.feature }));
  const links = store.register(registerLinks({ reporter, service: connections, query: query.feature }));
  const { extension, extensionUri } = context;
  const results: RegisteredResults = store.register(
    registerResults({
      host,
      extensionUri,
      query: query.feature,
      notebooks: () => notebooks.queries(),
      links: links.feature,
      settingsOf,
    }),
  );
  const outputs = () => results.notebookOutputs();
  const notebooks: RegisteredNotebooks = store.register(
    registerNotebooks({ ...shared, query: query.feature, outputs, settingsOf, extensionId: extension.id }),
  );
  const { open: openNotebook } = notebooks;
  const opener = async () => (await query.feature()).scratch;
  const explorer = store.register(registerExplorer({ ...shared, opener, openNotebook, settingsOf }));
  store.register(registerHelp({ extension, reporter, showLog: () => log.show(), openNotebook }));
  return {
    runsOf: async (uri) => (await query.feature()).controller.runsOf(vscode.Uri.parse(uri)),
    ...(context.extensionMode === vscode.ExtensionMode.Test
      ? {
          explorer: explorer.shown,
          notebooks: async () => (await notebooks.queries()).controller,
          logUri: context.logUri,
          mementos: [context.globalState, context.workspaceState],
        }
      : {}),
  };
}
