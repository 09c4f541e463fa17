import * as vscode from "vscode";
import { blockAt } from "../../promql/file.ts";
import type { Span } from "../../promql/problems.ts";
import { selectionSpans } from "../../promql/selectionSpans.ts";
import type { LanguageTexts } from "./languageTexts.ts";

/** Lets a selection grow from the word over matcher, selector, call and expression to the block and the whole text. */
export class PromqlSelection implements vscode.SelectionRangeProvider {
  readonly #texts: LanguageTexts;

  constructor({ texts }: { readonly texts: LanguageTexts }) {
    this.#texts = texts;
  }

  provideSelectionRanges(
    document: vscode.TextDocument,
    positions: readonly vscode.Position[],
  ): vscode.SelectionRange[] {
    return positions.map((position) => this.#rangeAt(document, position));
  }

  #rangeAt(document: vscode.TextDocument, position: vscode.Position): vscode.SelectionRange {
    const { text, file } = this.#texts.read(document);
    const offset = document.offsetAt(position);
    const place = this.#texts.expressionAt(document, offset);
    const block = blockAt(file, offset);
    const spans: readonly Span[] = [
      ...(place === undefined ? [] : selectionSpans(text, place.expression, offset)),
      ...(block === undefined ? [] : [block]),
      { from: 0, to: text.length },
    ];
    let around: vscode.SelectionRange | undefined;
    for (const { from, to } of spans.toReversed()) {
      const range = new vscode.Range(document.positionAt(from), document.positionAt(to));
      // VS Code refuses one that does not lie in the next.
      if (around === undefined || around.range.contains(range)) around = new vscode.SelectionRange(range, around);
    }
    return around ?? new vscode.SelectionRange(new vscode.Range(position, position));
  }
}
