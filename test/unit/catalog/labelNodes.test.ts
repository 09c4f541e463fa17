import assert from "node:assert/strict";
import { test } from "node:test";
import { labelNodes, readLabelValues } from "../../../src/catalog/labelNodes.ts";
import { type LabelPicks, pickSelector, withPick } from "../../../src/catalog/labelPicks.ts";
import { type TreeNode, withOwnIds } from "../../../src/catalog/treeNode.ts";
import type { MetadataScope, MetricsSource, NameList } from "../../../src/shared/model/source.ts";

const list = (names: readonly string[], truncated = false): NameList => ({ names, warnings: [], truncated });
const pickAll = (...picks: readonly (readonly [string, string])[]): LabelPicks =>
  picks.reduce<LabelPicks>((all, [label, value]) => withPick(all, label, value, true), new Map());

test("of a server that sends more values than were asked for the first are kept, and the cut is said", async () => {
  const names = Array.from({ length: 5000 }, (_, i) => `value ${i}`);
  const source = { labelValues: async () => list(names) };
  const { signal } = new AbortController();
  const read = await readLabelValues(source, "job", { signal, now: 0 });
  assert.deepEqual([[...read.names], read.truncated], [names.slice(0, 1000), true]);
});

test("picked values make a selector that takes them literally", () => {
  const cases: readonly (readonly [LabelPicks, string | undefined])[] = [
    [new Map(), undefined],
    [pickAll(["job", "api"]), '{job="api"}'],
    [pickAll(["job", "api"], ["code", "500"], ["code", "503"]), '{job="api", code=~"500|503"}'],
    [pickAll(["path", "/a.b(c)"], ["path", "x|y"]), '{path=~"/a\\\\.b\\\\(c\\\\)|x\\\\|y"}'],
    [pickAll(["my.label", 'say "hi"']), '{"my.label"="say \\"hi\\""}'],
    [withPick(pickAll(["job", "api"]), "job", "api", false), undefined],
  ];
  for (const [picks, expected] of cases) assert.equal(pickSelector(picks), expected);
});

const labelsOf = (rows: readonly TreeNode[]) => rows.map(({ label }) => label);

async function below(node: TreeNode | undefined): Promise<readonly TreeNode[]> {
  return (await node?.children?.()) ?? [];
}

test("values are read when a label is opened, picked ones are checked and never lost", async () => {
  const asked: string[] = [];
  const options = {
    picks: pickAll(["job", "rare"], ["job", "api"]),
    values: async (label: string) => {
      asked.push(label);
      return list(["api", "web"], true);
    },
    metrics: async () => list([]),
  };
  const rows = labelNodes(["__name__", "instance", "job"], options);
  assert.deepEqual(
    rows.map(({ label, description }) => [label, description]),
    [
      ["instance", undefined],
      ["job", "2 picked"],
    ],
  );
  assert.deepEqual(asked, []);
  const values = await below(rows[1]);
  assert.deepEqual(asked, ["job"]);
  assert.deepEqual(
    values.map(({ label, isChecked }) => [label, isChecked]),
    [
      ["Metrics with this label", undefined],
      ["The first 2; the server has more. Find one …", undefined],
      ["rare", true],
      ["api", true],
      ["web", false],
    ],
  );
});

test("a search for values asks for what was typed, literally, and for all where nothing was: servers refuse a matcher of nothing", async () => {
  const cases: readonly (readonly [part: string | undefined, matchers?: readonly string[], containing?: string])[] = [
    [undefined],
    [""],
    ["a.b", ['{job=~"(?i).*a\\\\.b.*"}'], "a.b"],
  ];
  for (const [part, ...expected] of cases) {
    const scopes: MetadataScope[] = [];
    const source: Pick<MetricsSource, "labelValues"> = {
      async labelValues(_label, scope) {
        scopes.push(scope);
        return list([]);
      },
    };
    const { signal } = new AbortController();
    await readLabelValues(source, "job", { signal, now: 0, ...(part === undefined ? {} : { part }) });
    assert.deepEqual(
      scopes.map(({ matchers, containing }) => [matchers, containing].filter((one) => one !== undefined)),
      [expected],
    );
  }
});

test("no two rows have one id, whatever a server calls its labels and values, and however often it says so", async () => {
  const values: Readonly<Record<string, readonly string[]>> = { a: ["b c", "c"], "a b": ["c", "c"] };
  const options = {
    picks: new Map(),
    values: async (label: string) => list(values[label] ?? []),
    metrics: async (label: string) => list(values[label] ?? []),
  };
  const ids: string[] = [];
  const visit = async (rows: readonly TreeNode[]): Promise<void> => {
    for (const row of withOwnIds(rows)) {
      ids.push(row.id);
      await visit(await below(row));
    }
  };
  await visit(labelNodes(["a", "a b"], options));
  assert.equal(ids.length, 2 + 2 * (1 + 2 + 2));
  assert.equal(new Set(ids).size, ids.length, ids.join());
  assert.deepEqual(
    withOwnIds([
      { id: "x", label: "" },
      { id: "y", label: "" },
      { id: "x", label: "" },
    ]).map(({ id }) => id),
    ["x", "y", "x (2)"],
  );
});

test("no level is longer than 500 rows", async () => {
  const names = Array.from({ length: 1000 }, (_, i) => `value-${i}`);
  const [label] = labelNodes(["job"], {
    picks: new Map(),
    values: async () => list(names, true),
    metrics: async () => list(names, true),
  });
  const rows = await below(label);
  assert.ok(rows.length <= 500);
  assert.ok((await below(rows[0])).length <= 500);
});

test("values and metrics that may not be all say so first, in the server's words", async () => {
  const warnings = ["store a is down", "results truncated due to limit", "store a is down"];
  const some = { names: ["api"], warnings, truncated: false };
  const [job] = labelNodes(["job"], { picks: new Map(), values: async () => some, metrics: async () => some });
  const [metrics, ...values] = await below(job);
  for (const rows of [values, await below(metrics)]) {
    assert.deepEqual(labelsOf(rows), ["Partial: the server warns that this may not be all.", "api"]);
    assert.deepEqual(labelsOf(await below(rows[0])), ["store a is down"]);
  }
});
