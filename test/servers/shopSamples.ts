import type { UnixMs } from "../../src/shared/model/answer.ts";

/* One series with a known past, for servers that are to answer the same: one order each minute, for an hour. */

const minute = 60_000;
const minutes = 60;

/** Labels of the series, its name among them. */
export const checkoutLabels = { __name__: "checkout_total", job: "checkout", shop: "berlin" };

/** The value at a time within the hour that ends at `end`: orders since its beginning. */
export function checkout(time: UnixMs, end: UnixMs): number {
  return minutes + (time - end) / minute;
}

/** A query that can be read and, at `end`, not be evaluated: two series for one. */
export const unmatchable = `checkout_total * on() (checkout_total or label_replace(checkout_total, "shop", "rome", "", ""))`;

function times(end: UnixMs): UnixMs[] {
  return Array.from({ length: minutes + 1 }, (_, i) => end - (minutes - i) * minute);
}

/** The series as OpenMetrics text, for `promtool tsdb create-blocks-from openmetrics`. */
export function checkoutOpenMetrics(end: UnixMs): string {
  const { __name__, job, shop } = checkoutLabels;
  const labels = `job="${job}",shop="${shop}"`;
  return [...times(end).map((time) => `${__name__}{${labels}} ${checkout(time, end)} ${time / 1000}`), "# EOF\n"].join(
    "\n",
  );
}

/** The series as a line of VictoriaMetrics' `/api/v1/import`. */
export function checkoutImport(end: UnixMs): string {
  const timestamps = times(end);
  return JSON.stringify({
    metric: checkoutLabels,
    values: timestamps.map((time) => checkout(time, end)),
    timestamps,
  });
}
