import type * as vscode from "vscode";
import { cellOf, defaultsCellOf } from "../../host/notebookCells.ts";
import type { PromqlDocuments } from "../../host/promqlDocuments.ts";
import { type Block, blockAt, type PromqlFile } from "../../promql/file.ts";
import { longestRead } from "../../promql/limits.ts";
import { parseExpression } from "../../promql/parser.ts";
import type { Expression } from "../../promql/syntaxTree.ts";
import { cellScope, placeAt, type Related, type VariableScope, variableScopes } from "../../promql/variableScopes.ts";

/** A document in one of its versions. */
export interface Reading {
  readonly text: string;
  readonly file: PromqlFile;
  /** True for a cell, which is one block. */
  readonly isCell: boolean;
  /** Whether the text is the cell that sets defaults for the others of its notebook. */
  readonly isDefaultsCell: boolean;
}

/** The scopes of all texts that share variables with a text, and the document of each. */
export interface SharedVariables {
  readonly scopes: readonly VariableScope[];
  readonly documents: readonly vscode.TextDocument[];
}

interface Kept {
  readonly reading: Reading;
  readonly expressions: Map<number, Expression>;
  scopes?: readonly VariableScope[];
}

/** Readings of `.promql` documents for help about them, made once for each version that is asked about. */
export class LanguageTexts {
  readonly #documents: PromqlDocuments;
  readonly #kept = new WeakMap<PromqlFile, Kept>();

  constructor(documents: PromqlDocuments) {
    this.#documents = documents;
  }

  read(document: vscode.TextDocument): Reading {
    return this.#keep(document).reading;
  }

  /** The block at `offset` with its tree, where it is a query; the end of an expression belongs to it. */
  expressionAt(
    document: vscode.TextDocument,
    offset: number,
  ): { readonly block: Block; readonly expression: Expression } | undefined {
    const { reading, expressions } = this.#keep(document);
    const block = blockAt(reading.file, offset);
    const place = block?.kind === "query" ? block.expression : undefined;
    if (block === undefined || place === undefined || offset < place.from || offset > place.to) return undefined;
    if (place.to - place.from > longestRead) return undefined;
    const expression = expressions.get(block.index) ?? parseExpression(reading.text, place).expression;
    expressions.set(block.index, expression);
    return { block, expression };
  }

  /** Every text that shares variables with this one: itself, or the cells of its notebook. */
  variables(document: vscode.TextDocument): SharedVariables {
    const cells = cellOf(document)?.notebook.getCells() ?? [];
    const shared = cells.map((cell) => cell.document).filter(({ languageId }) => languageId === "promql");
    const texts = shared.includes(document) ? shared : [document];
    const found = texts.flatMap((one) => this.#scopesOf(one).map((scope) => ({ scope, document: one })));
    return { scopes: found.map(({ scope }) => scope), documents: found.map((one) => one.document) };
  }

  /** The variable that is named at `offset`. */
  variableAt(
    document: vscode.TextDocument,
    offset: number,
    { scopes, documents }: SharedVariables = this.variables(document),
  ): Related | undefined {
    for (const [i, scope] of scopes.entries()) {
      const place = documents[i] === document ? placeAt(scope, offset) : undefined;
      if (place !== undefined) return { scope: i, place };
    }
    return undefined;
  }

  #scopesOf(document: vscode.TextDocument): readonly VariableScope[] {
    const kept = this.#keep(document);
    const { text, file, isCell, isDefaultsCell } = kept.reading;
    kept.scopes ??= isCell ? [cellScope(text, file, isDefaultsCell)] : variableScopes(text, file);
    return kept.scopes;
  }

  #keep(document: vscode.TextDocument): Kept {
    // One object for each version.
    const file = this.#documents.parse(document);
    const cell = cellOf(document);
    const isDefaultsCell = cell !== undefined && defaultsCellOf(cell.notebook) === cell;
    const known = this.#kept.get(file);
    if (known !== undefined && known.reading.isDefaultsCell === isDefaultsCell) return known;
    const reading = { text: document.getText(), file, isCell: cell !== undefined, isDefaultsCell };
    const kept: Kept = { reading, expressions: new Map() };
    this.#kept.set(file, kept);
    return kept;
  }
}
