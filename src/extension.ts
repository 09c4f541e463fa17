import * as vscode from "vscode";
import { ConnectionService } from "./connections/connectionService.ts";
import { ProfileStore } from "./connections/profileStore.ts";
import { ConnectionSecrets } from "./connections/secrets.ts";
import { SuggestedConnections } from "./connections/suggestions.ts";
import { registerCommands } from "./host/commands.ts";
import { ContextKeySetter } from "./host/contextKeys.ts";
import { ErrorReporter } from "./host/errorReporter.ts";
import { describeFailure } from "./host/failureMessage.ts";
import { HostSecretStore } from "./host/hostSecretStore.ts";
import { LogOutputChannel } from "./host/logOutputChannel.ts";
import { MementoStore } from "./host/mementoStore.ts";
import { UserProfileSettings } from "./host/profileSettings.ts";
import { WorkspaceSettings } from "./host/settings.ts";
import { systemClock } from "./host/systemClock.ts";
import { RunHistory } from "./query/runHistory.ts";
import { DisposableStore } from "./shared/disposable.ts";
import { QueryTargets } from "./ui/connections/queryTargets.ts";
import { registerConnections } from "./ui/connections/register.ts";
import { type RegisteredExplorer, registerExplorer } from "./ui/explorer/register.ts";
import { registerHelp } from "./ui/help/register.ts";
import type { ExtensionApi } from "./ui/query/extensionApi.ts";
import { once, registerQuery } from "./ui/query/register.ts";
import { registerLinks } from "./ui/query/registerLinks.ts";
import { registerResults } from "./ui/results/register.ts";

