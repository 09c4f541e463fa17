import * as vscode from "vscode";
import { labelNodes, readLabelNames, readLabelValues, readMetricsOfLabel } from "../../catalog/labelNodes.ts";
import { type LabelPicks, pickSelector, withPick } from "../../catalog/labelPicks.ts";
import { doubtsOf } from "../../catalog/partialNodes.ts";
import { RowReadings } from "../../catalog/rowReadings.ts";
import { Section } from "../../catalog/section.ts";
import { failureSentence } from "../../host/failureMessage.ts";
import { serverParts } from "../../host/notOfferedMessage.ts";
import { plainLabel } from "../../host/plainLabel.ts";
import { LatestRun } from "../../shared/abort.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import { failureOf, isCancelled } from "../../shared/errors.ts";
import type { NameList } from "../../shared/model/source.ts";
import { ExplorerView, type FollowingView } from "./explorerView.ts";

/** How long typing rests before the server is asked, in milliseconds. */
const quietMs = 400;

/** A row of the search: a value as the server has it, or without one what went wrong. */
interface FoundValue extends vscode.QuickPickItem {
  readonly value?: string;
}

export interface LabelsViewDeps extends FollowingView {
  readonly setPicked: (isPicked: boolean) => void;
}

/** The labels of the active connection; picked values make a selector. */
export class LabelsView extends DisposableStore {
  readonly section: Section<NameList>;
  readonly tree: ExplorerView<NameList>;
  readonly #deps: LabelsViewDeps;
  /** What opened rows read: drawn again at each pick, but read once; given up when the view is, read again after a refresh. */
  readonly readings = this.register(new RowReadings<NameList>());
  #picks: LabelPicks = new Map();

  constructor(deps: LabelsViewDeps) {
    super();
    this.#deps = deps;
    const { view, server, now } = deps;
    this.section = this.register(
      new Section({
        load: async (options) => readLabelNames(await server.source(options.signal), options, now()),
        now,
      }),
    );
    this.tree = this.register(
      new ExplorerView({
        view,
        section: this.section,
        refreshCommand: "promqlWorkbench.labels.refresh",
        server,
        rows: ({ names }) =>
          labelNodes(names, {
            picks: this.#picks,
            values: (label) =>
              this.readings.once(`values ${label}`, async (signal) =>
                readLabelValues(await server.source(signal), label, { signal, now: now() }),
              ),
            metrics: (label) =>
              this.readings.once(`metrics ${label}`, async (signal) =>
                readMetricsOfLabel(await server.source(signal), label, { signal, now: now() }),
              ),
          }),
        empty: "The server has no labels of the last hour.",
        part: serverParts.labels,
        message: ({ names, truncated }) =>
          this.selector ?? (truncated ? `The first ${names.length} labels; the server has more.` : undefined),
      }),
    );
    this.register(
      view.onDidChangeCheckboxState(({ items }) => {
        for (const [{ subject }, state] of items) {
          if (subject?.kind !== "labelValue") continue;
          this.#pick(subject.label, subject.value, state === vscode.TreeItemCheckboxState.Checked);
        }
      }),
    );
    this.register(
      this.section.onDidChange(() => {
        if (this.section.state.kind === "loading") this.readings.forget();
        if (this.section.state.kind !== "idle") return;
        this.readings.forget();
        this.clearPicks();
      }),
    );
  }

  /** The selector of the picked values; `undefined` where nothing is picked. */
  get selector(): string | undefined {
    return pickSelector(this.#picks);
  }

  clearPicks(): void {
    this.#picks = new Map();
    this.#picked();
  }

  /** Lets a person find a value that the list does not show, at the server, and pick it. */
  async findValue(label: string): Promise<void> {
    const { server, now } = this.#deps;
    const pick = vscode.window.createQuickPick<FoundValue>();
    const search = new LatestRun();
    let timer: NodeJS.Timeout | undefined;
    pick.title = `Find a Value of ${plainLabel(label)}`;
    pick.placeholder = "Part of the value; the server is asked";
    // The server has looked already; what it found is not to be hidden again.
    const ask = async (part: string) => {
      pick.busy = true;
      try {
        await search.start(async ({ signal, isCurrent }) => {
          const source = await server.source(signal);
          const found = await readLabelValues(source, label, { signal, now: now(), part });
          if (!isCurrent()) return;
          pick.items = Array.from(found.names, (value) => ({ label: plainLabel(value, 200), value, alwaysShow: true }));
          const more = found.truncated ? " (the server has more)" : "";
          const partial = doubtsOf(found.warnings).length > 0 ? " (partial)" : "";
          pick.title = `Find a Value of ${plainLabel(label)}${more}${partial}`;
        });
      } catch (error) {
        if (isCancelled(error)) return;
        const sentence = failureSentence(failureOf(error), server.context);
        pick.items = [{ label: `$(error) ${plainLabel(sentence, 300)}`, alwaysShow: true }];
      } finally {
        if (!search.isRunning) pick.busy = false;
      }
    };
    await new Promise<void>((resolve) => {
      pick.onDidChangeValue((part) => {
        clearTimeout(timer);
        timer = setTimeout(() => void ask(part), quietMs);
      });
      pick.onDidAccept(() => {
        const [item] = pick.selectedItems;
        if (item?.value !== undefined) this.#pick(label, item.value, true);
        pick.hide();
      });
      pick.onDidHide(() => resolve());
      pick.show();
      void ask("");
    });
    clearTimeout(timer);
    search.cancel();
    pick.dispose();
  }

  #pick(label: string, value: string, isPicked: boolean): void {
    this.#picks = withPick(this.#picks, label, value, isPicked);
    this.#picked();
  }

  #picked(): void {
    this.#deps.setPicked(this.#picks.size > 0);
    this.tree.decorate();
    this.tree.redraw();
  }
}
