import { formatMatcher } from "../shared/model/labels.ts";
import type { Names } from "../shared/model/names.ts";
import { escapeRe2 } from "../shared/model/re2.ts";
import type { MetricsSource, NameList, RequestOptions } from "../shared/model/source.ts";
import type { LabelPicks } from "./labelPicks.ts";
import { maxRows } from "./nameTree.ts";
import { doubtsOf, partialRows } from "./partialNodes.ts";
import { recentScope } from "./recentScope.ts";
import { inStretches, remark, type TreeNode } from "./treeNode.ts";

/** Values of a label, and metrics that carry it, that are asked for at most. */
const maxLabelValues = 1000;

export interface LabelNodesOptions {
  readonly picks: LabelPicks;
  /** Values of a label, read when its row is opened. */
  readonly values: (label: string) => Promise<NameList>;
  /** Metrics that carry a label, read when that row is opened. */
  readonly metrics: (label: string) => Promise<NameList>;
}

const numbers = new Intl.NumberFormat("en-US");

/** Every label with its values, and the metrics that carry it; `__name__` has a view of its own. */
export function labelNodes(names: Names, options: LabelNodesOptions): readonly TreeNode[] {
  const shown = [...names].filter((name) => name !== "__name__");
  return inStretches(
    shown.map((name) => labelNode(name, options)),
    "labels",
  );
}

function labelNode(name: string, options: LabelNodesOptions): TreeNode {
  const picked = options.picks.get(name)?.size ?? 0;
  return {
    id: `label ${name}`,
    label: name,
    ...(picked === 0 ? {} : { description: `${picked} picked` }),
    icon: "tag",
    spoken: picked === 0 ? `label ${name}` : `label ${name}, ${picked} values picked`,
    context: "label",
    subject: { kind: "label", name },
    children: async () => [metricsNode(name, options), ...valueRows(name, await options.values(name), options)],
  };
}

function valueRows(
  label: string,
  { names, truncated, warnings }: NameList,
  { picks }: LabelNodesOptions,
): readonly TreeNode[] {
  const picked = picks.get(label);
  // A picked value stays in sight, wherever the list was cut.
  const values = new Set(names);
  const missing = [...(picked ?? [])].filter((value) => !values.has(value));
  const rows = [...missing, ...names].map((value): TreeNode => {
    const isChecked = picked?.has(value) ?? false;
    return {
      id: `value ${JSON.stringify([label, value])}`,
      label: value === "" ? '""' : value,
      tooltip: formatMatcher(label, "=", value),
      spoken: `${label} ${value}${isChecked ? ", picked" : ""}`,
      context: "labelValue",
      subject: { kind: "labelValue", label, value },
      isChecked,
    };
  });
  const cut: readonly TreeNode[] = truncated
    ? [
        {
          ...remark(
            `cut ${label}`,
            `The first ${numbers.format(names.length)}; the server has more. Find one …`,
            "search",
          ),
          command: "promqlWorkbench.label.findValue",
          subject: { kind: "label", name: label },
        },
      ]
    : [];
  const partial = partialRows(doubtsOf(warnings), `partial ${label}`);
  return [...partial, ...cut, ...inStretches(rows, `values ${label}`)].slice(0, maxRows);
}

function metricsNode(label: string, { metrics }: LabelNodesOptions): TreeNode {
  return {
    id: `metrics of ${label}`,
    label: "Metrics with this label",
    icon: "symbol-numeric",
    children: async () => {
      const { names, truncated, warnings } = await metrics(label);
      const rows = Array.from(
        names,
        (name): TreeNode => ({
          id: `metric ${JSON.stringify([label, name])}`,
          label: name,
          icon: "symbol-numeric",
          context: "metric",
          subject: { kind: "metric", name },
          command: "promqlWorkbench.metric.run",
        }),
      );
      const cut = truncated
        ? [remark(`cut metrics ${label}`, `The first ${numbers.format(names.length)}; the server has more.`)]
        : [];
      const partial = partialRows(doubtsOf(warnings), `partial metrics ${label}`);
      return [...partial, ...cut, ...inStretches(rows, `metrics ${label}`)].slice(0, maxRows);
    },
  };
}

/** Reads the names of all labels. */
export async function readLabelNames(source: MetricsSource, options: RequestOptions, now: number): Promise<NameList> {
  return cut(await source.labelNames(recentScope(now, maxLabelValues), options));
}

/** Reads values of a label, of those that contain `part` (upper or lower case alike) if it is given. */
export async function readLabelValues(
  source: Pick<MetricsSource, "labelValues">,
  label: string,
  { signal, now, part = "" }: { readonly signal: AbortSignal; readonly now: number; readonly part?: string },
): Promise<NameList> {
  // Without a part there is nothing to match: Prometheus refuses a selector that also fits series without the label.
  const matchers = part === "" ? [] : [`{${formatMatcher(label, "=~", `(?i).*${escapeRe2(part)}.*`)}}`];
  const scope = { ...recentScope(now, maxLabelValues, matchers), ...(part === "" ? {} : { containing: part }) };
  return cut(await source.labelValues(label, scope, { signal }));
}

/** Reads the names of metrics that carry a label. */
export async function readMetricsOfLabel(
  source: MetricsSource,
  label: string,
  { signal, now }: { readonly signal: AbortSignal; readonly now: number },
): Promise<NameList> {
  const matchers = [`{${formatMatcher(label, "!=", "")}}`];
  return cut(await source.metricNames(recentScope(now, maxLabelValues, matchers), { signal }));
}

/** No more than were asked for: servers that know no limit may send millions. */
function cut(list: NameList): NameList {
  if (list.names.length <= maxLabelValues) return list;
  const names = Array.from({ length: maxLabelValues }, (_, i) => list.names.at(i) ?? "");
  return { ...list, names, truncated: true };
}
