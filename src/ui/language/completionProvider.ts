import * as vscode from "vscode";
import type { CompletionNames } from "../../catalog/completionNames.ts";
import type { MetricFacts } from "../../catalog/metricFacts.ts";
import { type ServerOffers, serverOffers, wantsNames } from "../../catalog/serverOffers.ts";
import { withSignal } from "../../host/cancellation.ts";
import { cellOf } from "../../host/notebookCells.ts";
import type { PromqlDocuments } from "../../host/promqlDocuments.ts";
import type { WorkspaceSettings } from "../../host/settings.ts";
import type { Clock } from "../../platform/ports.ts";
import { completionAt } from "../../promql/completion/completionAt.ts";
import type { CompletionContext } from "../../promql/completion/completionContext.ts";
import { completionPlace } from "../../promql/completion/completionPlace.ts";
import { fixedOffers } from "../../promql/completion/fixedOffers.ts";
import { looseString } from "../../promql/completion/looseString.ts";
import { usedMetricOffers } from "../../promql/completion/nameOffers.ts";
import { usedMetrics } from "../../promql/completion/usedMetrics.ts";
import { resolveDirectives } from "../../promql/effectiveDirectives.ts";
import { blockAt } from "../../promql/file.ts";
import type { QueryConnection, QueryConnections } from "../../query/destination.ts";
import { isCancelled } from "../../shared/errors.ts";
import type { completionTriggers } from "./completionTriggers.ts";
import { OfferItem, suggestAgain } from "./offerItem.ts";

export interface CompletionProviderDeps {
  readonly names: CompletionNames;
  readonly facts: Pick<MetricFacts, "read">;
  readonly connections: QueryConnections;
  /** Whose names may be asked for in a block with this `@connection`. */
  readonly connectionFor: (name: string | undefined) => QueryConnection | undefined;
  readonly documents: PromqlDocuments;
  readonly clock: Pick<Clock, "setTimeout">;
  readonly settings: Pick<WorkspaceSettings, "current">;
}

type Kind = CompletionContext["kind"];

/** Where a sign that was typed brings up a list; elsewhere it says nothing, and nobody wants one. */
const kindsAfter: Readonly<Record<(typeof completionTriggers)[number], readonly Kind[]>> = {
  "{": ["labelName", "legendLabel", "variable"],
  '"': ["labelName", "labelValue", "listedLabel"],
  "'": ["labelName", "labelValue", "listedLabel"],
  "`": ["labelName", "labelValue", "listedLabel"],
  ",": ["labelName", "listedLabel"],
  // Behind a call's parenthesis the help about its parameters is shown, which a list would cover.
  "(": ["listedLabel"],
  "[": ["duration", "variable"],
  ":": ["duration", "variableFormat"],
  $: ["variable"],
  "@": ["directiveKey", "time"],
  "=": ["labelValue"],
  "~": ["labelValue"],
  "!": ["matcherOperator"],
  "|": ["labelValue"],
};

/** Completion of `.promql` text. It asks servers for names, labels and values, never for an answer to a query. */
export class CompletionProvider {
  readonly #deps: CompletionProviderDeps;
  readonly #used = new WeakMap<
    vscode.TextDocument,
    { readonly version: number; readonly metrics: ReadonlySet<string> }
  >();
  /** Counts the lists that were asked for: one that comes late is nobody's any more. */
  #asked = 0;

