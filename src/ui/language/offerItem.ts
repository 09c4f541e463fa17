import * as vscode from "vscode";
import type { ServerOffer } from "../../catalog/serverOffers.ts";
import { plainLabel } from "../../host/plainLabel.ts";
import type { CompletionContext } from "../../promql/completion/completionContext.ts";
import type { Offer, OfferKind } from "../../promql/completion/offer.ts";
import { helpOf } from "../../promql/completion/offerHelp.ts";
import type { QueryConnection } from "../../query/destination.ts";
import type { MetricMetadata } from "../../shared/model/source.ts";
import { type HelpPart, helpMarkdown } from "./helpParts.ts";
import { metricHelp } from "./metricHelp.ts";
import { documentation, labelHelp } from "./wordHelp.ts";

const kinds: Readonly<Record<OfferKind, vscode.CompletionItemKind>> = {
  metric: vscode.CompletionItemKind.Field,
  function: vscode.CompletionItemKind.Function,
  aggregation: vscode.CompletionItemKind.Method,
  keyword: vscode.CompletionItemKind.Keyword,
  operator: vscode.CompletionItemKind.Operator,
  label: vscode.CompletionItemKind.Property,
  value: vscode.CompletionItemKind.Value,
  duration: vscode.CompletionItemKind.Unit,
  variable: vscode.CompletionItemKind.Variable,
  directive: vscode.CompletionItemKind.Keyword,
  choice: vscode.CompletionItemKind.EnumMember,
  connection: vscode.CompletionItemKind.Interface,
  separator: vscode.CompletionItemKind.Struct,
};

/** A list that comes up by itself, which says nothing where it has nothing. */
export const suggestAgain = { command: "editor.action.triggerSuggest", title: "Suggest", arguments: [{ auto: true }] };

const nextCommands = {
  suggest: suggestAgain,
  signature: { command: "editor.action.triggerParameterHints", title: "Show Parameters" },
} as const;

/** A list longer than this many signs of a name or value tells nobody more. */
const longestLabel = 200;

/** Where an offer goes. */
export interface OfferPlace {
  readonly document: vscode.TextDocument;
  readonly offset: number;
  readonly context: Exclude<CompletionContext, { kind: "none" }>;
  /** Whose names are among the offers; `undefined`: nobody's. */
  readonly connection: QueryConnection | undefined;
}

/** An offer as the editor lists it. */
export class OfferItem extends vscode.CompletionItem {
  readonly offer: ServerOffer;
  readonly connection: QueryConnection | undefined;

  constructor(offer: ServerOffer, index: number, place: OfferPlace) {
    super(plainLabel(offer.label, longestLabel), kinds[offer.kind]);
    this.offer = offer;
    this.connection = place.connection;
    this.insertText = offer.isSnippet === true ? new vscode.SnippetString(offer.insert) : offer.insert;
    this.filterText = offer.filter ?? offer.label;
    this.sortText = `${String(offer.rank).padStart(3, "0")}${String(index).padStart(6, "0")}`;
    this.range = rangeOf(offer, place);
    if (offer.detail !== undefined) this.detail = plainLabel(offer.detail, longestLabel);
    if (offer.next !== undefined) this.command = nextCommands[offer.next];
    // The editor indents further lines of its own accord; in comments and strings nothing is to be indented.
    this.keepWhitespace = true;
  }

  /** What is said at the side once the item is looked at. */
  describe(metadata: MetricMetadata | undefined = this.offer.metadata): this {
    const parts = this.#help(metadata);
    if (parts.length > 0) this.documentation = new vscode.MarkdownString(helpMarkdown(parts));
    return this;
  }

  #help(metadata: MetricMetadata | undefined): readonly HelpPart[] {
    const { kind, label, help } = this.offer;
    const server = this.connection?.target.name;
    if (metadata !== undefined && server !== undefined)
      return metricHelp(label, { state: "said", server, metadata }, []);
    if (kind === "label") return labelHelp(label);
    const docs = help === undefined ? undefined : helpOf(help);
    return docs === undefined ? [] : documentation(docs);
  }
}

/** Contexts in which all of what stands there is meant, not only what stands before the cursor. */
const replacesAll: ReadonlySet<CompletionContext["kind"]> = new Set([
  ...(["labelValue", "variable", "variableFormat", "directiveValue", "directiveKey", "commentStart"] as const),
]);

function rangeOf(
  { takesBrace }: Offer,
  { document, offset, context }: OfferPlace,
): vscode.Range | { inserting: vscode.Range; replacing: vscode.Range } {
  const range = (from: number, to: number) => new vscode.Range(document.positionAt(from), document.positionAt(to));
  const { from, to } = context;
  if (takesBrace === true) {
    const following = document.getText(range(to, to + 50));
    return range(from, to + following.indexOf("{") + 1);
  }
  const isQuoted = "quote" in context && context.quote !== undefined;
  if (replacesAll.has(context.kind) || isQuoted) return range(from, to);
  return { inserting: range(from, offset), replacing: range(from, to) };
}
