import { type ComponentChild, h } from "preact";
import { useContext, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { timeZoneOf, wholeSecond } from "../../src/shared/model/zonedTime.ts";
import type {
  Looking,
  PartName,
  PartSnapshot,
  ResultAction,
  ResultSummary,
  RunSnapshot,
  Snapshot,
} from "../../src/shared/protocol/results.ts";
import { Banners } from "./banners.ts";
import { type ChartPicture, ChartView, type PictureSource } from "./chartView.ts";
import { Controls } from "./controls.ts";
import { exportActions } from "./exportActions.ts";
import { countText, isRunning, runFacts } from "./facts.ts";
import { HeatmapView } from "./heatmapView.ts";
import type { Host } from "./host.ts";
import { JsonView } from "./jsonView.ts";
import { type Look, lookOf, type Tab, withLook } from "./look.ts";
import { MoreMenu } from "./moreMenu.ts";
import { copyPicture, savePicture, storedPicture } from "./pictures.ts";
import { StatView } from "./statView.ts";
import { storedOf } from "./storedResult.ts";
import { StoredView } from "./storedView.ts";
import { TableView } from "./tableView.ts";
import { TimeZoneSelect } from "./timeZoneSelect.ts";
import { Zone } from "./zone.ts";

const titles: readonly (readonly [Tab, string])[] = [
  ["chart", "Chart"],
  ["heatmap", "Heatmap"],
  ["table", "Table"],
  ["stat", "Stat"],
  ["json", "JSON"],
];

/** How long nothing changes before the panel's picture is stored. */
const settledMs = 1500;

/** The whole panel: which run, its server and query, controls, remarks, and the answer as chart, table or JSON. */
export function App({
  host,
  snapshot,
}: {
  readonly host: Host;
  readonly snapshot: Snapshot | undefined;
}): ComponentChild {
  const [state, setState] = useState(() => host.readState());
  const setting = snapshot?.timeZone ?? "local";
  const zone = useMemo(() => timeZoneOf(setting), [setting]);
  const picture = useRef<(() => ChartPicture | undefined) | undefined>(undefined);
  useThemeChanges();
  useEffect(() => host.writeState(state), [state]);
  // A run that was just started comes to the front; a choice made since then stays.
  useEffect(() => {
    const front = snapshot?.front;
    if (front === undefined) return;
    setState((old) => (old.front === front.number ? old : { ...old, run: front.key, front: front.number }));
  }, [snapshot]);

  const run = snapshot && runOf(snapshot, state.run);
  // Once nothing has changed for a moment: the picture is to be of what is drawn in the end.
  useEffect(() => {
    if (snapshot === undefined || run === undefined) return undefined;
    const timer = setTimeout(() => {
      const stored = storedOf(snapshot, run, storedPicture(picture));
      setState((old) => ({ ...old, stored }));
    }, settledMs);
    return () => clearTimeout(timer);
  }, [snapshot, state.run, state.looks]);

  if (snapshot === undefined) return h("p", { class: "empty", role: "status" }, "Loading …");
  if (run === undefined && state.stored !== undefined) {
    return h(Zone.Provider, { value: zone }, h(StoredView, { host, stored: state.stored }));
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
  const chosen = choose(run, isOfRange(tab) ? ["range", "instant"] : ["instant", "range"]);
  return h(
    Zone.Provider,
    { value: zone },
    h(
      "div",
      { class: "panel" },
      h(Header, { run, snapshot, onPick: (key: string) => setState({ ...state, run: key }) }),
      snapshot.keptAt === undefined
        ? h(Controls, { key: run.key, host, run, refresh: snapshot.refresh })
        : h(Kept, { host, run, at: snapshot.keptAt }),
      h(Banners, { host, run }),
      h(
        "div",
        { class: "tab-row" },
        h(Tabs, { tabs: shownTabs, tab, onPick: (tab: Tab) => onLook({ tab }) }),
        h(TimeZoneSelect, { host, setting }),
        h(Actions, {
          host,
          run,
          picture,
          part: chosen?.name ?? "range",
          result: chosen?.part.result,
          snapshot,
        }),
      ),
      h(
        "div",
        { class: "view", role: "tabpanel", id: "view", "aria-labelledby": `tab-${tab}` },
        h(View, { key: run.key, host, run, runs: snapshot.runs, tab, look, onLook, picture }),
      ),
      h("p", { class: "facts", role: "status" }, runFacts(run, zone)),
    ),
  );
}

/** Stands where the controls are: a kept answer stays, and its query runs anew in a panel of its own. */
function Kept({
  host,
  run,
  at,
}: {
  readonly host: Host;
  readonly run: RunSnapshot;
  readonly at: number;
}): ComponentChild {
  const again = () => void host.rpc.request("results/rerun", { key: run.key, choices: run.choices });
  return h(
    "div",
    { class: "controls" },
    h("span", {}, `Kept at ${wholeSecond(at, useContext(Zone))}: new runs open another panel.`),
    h("button", { type: "button", class: "link", onClick: again }, "Run again"),
  );
}

/** The menu of what can be done with the answer that is looked at, of which the host is told. */
function Actions({
  host,
  run,
  part,
  result,
  snapshot,
  picture,
}: {
  readonly host: Host;
  readonly picture: PictureSource;
  readonly run: RunSnapshot;
  readonly part: PartName;
  readonly result: ResultSummary | undefined;
  readonly snapshot: Snapshot;
}): ComponentChild {
  const zone = useContext(Zone);
  const id = result?.id ?? null;
  const looking: Looking = { key: run.key, part, id, zone: zone.name };
  useEffect(() => void host.rpc.request("results/looking", looking), [run.key, part, id, zone]);
  const entry = (title: string, action: ResultAction) => ({
    title,
    run: async () => (await host.rpc.request("results/act", { ...looking, action })).said,
  });
  const pictures = [
    { title: "Save Picture …", run: () => savePicture(host, picture, run, zone) },
    { title: "Copy Picture", run: () => copyPicture(host, picture, run, zone) },
  ];
  return h(MoreMenu, {
    groups: [
      pictures,
      ...exportActions(result).map((group) => group.map(([title, action]) => entry(title, action))),
      snapshot.keptAt === undefined ? [entry("Keep This Panel", "keep")] : [],
    ],
  });
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

function Header({
  run,
  snapshot,
  onPick,
}: {
  readonly run: RunSnapshot;
  readonly snapshot: Snapshot;
  readonly onPick: (key: string) => void;
}): ComponentChild {
  const { target } = run;
  return h(
    "header",
    { class: "header" },
    h("span", { class: `server server-${target.color ?? "none"}`, title: target.origin }, target.name),
    h("span", { class: "origin" }, target.origin),
    snapshot.runs.length > 1
      ? h(
          "select",
          {
            class: "picker",
            "aria-label": "Query",
            value: run.key,
            onChange: (event: Event) => onPick((event.currentTarget as HTMLSelectElement).value),
          },
          snapshot.runs.map((one) => h("option", { key: one.key, value: one.key }, `${mark(one)} ${one.title}`)),
        )
      : h("span", { class: "title" }, run.title),
    h("pre", { class: "query", tabIndex: 0, "aria-label": "Query as sent" }, run.query),
  );
}

function mark(run: RunSnapshot): string {
  if (isRunning(run)) return "…";
  return run.range?.state === "failed" || run.instant?.state === "failed" ? "✗" : "✓";
}

/** The views that a run's answers can have. */
function tabsOf(run: RunSnapshot): typeof titles {
  return titles.filter(([name]) => name !== "heatmap" || run.range?.result?.canHeatmap !== undefined);
}

/** The view that nobody asked for. */
function firstTab(run: RunSnapshot): Tab {
  if (run.range === undefined) return "table";
  return run.range.result?.isAllBuckets === true ? "heatmap" : "chart";
}

function isOfRange(tab: Tab): boolean {
  return tab === "chart" || tab === "heatmap";
}

function Tabs({
  tabs,
  tab,
  onPick,
}: {
  readonly tabs: readonly (readonly [Tab, string])[];
  readonly tab: Tab;
  readonly onPick: (tab: Tab) => void;
}): ComponentChild {
  const onKeyDown = (event: KeyboardEvent) => {
    const at = tabs.findIndex(([name]) => name === tab);
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const next = tabs[(at + step + tabs.length) % tabs.length];
    if (step === 0 || next === undefined) return;
    event.preventDefault();
    onPick(next[0]);
    document.getElementById(`tab-${next[0]}`)?.focus();
  };
  return h(
    "div",
    { class: "tabs", role: "tablist", "aria-label": "View", onKeyDown },
    tabs.map(([name, title]) =>
      h(
        "button",
        {
          key: name,
          id: `tab-${name}`,
          class: "tab",
          role: "tab",
          type: "button",
          "aria-selected": name === tab,
          "aria-controls": "view",
          tabIndex: name === tab ? 0 : -1,
          onClick: () => onPick(name),
        },
        title,
      ),
    ),
  );
}

/** Which of a run's answers a view shows, the better one first. */
function choose(
  run: RunSnapshot,
  order: readonly PartName[],
): { readonly name: PartName; readonly part: PartSnapshot } | undefined {
  const parts = order.flatMap((name) => (run[name] === undefined ? [] : [{ name, part: run[name] }]));
  return parts.find(({ part }) => part.result !== undefined) ?? parts[0];
}

function View({
  host,
  run,
  runs,
  tab,
  look,
  onLook,
  picture,
}: {
  readonly host: Host;
  readonly picture: PictureSource;
  readonly run: RunSnapshot;
  readonly runs: readonly RunSnapshot[];
  readonly tab: Tab;
  readonly look: Look;
  readonly onLook: (change: Look) => void;
}): ComponentChild {
  const [jsonPart, setJsonPart] = useState<PartName>("instant");
  const chosen = choose(
    run,
    isOfRange(tab) ? ["range", "instant"] : tab === "json" ? [jsonPart, "instant", "range"] : ["instant", "range"],
  );
  const result = chosen?.part.result;
  if (chosen === undefined || result === undefined) {
    const isWaiting = isRunning(run);
    return h("p", { class: "empty" }, isWaiting ? "Waiting for the server …" : "There is no answer to show.");
  }
  const { name, part } = chosen;
  const common = { host, run, part: name, result };
  if (result.single !== undefined && tab !== "json") {
    return h(
      "div",
      { class: "single" },
      h("div", { class: "single-value" }, result.single.value),
      h("div", { class: "single-type" }, result.type),
    );
  }
  if (tab === "json") {
    const parts = (["range", "instant", "before"] as const).filter((one) => run[one]?.result !== undefined);
    return h(JsonView, { ...common, parts, onPart: setJsonPart });
  }
  if (result.seriesTotal === 0) {
    return h(
      "div",
      { class: "empty" },
      h("p", {}, "The query has no series here: an empty answer."),
      h(
        "p",
        {},
        name === "range"
          ? "Check the selector's labels, or look at another range."
          : "Check the selector's labels and the time.",
      ),
    );
  }
  const shade = part.isStale ? "stale" : "fresh";
  if (tab === "heatmap")
    return h("div", { class: shade }, h(HeatmapView, { ...common, look, onLook, picture, key: `${name}${run.key}` }));
  return h(
    "div",
    { class: shade },
    tab === "chart" && result.type === "matrix"
      ? h(ChartView, { ...common, runs, look, onLook, picture, key: `${name}${run.key}` })
      : tab === "stat"
        ? h(StatView, { ...common, look, onLook, key: `${name}${run.key}` })
        : tab === "chart"
          ? h(
              "div",
              { class: "empty" },
              h(
                "p",
                {},
                `An instant answer has one value for each of its ${countText(result.seriesTotal, "series")}: the table shows them.`,
              ),
            )
          : h(TableView, { ...common, key: `${name}${run.key}` }),
  );
}