  constructor(deps: CompletionProviderDeps) {
    this.#deps = deps;
  }

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
    { triggerCharacter }: vscode.CompletionContext,
  ): Promise<vscode.CompletionList<OfferItem> | undefined> {
    const asked = ++this.#asked;
    const { names, documents, connections } = this.#deps;
    const text = document.getText();
    const offset = document.offsetAt(position);
    const file = documents.parse(document);
    const context = this.#contextAt(document, offset);
    if (!wantsNames(context)) names.giveUp();
    if (context.kind === "none" || !isWantedAfter(triggerCharacter, context.kind)) return undefined;
    const directives = resolveDirectives(file, blockAt(file, offset) ?? { directives: [] });
    const connection = this.#serverFor(directives.connection);
    const fixed = fixedOffers(context, {
      variables: directives.vars,
      connections: connections.list().map(({ target: { connectionId: id, name } }) => ({ id, name })),
      dialect: connection?.dialect() ?? "promql",
      following: text.charAt(context.to),
    });
    const used = context.kind === "operand" ? this.#usedIn(document, text) : new Set<string>();
    const typed = typedText(context, text, offset);
    const named = await this.#named(context, connection, { typed, used }, token);
    if (named === undefined) return undefined;
    void named.pending?.then(() => {
      if (this.#asked === asked) this.#showAgain(document, context);
    });
    const told = new Set(named.offers.map(({ label }) => label));
    const words = [typed, text.slice(context.from, context.to)];
    const others = context.kind === "operand" ? usedMetricOffers(used, context, { told, typed: words }) : [];
    const place = { document, offset, context, connection };
    const items = [...others, ...named.offers, ...fixed].map((offer, index) => new OfferItem(offer, index, place));
    // Of a duration the units are those of the number that is typed: with each sign it is another list.
    return new vscode.CompletionList(items, named.isIncomplete || context.kind === "duration");
  }

  /** Adds help; of a metric whose type did not come with its name the server is asked by itself. */
  async resolveCompletionItem(
    item: vscode.CompletionItem,
    token: vscode.CancellationToken,
  ): Promise<vscode.CompletionItem> {
    if (!(item instanceof OfferItem)) return item;
    const { connection, offer } = item;
    if (offer.kind !== "metric" || offer.metadata !== undefined || connection === undefined) return item.describe();
    const { target, revision } = connection;
    const server = { connectionId: target.connectionId, revision, source: () => connection.source() };
    try {
      return item.describe(await withSignal(token, (signal) => this.#deps.facts.read(server, offer.label, { signal })));
    } catch {
      // Whoever looks through a list is not told: the log has what hovering asked for and did not get.
      return item.describe();
    }
  }

  /** What the server's names make of the context; `undefined`: nobody waits for it any more. */
  async #named(
    context: CompletionContext,
    connection: QueryConnection | undefined,
    known: { readonly typed: string; readonly used: ReadonlySet<string> },
    token: vscode.CancellationToken,
  ): Promise<ServerOffers | undefined> {
    if (connection === undefined) return { offers: [], isIncomplete: false, pending: undefined };
    const { names, clock } = this.#deps;
    const { target, revision } = connection;
    const server = { connectionId: target.connectionId, revision, source: () => connection.source() };
    const wait = (ms: number) => new Promise<void>((resolve) => void clock.setTimeout(resolve, ms));
    try {
      return await withSignal(token, (signal) => serverOffers(context, { ...known, names, server, wait, signal }));
    } catch (error) {
      if (isCancelled(error)) return undefined;
      throw error;
    }
  }

  /** The connection whose names may be asked for; nobody is asked anything to find it. */
  #serverFor(name: string | undefined): QueryConnection | undefined {
    return this.#deps.settings.current.completion.fromServer ? this.#deps.connectionFor(name) : undefined;
  }

  #usedIn(document: vscode.TextDocument, text: string): ReadonlySet<string> {
    const known = this.#used.get(document);
    if (known?.version === document.version) return known.metrics;
    const metrics = usedMetrics(text);
    this.#used.set(document, { version: document.version, metrics });
    return metrics;
  }

  #contextAt(document: vscode.TextDocument, offset: number): CompletionContext {
    const text = document.getText();
    const file = this.#deps.documents.parse(document);
    return completionAt(text, offset, completionPlace(text, file, offset, { isCell: cellOf(document) !== undefined }));
  }

  /**
   * Brings the list up where the cursor is still in the word that it was asked for. VS Code does not ask again by itself while that
   * is typed on: an empty list says nothing to it of more to come.
   */
  #showAgain(document: vscode.TextDocument, { kind, from }: Exclude<CompletionContext, { kind: "none" }>): void {
    const editor = vscode.window.activeTextEditor;
    if (editor?.document !== document || !editor.selection.isEmpty) return;
    const now = this.#contextAt(document, document.offsetAt(editor.selection.active));
    if (now.kind !== kind || now.from !== from) return;
    void vscode.commands.executeCommand(suggestAgain.command, ...suggestAgain.arguments);
  }
}

function isWantedAfter(trigger: string | undefined, kind: Kind): boolean {
  if (trigger === undefined) return true;
  const kinds: Readonly<Record<string, readonly Kind[]>> = kindsAfter;
  return kinds[trigger]?.includes(kind) ?? true;
}

/** What is typed of a name so far, as a server would have it. */
function typedText(context: Exclude<CompletionContext, { kind: "none" }>, text: string, offset: number): string {
  if (context.kind === "labelValue") return context.typed;
  const written = text.slice(context.from, offset);
  const quote = "quote" in context ? context.quote : undefined;
  return quote === undefined ? written : looseString(quote + written);
}
