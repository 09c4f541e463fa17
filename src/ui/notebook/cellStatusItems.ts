import * as vscode from "vscode";
import { defaultsCellOf } from "../../host/notebookCells.ts";
import { plainLabel } from "../../host/plainLabel.ts";
import { type EffectiveDirectives, resolveDirectives } from "../../promql/effectiveDirectives.ts";
import { isInstantOnly } from "../../promql/resultShape.ts";
import type { Run } from "../../query/run.ts";
import { runOutcome } from "../../query/runOutcome.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import { Emitter } from "../../shared/event.ts";
import { formatDuration, formatTime } from "../../shared/model/time.ts";
import type { NotebookCommands } from "./notebookCommands.ts";
import type { NotebookQueries } from "./notebookRunner.ts";
import { type TimeWindow, windowText } from "./timeWindow.ts";

export interface CellStatusDeps {
  /** Absent until the code that reads text is there. */
  readonly queries: () => (NotebookQueries & { readonly prompts: DestinationTitles }) | undefined;
  readonly runOf: (cell: vscode.NotebookCell) => Run | undefined;
  /** True if the cell, or what it depends on, was changed since its run. */
  readonly isStale: (cell: vscode.NotebookCell) => boolean;
  readonly windowOf: (uri: vscode.Uri) => TimeWindow | undefined;
  readonly defaultRangeMs: () => number;
}

/** Where queries that name a connection go, in words. */
export interface DestinationTitles {
  titleOf(name: string | undefined): { readonly title: string; readonly tooltip: string };
}

/** Below each query: its title, where it goes, how and for which time it asks, and how its last run went. A click changes it. */
export class CellStatusItems extends DisposableStore implements vscode.NotebookCellStatusBarItemProvider {
  readonly #deps: CellStatusDeps;
  readonly #changed = this.register(new Emitter<void>());
  readonly onDidChangeCellStatusBarItems = this.#changed.event;

  constructor(deps: CellStatusDeps) {
    super();
    this.#deps = deps;
  }

  refresh(): void {
    this.#changed.fire();
  }

  provideCellStatusBarItems(cell: vscode.NotebookCell): vscode.NotebookCellStatusBarItem[] {
    const queries = this.#deps.queries();
    if (queries === undefined || cell.kind !== vscode.NotebookCellKind.Code) return [];
    const file = queries.documents.parse(cell.document);
    const [block] = file.blocks;
    if (block === undefined) return [];
    if (block.expression === undefined) return this.#comments(cell, block.directives.length > 0);
    const directives = resolveDirectives(file, block);
    const { from, to } = block.expression;
    const onlyInstant = isInstantOnly(cell.document.getText().slice(from, to));
    const window = this.#deps.windowOf(cell.notebook.uri);
    const { title, tooltip } = queries.prompts.titleOf(directives.connection);
    const items = [
      item(cell, `$(tag) ${plainLabel(directives.title ?? "Untitled")}`, "setTitle", "Title of this query: change it"),
      item(cell, title, "setCellConnection", `${tooltip}\nChoose the connection of this cell`),
      item(cell, modeText(directives, onlyInstant), "setMode", "Range, instant, or both: change it"),
      item(
        cell,
        `$(clock) ${window === undefined ? timeText(directives, onlyInstant, this.#deps.defaultRangeMs()) : windowText(window)}`,
        window === undefined ? "setRange" : "setTimeRange",
        window === undefined ? "Time of this query: change it" : "The notebook's time range, for all cells: change it",
      ),
    ];
    if (directives.mode !== "instant" && !onlyInstant) {
      const step = directives.stepMs === undefined ? "automatic" : formatDuration(directives.stepMs);
      items.push(item(cell, `step ${step}`, "setStep", "Step of the range request: change it"));
    }
    const run = this.#deps.runOf(cell);
    if (run !== undefined) items.push(outcomeItem(run, this.#deps.isStale(cell)));
    return items;
  }

  #comments(cell: vscode.NotebookCell, hasDirectives: boolean): vscode.NotebookCellStatusBarItem[] {
    const isFirst = defaultsCellOf(cell.notebook) === cell;
    if (!isFirst && !hasDirectives) return [];
    const text = isFirst ? "$(settings-gear) Defaults of this notebook" : "$(warning) No query here: sets nothing";
    const made = new vscode.NotebookCellStatusBarItem(text, vscode.NotebookCellStatusBarAlignment.Left);
    made.tooltip = isFirst
      ? "What this first cell sets holds for all queries that do not set it themselves"
      : cell.index === 0
        ? "This cell has a separator or a title of its own in the file: only a first cell without sets defaults"
        : "Only the first cell sets defaults: move this cell up";
    return [made];
  }
}

function item(cell: vscode.NotebookCell, text: string, command: CellCommand, tooltip: string) {
  const made = new vscode.NotebookCellStatusBarItem(text, vscode.NotebookCellStatusBarAlignment.Left);
  const id: keyof NotebookCommands = `promqlWorkbench.notebook.${command}`;
  made.command = { command: id, title: tooltip, arguments: [cell] };
  made.tooltip = tooltip;
  // Without it a screen reader hears "now" and not of what.
  made.accessibilityInformation = { label: `${text.replace(/\$\([a-z-]+\) ?/g, "")}. ${tooltip}`, role: "button" };
  return made;
}

type CellCommand = "setTitle" | "setCellConnection" | "setMode" | "setRange" | "setStep" | "setTimeRange";

function outcomeItem(run: Run, isStale: boolean): vscode.NotebookCellStatusBarItem {
  const { icon, text: outcome } = runOutcome(run);
  const shown = isStale ? "$(history) Changed since its run" : `$(${icon}) ${outcome}`;
  return new vscode.NotebookCellStatusBarItem(shown, vscode.NotebookCellStatusBarAlignment.Right);
}

function modeText({ mode }: EffectiveDirectives, onlyInstant: boolean): string {
  if (onlyInstant) return "instant only";
  return mode ?? "range and instant";
}

/** The time that a query asks for as its text says. */
function timeText(
  { mode, start, end, time, rangeMs }: EffectiveDirectives,
  onlyInstant: boolean,
  defaultMs: number,
): string {
  if (onlyInstant || mode === "instant") {
    const moment = time ?? end;
    return moment === undefined ? "now" : `at ${formatTime(moment)}`;
  }
  const until = end === undefined ? "now" : formatTime(end);
  if (start !== undefined) return `${formatTime(start)} to ${until}`;
  return `last ${formatDuration(rangeMs ?? defaultMs)}${end === undefined ? "" : ` until ${until}`}`;
}
