import * as vscode from "vscode";
import { type Disposable, DisposableStore } from "../../shared/disposable.ts";
import type { LinkFeature } from "./linkFeature.ts";
import { blockReference } from "./register.ts";

/** Commands that bring queries out and in; each of the first three may be given a block, whose last run counts then. */
export interface LinkCommands {
  "promqlWorkbench.query.copyAsCurl"(block?: unknown): Promise<void>;
  "promqlWorkbench.query.copyAsPromtool"(block?: unknown): Promise<void>;
  "promqlWorkbench.query.openInServerUi"(block?: unknown): Promise<void>;
  "promqlWorkbench.query.insertLink"(): Promise<void>;
}

export interface RegisterLinksDeps {
  /** Loads the feature on first use. */
  readonly feature: () => Promise<LinkFeature>;
  readonly registerCommands: (commands: LinkCommands) => Disposable;
}

/** Commands, and what is offered when a link is pasted into PromQL. The code behind them is loaded when one of them is used. */
export function registerLinks({ feature, registerCommands }: RegisterLinksDeps): Disposable {
  const store = new DisposableStore();
  store.register(
    registerCommands({
      "promqlWorkbench.query.copyAsCurl": async (block) => (await feature()).copyAsCurl(blockReference(block)),
      "promqlWorkbench.query.copyAsPromtool": async (block) => (await feature()).copyAsPromtool(blockReference(block)),
      "promqlWorkbench.query.openInServerUi": async (block) => (await feature()).openInServerUi(blockReference(block)),
      "promqlWorkbench.query.insertLink": async () => (await feature()).insertLink(),
    }),
  );
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
  return store;
}
