import { Section } from "../../catalog/section.ts";
import { countDown, targetNodes } from "../../catalog/targetNodes.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import type { Target } from "../../shared/model/source.ts";
import { ExplorerView, type FollowingView } from "./explorerView.ts";
import { momentText } from "./momentText.ts";

export interface TargetsViewDeps extends FollowingView {
  readonly setFiltered: (isFiltered: boolean) => void;
}

/** The scrape targets of the active connection by pool. */
export class TargetsView extends DisposableStore {
  readonly section: Section<readonly Target[]>;
  readonly tree: ExplorerView<readonly Target[]>;
  readonly #deps: TargetsViewDeps;
  #onlyUnhealthy = false;

  constructor(deps: TargetsViewDeps) {
    super();
    this.#deps = deps;
    const { server, now, view } = deps;
    this.section = this.register(
      new Section({ load: async (signal) => (await server.source(signal)).targets({ signal }), now }),
    );
    this.tree = this.register(
      new ExplorerView({
        view,
        section: this.section,
        refreshCommand: "promqlWorkbench.targets.refresh",
        server: () => server.current?.name,
        rows: (targets) => targetNodes(targets, { onlyUnhealthy: this.#onlyUnhealthy, time: momentText }),
        empty: "The server scrapes no targets.",
        notOffered: "This server does not tell its targets, as is usual for a managed one. Queries work all the same.",
        message: (targets) => this.#message(targets),
        badge: (targets) => {
          const down = countDown(targets);
          const tooltip = `${down} ${down === 1 ? "target is" : "targets are"} down`;
          return down === 0 ? undefined : { value: down, tooltip };
        },
      }),
    );
  }

  /** Shows only targets that are not up, or all of them. */
  showOnlyUnhealthy(only: boolean): void {
    this.#onlyUnhealthy = only;
    this.#deps.setFiltered(only);
    this.tree.decorate();
    this.tree.redraw();
  }

  #message(targets: readonly Target[]): string | undefined {
    if (!this.#onlyUnhealthy) return undefined;
    const bad = targets.filter(({ health }) => health !== "up").length;
    return bad === 0 ? `All ${targets.length} targets are up.` : `${bad} of ${targets.length} targets: those not up.`;
  }
}
