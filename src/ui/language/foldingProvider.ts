import * as vscode from "vscode";
import { type Fold, foldsOf } from "../../promql/folding.ts";
import type { LanguageTexts } from "./languageTexts.ts";

const kinds: Readonly<Partial<Record<Fold["kind"], vscode.FoldingRangeKind>>> = {
  comment: vscode.FoldingRangeKind.Comment,
  region: vscode.FoldingRangeKind.Region,
};

/** Blocks, brackets and comments over several lines. */
export class PromqlFolding implements vscode.FoldingRangeProvider {
  readonly #texts: LanguageTexts;

  constructor({ texts }: { readonly texts: LanguageTexts }) {
    this.#texts = texts;
  }

  provideFoldingRanges(document: vscode.TextDocument): vscode.FoldingRange[] {
    const { text, file } = this.#texts.read(document);
    return foldsOf(text, file).map(({ first, last, kind }) => new vscode.FoldingRange(first, last, kinds[kind]));
  }
}
