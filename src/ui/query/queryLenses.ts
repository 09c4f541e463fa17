import * as vscode from "vscode";
import type { PromqlDocuments } from "../../host/promqlDocuments.ts";
import { resolveDirectives } from "../../promql/effectiveDirectives.ts";
import type { Block, PromqlFile } from "../../promql/file.ts";
import { isInstantOnly } from "../../promql/resultShape.ts";
import { runOutcome } from "../../query/runOutcome.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import type { RunController } from "./runController.ts";
import type { RunPrompts } from "./runPrompts.ts";

/** What a lens hands to its command: which block of which document. */
export interface BlockReference {
  readonly uri: string;
  readonly key: string;
}

export interface QueryLensesDeps {
  readonly documents: PromqlDocuments;
  readonly controller: RunController;
  readonly prompts: RunPrompts;
  readonly isEnabled: () => boolean;
}

/** Above each query: run it, both ways or one, on which connection, and how the last run went. Sends nothing itself. */
export class QueryLenses extends DisposableStore implements vscode.CodeLensProvider {
  readonly #deps: QueryLensesDeps;
  readonly #changed = this.register(new vscode.EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(deps: QueryLensesDeps) {
    super();
    this.#deps = deps;
  }

  refresh(): void {
    this.#changed.fire();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    // Cells of a notebook have their own run button and status bar.
    if (!this.#deps.isEnabled() || document.uri.scheme === "vscode-notebook-cell") return [];
    const file = this.#deps.documents.parse(document);
    return file.blocks.flatMap((block) => this.#lensesOf(document, file, block));
  }

  #lensesOf(document: vscode.TextDocument, file: PromqlFile, block: Block): vscode.CodeLens[] {
    if (block.kind !== "query" || block.expression === undefined) return [];
    const range = document.lineAt(document.positionAt(block.separator?.from ?? block.expression.from).line).range;
    const reference: BlockReference = { uri: document.uri.toString(), key: block.key };
    const lens = (title: string, command: string, tooltip: string) =>
      new vscode.CodeLens(range, { title, command, tooltip, arguments: [reference] });
    const { run, isRunning } = this.#deps.controller.runOf(document.uri, block.key);
    const directives = resolveDirectives(file, block);
    const lenses: vscode.CodeLens[] = [];
    if (isRunning) {
      lenses.push(lens("$(loading~spin) Running · Cancel", "promqlWorkbench.query.cancel", "Cancel this query"));
    } else if (isInstantOnly(document.getText().slice(block.expression.from, block.expression.to))) {
      lenses.push(
        lens(
          "$(play) Run (instant only)",
          "promqlWorkbench.query.run",
          "A range vector or a string has one answer at one time",
        ),
      );
    } else {
      lenses.push(
        lens("$(play) Run", "promqlWorkbench.query.run", "Run this query (Ctrl+Enter or Cmd+Enter)"),
        lens("as range", "promqlWorkbench.query.runRange", "Only the range request: values over time"),
        lens("as instant", "promqlWorkbench.query.runInstant", "Only the instant request: values at one time"),
      );
    }
    const { title, tooltip } = this.#deps.prompts.titleOf(directives.connection);
    lenses.push(lens(title, "promqlWorkbench.query.chooseConnection", tooltip));
    if (run !== undefined && !isRunning) {
      const { from, to } = block.expression;
      const isSame = run.request.text === document.getText().slice(from, to);
      const { icon, text } = runOutcome(run);
      const title = isSame ? `$(${icon}) ${text}` : "$(history) Edited since its run";
      lenses.push(lens(title, "promqlWorkbench.results.show", "Show the result of this query"));
    }
    return lenses;
  }
}
