import { type ComponentChild, h } from "preact";
import { units } from "../../src/shared/model/units.ts";
import type { RunSnapshot } from "../../src/shared/protocol/results.ts";
import type { AxisKind, ChartStyle } from "../plot/linePlot.ts";
import { drawableRange } from "./chartLayers.ts";
import { type Look, unitOf } from "./look.ts";
import { select } from "./pickers.ts";

const styles: readonly (readonly [ChartStyle, string])[] = [
  ["lines", "Lines"],
  ["stacked", "Stacked"],
  ["points", "Points"],
];

const axes: readonly (readonly [AxisKind, string])[] = [
  ["auto", "Axis: fitting"],
  ["zero", "Axis: from zero"],
  ["log", "Axis: logarithmic"],
];

export interface OptionsProps {
  readonly run: RunSnapshot;
  readonly look: Look;
  readonly onLook: (change: Look) => void;
}

/** How the chart is drawn: style, y axis, unit, and which other blocks are in it. Nothing here asks the server. */
export function ChartOptions({ run, runs, look, onLook }: OptionsProps & { readonly runs: readonly RunSnapshot[] }) {
  const style = look.style ?? "lines";
  return [
    select("Style of the chart", style, styles, (picked) => onLook({ style: known(styles, picked, "lines") })),
    // Areas on top of each other mean something only above zero and on an even scale.
    style === "stacked"
      ? null
      : select("Y axis", look.axis ?? "auto", axes, (picked) => onLook({ axis: known(axes, picked, "auto") })),
    h(UnitSelect, { key: "unit", run, look, onLook }),
    h(OtherRuns, { key: "others", run, runs, look, onLook }),
  ];
}

function known<T extends string>(options: readonly (readonly [T, string])[], picked: string, otherwise: T): T {
  return options.find(([name]) => name === picked)?.[0] ?? otherwise;
}

/** What a unit is of, as the select's name and before each unit in its list. */
const unitWords = {
  values: ["Unit of the values", "Unit"],
  buckets: ["Unit of the buckets", "Unit of buckets"],
} as const;

/** The unit of the values, or of the bounds of buckets, with what the query's names tell as a guess that can be changed. */
export function UnitSelect({
  run,
  look,
  onLook,
  of = "values",
}: OptionsProps & { readonly of?: keyof typeof unitWords }): ComponentChild {
  const [label, word] = unitWords[of];
  const unit = unitOf(run, look) ?? "none";
  const isGuess = look.unit === undefined && run.unit === undefined && run.guessedUnit !== undefined;
  const listed = units.some(({ id }) => id === unit) ? units : [{ id: unit, title: unit }, ...units];
  const options = listed.map(
    ({ id, title }) => [id, `${word}: ${title}${isGuess && id === unit ? " (guessed)" : ""}`] as const,
  );
  return select(label, unit, options, (picked) => onLook({ unit: picked }));
}

/** Boxes for the file's other range answers, to be drawn in the same chart. */
function OtherRuns({
  run,
  runs,
  look,
  onLook,
}: OptionsProps & { readonly runs: readonly RunSnapshot[] }): ComponentChild {
  const others = runs.filter((other) => other.key !== run.key && drawableRange(other) !== undefined);
  if (others.length === 0) return null;
  const chosen = look.others ?? [];
  const toggle = (key: string) =>
    onLook({ others: chosen.includes(key) ? chosen.filter((one) => one !== key) : [...chosen, key] });
  const count = others.filter(({ key }) => chosen.includes(key)).length;
  return h(
    "details",
    { class: "others" },
    h("summary", {}, count === 0 ? "Add other queries" : `With ${count} more ${count === 1 ? "query" : "queries"}`),
    h(
      "div",
      { class: "others-list", role: "group", "aria-label": "Other queries in this chart" },
      others.map(({ key, title }) =>
        h(
          "label",
          { key },
          h("input", { type: "checkbox", checked: chosen.includes(key), onChange: () => toggle(key) }),
          title,
        ),
      ),
    ),
  );
}
