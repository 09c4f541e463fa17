import * as vscode from "vscode";
import type { ConnectionService } from "../../connections/connectionService.ts";
import type { Profile } from "../../connections/profile.ts";
import { registerCommands } from "../../host/commands.ts";
import type { ErrorReporter } from "../../host/errorReporter.ts";
import { type Disposable, DisposableStore } from "../../shared/disposable.ts";
import { once } from "../../shared/once.ts";
import type { LinkFeature } from "./linkFeature.ts";
import type { QueryFeature } from "./queryFeature.ts";
import { blockReference } from "./register.ts";

/** Commands that bring queries out and in; each of the first three may be given a block, whose last run counts then. */
export interface LinkCommands {
  "promqlWorkbench.query.copyAsCurl"(block?: unknown): Promise<void>;
  "promqlWorkbench.query.copyAsPromtool"(block?: unknown): Promise<void>;
  "promqlWorkbench.query.openInServerUi"(block?: unknown): Promise<void>;
  "promqlWorkbench.query.insertLink"(): Promise<void>;
}

export interface RegisterLinksDeps {
  readonly reporter: ErrorReporter;
  readonly service: ConnectionService;
  readonly query: () => Promise<QueryFeature>;
}

export interface RegisteredLinks extends Disposable {
  /** Loaded on first use. */
  readonly feature: () => Promise<LinkFeature>;
}

/** Commands, and what is offered when a link is pasted into PromQL. The code behind them is loaded when one of them is used. */
export function registerLinks({ reporter, service, query }: RegisterLinksDeps): RegisteredLinks {
  const store = new DisposableStore();
  const feature = once(async () => {
    const { LinkFeature } = await import("./linkFeature.ts");
    const { controller } = await query();
    return new LinkFeature({
      controller,
      profiles: () => service.list(),
      programOf: (profile) => programOf(service, profile),
    });
  });
  const commands: LinkCommands = {
    "promqlWorkbench.query.copyAsCurl": async (block) => (await feature()).copyAsCurl(blockReference(block)),
    "promqlWorkbench.query.copyAsPromtool": async (block) => (await feature()).copyAsPromtool(blockReference(block)),
    "promqlWorkbench.query.openInServerUi": async (block) => (await feature()).openInServerUi(blockReference(block)),
    "promqlWorkbench.query.insertLink": async () => (await feature()).insertLink(),
  };
  store.register(registerCommands(commands, reporter));
  store.register(
    vscode.languages.registerDocumentPasteEditProvider(
      { language: "promql" },
      {
        async provideDocumentPasteEdits(document, [range, ...others], transfer) {
          const text = await transfer.get("text/plain")?.asString();
          // Most of what is pasted is no link, and nothing is loaded for it.
          if (text === undefined || !/^\s*https?:\/\/\S+\s*$/i.test(text)) return undefined;
          if (range === undefined || others.length > 0) return undefined;
          const edit = (await feature()).pasteEdit(document, range, text);
          return edit === undefined ? undefined : [edit];
        },
        async resolveDocumentPasteEdit(edit) {
          (await feature()).applied(edit);
          return edit;
        },
      },
      // Written out and not taken from the feature, which is not loaded yet.
      {
        pasteMimeTypes: ["text/plain"],
        providedPasteEditKinds: [vscode.DocumentDropOrPasteEditKind.Empty.append("promql", "query")],
      },
    ),
  );
  return { feature, dispose: () => store.dispose() };
}

/** The server's program as far as it is known, which decides the form of its pages' addresses. */
async function programOf(service: ConnectionService, profile: Profile): Promise<string | undefined> {
  const { backends } = service;
  if (backends.of(profile) === undefined) {
    const source = await service.sourceFor(profile.id);
    // The usual form is a good guess. An answer is remembered.
    await source.buildInfo({ signal: AbortSignal.timeout(2000) }).catch(() => undefined);
  }
  return backends.of(profile)?.name;
}
