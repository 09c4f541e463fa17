import * as vscode from "vscode";
import type { FailureMessage } from "../../host/failureWords.ts";
import { partsOf, type Run, type RunTarget } from "../../query/run.ts";
import { runText } from "../../query/runText.ts";
import type { Failure } from "../../shared/errors.ts";
import { type CellOutput, cellOutputData, cellOutputMime, parseCellOutput } from "../../shared/protocol/cellOutput.ts";

export interface CellOutputsDeps {
  /** The sentence for a failure. */
  readonly describe: (failure: Failure, target: RunTarget) => FailureMessage;
  readonly now: () => number;
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
  /** Outputs outlive the extension when it is started anew, its answers do not. */
  readonly #since: number;

  constructor({ describe, now }: CellOutputsDeps) {
    this.#describe = describe;
    this.#since = now();
  }

  /** Puts the page below a cell, or keeps the one that is there. */
  async begin(cell: vscode.NotebookCell, execution: vscode.NotebookCellExecution): Promise<void> {
    if (this.#outputOf(cell) !== undefined && cell.outputs.length === 1) return;
    await execution.replaceOutput(new vscode.NotebookCellOutput([this.#dataItem(cell, "Waiting for the server …")]));
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
    const items = [this.#dataItem(cell, text), plain];
    const output = this.#outputOf(cell);
    if (output === undefined) await execution.replaceOutput(new vscode.NotebookCellOutput(items));
    else await execution.replaceOutputItems(items, output);
  }

  /** The output that shows this cell's run; one of an earlier start, or of a cell that it was copied from, is none. */
  #outputOf(cell: vscode.NotebookCell): vscode.NotebookCellOutput | undefined {
    const key = cell.document.uri.toString();
    return cell.outputs.find((output) =>
      resultsOf(output).some((result) => result.key === key && result.since === this.#since),
    );
  }

  #dataItem(cell: vscode.NotebookCell, text: string): vscode.NotebookCellOutputItem {
    const data = cellOutputData({ key: cell.document.uri.toString(), text, since: this.#since });
    return vscode.NotebookCellOutputItem.text(data, cellOutputMime);
  }
}

/** True for a cell that has come with the output of another one. */
export function isCopied(cell: vscode.NotebookCell): boolean {
  const keys = cell.outputs.flatMap(resultsOf).map(({ key }) => key);
  return keys.length > 0 && !keys.includes(cell.document.uri.toString());
}

function resultsOf({ items }: vscode.NotebookCellOutput): readonly CellOutput[] {
  return items.flatMap(({ mime, data }) =>
    mime === cellOutputMime ? (parseCellOutput(new TextDecoder().decode(data)) ?? []) : [],
  );
}