/** Puts the parts together and hands them to VS Code. Reads and sends nothing: whatever costs is loaded on first use. */
export function activate(
  context: vscode.ExtensionContext,
): ExtensionApi & { readonly explorer?: RegisteredExplorer["shown"] } {
  const store = new DisposableStore();
  context.subscriptions.push(store);

  // ports
  const log = store.register(new LogOutputChannel());
  const reporter = new ErrorReporter(log);
  const settings = store.register(new WorkspaceSettings());
  const contextKeys = new ContextKeySetter();
  const workspaceMemory = new MementoStore(context.workspaceState);
  const userAgent = `promql-workbench/${String(context.extension.packageJSON.version)}`;

  // services
  const profiles = store.register(new ProfileStore(store.register(new UserProfileSettings(context.globalStorageUri))));
  const connections = store.register(
    new ConnectionService({
      profiles,
      secrets: new ConnectionSecrets(new HostSecretStore(context.secrets)),
      workspaceMemory,
      userMemory: new MementoStore(context.globalState),
      loadFactory: async () => {
        const { createHttpSource } = await import("./prometheus/httpSource.ts");
        return (endpoint) => createHttpSource(endpoint, { userAgent, log });
      },
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
      read: () => (vscode.workspace.isTrusted ? settings.current.suggestedConnections : undefined),
      onDidChange: settings.onDidChange,
      adopted: () => connections.list(),
    }),
  );

  // features
  const results = once(async () => {
    const { ResultsPanels } = await import("./ui/results/resultsPanels.ts");
    return store.register(
      new ResultsPanels({
        extensionUri: context.extensionUri,
        log,
        describe: (failure, server) => describeFailure(failure, { server }),
        rerun: async (uri, asked, isAutomatic) => {
          const run = async () => (await query()).controller.rerun(uri, asked, isAutomatic);
          // Nobody asked just now, so nobody is told but by the panel.
          return isAutomatic ? run() : reporter.guard("Run", run);
        },
        cancel: (uri, key) => void reporter.guard("Cancel", async () => (await query()).controller.cancel(uri, key)),
        reveal: (uri, key, position) =>
          void reporter.guard("Show", async () => (await query()).controller.reveal(uri, key, position)),
        timeZone: () => settings.current.results.timeZone,
        setTimeZone: (zone) => settings.update("results.timeZone", zone),
        onDidChangeSettings: settings.onDidChange,
        clock: systemClock,
        links: () => links(),
        exemplars: async (...asked) => (await query()).exemplars(...asked),
        guard: (title, work) => reporter.guard(title, work),
        closed: (uri) => void reporter.guard("Close", async () => (await query()).controller.panelClosed(uri)),
      }),
    );
  });
  const history = store.register(new RunHistory(new MementoStore(context.globalState)));
  const targets = store.register(new QueryTargets(connections, suggestions));
  const query = once(async () => {
    const { QueryFeature } = await import("./ui/query/queryFeature.ts");
    return store.register(
      new QueryFeature({
        connections: targets,
        memory: workspaceMemory,
        // The panel's code comes with the first answer, not with the first look at a file.
        view: {
          show: (...shown) => void reporter.guard("Show Results", async () => (await results()).show(...shown)),
          open: (...shown) => void reporter.guard("Show Results", async () => (await results()).open(...shown)),
        },
        defaults: () => ({
          rangeMs: settings.current.query.defaultRangeMs,
          maxSeries: settings.current.query.maxSeries,
        }),
        codeLensEnabled: () => settings.current.editor.codeLens,
        onDidChangeSettings: (listener) => settings.onDidChange(listener),
        now: () => systemClock.now(),
        onEnd: (run) => void reporter.guard("History", () => history.add(run)),
        setRunning: (isRunning) => contextKeys.set("promqlWorkbench.isRunning", isRunning),
      }),
    );
  });
  store.register(registerConnections({ service: connections, profiles, suggestions, reporter, contextKeys }));
  store.register(
    registerQuery({ feature: query, registerCommands: (commands) => registerCommands(commands, reporter) }),
  );
  const links = once(async () => {
    const { LinkFeature } = await import("./ui/query/linkFeature.ts");
    const { controller } = await query();
    return new LinkFeature({
      controller,
      profiles: () => connections.list(),
      programOf: async (profile) => {
        const { backends } = connections;
        if (backends.of(profile) === undefined) {
          const source = await connections.sourceFor(profile.id);
          // Only the form of an address depends on it, and the usual one is a good guess. An answer is remembered.
          await source.buildInfo({ signal: AbortSignal.timeout(2000) }).catch(() => undefined);
        }
        return backends.of(profile)?.name;
      },
    });
  });
  store.register(
    registerLinks({ feature: links, registerCommands: (commands) => registerCommands(commands, reporter) }),
  );
  const explorer = store.register(
    registerExplorer({
      reporter,
      feature: async (views) => {
        const { ExplorerFeature } = await import("./ui/explorer/explorerFeature.ts");
        return store.register(
          new ExplorerFeature({
            connections: targets,
            opener: async () => (await query()).scratch,
            history,
            views,
            now: () => systemClock.now(),
            setLoading: (isLoading) => contextKeys.set("promqlWorkbench.isLoading", isLoading),
            setPicked: (isPicked) => contextKeys.set("promqlWorkbench.labelsPicked", isPicked),
            setFiltered: (view, isFiltered) => contextKeys.set(`promqlWorkbench.${view}Filtered`, isFiltered),
          }),
        );
      },
    }),
  );
  for (const one of registerResults({
    panels: results,
    registerCommands: (commands) => registerCommands(commands, reporter),
  })) {
    store.register(one);
  }
  store.register(
    registerHelp({
      extension: context.extension,
      registerCommands: (commands) => registerCommands(commands, reporter),
    }),
  );
  store.register(
    registerCommands(
      {
        "promqlWorkbench.log.show": () => log.show(),
      },
      reporter,
    ),
  );
  return {
    runsOf: async (uri) => (await query()).controller.runsOf(vscode.Uri.parse(uri)),
    ...(context.extensionMode === vscode.ExtensionMode.Test ? { explorer: explorer.shown } : {}),
  };
}
