import * as vscode from "vscode";
import type { HostPorts } from "../../host/hostPorts.ts";
import type { QueryConnections } from "../../query/destination.ts";
import { type Disposable, DisposableStore } from "../../shared/disposable.ts";
import { once } from "../../shared/once.ts";
import { completionTriggers } from "./completionTriggers.ts";
import type { QueryTexts } from "./queryTexts.ts";

export interface RegisterLanguageDeps {
  readonly host: HostPorts;
  readonly connections: QueryConnections;
  /** Loaded on first use. */
  readonly texts: () => Promise<QueryTexts>;
}

/** Language help for `.promql` text: files, untitled texts and cells. The code behind it is loaded when it is first asked for. */
export function registerLanguage({ host, connections, texts }: RegisterLanguageDeps): Disposable {
  const store = new DisposableStore();
  const selector: vscode.DocumentSelector = { language: "promql" };
  const feature = once(async () => {
    const { LanguageFeature } = await import("./languageFeature.ts");
    return store.register(new LanguageFeature({ host, connections, texts: await texts() }));
  });
  store.register(
    vscode.languages.registerCompletionItemProvider(
      selector,
      {
        provideCompletionItems: async (...asked) => (await feature()).completion.provideCompletionItems(...asked),
        resolveCompletionItem: async (item) => (await feature()).completion.resolveCompletionItem(item),
      },
      ...completionTriggers,
    ),
  );
  return store;
}
