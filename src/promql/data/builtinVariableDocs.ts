import type { Documentation } from "./documentation.ts";

interface Quantity {
  readonly name: string;
  /** A sentence about it begins so. */
  readonly what: string;
  readonly detail: string;
  /** The example of its duration; those of numbers divide by it. */
  readonly example: string;
}

const quantities: readonly Quantity[] = [
  {
    name: "__interval",
    what: "The step between two points of the run",
    detail: "For ranges of gauges. Ranges of counters need two samples at least: take `$__rate_interval`.",
    example: "max_over_time(node_load1[$__interval])",
  },
  {
    name: "__rate_interval",
    what: "A range that suits rates: step plus scrape interval, at least four scrape intervals",
    detail: "It holds samples enough for `rate`. The scrape interval is the connection's `minStep`.",
    example: "rate(http_requests_total[$__rate_interval])",
  },
  {
    name: "__range",
    what: "The length of the time that the run asks for",
    detail: "For one number over the whole time: best in an instant query.",
    example: "increase(http_requests_total[$__range])",
  },
];

function formsOf({ name, what, detail, example }: Quantity): readonly (readonly [string, Documentation])[] {
  const divided = `increase(http_requests_total[$${name}]) / $${name}`;
  return [
    [name, { summary: `${what}, as a duration.`, detail, example }],
    [`${name}_ms`, { summary: `${what}, as a number of milliseconds.`, example: `${divided}_ms * 1000` }],
    [`${name}_s`, { summary: `${what}, as a whole number of seconds.`, example: `${divided}_s` }],
  ];
}

/** What help says about each built-in variable, by name without `$`. */
export const builtinVariableDocs: ReadonlyMap<string, Documentation> = new Map(quantities.flatMap(formsOf));
