import type * as vscode from "vscode";
import type { EffectiveDirectives } from "../../promql/effectiveDirectives.ts";
import type { RunMode } from "../../query/run.ts";

/** What commands about a query do where it is a cell of a notebook. */
export interface CellQueries {
  /** Runs it as VS Code's own button does; `mode` beats its directives. */
  run(cell: vscode.NotebookCell, mode: RunMode | undefined): Promise<void>;
  setCellConnection(cell: vscode.NotebookCell): Promise<void>;
  /** Its directives with the time that the notebook sets for all cells. */
  inWindow(cell: vscode.NotebookCell, directives: EffectiveDirectives): EffectiveDirectives;
}
