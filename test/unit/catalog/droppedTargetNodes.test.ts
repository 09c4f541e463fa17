import assert from "node:assert/strict";
import { test } from "node:test";
import { type DroppedTargetNodesOptions, droppedTargetsNode } from "../../../src/catalog/droppedTargetNodes.ts";
import type { SectionState } from "../../../src/catalog/section.ts";
import { remark, type TreeNode } from "../../../src/catalog/treeNode.ts";
import type { Failure } from "../../../src/shared/errors.ts";
import type { DroppedTarget, DroppedTargetList } from "../../../src/shared/model/source.ts";

type State = SectionState<DroppedTargetList>;

const dropped = (pool: string | undefined, address: string, more: readonly [string, string][] = []): DroppedTarget => ({
  pool,
  discoveredLabels: [["__address__", address], ...more],
});

function ready(targets: readonly DroppedTarget[], total = targets.length): State {
  return { kind: "ready", loaded: { value: { targets, total }, doubts: [], asOf: 1000 } };
}

const failed = (failure: Failure, loaded?: State["loaded"]): State => ({ kind: "failed", failure, loaded });

function nodeOf(state: State, more: Partial<DroppedTargetNodesOptions> = {}): TreeNode {
  return droppedTargetsNode({
    serverId: "s",
    state,
    read: async () => state,
    failureRows: ({ kind }) => [remark("failure", `failed: ${kind}`), remark("retry", "Retry")],
    time: (at) => `at ${at}`,
    ...more,
  });
}

const below = async (node: TreeNode | undefined): Promise<readonly TreeNode[]> => (await node?.children?.()) ?? [];
const text = ({ label, description }: TreeNode) => (description === undefined ? label : `${label}: ${description}`);

const refused: Failure = { kind: "unreachable", code: "refused", detail: "" };
const absent: Failure = { kind: "notPrometheus", status: 404, content: "text", detail: "" };

interface Case {
  readonly title: string;
  readonly state: State;
  /** What the row itself says. */
  readonly said: string | undefined;
  readonly rows: readonly string[];
}

const one = ready([dropped("node", "a:1")]);

const cases: readonly Case[] = [
  {
    title: "being read for the first time",
    state: { kind: "loading", loaded: undefined },
    said: "reading…",
    rows: [],
  },
  { title: "none", state: ready([]), said: "0 · as of at 1000", rows: ["Relabelling dropped no target."] },
  {
    title: "by pool, those without one last",
    state: ready([dropped("web", "w:1"), dropped(undefined, "x:1"), dropped("node", "n:1"), dropped("web", "w:2")]),
    said: "4 · as of at 1000",
    rows: ["node: 1 dropped", "web: 2 dropped", "x:1"],
  },
  {
    title: "of an older server, whose pools are its discovery's jobs",
    state: ready([dropped(undefined, "a:1", [["job", "kubernetes-pods"]])]),
    said: "1 · as of at 1000",
    rows: ["kubernetes-pods: 1 dropped"],
  },
  {
    title: "more than were kept",
    state: ready([dropped("node", "n:1")], 77_000),
    said: "77,000 · as of at 1000",
    rows: ["The first 1 of 77,000.", "node: 1 dropped"],
  },
  {
    title: "of a server that warns",
    state: { kind: "ready", loaded: { value: { targets: [], total: 0 }, doubts: ["a is down"], asOf: 1000 } },
    said: "0 · as of at 1000",
    rows: ["Partial: the server warns that this may not be all.", "Relabelling dropped no target."],
  },
  {
    title: "counted by a server that keeps none of them",
    state: ready([], 12),
    said: "12 · as of at 1000",
    rows: ["The server dropped 12 and keeps none of them."],
  },
  {
    title: "unreadable",
    state: failed(refused),
    said: "could not be read",
    rows: ["failed: unreachable", "Retry"],
  },
  { title: "given up", state: failed({ kind: "cancelled" }), said: "cancelled", rows: ["failed: cancelled", "Retry"] },
  {
    title: "unreadable the second time",
    state: failed(refused, one.loaded),
    said: "could not be read",
    rows: ["failed: unreachable", "Retry", "node: 1 dropped"],
  },
  {
    title: "not offered",
    state: failed(absent),
    said: "not offered by this server",
    rows: ["This server does not tell which targets it dropped."],
  },
];

for (const { title, state, said, rows } of cases) {
  test(`dropped targets: ${title}`, async () => {
    const node = nodeOf(state);
    assert.equal(node.description, said);
    assert.deepEqual((await below(node)).map(text), rows);
  });
}

test("nothing is read before the row is opened, and the row of another server is another one", async () => {
  let reads = 0;
  const read = async () => {
    reads++;
    return one;
  };
  const node = nodeOf({ kind: "idle", loaded: undefined }, { read });
  assert.equal(node.description, undefined);
  assert.notEqual(node.isOpen, true);
  assert.equal(reads, 0);
  await below(node);
  assert.equal(reads, 1);
  assert.notEqual(nodeOf(one, { serverId: "t" }).id, node.id);
});

test("a target shows its discovered labels, and copies as a selector of them", async () => {
  const labels: readonly [string, string][] = [["__meta_zone", 'a"b\n']];
  const [pool] = await below(nodeOf(ready([dropped("node", "n:1", labels)])));
  const [target] = await below(pool);
  assert.equal(target?.label, "n:1");
  assert.equal(target?.tooltip, 'As discovered, before relabelling:\n__address__ = n:1\n__meta_zone = a"b\n');
  assert.equal(target?.context, "fact");
  assert.deepEqual(target?.subject, { kind: "text", text: String.raw`{__address__="n:1", __meta_zone="a\"b\n"}` });
  assert.deepEqual((await below(target)).map(text), ["__address__: n:1", '__meta_zone: a"b\n']);
});

test("targets with the very same labels are rows of their own, the same ones in every reading", async () => {
  const state = ready([dropped("p", "a:1"), dropped("p", "a:1"), dropped("q", "a:1"), dropped(undefined, "a:1")]);
  const idsOf = async () => {
    const rows = await below(nodeOf(state));
    const targets = await Promise.all(rows.map(below));
    return [...rows, ...targets.flat()].map(({ id }) => id);
  };
  const ids = await idsOf();
  assert.equal(new Set(ids).size, ids.length);
  assert.deepEqual(await idsOf(), ids);
});
