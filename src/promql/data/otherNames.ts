/** Functions that Prometheus has renamed, by the name that servers before know: the name of today. */
export const renamedFunctions: ReadonlyMap<string, string> = new Map([
  ["holt_winters", "double_exponential_smoothing"],
]);

/** Functions that Thanos alone has, where `--query.enable-x-functions` switches them on. */
export const thanosFunctions: ReadonlySet<string> = new Set(["xdelta", "xincrease", "xrate"]);
