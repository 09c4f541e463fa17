import * as vscode from "vscode";
import type { Span } from "../../promql/problems.ts";
import { type Related, type RenameRefusal, relatedPlaces, renamePlaces } from "../../promql/variableScopes.ts";
import type { LanguageTexts, SharedVariables } from "./languageTexts.ts";

/** A variable under the cursor, with the texts that share it. */
interface Found {
  readonly shared: SharedVariables;
  readonly at: Related;
}

/** Leads from `$name` to `# @var name=` and back, marks both, and gives a variable another name everywhere. */
export class VariableLinks
  implements
    vscode.DefinitionProvider,
    vscode.ReferenceProvider,
    vscode.DocumentHighlightProvider,
    vscode.RenameProvider
{
  readonly #texts: LanguageTexts;

  constructor({ texts }: { readonly texts: LanguageTexts }) {
    this.#texts = texts;
  }

  provideDefinition(document: vscode.TextDocument, position: vscode.Position): vscode.LocationLink[] {
    const found = this.#find(document, position);
    if (found === undefined) return [];
    const { role, around } = found.at.place;
    const originSelectionRange = rangeOf(document, role === "reference" ? around : found.at.place);
    return this.#related(found)
      .filter(({ place }) => place.role === "definition")
      .slice(-1)
      .flatMap(({ place, document: target }) => ({
        originSelectionRange,
        targetUri: target.uri,
        targetRange: rangeOf(target, place.around),
        targetSelectionRange: rangeOf(target, place),
      }));
  }

  provideReferences(
    document: vscode.TextDocument,
    position: vscode.Position,
    { includeDeclaration }: vscode.ReferenceContext,
  ): vscode.Location[] {
    const found = this.#find(document, position);
    return (found === undefined ? [] : this.#related(found))
      .filter(({ place }) => includeDeclaration || place.role === "reference")
      .map(({ place, document: target }) => new vscode.Location(target.uri, rangeOf(target, place)));
  }

  provideDocumentHighlights(document: vscode.TextDocument, position: vscode.Position): vscode.DocumentHighlight[] {
    const found = this.#find(document, position);
    return (found === undefined ? [] : this.#related(found))
      .filter((one) => one.document === document)
      .map(
        ({ place }) =>
          new vscode.DocumentHighlight(
            rangeOf(document, place),
            place.role === "definition" ? vscode.DocumentHighlightKind.Write : vscode.DocumentHighlightKind.Read,
          ),
      );
  }

  /** Throws a sentence for what cannot be renamed; VS Code shows it at the cursor. */
  prepareRename(document: vscode.TextDocument, position: vscode.Position) {
    const found = this.#find(document, position);
    if (found === undefined) throw new Error("Only variables such as $name can be renamed here.");
    const { place } = found.at;
    const refusal = renamePlaces(found.shared.scopes, found.at, place.name);
    if (typeof refusal === "string") throw new Error(refusalMessage(refusal, place.name, place.name));
    return { range: rangeOf(document, place), placeholder: place.name };
  }

  /** Throws a sentence for a name that cannot be given. */
  provideRenameEdits(document: vscode.TextDocument, position: vscode.Position, typed: string): vscode.WorkspaceEdit {
    const found = this.#find(document, position);
    const edit = new vscode.WorkspaceEdit();
    if (found === undefined) return edit;
    // The sign belongs to the reference, but who sees it types it.
    const newName = typed.trim().replace(/^\$/, "");
    const places = renamePlaces(found.shared.scopes, found.at, newName);
    if (typeof places === "string") throw new Error(refusalMessage(places, found.at.place.name, newName));
    for (const { scope, place } of places) {
      const target = found.shared.documents[scope];
      if (target !== undefined) edit.replace(target.uri, rangeOf(target, place), newName);
    }
    return edit;
  }

  #find(document: vscode.TextDocument, position: vscode.Position): Found | undefined {
    const shared = this.#texts.variables(document);
    const at = this.#texts.variableAt(document, document.offsetAt(position), shared);
    return at === undefined ? undefined : { shared, at };
  }

  #related({ shared, at }: Found) {
    return relatedPlaces(shared.scopes, at.scope, at.place.name).flatMap(({ scope, place }) => {
      const document = shared.documents[scope];
      return document === undefined ? [] : [{ place, document }];
    });
  }
}

function rangeOf(document: vscode.TextDocument, { from, to }: Span): vscode.Range {
  return new vscode.Range(document.positionAt(from), document.positionAt(to));
}

function refusalMessage(refusal: RenameRefusal, name: string, newName: string): string {
  switch (refusal) {
    case "builtin":
      return `$${name} is computed by every run and has a fixed name.`;
    case "newIsBuiltin":
      return `$${newName} is computed by every run: choose another name.`;
    case "badName":
      return "A variable's name has letters, digits and underscores, and does not begin with a digit.";
    case "taken":
      return `$${newName} is used here already: choose another name.`;
  }
}
