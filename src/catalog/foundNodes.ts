import type { MetricCatalog } from "./metricCatalog.ts";
import { metricNodes } from "./metricNodes.ts";
import type { FoundNames } from "./metricSearch.ts";
import { partialRows } from "./partialNodes.ts";
import type { NameSpan } from "./recentScope.ts";
import { remark, type TreeNode } from "./treeNode.ts";

const numbers = new Intl.NumberFormat("en-US");

const spanTexts: Readonly<Record<NameSpan, string>> = { hour: "the last hour", day: "the last 24 hours" };

/** The rows of what a filter has left over; where that is nothing, what was looked at, and where there may be more. */
export function foundNodes(found: FoundNames, catalog: MetricCatalog): readonly TreeNode[] {
  const rows = found.names.length > 0 ? metricNodes(catalog, found.names) : noneFound(found);
  return [...partialRows(found.doubts, "partial search"), ...rows];
}

function noneFound({ span, hasMore }: FoundNames): readonly TreeNode[] {
  // The server was asked for the longest words only, and sent names that lack one of the others.
  if (hasMore) return [remark("none found", "The server has too many similar names: use fewer or longer words.")];
  const none = remark("none found", `No metric of ${spanTexts[span]} has such a name.`);
  if (span === "day") return [none];
  const further = remark("look further back", `Look in ${spanTexts.day}`, "history");
  return [none, { ...further, command: "promqlWorkbench.metrics.lookFurtherBack" }];
}

/** How many a filter has left over, and of what; `total`: names that are here. */
export function foundText({ names, atServer, hasMore, span }: FoundNames, total: number): string {
  const count = numbers.format(names.length);
  const when = span === "hour" ? "" : ` in ${spanTexts[span]}`;
  if (hasMore) return `first ${count}, the server has more${when}`;
  return atServer ? `${count} searched at the server${when}` : `${count} of ${numbers.format(total)}`;
}
