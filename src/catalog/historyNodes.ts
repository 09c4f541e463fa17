import type { HistoryEntry } from "../query/runHistory.ts";
import { formatDuration } from "../shared/model/time.ts";
import type { TreeNode } from "./treeNode.ts";

/** How each outcome is drawn. */
const outcomes = {
  answered: { icon: "pass", color: "testing.iconPassed" },
  failed: { icon: "error", color: "testing.iconFailed" },
  cancelled: { icon: "circle-slash", color: "testing.iconSkipped" },
} as const;

const numbers = new Intl.NumberFormat("en-US");

/** The last runs, newest first; `time` formats a moment for people. */
export function historyNodes(entries: readonly HistoryEntry[], time: (at: number) => string): readonly TreeNode[] {
  return entries.map((entry): TreeNode => {
    const { id, at, connectionName, text, query, outcome, durationMs, series, mode } = entry;
    const count = series === undefined ? [] : [`${numbers.format(series)} series`];
    const took = formatDuration(Math.max(1, Math.round(durationMs)));
    const said = outcome === "answered" ? [...count, took] : [outcome, took];
    const description = [time(at), connectionName, ...said].join(" · ");
    return {
      id: `history ${id}`,
      label: text,
      description,
      ...outcomes[outcome],
      tooltip: [query, "", description, mode === "both" ? "range and instant" : mode].join("\n"),
      spoken: `${text}, ${description}`,
      context: "historyEntry",
      subject: { kind: "run", id },
      command: "promqlWorkbench.history.run",
    };
  });
}
