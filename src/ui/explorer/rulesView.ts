import { countFiring, ruleNodes } from "../../catalog/ruleNodes.ts";
import { Section } from "../../catalog/section.ts";
import { serverParts } from "../../host/notOfferedMessage.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import type { RuleGroup } from "../../shared/model/source.ts";
import { ExplorerView, type FollowingView } from "./explorerView.ts";
import { momentText } from "./momentText.ts";

/** Alerts and rules of the active connection. */
export class RulesView extends DisposableStore {
  readonly section: Section<readonly RuleGroup[]>;
  readonly tree: ExplorerView<readonly RuleGroup[]>;

  constructor({ view, server, now }: FollowingView) {
    super();
    this.section = this.register(
      new Section({ load: async (options) => (await server.source(options.signal)).rules(options), now }),
    );
    this.tree = this.register(
      new ExplorerView({
        view,
        section: this.section,
        refreshCommand: "promqlWorkbench.rules.refresh",
        server,
        rows: (groups) => ruleNodes(groups, { time: momentText }),
        empty: "The server has no rules.",
        part: serverParts.rules,
        missingSince: () => server.missingSince(["rules"]),
        badge: (groups) => {
          const firing = countFiring(groups);
          const tooltip = `${firing} ${firing === 1 ? "alert is" : "alerts are"} firing`;
          return firing === 0 ? undefined : { value: firing, tooltip };
        },
      }),
    );
  }
}
