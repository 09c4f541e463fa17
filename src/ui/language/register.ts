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
  store.register(
    vscode.languages.registerHoverProvider(selector, {
      provideHover: async (...at) => (await feature()).hover.provideHover(...at),
    }),
  );
  const signatureHelp: vscode.SignatureHelpProvider = {
    provideSignatureHelp: async (...at) => (await feature()).signatureHelp.provideSignatureHelp(...at),
  };
  store.register(vscode.languages.registerSignatureHelpProvider(selector, signatureHelp, "(", ","));
  store.register(
    vscode.languages.registerDocumentSymbolProvider(selector, {
      provideDocumentSymbols: async (...at) => (await feature()).outline.provideDocumentSymbols(...at),
    }),
  );
  store.register(
    vscode.languages.registerFoldingRangeProvider(selector, {
      provideFoldingRanges: async (...at) => (await feature()).folding.provideFoldingRanges(...at),
    }),
  );
  store.register(
    vscode.languages.registerSelectionRangeProvider(selector, {
      provideSelectionRanges: async (...at) => (await feature()).selection.provideSelectionRanges(...at),
    }),
  );
  store.register(
    vscode.languages.registerDefinitionProvider(selector, {
      provideDefinition: async (...at) => (await feature()).variables.provideDefinition(...at),
    }),
  );
  store.register(
    vscode.languages.registerReferenceProvider(selector, {
      provideReferences: async (...at) => (await feature()).variables.provideReferences(...at),
    }),
  );
  store.register(
    vscode.languages.registerDocumentHighlightProvider(selector, {
      provideDocumentHighlights: async (...at) => (await feature()).variables.provideDocumentHighlights(...at),
    }),
  );
  const rename: vscode.RenameProvider = {
    prepareRename: async (...at) => (await feature()).variables.prepareRename(...at),
    provideRenameEdits: async (...at) => (await feature()).variables.provideRenameEdits(...at),
  };
  store.register(vscode.languages.registerRenameProvider(selector, rename));
  return store;
}
