import { type ComponentChild, h } from "preact";
import { useMemo, useState } from "preact/hooks";
import { withoutVariables } from "../../src/shared/model/labels.ts";
import { parseValue, valueText } from "../../src/shared/model/numberText.ts";
import { comparePlaces, seriesPlace } from "../../src/shared/model/seriesOrder.ts";
import { unitNumber } from "../../src/shared/model/units.ts";
import { readTheme } from "../plot/palette.ts";
import type { ChartRow } from "./chartLayers.ts";
import { CopyButton } from "./copyButton.ts";
import { countText } from "./facts.ts";
import type { Host } from "./host.ts";
import { type Sort, sortHead } from "./sortHead.ts";
import { VirtualRows } from "./virtualRows.ts";

type Key = "name" | "last" | "min" | "max" | "mean";

const columns: readonly (readonly [Key, string])[] = [
  ["name", "Series"],
  ["last", "Last"],
  ["min", "Min"],
  ["max", "Max"],
  ["mean", "Mean"],
];

export interface LegendProps {
  readonly host: Host;
  readonly rows: readonly ChartRow[];
  readonly unit: string | undefined;
  readonly isShown: (row: ChartRow) => boolean;
  readonly onIsolate: (row: ChartRow) => void;
  readonly onToggle: (row: ChartRow) => void;
}

/** The lines with their numbers: sortable, searchable; a click leaves one, Ctrl+click or Space on the box hides one. */
export function Legend({ host, rows, unit, isShown, onIsolate, onToggle }: LegendProps): ComponentChild {
  const [sort, setSort] = useState<Sort<Key>>({
    key: "name",
    descending: false,
  });
  const [search, setSearch] = useState("");
  const theme = readTheme();
  const ordered = useMemo(() => {
    const wanted = search.toLowerCase();
    const found = rows.filter((row) => row.title.toLowerCase().includes(wanted));
    const sign = sort.descending ? -1 : 1;
    const { key } = sort;
    if (key !== "name") return found.sort((a, b) => sign * compareNumbers(a[key], b[key], sign));
    return found
      .map((row) => ({ row, place: seriesPlace(row.title) }))
      .sort((a, b) => sign * comparePlaces(a.place, b.place))
      .map(({ row }) => row);
  }, [rows, sort, search]);
  const head = sortHead(columns, sort, setSort);
  const row = (at: number) => {
    const one = ordered[at];
    if (one === undefined) return { props: { class: "row" }, cells: [] };
    const shown = isShown(one);
    const name = one.title;
    const number = (text: number | string) => {
      const value = parseValue(text);
      return h("div", { class: "cell cell-number", role: "cell", title: valueText(value) }, unitNumber(value, unit));
    };
    const color = shown ? (theme.colors[one.stroke.color] ?? "") : "transparent";
    const isDashed = one.isBefore || one.stroke.dash > 0;
    const swatch = { class: isDashed ? "swatch swatch-dashed" : "swatch", style: { backgroundColor: color } };
    return {
      props: { class: shown ? "row" : "row row-hidden" },
      cells: [
        h(
          "div",
          { class: "cell cell-name", role: "cell" },
          h("input", {
            type: "checkbox",
            checked: shown,
            "aria-label": `Show ${name}`,
            onChange: () => onToggle(one),
          }),
          h("span", swatch),
          h(
            "button",
            {
              type: "button",
              class: "name",
              title: `${one.name}\nClick: only this series. Ctrl+click: show or hide.`,
              onClick: (event: MouseEvent) => (event.ctrlKey || event.metaKey ? onToggle(one) : onIsolate(one)),
            },
            name,
          ),
          h(
            "span",
            { class: "row-action" },
            h(CopyButton, {
              host,
              title: "Copy as selector",
              label: `Copy as selector: ${name}`,
              text: withoutVariables(one.name),
            }),
          ),
        ),
        number(one.last),
        number(one.min),
        number(one.max),
        number(one.mean),
      ],
    };
  };
  return h(
    "div",
    { class: "legend" },
    h(
      "div",
      { class: "table-tools" },
      h("input", {
        type: "search",
        class: "search",
        "aria-label": "Find series in the legend",
        placeholder: "Find series",
        value: search,
        onInput: (event: Event) => setSearch((event.currentTarget as HTMLInputElement).value),
      }),
      h(
        "span",
        {},
        ordered.length === rows.length
          ? countText(rows.length, "series")
          : `${countText(ordered.length, "series")} of ${countText(rows.length, "series")}`,
      ),
      h("span", { class: "hint" }, "Min, max and mean are of the points returned."),
    ),
    h(VirtualRows, { count: ordered.length, rowHeight: 24, label: "Legend", columns: columns.length, head, row }),
  );
}

/** What is no number comes last in both directions; `sign` undoes what the caller multiplies by. */
function compareNumbers(left: number | string, right: number | string, sign: number): number {
  const a = parseValue(left);
  const b = parseValue(right);
  if (Number.isNaN(a) || Number.isNaN(b)) return sign * (Number(Number.isNaN(a)) - Number(Number.isNaN(b)));
  return a - b || 0;
}
