import { type ComponentChild, h } from "preact";
import { shortNumber } from "../../src/shared/model/numberText.ts";
import { heatColors } from "../plot/heatColors.ts";
import { type HeatScale, heatMarks, holeText } from "../plot/heatScale.ts";
import { readTheme } from "../plot/palette.ts";

/** The scale of a heatmap: which colour is which count, and what nothing and a hole look like. */
export function HeatLegend({ most, hasHoles }: HeatScale): ComponentChild {
  const colors = heatColors(readTheme().isLight);
  return h(
    "div",
    { class: "heat-legend", role: "img", "aria-label": `Colours from 0 to ${shortNumber(most)}, more is stronger` },
    hasHoles ? [h("span", { class: "swatch swatch-hole" }), h("span", {}, holeText)] : null,
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
            heatMarks(most).map(([, text]) => h("span", {}, text)),
          ),
        )
      : null,
  );
}
