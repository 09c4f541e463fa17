import * as vscode from "vscode";
import { plainLabel } from "../../host/plainLabel.ts";
import { resolveDirectives } from "../../promql/effectiveDirectives.ts";
import type { Block, PromqlFile } from "../../promql/file.ts";
import { isInstantOnly } from "../../promql/resultShape.ts";
import type { Run, RunPart } from "../../query/run.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import { formatDuration } from "../../shared/model/time.ts";
import type { PromqlDocuments } from "./promqlDocuments.ts";
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
    const { title, tooltip } = this.#connectionTitle(directives.connection);
    lenses.push(lens(title, "promqlWorkbench.query.chooseConnection", tooltip));
    if (run !== undefined && !isRunning) {
      const { from, to } = block.expression;
      const isSame = run.request.text === document.getText().slice(from, to);
      const title = isSame ? outcomeTitle(run) : "$(history) Edited since its run";
      lenses.push(lens(title, "promqlWorkbench.results.show", "Show the result of this query"));
    }
    return lenses;
  }

  #connectionTitle(name: string | undefined): { readonly title: string; readonly tooltip: string } {
    const destination = this.#deps.prompts.destinationOf(name);
    switch (destination.kind) {
      case "ready": {
        const { target } = destination.connection;
        const isOther = name !== undefined && name !== target.connectionId && name !== target.name;
        const tooltip = `Queries go to ${target.origin}`;
        const title = `$(server) ${isOther && vscode.workspace.isTrusted ? `${plainLabel(name)} → ` : ""}${plainLabel(target.name)}`;
        if (!isOther || vscode.workspace.isTrusted) return { title, tooltip };
        return { title, tooltip: `${tooltip}. In Restricted Mode a file's @connection is not followed.` };
      }
      case "unknown":
        return {
          title: `$(warning) ${plainLabel(destination.name)} is not set up here`,
          tooltip:
            this.#deps.prompts.suggestionFor(destination.name) === undefined
              ? "Choose a connection, or add this one"
              : "Adopt the connection that this workspace suggests, or choose another",
        };
      case "disabled":
        return {
          title: `$(error) ${plainLabel(destination.name)} cannot be used`,
          tooltip: destination.reasons.join("\n"),
        };
      case "none":
        return { title: "$(plug) No connection", tooltip: "Choose or add a connection" };
    }
  }
}

function outcomeTitle(run: Run): string {
  const parts = [run.range?.part, run.instant?.part].filter((part) => part !== undefined);
  const failure = parts.find((part) => part.state === "failed");
  if (failure !== undefined && parts.every((part) => part.state === "failed"))
    return failure.failure.kind === "cancelled" ? "$(circle-slash) Cancelled" : "$(error) Failed";
  const done = parts.filter((part): part is Extract<RunPart, { state: "done" }> => part.state === "done");
  const [first] = done;
  if (first === undefined) return "$(history) Results";
  const { data } = first.answer;
  const count = data.type === "matrix" || data.type === "vector" ? data.series.length : 1;
  const noun = data.type === "matrix" || data.type === "vector" ? "series" : data.type;
  const ms = Math.max(...done.map(({ answer }) => answer.durationMs));
  const remarks = done.some(
    ({ answer }) => answer.warnings.length > 0 || answer.cut !== undefined || answer.isPartial === true,
  );
  const half = failure === undefined ? "" : run.range?.part === failure ? " · range failed" : " · instant failed";
  return `${remarks || failure !== undefined ? "$(warning)" : "$(check)"} ${count.toLocaleString("en-US")} ${noun} · ${formatDuration(Math.max(1, Math.round(ms)))}${half}`;
}
