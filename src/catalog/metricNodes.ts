import { type MetricKind, metricKind } from "../query/defaultQuery.ts";
import type { Names } from "../shared/model/names.ts";
import type { MetricCatalog } from "./metricCatalog.ts";
import { metadataOf } from "./metricCatalog.ts";
import { type NameRow, nameRows } from "./nameTree.ts";
import type { TreeNode } from "./treeNode.ts";

/** How each kind of metric is drawn, and what it is called. */
const kinds: Readonly<Record<MetricKind, readonly [icon: string, title: string]>> = {
  counter: ["arrow-up", "counter"],
  gauge: ["dashboard", "gauge"],
  classicHistogram: ["graph", "histogram bucket"],
  nativeHistogram: ["graph", "native histogram"],
  summary: ["graph-line", "summary"],
  info: ["info", "info"],
  timestamp: ["history", "timestamp"],
  status: ["pass", "status"],
  recording: ["record", "recording rule"],
};

const numbers = new Intl.NumberFormat("en-US");

/** The rows of a catalog, or of those of its names that a filter has left over. */
export function metricNodes(catalog: MetricCatalog, names: Names = catalog.names): readonly TreeNode[] {
  const level = (rows: readonly NameRow[]): readonly TreeNode[] => rows.map((row) => nodeOf(row));
  const nodeOf = (row: NameRow): TreeNode => {
    if (row.kind === "name") return metricNode(names.at(row.index) ?? "", catalog);
    const count = numbers.format(row.to - row.from);
    const label = row.kind === "prefix" ? row.prefix : `${row.first} … ${row.last}`;
    return {
      id: `${row.kind} ${label}`,
      label,
      description: count,
      icon: row.kind === "prefix" ? "symbol-namespace" : "list-flat",
      spoken: `${label}, ${count} metrics`,
      context: "metricGroup",
      children: () => level(nameRows(names, row, row.prefix)),
    };
  };
  return level(nameRows(names, { from: 0, to: names.length }));
}

function metricNode(name: string, catalog: MetricCatalog): TreeNode {
  const metadata = metadataOf(name, catalog.metadata);
  const kind = metricKind(name, metadata);
  const [icon, title] = kinds[kind];
  const known = metadata?.type === undefined || metadata.type === "" || metadata.type === "unknown";
  const type = known ? `${title} (by its name)` : metadata.type;
  const unit = metadata?.unit === undefined || metadata.unit === "" ? [] : [`Unit: ${metadata.unit}`];
  const help = metadata?.help === undefined || metadata.help === "" ? [] : [metadata.help];
  return {
    id: `metric ${name}`,
    label: name,
    icon,
    tooltip: [name, type, ...help, ...unit].join("\n"),
    spoken: `${name}, ${title}`,
    context: "metric",
    subject: { kind: "metric", name },
    command: "promqlWorkbench.metric.run",
  };
}
