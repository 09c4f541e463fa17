import type { FunctionDocumentation } from "../documentation.ts";

/** Functions of the series themselves: whether they are there, their labels and their order. */
export const seriesFunctions: Readonly<Record<string, FunctionDocumentation>> = {
  absent: {
    summary: "1 if the vector is empty, otherwise nothing.",
    detail:
      "The result has the labels that the selector demands with `=`. One missing series among others is not noticed: ask for it alone.",
    example: 'absent(up{job="api"})',
    since: "0.9",
  },
  scalar: {
    summary: "The value of the vector's only series, as a number without labels.",
    detail:
      "With no series or several it yields `NaN`. To use one series with many others, `on ()` says better what is meant.",
    example: "node_load1 / scalar(max(node_load1))",
  },
  vector: {
    summary: "A number as a vector of one series without labels.",
    detail: "It gives a sum a value where nothing matches: `sum(x) or vector(0)`.",
    example: "sum(rate(http_requests_total[5m])) or vector(0)",
    since: "0.16",
  },
  label_replace: {
    summary: "Each series with label dst set to the replacement if label src matches the regular expression.",
    detail:
      "The expression must match the whole value. In the replacement `$1` stands for the first group and `$name` for a named one. What does not match stays as it is; an empty result removes the label.",
    example: 'label_replace(up, "host", "$1", "instance", "(.*):[0-9]+")',
    since: "0.16",
  },
  label_join: {
    summary: "Each series with label dst set to the values of the labels src, joined by the separator.",
    detail: "A missing label counts as empty. An empty result removes the label.",
    example: 'label_join(up, "target", "/", "job", "instance")',
    since: "1.8",
  },
  info: {
    summary: "Each series with the labels of its info series added, which is found by job and instance.",
    detail:
      "Without a second argument it adds all labels of `target_info`. The second one is no vector but braces with matchers: which labels to add and, by `__name__`, from which info metric.",
    example: 'info(rate(http_requests_total[5m]), {k8s_cluster_name=~".+"})',
    since: "2.55",
  },
  sort: {
    summary: "The series in ascending order of their values.",
    detail: "For instant queries only: a range query has an order of its own.",
    example: "sort(node_filesystem_avail_bytes)",
  },
  sort_desc: {
    summary: "The series in descending order of their values.",
    detail: "For instant queries only: a range query has an order of its own.",
    example: "sort_desc(node_load1)",
  },
  sort_by_label: {
    summary: "The series in ascending order of the values of these labels.",
    detail: "For instant queries only. Numbers within values count as numbers: `a2` comes before `a10`.",
    example: 'sort_by_label(up, "instance")',
    since: "2.49",
  },
  sort_by_label_desc: {
    summary: "The series in descending order of the values of these labels.",
    detail: "For instant queries only. Numbers within values count as numbers: `a10` comes before `a2`.",
    example: 'sort_by_label_desc(up, "instance")',
    since: "2.49",
  },
};
