import * as vscode from "vscode";
import type { HostPorts } from "../../host/hostPorts.ts";
import type { QueryConnections } from "../../query/destination.ts";
import { type Disposable, DisposableStore } from "../../shared/disposable.ts";
import { once } from "../../shared/once.ts";
import { completionTriggers } from "./completionTriggers.ts";
import type { LanguageFeature } from "./languageFeature.ts";
import type { QueryTexts } from "./queryTexts.ts";

export interface RegisterLanguageDeps {
  readonly host: HostPorts;
  readonly connections: QueryConnections;
  /** Loaded on first use. */
  readonly queries: () => Promise<QueryTexts>;
}

/** Language help for `.promql` text: files, untitled texts and cells. The code behind it is loaded when it is first asked for. */
export function registerLanguage({ host, connections, queries }: RegisterLanguageDeps): Disposable {
  const store = new DisposableStore();
  const feature = once(async () => {
    const { LanguageFeature } = await import("./languageFeature.ts");
    return store.register(new LanguageFeature({ host, connections, queries: await queries() }));
  });
  for (const provider of providersOf(feature)) store.register(provider);
  return store;
}

/** What VS Code asks for, each handed on to the code behind it. */
function providersOf(feature: () => Promise<LanguageFeature>): readonly Disposable[] {
  const { languages } = vscode;
  const promql = { language: "promql" };
  const completion: vscode.CompletionItemProvider = {
    provideCompletionItems: async (...asked) => (await feature()).completion.provideCompletionItems(...asked),
    resolveCompletionItem: async (...asked) => (await feature()).completion.resolveCompletionItem(...asked),
  };
  const signatureHelp: vscode.SignatureHelpProvider = {
    provideSignatureHelp: async (...asked) => (await feature()).signatureHelp.provideSignatureHelp(...asked),
  };
  const rename: vscode.RenameProvider = {
    prepareRename: async (...asked) => (await feature()).variables.prepareRename(...asked),
    provideRenameEdits: async (...asked) => (await feature()).variables.provideRenameEdits(...asked),
  };
  const quickFixes: vscode.CodeActionProvider = {
    provideCodeActions: async (...asked) => (await feature()).quickFixes.provideCodeActions(...asked),
  };
  return [
    languages.registerCompletionItemProvider(promql, completion, ...completionTriggers),
    languages.registerSignatureHelpProvider(promql, signatureHelp, "(", ","),
    languages.registerRenameProvider(promql, rename),
    languages.registerCodeActionsProvider(promql, quickFixes, {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    }),
    languages.registerHoverProvider(promql, {
      provideHover: async (...asked) => (await feature()).hover.provideHover(...asked),
    }),
    languages.registerDocumentFormattingEditProvider(promql, {
      provideDocumentFormattingEdits: async (...asked) =>
        (await feature()).formatting.provideDocumentFormattingEdits(...asked),
    }),
    languages.registerDocumentRangeFormattingEditProvider(promql, {
      provideDocumentRangeFormattingEdits: async (...asked) =>
        (await feature()).formatting.provideDocumentRangeFormattingEdits(...asked),
    }),
    languages.registerDocumentSymbolProvider(promql, {
      provideDocumentSymbols: async (...asked) => (await feature()).outline.provideDocumentSymbols(...asked),
    }),
    languages.registerFoldingRangeProvider(promql, {
      provideFoldingRanges: async (...asked) => (await feature()).folding.provideFoldingRanges(...asked),
    }),
    languages.registerSelectionRangeProvider(promql, {
      provideSelectionRanges: async (...asked) => (await feature()).selection.provideSelectionRanges(...asked),
    }),
    languages.registerDefinitionProvider(promql, {
      provideDefinition: async (...asked) => (await feature()).variables.provideDefinition(...asked),
    }),
    languages.registerReferenceProvider(promql, {
      provideReferences: async (...asked) => (await feature()).variables.provideReferences(...asked),
    }),
    languages.registerDocumentHighlightProvider(promql, {
      provideDocumentHighlights: async (...asked) => (await feature()).variables.provideDocumentHighlights(...asked),
    }),
  ];
}
