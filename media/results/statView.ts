import { type ComponentChild, h } from "preact";
import { useContext } from "preact/hooks";
import { parseValue } from "../../src/shared/model/numberText.ts";
import { unitNumber } from "../../src/shared/model/units.ts";
import { shortTime, type TimeZone } from "../../src/shared/model/zonedTime.ts";
import type { LegendRow, SentTimes } from "../../src/shared/protocol/results.ts";
import { Failed, useAsked } from "./asked.ts";
import { nameOf } from "./chartLayers.ts";
import { UnitSelect } from "./chartOptions.ts";
import type { ResultViewProps } from "./chartView.ts";
import { countText } from "./facts.ts";
import { type Look, unitOf } from "./look.ts";
import { Zone } from "./zone.ts";

/** More big numbers than these are read better as a table. */
const mostTiles = 60;

export interface StatViewProps extends ResultViewProps {
  readonly look: Look;
  readonly onLook: (change: Look) => void;
}

/**
 * The newest value of each series as a big number; of a range answer with its least and greatest value, and with the time of
 * one that ended before the range did: it is no present value.
 */
export function StatView({ host, run, part, result, look, onLook }: StatViewProps): ComponentChild {
  const of = { key: run.key, part, id: result.id };
  const { read, hasFailed, retry } = useAsked(String(result.id), () => host.rpc.request("results/legend", of));
  const zone = useContext(Zone);
  const failed = hasFailed ? h(Failed, { text: "The series could not be read", retry }) : null;
  if (read === undefined) return failed ?? h("p", { class: "empty" }, "Loading …");
  const { rows } = read.value;
  const unit = unitOf(run, look);
  const shown = rows.slice(0, mostTiles);
  return h(
    "div",
    { class: "stat-view" },
    failed,
    h(
      "div",
      { class: "chart-tools" },
      h(UnitSelect, { run, look, onLook }),
      shown.length < rows.length
        ? h("span", { role: "status" }, `First ${shown.length} of ${countText(rows.length, "series")}.`)
        : null,
      shown.length < rows.length
        ? h("button", { type: "button", class: "link", onClick: () => onLook({ tab: "table" }) }, "Show all in table")
        : null,
    ),
    h(
      "ul",
      { class: "tiles", "aria-label": "Newest values" },
      shown.map((row) =>
        h(Tile, {
          ...{ key: row.index, row, unit, name: nameOf(run, row), isRange: part !== "instant" },
          ended: endOf(row, result.sent, zone),
        }),
      ),
    ),
  );
}

/** When a series ended that has no point near the end of the range, in words; empty: it goes on. */
function endOf({ lastTime }: LegendRow, sent: SentTimes | undefined, zone: TimeZone): string {
  // Half a step is room for servers that put points elsewhere than on the steps.
  if (sent === undefined || lastTime === null || sent.end - lastTime <= 1.5 * sent.stepMs) return "";
  return `last at ${shortTime(lastTime, zone, sent.end)}`;
}

function Tile({
  row,
  unit,
  name,
  isRange,
  ended,
}: {
  readonly row: LegendRow;
  readonly unit: string | undefined;
  readonly name: string;
  readonly isRange: boolean;
  readonly ended: string;
}): ComponentChild {
  const number = (value: number | string) => unitNumber(parseValue(value), unit);
  return h(
    "li",
    { class: "tile", title: `${row.name}\n${row.last}` },
    h("div", { class: ended === "" ? "tile-value" : "tile-value tile-ended" }, number(row.last)),
    ended === "" ? null : h("div", {}, ended),
    h("div", { class: "tile-name" }, name),
    isRange ? h("div", { class: "hint" }, `${number(row.min)} to ${number(row.max)}`) : null,
  );
}
