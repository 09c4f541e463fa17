import * as vscode from "vscode";
import { CompletionNames } from "../../catalog/completionNames.ts";
import { MetricFacts } from "../../catalog/metricFacts.ts";
import type { HostPorts } from "../../host/hostPorts.ts";
import type { QueryConnections } from "../../query/destination.ts";
import { namesConnection } from "../../query/namesConnection.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import { CompletionProvider } from "./completionProvider.ts";
import { PromqlFolding } from "./foldingProvider.ts";
import { PromqlFormatting } from "./formatting.ts";
import { PromqlHover } from "./hoverProvider.ts";
import { LanguageTexts } from "./languageTexts.ts";
import { MetricQuestions } from "./metricQuestions.ts";
import { PromqlOutline } from "./outlineProvider.ts";
import type { QueryTexts } from "./queryTexts.ts";
import { QuickFixes } from "./quickFixes.ts";
import { PromqlSelection } from "./selectionProvider.ts";
import { PromqlSignatureHelp } from "./signatureHelp.ts";
import { VariableLinks } from "./variableLinks.ts";

export interface LanguageFeatureDeps {
  readonly host: HostPorts;
  readonly connections: QueryConnections;
  /** What the running of queries knows of texts. */
  readonly queries: QueryTexts;
}

/** Everything behind language help, loaded when it is first asked for. */
export class LanguageFeature extends DisposableStore {
  readonly completion: CompletionProvider;
  readonly hover: vscode.HoverProvider;
  readonly signatureHelp: vscode.SignatureHelpProvider;
  readonly formatting: vscode.DocumentFormattingEditProvider & vscode.DocumentRangeFormattingEditProvider;
  readonly quickFixes: vscode.CodeActionProvider;
  readonly outline: vscode.DocumentSymbolProvider;
  readonly folding: vscode.FoldingRangeProvider;
  readonly selection: vscode.SelectionRangeProvider;
  readonly variables: vscode.DefinitionProvider &
    vscode.ReferenceProvider &
    vscode.DocumentHighlightProvider &
    Required<vscode.RenameProvider>;

  constructor({ host, connections, queries }: LanguageFeatureDeps) {
    super();
    const { clock, log, settings } = host;
    const { documents, prompts } = queries;
    const names = this.register(new CompletionNames({ clock, log }));
    const texts = new LanguageTexts(documents);
    const facts = new MetricFacts({
      now: () => clock.now(),
      catalogOf: (server) => names.peek(server, { kind: "metadata" })?.known?.metadata,
    });
    const connectionFor = (name: string | undefined) =>
      namesConnection(name, {
        isTrusted: vscode.workspace.isTrusted,
        destinationOf: (one) => connections.destinationOf(one),
        chosenFor: (one) => prompts.destinationOf(one),
      });
    const questions = new MetricQuestions({ facts, connectionFor });
    this.completion = new CompletionProvider({ names, facts, connections, connectionFor, documents, clock, settings });
    this.hover = new PromqlHover({ texts, questions });
    this.signatureHelp = new PromqlSignatureHelp({ texts });
    this.formatting = new PromqlFormatting(documents, settings);
    this.quickFixes = new QuickFixes(documents);
    this.outline = new PromqlOutline({ texts });
    this.folding = new PromqlFolding({ texts });
    this.selection = new PromqlSelection({ texts });
    this.variables = new VariableLinks({ texts });
  }
}
