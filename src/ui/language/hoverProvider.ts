import * as vscode from "vscode";
import { withSignal } from "../../host/cancellation.ts";
import type { Block } from "../../promql/file.ts";
import { directiveTargetAt, expressionsOver, type HoverTarget, hoverTargetAt } from "../../promql/hoverTarget.ts";
import type { Span } from "../../promql/problems.ts";
import { callRemarks, metricRemarks } from "../../promql/remarks.ts";
import type { Expression } from "../../promql/syntaxTree.ts";
import { findReferencesInText } from "../../promql/variableReferences.ts";
import { definitionOf } from "../../promql/variableScopes.ts";
import { formatLabelName } from "../../shared/model/labels.ts";
import { code, type HelpPart, helpMarkdown, text as textPart } from "./helpParts.ts";
import type { LanguageTexts } from "./languageTexts.ts";
import { metricHelp, remarkHelp } from "./metricHelp.ts";
import type { MetricQuestions } from "./metricQuestions.ts";
import { durationHelp, momentHelp, numberHelp } from "./valueHelp.ts";
import { variableHelp } from "./variableHelp.ts";
import { callableHelp, directiveHelp, labelHelp, wordHelp } from "./wordHelp.ts";

/** An expression with what a question about it depends on. */
interface Place {
  readonly block: Block;
  readonly expression: Expression;
}

/** Says what stands under the pointer. Sends no query: of a metric its server is asked for type and help, once in a while. */
export class PromqlHover implements vscode.HoverProvider {
  readonly #texts: LanguageTexts;
  readonly #questions: MetricQuestions;

  constructor(deps: { readonly texts: LanguageTexts; readonly questions: MetricQuestions }) {
    this.#texts = deps.texts;
    this.#questions = deps.questions;
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    const offset = document.offsetAt(position);
    const variable = this.#variable(document, offset);
    if (variable !== undefined) return hoverOf(document, variable.span, variable.parts);
    const { text, file } = this.#texts.read(document);
    const own = [...(offset < file.prologue.to ? [file.prologue] : []), ...file.blocks].filter(
      ({ from, to }) => from <= offset && offset <= to,
    );
    const directive = directiveTargetAt(
      own.flatMap(({ directives }) => directives),
      offset,
    );
    if (directive !== undefined) return hoverOf(document, directive, this.#simpleHelp(text, directive));
    const place = this.#texts.expressionAt(document, offset);
    const target = place && hoverTargetAt(text, place.expression, offset);
    if (place === undefined || target === undefined) return undefined;
    const parts =
      target.kind === "metric"
        ? await withSignal(token, (signal) => this.#metric(document, place, target, signal))
        : [...this.#simpleHelp(text, target), ...callRemarksAt(place.expression, target)];
    return token.isCancellationRequested ? undefined : hoverOf(document, target, parts);
  }

  async #metric(
    document: vscode.TextDocument,
    { block, expression }: Place,
    { name, from }: Span & { readonly name: string },
    signal: AbortSignal,
  ): Promise<readonly HelpPart[]> {
    const said = await this.#questions.ask(this.#texts.read(document).file, block, name, signal);
    const type = said.state === "said" ? (said.metadata?.type ?? "") : "";
    return metricHelp(name, said, metricRemarks(expressionsOver(expression, from), type));
  }

  #variable(document: vscode.TextDocument, offset: number) {
    const shared = this.#texts.variables(document);
    const found = this.#texts.variableAt(document, offset, shared);
    if (found === undefined) return undefined;
    const { name, inReplacement, around, role } = found.place;
    const definition = definitionOf(shared.scopes, found.scope, name);
    const at = definition && shared.documents[definition.scope];
    const where = (): string => {
      if (at === undefined || definition === undefined) return "";
      if (at !== document) return "in the cell that sets defaults for this notebook";
      const line = document.positionAt(definition.place.from).line + 1;
      return definition.scope === found.scope ? `here, in line ${line}` : `for the whole file, in line ${line}`;
    };
    const written = document.getText().slice(around.from, around.to);
    const [reference] = role === "reference" ? findReferencesInText(written, { quote: undefined, inReplacement }) : [];
    const parts = variableHelp({
      ...{ name, inReplacement, format: reference?.format },
      definition: definition && { value: definition.place.value ?? "", where: where() },
    });
    return { span: role === "reference" ? around : found.place, parts };
  }

  /** Help that the text alone gives. */
  #simpleHelp(text: string, target: HoverTarget): readonly HelpPart[] {
    const written = text.slice(target.from, target.to);
    switch (target.kind) {
      case "function":
      case "aggregation":
        return callableHelp(target.name);
      case "keyword":
      case "operator":
        return wordHelp(target.word);
      case "number":
        return numberHelp(target.value, written);
      case "duration":
        return durationHelp(target.seconds, written);
      case "moment":
        return momentHelp(target.seconds, written);
      case "directive":
        return directiveHelp(target.key);
      case "label": {
        const { name, metrics } = target;
        const of = metrics.length === 0 ? [] : [textPart(`Label of ${metrics.join(", ")}`)];
        return [code(formatLabelName(name)), ...of, ...labelHelp(name)];
      }
      case "metric":
        return metricHelp(target.name, { state: "notAsked" }, []);
    }
  }
}

function callRemarksAt(expression: Expression, { kind, from }: HoverTarget): readonly HelpPart[] {
  const call = kind === "function" ? expressionsOver(expression, from).at(-1) : undefined;
  return call?.kind === "call" ? callRemarks(call).map(remarkHelp) : [];
}

function hoverOf(document: vscode.TextDocument, span: Span, parts: readonly HelpPart[]): vscode.Hover | undefined {
  if (parts.length === 0) return undefined;
  // Neither trusted, nor with icons or HTML: nothing in it acts.
  const markdown = new vscode.MarkdownString(helpMarkdown(parts));
  return new vscode.Hover(markdown, new vscode.Range(document.positionAt(span.from), document.positionAt(span.to)));
}
