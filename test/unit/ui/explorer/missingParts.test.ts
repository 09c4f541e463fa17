import assert from "node:assert/strict";
import { test } from "node:test";
import type { TreeView } from "vscode";
import { Section } from "../../../../src/catalog/section.ts";
import type { TreeNode } from "../../../../src/catalog/treeNode.ts";
import { serverParts } from "../../../../src/host/notOfferedMessage.ts";
import { AppError, type Failure } from "../../../../src/shared/errors.ts";
import { Emitter } from "../../../../src/shared/event.ts";
import type { QueryState } from "../../../../src/shared/model/capabilities.ts";
import type { ActiveServer } from "../../../../src/ui/explorer/activeServer.ts";
import { standInForEditor } from "../../../support/editorDouble.ts";

standInForEditor({ EventEmitter: Emitter });
const { ExplorerView } = await import("../../../../src/ui/explorer/explorerView.ts");

interface Situation {
  readonly part: keyof typeof serverParts;
  readonly queries: QueryState;
  readonly failure: Failure;
  /** Found out before, at this time. */
  readonly missingSince?: number;
}

/** What a view's rows say, and how often its server was asked. */
async function shown({ part, queries, failure, missingSince }: Situation) {
  let asked = 0;
  const load = async (): Promise<never> => {
    asked++;
    throw new AppError(failure);
  };
  const server = {
    current: { id: "a", name: "Prod", origin: "https://a.example" },
    context: { server: "Prod", baseUrl: "https://a.example/metrics" },
    queries,
  };
  const view = new ExplorerView<never>({
    view: {} as TreeView<TreeNode>,
    section: new Section({ load, now: () => 1 }),
    refreshCommand: "refresh",
    server: server as ActiveServer,
    rows: () => [],
    empty: "",
    part: serverParts[part],
    missingSince: () => missingSince,
  });
  const rows = await view.getChildren();
  return { asked, rows: rows.map(({ label }) => label) };
}

const noPath: Failure = { kind: "notPrometheus", status: 405, content: "text", detail: "" };
const forbidden: Failure = { kind: "unauthorized", status: 403, detail: "Forbidden" };
const startPage: Failure = { kind: "notPrometheus", status: 200, content: "html", detail: "" };

const { absent } = serverParts.targets;
const works = "Queries work all the same.";
const refusal = ["Prod does not allow this kind of request (405)", "Edit Connection", "Retry"];

const cases: readonly (readonly [title: string, situation: Situation, asked: number, rows: readonly string[]])[] = [
  ["names, nothing known of queries", { part: "metrics", queries: "unknown", failure: noPath }, 1, refusal],
  [
    "names, queries are answered",
    { part: "metrics", queries: "answered", failure: noPath },
    1,
    [`${serverParts.metrics.absent} ${works}`],
  ],
  ["targets, nothing known of queries", { part: "targets", queries: "unknown", failure: noPath }, 1, [absent]],
  ["targets, queries are missing too", { part: "targets", queries: "missing", failure: noPath }, 1, refusal],
  [
    "targets, known to be missing",
    { part: "targets", queries: "answered", failure: noPath, missingSince: 5 },
    0,
    [`${absent} ${works}`],
  ],
  [
    "targets, known to be missing, and queries too",
    { part: "targets", queries: "missing", failure: noPath, missingSince: 5 },
    1,
    refusal,
  ],
  [
    "targets, refused to who may query",
    { part: "targets", queries: "answered", failure: forbidden },
    1,
    ["Your rights do not cover the targets of Prod (403)", "Retry"],
  ],
  [
    "targets, refused to who may not be known",
    { part: "targets", queries: "unknown", failure: forbidden },
    1,
    ["Prod refuses access (403)", "Enter Secret", "Retry"],
  ],
  [
    "the address of an exporter's page",
    { part: "labels", queries: "unknown", failure: startPage },
    1,
    ["Prod has no Prometheus API below /metrics", "Edit Connection", "Retry"],
  ],
];

for (const [title, situation, asked, rows] of cases) {
  test(title, async () => assert.deepEqual(await shown(situation), { asked, rows }));
}
