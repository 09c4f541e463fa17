/** Rules for a real Prometheus: one alert that fires, one that waits, one that does not, one that cannot be evaluated, one recording. */
export const sampleRules: readonly unknown[] = [
  {
    name: "availability",
    interval: "1s",
    rules: [
      {
        alert: "TargetDown",
        expr: "up == 0",
        labels: { severity: "page" },
        annotations: { summary: "{{ $labels.instance }} does not answer", runbook: "https://runbooks.example/down" },
      },
      { alert: "TargetDownLong", expr: "up == 0", for: "1h", labels: { severity: "ticket" } },
      { alert: "NeverFires", expr: "vector(0) > 1" },
    ],
  },
  {
    name: "recording",
    interval: "1s",
    rules: [
      { record: "job:up:sum", expr: "sum by (job) (up)", labels: { team: "infra" } },
      { record: "broken:sum", expr: "up * on () up" },
    ],
  },
];
