import type * as vscode from "vscode";
import { CompletionNames } from "../../catalog/completionNames.ts";
import { MetricFacts } from "../../catalog/metricFacts.ts";
import type { HostPorts } from "../../host/hostPorts.ts";
import type { QueryConnections } from "../../query/destination.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import { CompletionProvider } from "./completionProvider.ts";
import { PromqlFolding } from "./foldingProvider.ts";
import { PromqlHover } from "./hoverProvider.ts";
import { LanguageTexts } from "./languageTexts.ts";
import { MetricQuestions } from "./metricQuestions.ts";
import { PromqlOutline } from "./outlineProvider.ts";
import type { QueryTexts } from "./queryTexts.ts";
import { PromqlSelection } from "./selectionProvider.ts";
import { PromqlSignatureHelp } from "./signatureHelp.ts";
import { VariableLinks } from "./variableLinks.ts";

export interface LanguageFeatureDeps {
  readonly host: HostPorts;
  readonly connections: QueryConnections;
  readonly texts: QueryTexts;
}

/** Everything behind language help, loaded when it is first asked for. */
export class LanguageFeature extends DisposableStore {
  readonly completion: CompletionProvider;
  readonly hover: vscode.HoverProvider;
  readonly signatureHelp: vscode.SignatureHelpProvider;
  readonly outline: vscode.DocumentSymbolProvider;
  readonly folding: vscode.FoldingRangeProvider;
  readonly selection: vscode.SelectionRangeProvider;
  readonly variables: vscode.DefinitionProvider &
    vscode.ReferenceProvider &
    vscode.DocumentHighlightProvider &
    Required<vscode.RenameProvider>;

  constructor({ host, connections, texts }: LanguageFeatureDeps) {
    super();
    const { clock, log, settings } = host;
    const names = this.register(new CompletionNames({ clock, log }));
    this.completion = new CompletionProvider({ names, connections, texts, clock, settings });
    const readings = { texts: new LanguageTexts(texts) };
    const facts = new MetricFacts({
      now: () => clock.now(),
      catalogOf: (server) => names.peek(server, { kind: "metrics" })?.known?.metadata,
    });
    const questions = new MetricQuestions({ facts, destinationOf: (name) => texts.prompts.destinationOf(name) });
    this.hover = new PromqlHover({ ...readings, questions });
    this.signatureHelp = new PromqlSignatureHelp(readings);
    this.outline = new PromqlOutline(readings);
    this.folding = new PromqlFolding(readings);
    this.selection = new PromqlSelection(readings);
    this.variables = new VariableLinks(readings);
  }
}
