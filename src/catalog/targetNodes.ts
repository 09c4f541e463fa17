import { labelValue } from "../shared/model/labels.ts";
import type { Target } from "../shared/model/source.ts";
import { fact, inStretches, type TreeNode } from "./treeNode.ts";

export interface TargetNodesOptions {
  readonly onlyUnhealthy: boolean;
  /** The server is asked on this machine, so that its localhost is ours. */
  readonly isServerHere: boolean;
  /** Formats a moment for people. */
  readonly time: (at: number) => string;
}

/** How each health is drawn, the worst first. */
const healths = {
  down: { order: 0, icon: "error", color: "testing.iconFailed" },
  unknown: { order: 1, icon: "question", color: "testing.iconUnset" },
  up: { order: 2, icon: "pass", color: "testing.iconPassed" },
} as const;

/** Targets by pool, pools with a target that is down first, and in a pool the ones that are down first. */
export function targetNodes(targets: readonly Target[], options: TargetNodesOptions): readonly TreeNode[] {
  const pools = new Map<string, Target[]>();
  for (const target of targets) {
    const pool = pools.get(poolOf(target));
    if (pool === undefined) pools.set(poolOf(target), [target]);
    else pool.push(target);
  }
  const rows = [...pools]
    .map(([name, all]) => ({ name, all, bad: all.filter(({ health }) => health !== "up") }))
    .filter(({ bad }) => bad.length > 0 || !options.onlyUnhealthy)
    .sort((a, b) => Number(worst(b.all) === "down") - Number(worst(a.all) === "down") || (a.name < b.name ? -1 : 1))
    .map(({ name, all, bad }): TreeNode => {
      const health = worst(all);
      const up = `${all.length - bad.length} of ${all.length} up`;
      return {
        id: `pool ${name}`,
        label: name,
        description: up,
        icon: healths[health].icon,
        color: healths[health].color,
        spoken: `${name}, ${up}`,
        context: "pool",
        isOpen: health === "down",
        children: () =>
          inStretches(
            [...(options.onlyUnhealthy ? bad : all)].sort(byHealth).map((target) => targetNode(target, name, options)),
            `pool ${name}`,
          ),
      };
    });
  return inStretches(rows, "pools");
}

/** How many targets are down; those whose health is unknown are not among them. */
export function countDown(targets: readonly Target[]): number {
  return targets.filter(({ health }) => health === "down").length;
}

function poolOf(target: Target): string {
  return target.pool || labelValue(target.labels, "job") || "targets";
}

function worst(targets: readonly Target[]): Target["health"] {
  return targets.some(({ health }) => health === "down")
    ? "down"
    : targets.some(({ health }) => health === "unknown")
      ? "unknown"
      : "up";
}

function byHealth(a: Target, b: Target): number {
  return healths[a.health].order - healths[b.health].order || (a.scrapeUrl < b.scrapeUrl ? -1 : 1);
}

function targetNode(target: Target, pool: string, { isServerHere, time }: TargetNodesOptions): TreeNode {
  const { health, scrapeUrl, globalUrl, labels, lastError, lastScrape, lastScrapeSeconds, scrapeInterval } = target;
  const label = labelValue(labels, "instance") ?? scrapeUrl;
  const { icon, color } = healths[health];
  const duration = lastScrapeSeconds === undefined ? undefined : `${Math.round(lastScrapeSeconds * 1000)} ms`;
  const scraped = lastScrape === undefined ? undefined : time(lastScrape);
  const id = `target ${pool} ${scrapeUrl} ${labels.map((pair) => pair.join("=")).join(",")}`;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["URL", scrapeUrl],
    ["Last scrape", scraped],
    ["Duration", duration],
    ["Interval", scrapeInterval],
  ];
  const known = facts.filter((pair): pair is readonly [string, string] => pair[1] !== undefined);
  const described = [health, ...(lastError === "" ? [] : [lastError]), ...(duration === undefined ? [] : [duration])];
  return {
    id,
    label,
    description: described.join(" · "),
    icon,
    color,
    tooltip: [label, health, lastError, ...known.map(([name, value]) => `${name}: ${value}`)]
      .filter((line) => line !== "")
      .join("\n"),
    spoken: `${label}, ${health}${lastError === "" ? "" : `, ${lastError}`}`,
    context: "target",
    subject: {
      kind: "target",
      url: scrapeUrl,
      // What a server elsewhere scrapes at localhost is not on this machine; it tells the address for others then.
      ...(isServerHere || globalUrl === undefined || globalUrl === "" ? {} : { page: globalUrl }),
      labels,
    },
    children: () => [
      ...(lastError === "" ? [] : [fact(`${id} error`, "Error", lastError, "error")]),
      ...known.map(([name, value]) => fact(`${id} ${name}`, name, value, "info")),
      ...labels.map(([name, value]) => fact(`${id} label ${name}`, name, value, "tag")),
    ],
  };
}
