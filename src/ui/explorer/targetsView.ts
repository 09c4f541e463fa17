import { droppedTargetsNode, maxDroppedTargets } from "../../catalog/droppedTargetNodes.ts";
import { nothingArrived } from "../../catalog/partialNodes.ts";
import { Section } from "../../catalog/section.ts";
import { countDown, targetNodes } from "../../catalog/targetNodes.ts";
import { remark, type TreeNode } from "../../catalog/treeNode.ts";
import { isLoopback } from "../../connections/serverUrl.ts";
import { serverParts } from "../../host/notOfferedMessage.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import type { DroppedTargetList, Target } from "../../shared/model/source.ts";
import { ExplorerView, type FollowingView } from "./explorerView.ts";
import { momentText } from "./momentText.ts";

const noTargets = "The server scrapes no targets.";

export interface TargetsViewDeps extends FollowingView {
  readonly setFiltered: (isFiltered: boolean) => void;
}

/** The scrape targets of the active connection by pool. */
export class TargetsView extends DisposableStore {
  readonly section: Section<readonly Target[]>;
  /** Read only when its row is opened: a server may have dropped a thousand times what it scrapes. */
  readonly dropped: Section<DroppedTargetList>;
  readonly tree: ExplorerView<readonly Target[]>;
  readonly #deps: TargetsViewDeps;
  #onlyUnhealthy = false;

  constructor(deps: TargetsViewDeps) {
    super();
    this.#deps = deps;
    const { server, now, view } = deps;
    this.section = this.register(
      new Section({ load: async (options) => (await server.source(options.signal)).targets(options), now }),
    );
    const limit = maxDroppedTargets;
    this.dropped = this.register(
      new Section({
        load: async (options) => (await server.source(options.signal)).droppedTargets({ limit }, options),
        now,
      }),
    );
    this.tree = this.register(
      new ExplorerView({
        view,
        section: this.section,
        refreshCommand: "promqlWorkbench.targets.refresh",
        server,
        rows: (targets) => this.#rows(targets),
        empty: noTargets,
        part: serverParts.targets,
        missingSince: () => server.missingSince(["targets"]),
        message: (targets) => this.#message(targets),
        badge: (targets) => {
          const down = countDown(targets);
          const tooltip = `${down} ${down === 1 ? "target is" : "targets are"} down`;
          return down === 0 ? undefined : { value: down, tooltip };
        },
      }),
    );
    this.register(
      this.section.onDidChange(() => {
        // What was dropped is as old as the targets beside it: it is read again with them, if its row is open.
        const isRead = this.dropped.state.kind !== "idle";
        if (isRead && this.section.state.kind === "loading") this.dropped.reset();
      }),
    );
    this.register(this.dropped.onDidChange(() => this.tree.redraw()));
  }

  /** Reads the dropped targets again, and nothing else. */
  async refreshDropped(): Promise<void> {
    await this.dropped.refresh();
  }

  /** Shows only targets that are not up, or all of them. */
  showOnlyUnhealthy(only: boolean): void {
    this.#onlyUnhealthy = only;
    this.#deps.setFiltered(only);
    this.tree.decorate();
    this.tree.redraw();
  }

  #rows(targets: readonly Target[]): readonly TreeNode[] {
    const { current } = this.#deps.server;
    const isServerHere = current !== undefined && isLoopback(current.origin);
    const rows = targetNodes(targets, { onlyUnhealthy: this.#onlyUnhealthy, isServerHere, time: momentText });
    if (this.#onlyUnhealthy) return rows.length > 0 ? rows : [remark("all up", "No target is unhealthy.")];
    const dropped = droppedTargetsNode({
      serverId: current === undefined ? "" : `${current.id} ${current.revision}`,
      state: this.dropped.state,
      read: () => this.dropped.ensure(),
      failureRows: (failure) =>
        this.tree.failureRows(failure, { below: "dropped targets", retry: "promqlWorkbench.targets.refreshDropped" }),
      time: momentText,
    });
    const isWhole = this.section.state.loaded?.doubts.length === 0;
    return [...(rows.length > 0 ? rows : [remark("empty", isWhole ? noTargets : nothingArrived)]), dropped];
  }

  #message(targets: readonly Target[]): string | undefined {
    if (!this.#onlyUnhealthy) return undefined;
    const bad = targets.filter(({ health }) => health !== "up").length;
    return bad === 0 ? `All ${targets.length} targets are up.` : `${bad} of ${targets.length} targets: those not up.`;
  }
}
