import assert from "node:assert/strict";
import { test } from "node:test";
import { type ServerFacts, serverNodes, wholeFailure } from "../../../src/catalog/serverNodes.ts";
import type { TreeNode } from "../../../src/catalog/treeNode.ts";
import type { Failure } from "../../../src/shared/errors.ts";
import type { RuntimeInfo, TsdbStatus } from "../../../src/shared/model/source.ts";

const options = { now: 100_000, time: (at: number) => `at ${at}`, describe: ({ kind }: Failure) => kind };
const children = (node: TreeNode | undefined) => (node?.children?.() ?? []) as readonly TreeNode[];
const text = ({ label, description }: TreeNode) => `${label}: ${description}`;

const absent: Failure = { kind: "notPrometheus", status: 404, content: "text", detail: "" };
const refused: Failure = { kind: "unreachable", code: "refused", detail: "" };

const runtime = { startTime: 10_000, reloadConfigSuccess: false, storageRetention: "15d" } as RuntimeInfo;
const tsdb = {
  headStats: { numSeries: 12_345 },
  seriesCountByMetricName: [{ name: "a.b", value: 7000 }],
  seriesCountByLabelValuePair: [{ name: "path=/a=b", value: 5 }],
  memoryInBytesByLabelName: [{ name: "job", value: 2048 }],
} as unknown as TsdbStatus;

const facts: ServerFacts = {
  build: { ok: true, value: { application: undefined, version: "3.1.0", revision: "abc" } },
  runtime: { ok: true, value: runtime },
  tsdb: { ok: true, value: tsdb },
  flags: { ok: false, failure: absent },
};

test("each part says what it has, that it is not offered, or why it failed", () => {
  const [build, process, storage, flags] = serverNodes(facts, options);
  assert.deepEqual(children(build).map(text), ["Version: 3.1.0", "Revision: abc"]);
  assert.deepEqual(
    children(process).map(({ label }) => label),
    ["The configuration on disk was refused; an older one is in use.", "Up for", "Started", "Retention"],
  );
  assert.equal(children(process)[1]?.description, "1m30s");
  assert.equal(flags?.description, "not offered by this server");
  assert.deepEqual(children(storage).map(text), [
    "Series: 12,345",
    "Series by metric: largest 1",
    "Memory by label: largest 1",
    "Series by label and value: largest 1",
  ]);
  const [, failed] = serverNodes({ ...facts, runtime: { ok: false, failure: refused } }, options);
  assert.deepEqual([failed?.icon, failed?.description], ["error", "unreachable"]);
});

test("what is largest can be asked about, names taken literally", () => {
  const lists = children(serverNodes(facts, options)[2]);
  const subjects = lists.flatMap((list) => children(list)).map(({ subject }) => subject);
  assert.deepEqual(subjects, [
    {
      kind: "query",
      title: "a.b, number of series by job",
      text: 'count by (job) ({__name__="a.b"})',
    },
    { kind: "text", text: "job" },
    {
      kind: "query",
      title: "Series of path=/a=b",
      text: 'topk(20, count by (__name__) ({path="/a=b"}))',
    },
  ]);
});

test("a server that answers nothing has failed, one that offers nothing has not", () => {
  const part = (failure: Failure) => ({ ok: false, failure }) as const;
  const all = (failure: Failure): ServerFacts => ({
    build: part(failure),
    runtime: part(failure),
    tsdb: part(failure),
    flags: part(failure),
  });
  assert.equal(wholeFailure(all(refused)), refused);
  assert.equal(wholeFailure(all(absent)), undefined);
  assert.equal(wholeFailure(facts), undefined);
});
