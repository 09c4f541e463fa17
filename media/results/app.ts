import { type ComponentChild, h } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { timeZoneOf } from "../../src/shared/model/zonedTime.ts";
import type { PartName, RunSnapshot, Snapshot } from "../../src/shared/protocol/results.ts";
import { AnswerView, answerFor } from "./answerView.ts";
import { Banners, cautionsOf } from "./banners.ts";
import type { ChartPicture } from "./chartView.ts";
import { Controls } from "./controls.ts";
import { Facts, runFacts } from "./facts.ts";
import type { Host } from "./host.ts";
import { type Look, lookOf, type Tab, withLook } from "./look.ts";
import { Header, Kept } from "./panelHead.ts";
import { storedPicture } from "./pictures.ts";
import { Problem } from "./problem.ts";
import { storedOf } from "./storedResult.ts";
import { StoredView } from "./storedView.ts";
import { Actions, firstTab, Tabs, tabsOf } from "./tabRow.ts";
import { TimeZoneSelect } from "./timeZoneSelect.ts";
import { Zone } from "./zone.ts";

/** How long nothing changes before the panel's picture is stored. */
const settledMs = 1500;

/** The whole panel: which run, its server and query, controls, remarks, and the answer as chart, table or JSON. */
export function App({
  host,
  snapshot,
  problem,
}: {
  readonly host: Host;
  readonly snapshot: Snapshot | undefined;
  /** What could not be done; empty: nothing. */
  readonly problem: string;
}): ComponentChild {
  const [state, setState] = useState(() => host.readState());
  const setting = snapshot?.timeZone ?? "local";
  const zone = useMemo(() => timeZoneOf(setting), [setting]);
  const picture = useRef<(() => ChartPicture | undefined) | undefined>(undefined);
  const [jsonPart, setJsonPart] = useState<PartName>("instant");
  const [drawings, setDrawings] = useState(0);
  useThemeChanges();
  useEffect(() => host.writeState(state), [state]);
  // A run that was just started comes to the front; a choice made since then stays.
  useEffect(() => {
    const front = snapshot?.front;
    if (front === undefined) return;
    setState((old) => (old.front === front.number ? old : { ...old, run: front.key, front: front.number }));
  }, [snapshot]);

  const run = snapshot && runOf(snapshot, state.run);
  const store = (picture?: string) =>
    setState((old) => {
      if (snapshot === undefined || run === undefined) return old;
      const facts = [runFacts(run, zone), ...cautionsOf(host, run, zone)];
      const stored = storedOf(snapshot, run, { picture: picture ?? "", facts });
      const before = old.stored;
      const isSame = before !== undefined && before.key === stored?.key && before.at === stored.at;
      return {
        ...old,
        stored: stored && isSame && picture === undefined ? { ...stored, picture: before.picture } : stored,
      };
    });
  // What it is at once, a window may close at any moment; its picture when nothing has changed for a while.
  useEffect(() => store(), [snapshot, state.run]);
  useEffect(() => {
    const timer = setTimeout(() => store(storedPicture(picture)), settledMs);
    return () => clearTimeout(timer);
  }, [snapshot, state.run, state.looks, drawings]);

  if (snapshot === undefined) return h("p", { class: "empty", role: "status" }, "Loading …");
  if (run === undefined && state.stored !== undefined) {
    return h(Zone.Provider, { value: zone }, h(StoredView, { host, stored: state.stored, problem }));
  }
  if (run === undefined) {
    return h(
      "p",
      { class: "empty" },
      "Nothing has been run yet. Put the cursor in a query and press Ctrl+Enter (Cmd+Enter).",
    );
  }
  const look = lookOf(state, run);
  const onLook = (change: Look) => setState((old) => withLook(old, run, change));
  const shownTabs = tabsOf(run);
  const shownTab = (wanted: string | undefined) => shownTabs.find(([name]) => name === wanted)?.[0];
  const tab = shownTab(look.tab) ?? shownTab(run.view) ?? firstTab(run);
  const chosen = answerFor(tab, run, jsonPart);
  const others =
    tab === "chart" ? snapshot.runs.filter(({ key }) => key !== run.key && look.others?.includes(key)) : [];
  return h(
    Zone.Provider,
    { value: zone },
    h(
      "div",
      { class: "panel" },
      h(Header, { run, snapshot, onPick: (key: string) => setState({ ...state, run: key }) }),
      snapshot.keptAt === undefined
        ? h(Controls, { key: run.key, host, run, runs: snapshot.runs, refresh: snapshot.refresh })
        : h(Kept, { host, run, at: snapshot.keptAt }),
      h(Problem, { text: problem }),
      h(Banners, { host, run, others, isKept: snapshot.keptAt !== undefined }),
      h(
        "div",
        { class: "tab-row" },
        h(Tabs, { tabs: shownTabs, tab, onPick: (tab: Tab) => onLook({ tab }) }),
        h(TimeZoneSelect, { host, setting }),
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
      h(
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
          onDrawn: () => setDrawings((n) => n + 1),
        }),
      ),
      h(Facts, { run }),
    ),
  );
}

/** The run that is looked at: the picked one, or the one that came to the front, or the first. */
function runOf({ runs, front }: Snapshot, picked: string | undefined): RunSnapshot | undefined {
  return runs.find(({ key }) => key === picked) ?? runs.find(({ key }) => key === front?.key) ?? runs[0];
}

/** Draws everything again when VS Code changes its theme: swatches hold colours of it. */
function useThemeChanges(): void {
  const [, redraw] = useState(0);
  useEffect(() => {
    const observer = new MutationObserver(() => redraw((n) => n + 1));
    observer.observe(document.body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-id"] });
    return () => observer.disconnect();
  }, []);
}
