import * as vscode from "vscode";
import type { FailureMessage } from "../../host/failureWords.ts";
import { partsOf, type Run, type RunTarget } from "../../query/run.ts";
import { runText } from "../../query/runText.ts";
import type { Failure } from "../../shared/errors.ts";
import { cellOutputData, cellOutputMime, parseCellOutput } from "../../shared/protocol/cellOutput.ts";

export interface CellOutputsDeps {
  /** The sentence for a failure. */
  readonly describe: (failure: Failure, target: RunTarget) => FailureMessage;
}

/** True where all requests were answered, false where one failed; `undefined`: it was cancelled. */
export function outcomeOf(run: Run): boolean | undefined {
  const failures = partsOf(run).flatMap((part) => (part.state === "failed" ? [part.failure] : []));
  if (failures.length === 0) return true;
  return failures.some(({ kind }) => kind !== "cancelled") ? false : undefined;
}

/**
 * What VS Code keeps of an answer while the notebook is open: its name, by which the page asks for it, and a text for where
 * no page of ours is. Never the data.
 */
export class CellOutputs {
  readonly #describe: CellOutputsDeps["describe"];

  constructor({ describe }: CellOutputsDeps) {
    this.#describe = describe;
  }

  /** Puts the page below a cell, or keeps the one that is there. */
  async begin(cell: vscode.NotebookCell, execution: vscode.NotebookCellExecution): Promise<void> {
    if (outputOf(cell) !== undefined && cell.outputs.length === 1) return;
    await execution.replaceOutput(new vscode.NotebookCellOutput([dataItem(cell, "Waiting for the server …")]));
  }

  /** Says how it went, for where no page of ours is. */
  async end(cell: vscode.NotebookCell, execution: vscode.NotebookCellExecution, run: Run): Promise<void> {
    const failures = partsOf(run).flatMap((part) => (part.state === "failed" ? [part.failure] : []));
    const said = failures.map((failure) => {
      const { title, detail, next } = this.#describe(failure, run.request.target);
      return [title, detail, next].filter((part) => part !== "").join("\n");
    });
    const text = [runText(run), ...said].join("\n");
    const plain =
      failures.length === 0
        ? vscode.NotebookCellOutputItem.text(text)
        : vscode.NotebookCellOutputItem.error({ name: "PromQL", message: text, stack: "" });
    const items = [dataItem(cell, text), plain];
    const output = outputOf(cell);
    if (output === undefined) await execution.replaceOutput(new vscode.NotebookCellOutput(items));
    else await execution.replaceOutputItems(items, output);
  }
}

function dataItem(cell: vscode.NotebookCell, text: string): vscode.NotebookCellOutputItem {
  const data = cellOutputData({ key: cell.document.uri.toString(), text });
  return vscode.NotebookCellOutputItem.text(data, cellOutputMime);
}

/** The output that shows this cell's run; that of a cell it was copied from is none. */
function outputOf(cell: vscode.NotebookCell): vscode.NotebookCellOutput | undefined {
  return cell.outputs.find((output) => keysOf(output).includes(cell.document.uri.toString()));
}

/** True for a cell that has come with the output of another one. */
export function isCopied(cell: vscode.NotebookCell): boolean {
  return outputOf(cell) === undefined && cell.outputs.some((output) => keysOf(output).length > 0);
}

function keysOf({ items }: vscode.NotebookCellOutput): readonly string[] {
  return items.flatMap(({ mime, data }) =>
    mime === cellOutputMime ? (parseCellOutput(new TextDecoder().decode(data))?.key ?? []) : [],
  );
}
