import type { Failure } from "../shared/errors.ts";
import { formatLabels, labelValue } from "../shared/model/labels.ts";
import type { DroppedTarget, DroppedTargetList } from "../shared/model/source.ts";
import { isNotOffered } from "../shared/notOffered.ts";
import { partialRows } from "./partialNodes.ts";
import type { SectionState } from "./section.ts";
import { fact, inStretches, remark, type TreeNode } from "./treeNode.ts";

/** Dropped targets that are shown at most; a server in a large cluster drops tens of thousands. */
export const maxDroppedTargets = 500;

export interface DroppedTargetNodesOptions {
  /** Whose targets they are: the row of another server begins closed and unread. */
  readonly serverId: string;
  /** How the reading stands now, for what the row itself says. */
  readonly state: SectionState<DroppedTargetList>;
  /** Reads them if nobody has; called when the row is opened. */
  readonly read: () => Promise<SectionState<DroppedTargetList>>;
  /** Rows that say what went wrong and offer to try again. */
  readonly failureRows: (failure: Failure) => readonly TreeNode[];
  /** Formats a moment for people. */
  readonly time: (at: number) => string;
}

const numbers = new Intl.NumberFormat("en-US");

/** The row of the targets that relabelling dropped. Below it they are read, by pool, when somebody opens it. */
export function droppedTargetsNode(options: DroppedTargetNodesOptions): TreeNode {
  const { serverId, state, read } = options;
  const said = saidOf(state, options);
  return {
    id: `dropped targets of ${serverId}`,
    label: "Dropped targets…",
    ...(said === "" ? {} : { description: said }),
    icon: "circle-slash",
    tooltip: "Targets that were discovered and that relabelling dropped. They are read when this row is opened.",
    spoken: said === "" ? "Dropped targets" : `Dropped targets, ${said}`,
    context: "droppedTargets",
    children: async () => rowsOf(await read(), options),
  };
}

function saidOf(state: SectionState<DroppedTargetList>, { time }: DroppedTargetNodesOptions): string {
  switch (state.kind) {
    case "idle":
      return "";
    case "loading":
      return "reading…";
    case "ready":
      return `${numbers.format(state.loaded.value.total)} · as of ${time(state.loaded.asOf)}`;
    case "failed":
      if (isNotOffered(state.failure)) return "not offered by this server";
      return state.failure.kind === "cancelled" ? "cancelled" : "could not be read";
  }
}

function rowsOf(
  state: SectionState<DroppedTargetList>,
  { serverId, failureRows }: DroppedTargetNodesOptions,
): readonly TreeNode[] {
  const shown =
    state.loaded === undefined
      ? []
      : [
          ...partialRows(state.loaded.doubts, `dropped partial ${serverId}`),
          ...droppedRows(state.loaded.value, serverId),
        ];
  if (state.kind !== "failed") return shown;
  if (isNotOffered(state.failure)) {
    const text = "This server does not tell which targets it dropped.";
    return [remark(`dropped not offered ${serverId}`, text)];
  }
  return [...failureRows(state.failure), ...shown];
}

function droppedRows({ targets, total }: DroppedTargetList, serverId: string): readonly TreeNode[] {
  if (total === 0) return [remark(`dropped none ${serverId}`, "Relabelling dropped no target.")];
  const said = cutText(targets.length, total);
  const cut = said === undefined ? [] : [remark(`dropped cut ${serverId}`, said)];
  const pools = new Map<string | undefined, DroppedTarget[]>();
  for (const target of targets) {
    const pool = poolOf(target);
    const known = pools.get(pool);
    if (known === undefined) pools.set(pool, [target]);
    else known.push(target);
  }
  const idOf = uniqueIds(`dropped ${serverId}`);
  const named = [...pools].flatMap(([pool, all]) => (pool === undefined ? [] : [poolNode(pool, all, serverId, idOf)]));
  named.sort((a, b) => (a.label < b.label ? -1 : 1));
  const others = (pools.get(undefined) ?? []).map((target) => targetNode(target, idOf));
  return [...cut, ...inStretches([...named, ...others], `dropped ${serverId}`)];
}

function cutText(shown: number, total: number): string | undefined {
  if (shown >= total) return undefined;
  // `keep_dropped_targets` in the server's configuration: it counts them and forgets them.
  if (shown === 0) return `The server dropped ${numbers.format(total)} and keeps none of them.`;
  return `The first ${numbers.format(shown)} of ${numbers.format(total)}.`;
}

/** Before Prometheus 3.3 the pool is not told; discovery's `job` is its name. */
function poolOf({ pool, discoveredLabels }: DroppedTarget): string | undefined {
  return pool || labelValue(discoveredLabels, "job") || undefined;
}

function poolNode(
  pool: string,
  targets: readonly DroppedTarget[],
  serverId: string,
  idOf: (target: DroppedTarget) => string,
): TreeNode {
  const rows = targets.map((target) => targetNode(target, idOf));
  const count = `${numbers.format(targets.length)} dropped`;
  return {
    id: `dropped pool ${serverId} ${pool}`,
    label: pool,
    description: count,
    icon: "circle-slash",
    spoken: `${pool}, ${count}`,
    context: "pool",
    children: () => inStretches(rows, `dropped pool ${serverId} ${pool}`),
  };
}

function targetNode(target: DroppedTarget, idOf: (target: DroppedTarget) => string): TreeNode {
  const { discoveredLabels } = target;
  const id = idOf(target);
  const text = formatLabels(discoveredLabels);
  const label = labelValue(discoveredLabels, "__address__") ?? text;
  return {
    id,
    label,
    icon: "circle-outline",
    tooltip: ["As discovered, before relabelling:", ...discoveredLabels.map((pair) => pair.join(" = "))].join("\n"),
    spoken: `${label}, dropped`,
    context: "fact",
    subject: { kind: "text", text },
    children: () => discoveredLabels.map(([name, value], i) => fact(`${id} label ${i}`, name, value, "tag")),
  };
}

/** Nothing forbids two dropped targets with the very same labels; two rows with one id would break the tree. */
function uniqueIds(prefix: string): (target: DroppedTarget) => string {
  const seen = new Map<string, number>();
  return ({ pool, discoveredLabels }) => {
    const key = JSON.stringify([pool ?? "", discoveredLabels]);
    const count = seen.get(key) ?? 0;
    seen.set(key, count + 1);
    return `${prefix} target ${count} ${key}`;
  };
}
