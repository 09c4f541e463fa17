import { type ComponentChild, h } from "preact";
import { useContext, useEffect, useRef } from "preact/hooks";
import type {
  Looking,
  PartName,
  ResultAction,
  ResultSummary,
  RunSnapshot,
  Snapshot,
} from "../../src/shared/protocol/results.ts";
import type { PictureSource } from "./chartView.ts";
import { exportActions } from "./exportActions.ts";
import type { Host } from "./host.ts";
import type { Tab } from "./look.ts";
import { MoreMenu } from "./moreMenu.ts";
import { copyPicture, savePicture } from "./pictures.ts";
import { Surroundings } from "./surroundings.ts";
import { Zone } from "./zone.ts";

const titles: readonly (readonly [Tab, string])[] = [
  ["chart", "Chart"],
  ["heatmap", "Heatmap"],
  ["table", "Table"],
  ["stat", "Stat"],
  ["json", "JSON"],
];

/** The views that a run's answers can have. */
export function tabsOf(run: RunSnapshot): typeof titles {
  return titles.filter(([name]) => name !== "heatmap" || run.range?.result?.canHeatmap !== undefined);
}

/** The view that nobody asked for. */
export function firstTab(run: RunSnapshot): Tab {
  if (run.range === undefined) return "table";
  return run.range.result?.isAllBuckets === true ? "heatmap" : "chart";
}

/** The tabs of the views; arrow keys go from one to the next. */
export function Tabs({
  tabs,
  tab,
  onPick,
}: {
  readonly tabs: readonly (readonly [Tab, string])[];
  readonly tab: Tab;
  readonly onPick: (tab: Tab) => void;
}): ComponentChild {
  const row = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const at = tabs.findIndex(([name]) => name === tab);
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const next = tabs[(at + step + tabs.length) % tabs.length];
    if (step === 0 || next === undefined) return;
    event.preventDefault();
    onPick(next[0]);
    row.current?.querySelector<HTMLElement>(`#tab-${next[0]}`)?.focus();
  };
  return h(
    "div",
    { class: "tabs", role: "tablist", "aria-label": "View", onKeyDown, ref: row },
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

/** The menu of what can be done with the answer that is looked at, of which the host is told. */
export function Actions({
  host,
  run,
  part,
  result,
  snapshot,
  picture,
  others,
}: {
  readonly host: Host;
  readonly picture: PictureSource;
  /** Runs whose answers are drawn in the same chart. */
  readonly others: readonly RunSnapshot[];
  readonly run: RunSnapshot;
  readonly part: PartName;
  readonly result: ResultSummary | undefined;
  readonly snapshot: Snapshot;
}): ComponentChild {
  const zone = useContext(Zone);
  const canKeep = useContext(Surroundings).canKeep && snapshot.keptAt === undefined;
  const id = result?.id ?? null;
  const looking: Looking = { key: run.key, part, id, zone: zone.name };
  useEffect(() => {
    // Nobody asked for it here: the host's log says what failed, and its commands say themselves if they have no answer.
    host.rpc.request("results/looking", looking).catch(() => undefined);
  }, [run.key, part, id, zone]);
  const entry = (title: string, action: ResultAction) => ({
    title,
    run: async () => (await host.rpc.request("results/act", { ...looking, action })).said,
  });
  const pictures = [
    { title: "Save Picture …", run: () => savePicture({ host, source: picture, run, others, result, zone }) },
    { title: "Copy Picture", run: () => copyPicture({ host, source: picture, run, others, result, zone }) },
  ];
  return h(MoreMenu, {
    hint: canKeep ? "Keep, copy, export, open …" : "Copy, export, open …",
    groups: [
      pictures,
      [
        entry("Copy Query as curl", "copyCurl"),
        entry("Copy Query as promtool", "copyPromtool"),
        entry("Open in the Server's Own Pages", "openInServerUi"),
      ],
      ...exportActions(result).map((group) => group.map(([title, action]) => entry(title, action))),
      canKeep ? [entry("Keep This Panel", "keep")] : [],
    ],
  });
}
