import { type ComponentChild, h } from "preact";
import { useContext, useMemo, useState } from "preact/hooks";
import { timeZoneOf } from "../../src/shared/model/zonedTime.ts";
import type { PartName, RunSnapshot, Snapshot } from "../../src/shared/protocol/results.ts";
import { AnswerView, answerFor } from "./answerView.ts";
import { Banners } from "./banners.ts";
import type { PictureSource } from "./chartView.ts";
import { Controls } from "./controls.ts";
import { Facts, isRunning } from "./facts.ts";
import { useFirstSeen } from "./firstSeen.ts";
import type { Host } from "./host.ts";
import type { Look, Tab } from "./look.ts";
import { Kept } from "./panelHead.ts";
import { Problem } from "./problem.ts";
import { Surroundings } from "./surroundings.ts";
import { Actions, firstTab, Tabs, tabsOf } from "./tabRow.ts";
import { useThemeChanges } from "./themeChanges.ts";
import { TimeZoneSelect } from "./timeZoneSelect.ts";
import { Zone } from "./zone.ts";

export interface RunResultProps {
  readonly host: Host;
  readonly run: RunSnapshot;
  /** Its runs are those that can be drawn with this one. */
  readonly snapshot: Snapshot;
  /** Says which server and query it is of. */
  readonly head: ComponentChild;
  /** What could not be done; empty: nothing. */
  readonly problem: string;
  readonly look: Look;
  readonly onLook: (change: Look) => void;
  readonly picture: PictureSource;
  /** Told when the chart has drawn what is to be seen. */
  readonly onDrawn?: () => void;
}

/** One run with all that belongs to it: controls, remarks, and the answer as chart, table or JSON. */
export function RunResult({
  host,
  run,
  snapshot,
  head,
  problem,
  look,
  onLook,
  picture,
  onDrawn = () => undefined,
}: RunResultProps): ComponentChild {
  const [jsonPart, setJsonPart] = useState<PartName>("instant");
  const setting = snapshot.timeZone;
  const zone = useMemo(() => timeZoneOf(setting), [setting]);
  useThemeChanges();
  const { foldsControls } = useContext(Surroundings);
  const { runs, refreshes } = snapshot;
  const runningSince = useFirstSeen(runs)(run.key);
  const controls = h(Controls, { key: run.key, host, run, runs, refreshes, runningSince });
  const isKept = snapshot.keptAt !== undefined;
  const shownTabs = tabsOf(run);
  const shownTab = (wanted: string | undefined) => shownTabs.find(([name]) => name === wanted)?.[0];
  const tab = shownTab(look.tab) ?? shownTab(run.view) ?? firstTab(run);
  const chosen = answerFor(tab, run, jsonPart);
  // The banners say why.
  const hasNothing = chosen?.part.result === undefined && !isRunning(run);
  const others =
    tab === "chart" ? snapshot.runs.filter(({ key }) => key !== run.key && look.others?.includes(key)) : [];
  return h(
    Zone.Provider,
    { value: zone },
    h(
      "div",
      { class: "panel" },
      head,
      snapshot.keptAt !== undefined
        ? h(Kept, { host, run, at: snapshot.keptAt })
        : foldsControls
          ? h("details", { class: "fold" }, h("summary", {}, "Time, step, comparison and refresh"), controls)
          : controls,
      h(Problem, { text: problem }),
      h(Banners, { host, run, others, isKept }),
      h(
        "div",
        { class: "tab-row" },
        hasNothing
          ? null
          : [
              h(Tabs, { key: "tabs", tabs: shownTabs, tab, onPick: (tab: Tab) => onLook({ tab }) }),
              h(TimeZoneSelect, { key: "zone", host, setting }),
            ],
        h(Actions, {
          host,
          run,
          picture,
          others,
          part: chosen?.name ?? "range",
          result: chosen?.part.result,
          snapshot,
        }),
      ),
      hasNothing
        ? null
        : h(
            "div",
            { class: "view", role: "tabpanel", id: "view", "aria-labelledby": `tab-${tab}` },
            h(AnswerView, {
              key: run.key,
              host,
              run,
              runs: snapshot.runs,
              tab,
              look,
              onLook,
              picture,
              jsonPart,
              onJsonPart: setJsonPart,
              onDrawn,
            }),
          ),
      h(Facts, { run }),
    ),
  );
}
