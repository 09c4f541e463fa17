/** Every key of a directive line, as written after `@`. */
export const directiveKeys = [
  "connection",
  "mode",
  "range",
  "start",
  "end",
  "time",
  "step",
  "title",
  "legend",
  "unit",
  "view",
  "max-series",
  "var",
] as const;

export type DirectiveKey = (typeof directiveKeys)[number];

/** Values of `@mode`. Without the directive both kinds of request are sent. */
export const directiveModes = ["instant", "range"] as const;

/** Values of `@view`. */
export const directiveViews = ["chart", "table", "stat", "heatmap", "json"] as const;
