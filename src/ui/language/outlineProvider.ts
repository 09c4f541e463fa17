import * as vscode from "vscode";
import { type OutlineItem, outlineOf } from "../../promql/outline.ts";
import type { Span } from "../../promql/problems.ts";
import type { LanguageTexts } from "./languageTexts.ts";

const symbols: Readonly<Record<OutlineItem["kind"], vscode.SymbolKind>> = {
  defaults: vscode.SymbolKind.Namespace,
  query: vscode.SymbolKind.Function,
  markdown: vscode.SymbolKind.String,
  variable: vscode.SymbolKind.Variable,
};

/** Blocks by their titles, and the variables that each defines. */
export class PromqlOutline implements vscode.DocumentSymbolProvider {
  readonly #texts: LanguageTexts;

  constructor({ texts }: { readonly texts: LanguageTexts }) {
    this.#texts = texts;
  }

  provideDocumentSymbols(document: vscode.TextDocument): vscode.DocumentSymbol[] {
    const { text, file, isCell } = this.#texts.read(document);
    const range = ({ from, to }: Span) => new vscode.Range(document.positionAt(from), document.positionAt(to));
    const symbolOf = (item: OutlineItem): vscode.DocumentSymbol => {
      const symbol = new vscode.DocumentSymbol(
        item.name,
        item.detail,
        symbols[item.kind],
        range(item),
        range(item.head),
      );
      symbol.children = item.children.map(symbolOf);
      return symbol;
    };
    const items = outlineOf(text, file);
    // A notebook's outline has a row for the cell already.
    return (isCell ? items.flatMap(({ children }) => children) : items).map(symbolOf);
  }
}
