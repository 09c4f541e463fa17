import { type ComponentChild, h } from "preact";
import type { PartName, PartSnapshot, RunSnapshot } from "../../src/shared/protocol/results.ts";
import { ChartView, type PictureSource } from "./chartView.ts";
import { countText } from "./facts.ts";
import { HeatmapView } from "./heatmapView.ts";
import type { Host } from "./host.ts";
import { JsonView } from "./jsonView.ts";
import type { Look, Tab } from "./look.ts";
import { StatView } from "./statView.ts";
import { TableView } from "./tableView.ts";
import { WhyEmpty } from "./whyEmpty.ts";

/** Which of a run's answers a view shows, the better one first. */
export function answerFor(
  tab: Tab,
  run: RunSnapshot,
  jsonPart: PartName = "instant",
): { readonly name: PartName; readonly part: PartSnapshot } | undefined {
  const isOfRange = tab === "chart" || tab === "heatmap";
  const order: readonly PartName[] = isOfRange
    ? ["range", "instant"]
    : [...(tab === "json" ? [jsonPart] : []), "instant", "range"];
  const parts = order.flatMap((name) => (run[name] === undefined ? [] : [{ name, part: run[name] }]));
  return parts.find(({ part }) => part.result !== undefined) ?? parts[0];
}

/** A run's answer as the picked tab shows it; of a run that has one or still waits for it. */
export function AnswerView({
  host,
  run,
  runs,
  tab,
  look,
  onLook,
  picture,
  jsonPart,
  onJsonPart,
  onDrawn,
}: {
  readonly host: Host;
  readonly picture: PictureSource;
  /** Which answer the JSON tab shows. */
  readonly jsonPart: PartName;
  readonly onJsonPart: (part: PartName) => void;
  /** Told when the chart has drawn what is to be seen. */
  readonly onDrawn: () => void;
  readonly run: RunSnapshot;
  readonly runs: readonly RunSnapshot[];
  readonly tab: Tab;
  readonly look: Look;
  readonly onLook: (change: Look) => void;
}): ComponentChild {
  const chosen = answerFor(tab, run, jsonPart);
  const result = chosen?.part.result;
  if (chosen === undefined || result === undefined) {
    return h("p", { class: "empty" }, "Waiting for the server …");
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
    return h(JsonView, { ...common, parts, onPart: onJsonPart });
  }
  if (result.seriesTotal === 0) {
    return h(
      "div",
      { class: "empty" },
      h("p", {}, "The query has no series here: an empty answer."),
      h(WhyEmpty, {
        key: result.continues,
        ...{ host, of: { key: run.key, part: name, id: result.id }, at: result.finishedAt },
      }),
    );
  }
  const shade = part.isStale ? "stale" : "fresh";
  if (tab === "heatmap")
    return h("div", { class: shade }, h(HeatmapView, { ...common, look, onLook, picture, key: `${name}${run.key}` }));
  return h(
    "div",
    { class: shade },
    tab === "chart" && result.type === "matrix"
      ? h(ChartView, { ...common, runs, look, onLook, picture, onDrawn, key: `${name}${run.key}` })
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
