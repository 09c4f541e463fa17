/** Variables of Grafana that each run computes from its range and step, without `$`; nothing else gives them a value. */
export const builtinVariableNames: ReadonlySet<string> = new Set(
  ["__interval", "__rate_interval", "__range"].flatMap((name) => [name, `${name}_ms`, `${name}_s`]),
);
