import assert from "node:assert/strict";
import { test } from "node:test";
import { countDown, targetNodes } from "../../../src/catalog/targetNodes.ts";
import type { TreeNode } from "../../../src/catalog/treeNode.ts";
import type { Target } from "../../../src/shared/model/source.ts";

const time = (at: number) => `at ${at}`;
const here = { isServerHere: true, time };

function aTarget(pool: string, instance: string, health: Target["health"], lastError = ""): Target {
  return {
    pool,
    labels: [
      ["instance", instance],
      ["job", pool],
    ],
    discoveredLabels: [],
    scrapeUrl: `http://${instance}/metrics`,
    health,
    lastError,
    lastScrape: 1000,
    lastScrapeSeconds: 0.0124,
    scrapeInterval: "15s",
    scrapeTimeout: undefined,
    globalUrl: undefined,
  };
}

const targets = [
  aTarget("api", "a:1", "up"),
  aTarget("node", "n:1", "up"),
  aTarget("node", "n:2", "down", "connection refused"),
  aTarget("web", "w:1", "unknown"),
];

const children = (node: TreeNode | undefined) => (node?.children?.() ?? []) as readonly TreeNode[];
const text = ({ label, description }: TreeNode) => `${label}: ${description}`;

test("pools with a target that is down come first, and in them that target", () => {
  const pools = targetNodes(targets, { onlyUnhealthy: false, ...here });
  assert.deepEqual(pools.map(text), ["node: 1 of 2 up", "api: 1 of 1 up", "web: 0 of 1 up"]);
  assert.deepEqual(
    pools.map(({ isOpen }) => isOpen),
    [true, false, false],
  );
  assert.deepEqual(children(pools[0]).map(text), ["n:2: down · connection refused · 12 ms", "n:1: up · 12 ms"]);
  assert.equal(countDown(targets), 1);
});

test("a target has its error, its times and its labels below it", () => {
  const [node] = targetNodes(targets, { onlyUnhealthy: true, ...here });
  const [down, ...others] = children(node);
  assert.deepEqual(others, []);
  assert.deepEqual(children(down).map(text), [
    "Error: connection refused",
    "URL: http://n:2/metrics",
    "Last scrape: at 1000",
    "Duration: 12 ms",
    "Interval: 15s",
    "instance: n:2",
    "job: node",
  ]);
  assert.deepEqual(down?.subject, { kind: "target", url: "http://n:2/metrics", labels: targets[2]?.labels });
});

test("a target of a server elsewhere is opened where others than the server reach it", () => {
  const globalUrl = "http://prometheus.example:9090/metrics";
  const subjectOf = (target: Target, isServerHere: boolean) => {
    const [pool] = targetNodes([target], { onlyUnhealthy: false, isServerHere, time });
    const [row] = children(pool);
    assert.ok(children(row).map(text).includes("URL: http://localhost:9090/metrics"));
    return row?.subject;
  };
  const own = { ...aTarget("prometheus", "localhost:9090", "up"), globalUrl };
  const subject = { kind: "target", url: own.scrapeUrl, labels: own.labels };
  assert.deepEqual(subjectOf(own, false), { ...subject, page: globalUrl });
  assert.deepEqual(subjectOf(own, true), subject);
  assert.deepEqual(subjectOf({ ...own, globalUrl: "" }, false), subject);
  assert.deepEqual(subjectOf({ ...own, globalUrl: undefined }, false), subject);
});

test("only the unhealthy ones: down and unknown", () => {
  const pools = targetNodes(targets, { onlyUnhealthy: true, ...here });
  assert.deepEqual(
    pools.map(({ label }) => label),
    ["node", "web"],
  );
});

test("no level is longer than 500 rows, and every row has an id of its own", () => {
  const many = Array.from({ length: 1300 }, (_, i) => aTarget("big", `host-${String(i).padStart(4, "0")}:9100`, "up"));
  const [pool] = targetNodes(many, { onlyUnhealthy: false, ...here });
  const stretches = children(pool);
  assert.ok(stretches.length <= 500 && stretches.every((stretch) => children(stretch).length <= 500));
  const rows = stretches.flatMap((stretch) => children(stretch));
  assert.equal(rows.length, 1300);
  assert.equal(new Set(rows.map(({ id }) => id)).size, 1300);
  assert.match(stretches[0]?.label ?? "", /^host-0000:9100 … host-0249:9100$/);
});
