import * as vscode from "vscode";
import type { PromqlDocuments } from "../../host/promqlDocuments.ts";
import type { PromqlFile } from "../../promql/file.ts";
import type { Span } from "../../promql/problems.ts";
import { fixesOf, problemsForAnyServer, type QuickFix, syntaxFixesOf } from "../../promql/quickFixes.ts";

/** What may be done about the problems that are shown in a text. */
export class QuickFixes implements vscode.CodeActionProvider {
  readonly #documents: PromqlDocuments;

  constructor(documents: PromqlDocuments) {
    this.#documents = documents;
  }

  provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    const shown = diagnostics.filter(({ source }) => source === "PromQL");
    return shown.length === 0 ? [] : actionsFor(document, this.#documents.parse(document), shown);
  }
}

/** Problems are found again and matched with those shown, which hold a sentence and no data. */
function actionsFor(
  document: vscode.TextDocument,
  file: PromqlFile,
  shown: readonly vscode.Diagnostic[],
): vscode.CodeAction[] {
  const text = document.getText();
  const actionsOf = (problem: Span & { readonly code: string }, fixes: () => readonly QuickFix[]) => {
    const range = rangeOf(document, problem);
    const diagnostic = shown.find((one) => one.code === problem.code && one.range.isEqual(range));
    return diagnostic === undefined ? [] : fixes().map((fix) => actionOf(document, fix, diagnostic));
  };
  const ofFile = file.problems.flatMap((problem) => actionsOf(problem, () => fixesOf(text, problem)));
  const ofSyntax = file.blocks.flatMap(({ expression: place }) => {
    if (place === undefined || !shown.some(({ range }) => range.intersection(rangeOf(document, place)))) return [];
    return problemsForAnyServer(text.slice(place.from, place.to)).flatMap((found) => {
      const problem = { ...found, from: place.from + found.from, to: place.from + found.to };
      return actionsOf(problem, () => syntaxFixesOf(text, place, problem));
    });
  });
  return [...ofFile, ...ofSyntax];
}

function rangeOf(document: vscode.TextDocument, { from, to }: Span): vscode.Range {
  return new vscode.Range(document.positionAt(from), document.positionAt(to));
}

function actionOf(document: vscode.TextDocument, fix: QuickFix, diagnostic: vscode.Diagnostic): vscode.CodeAction {
  const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  action.isPreferred = fix.isPreferred;
  action.edit = new vscode.WorkspaceEdit();
  for (const { from, to, text } of fix.edits) {
    action.edit.replace(document.uri, rangeOf(document, { from, to }), text);
  }
  return action;
}
