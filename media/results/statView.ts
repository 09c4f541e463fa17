import { type ComponentChild, h } from "preact";
import { parseValue } from "../../src/shared/model/numberText.ts";
import { unitNumber } from "../../src/shared/model/units.ts";
import type { LegendRow } from "../../src/shared/protocol/results.ts";
import { Failed, useAsked } from "./asked.ts";
import { nameOf } from "./chartLayers.ts";
import { UnitSelect } from "./chartOptions.ts";
import type { ResultViewProps } from "./chartView.ts";
import { countText } from "./facts.ts";
import { type Look, unitOf } from "./look.ts";

/** More big numbers than these are read better as a table. */
const mostTiles = 60;

export interface StatViewProps extends ResultViewProps {
  readonly look: Look;
  readonly onLook: (change: Look) => void;
}

/** The newest value of each series as a big number; of a range answer with its least and greatest value. */
export function StatView({ host, run, part, result, look, onLook }: StatViewProps): ComponentChild {
  const of = { key: run.key, part, id: result.id };
  const { read, hasFailed, retry } = useAsked(String(result.id), () => host.rpc.request("results/legend", of));
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
      shown.map((row) => h(Tile, { key: row.index, row, unit, name: nameOf(run, row), isRange: part !== "instant" })),
    ),
  );
}

function Tile({
  row,
  unit,
  name,
  isRange,
}: {
  readonly row: LegendRow;
  readonly unit: string | undefined;
  readonly name: string;
  readonly isRange: boolean;
}): ComponentChild {
  const number = (value: number | string) => unitNumber(parseValue(value), unit);
  return h(
    "li",
    { class: "tile", title: `${row.name}\n${row.last}` },
    h("div", { class: "tile-value" }, number(row.last)),
    h("div", { class: "tile-name" }, name),
    isRange ? h("div", { class: "hint" }, `${number(row.min)} to ${number(row.max)}`) : null,
  );
}
