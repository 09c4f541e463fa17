/** What help says about labels that have a meaning of their own, by name. */
export const labelDocs: ReadonlyMap<string, string> = new Map([
  ["__name__", "The name of the metric."],
  ["job", "The scrape job that the target belongs to."],
  ["instance", "The address of the target that was scraped."],
  ["le", "The upper bound of a bucket of a classic histogram; it counts what is less than or equal to it."],
  ["quantile", "Which quantile of a summary the value is, from 0 to 1."],
  ["alertname", "The name of the alerting rule."],
  ["alertstate", "Whether the alert is pending or firing."],
]);
