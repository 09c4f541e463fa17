import { type ComponentChild, h } from "preact";
import { shortNumber } from "../../src/shared/model/numberText.ts";
import { countAt, heatColors } from "../plot/heatColors.ts";
import { readTheme } from "../plot/palette.ts";

/** Places of the scale that have a number. */
const marks = [0, 0.25, 0.5, 0.75, 1] as const;

/** The scale of a heatmap: which colour is which count, and what nothing and a hole look like. */
export function HeatLegend({ most, hasHoles }: { readonly most: number; readonly hasHoles: boolean }): ComponentChild {
  const colors = heatColors(readTheme().isLight);
  return h(
    "div",
    { class: "heat-legend", role: "img", "aria-label": `Colours from 0 to ${shortNumber(most)}, more is stronger` },
    hasHoles ? [h("span", { class: "swatch swatch-hole" }), h("span", {}, "no data")] : null,
    h("span", { class: "swatch swatch-zero" }),
    h("span", {}, "0"),
    most > 0
      ? h(
          "div",
          { class: "heat-scale" },
          h(
            "div",
            { class: "heat-colors" },
            colors.map((backgroundColor) => h("span", { style: { backgroundColor } })),
          ),
          h(
            "div",
            { class: "heat-marks" },
            marks.map((part) => h("span", {}, part === 0 ? ">0" : shortNumber(countAt(part, most), 3))),
          ),
        )
      : null,
  );
}
