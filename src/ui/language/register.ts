import * as vscode from "vscode";
import { type Disposable, DisposableStore } from "../../shared/disposable.ts";
import { once } from "../../shared/once.ts";
import type { LanguageFeatureDeps } from "./languageFeature.ts";

/** Help with `.promql` text in files and cells; the code behind it is loaded when VS Code first asks for it. */
export function registerLanguage(deps: LanguageFeatureDeps): Disposable {
  const { languages } = vscode;
  const store = new DisposableStore();
  const feature = once(async () => new (await import("./languageFeature.ts")).LanguageFeature(deps));
  const promql = { language: "promql" };
  const add = (provider: Disposable) => void store.register(provider);

  add(
    languages.registerHoverProvider(promql, {
      provideHover: async (...at) => (await feature()).hover.provideHover(...at),
    }),
  );
  const signatureHelp: vscode.SignatureHelpProvider = {
    provideSignatureHelp: async (...at) => (await feature()).signatureHelp.provideSignatureHelp(...at),
  };
  add(languages.registerSignatureHelpProvider(promql, signatureHelp, "(", ","));
  add(
    languages.registerDocumentSymbolProvider(promql, {
      provideDocumentSymbols: async (...at) => (await feature()).outline.provideDocumentSymbols(...at),
    }),
  );
  add(
    languages.registerFoldingRangeProvider(promql, {
      provideFoldingRanges: async (...at) => (await feature()).folding.provideFoldingRanges(...at),
    }),
  );
  add(
    languages.registerSelectionRangeProvider(promql, {
      provideSelectionRanges: async (...at) => (await feature()).selection.provideSelectionRanges(...at),
    }),
  );
  add(
    languages.registerDefinitionProvider(promql, {
      provideDefinition: async (...at) => (await feature()).variables.provideDefinition(...at),
    }),
  );
  add(
    languages.registerReferenceProvider(promql, {
      provideReferences: async (...at) => (await feature()).variables.provideReferences(...at),
    }),
  );
  add(
    languages.registerDocumentHighlightProvider(promql, {
      provideDocumentHighlights: async (...at) => (await feature()).variables.provideDocumentHighlights(...at),
    }),
  );
  const rename: vscode.RenameProvider = {
    prepareRename: async (...at) => (await feature()).variables.prepareRename(...at),
    provideRenameEdits: async (...at) => (await feature()).variables.provideRenameEdits(...at),
  };
  add(languages.registerRenameProvider(promql, rename));
  return store;
}
