import type * as vscode from "vscode";
import { MetricFacts } from "../../catalog/metricFacts.ts";
import type { Destination } from "../../query/destination.ts";
import { PromqlFolding } from "./foldingProvider.ts";
import { PromqlHover } from "./hoverProvider.ts";
import { LanguageTexts } from "./languageTexts.ts";
import { MetricQuestions } from "./metricQuestions.ts";
import { PromqlOutline } from "./outlineProvider.ts";
import { PromqlSelection } from "./selectionProvider.ts";
import { PromqlSignatureHelp } from "./signatureHelp.ts";
import { VariableLinks } from "./variableLinks.ts";

/** What help about texts stands on. */
export interface LanguageFeatureDeps {
  /** Where a block with this `@connection` goes; a name that is not set up leads nowhere. */
  readonly destinationOf: (name: string | undefined) => Promise<Destination>;
  readonly now: () => number;
}

/** Everything that helps with `.promql` text, loaded when the first such help is asked for. */
export class LanguageFeature {
  readonly hover: vscode.HoverProvider;
  readonly signatureHelp: vscode.SignatureHelpProvider;
  readonly outline: vscode.DocumentSymbolProvider;
  readonly folding: vscode.FoldingRangeProvider;
  readonly selection: vscode.SelectionRangeProvider;
  readonly variables: vscode.DefinitionProvider &
    vscode.ReferenceProvider &
    vscode.DocumentHighlightProvider &
    Required<vscode.RenameProvider>;

  constructor({ destinationOf, now }: LanguageFeatureDeps) {
    const texts = new LanguageTexts();
    const questions = new MetricQuestions({ facts: new MetricFacts({ now }), destinationOf });
    this.hover = new PromqlHover({ texts, questions });
    this.signatureHelp = new PromqlSignatureHelp({ texts });
    this.outline = new PromqlOutline({ texts });
    this.folding = new PromqlFolding({ texts });
    this.selection = new PromqlSelection({ texts });
    this.variables = new VariableLinks({ texts });
  }
}
