import assert from "node:assert/strict";
import { test } from "node:test";
import { failureSentence } from "../../../../src/host/failureMessage.ts";
import type { Destination, QueryConnection, QueryConnections } from "../../../../src/query/destination.ts";
import { Emitter } from "../../../../src/shared/event.ts";
import type { QueryState } from "../../../../src/shared/model/capabilities.ts";
import { ActiveServer } from "../../../../src/ui/explorer/activeServer.ts";

function setUp() {
  const changed = new Emitter<void>();
  let queries: QueryState = "unknown";
  const connection: QueryConnection = {
    target: { connectionId: "node", name: "Node", origin: "http://h:9100", color: undefined, isUnverified: false },
    revision: 0,
    minStepMs: 0,
    maxSeries: undefined,
    isProtected: false,
    source: () => assert.fail("nothing is asked"),
    offers: () => new Map(),
    dialect: () => "promql",
    queries: () => queries,
  };
  let destination: Destination = { kind: "ready", connection };
  const connections: QueryConnections = {
    onDidChange: changed.event,
    destinationOf: () => destination,
    list: () => [connection],
    suggestionFor: () => undefined,
    confirmSending: async () => true,
  };
  const server = new ActiveServer(connections, (id) => (id === "node" ? { baseUrl: "http://h:9100/metrics" } : {}));
  return {
    server,
    learn: (next: QueryState) => {
      queries = next;
      changed.fire();
    },
    leave: () => {
      destination = { kind: "none" };
      changed.fire();
    },
  };
}

test("failures of the side bar are told with the connection's address", () => {
  const { server, leave } = setUp();
  const startPage = { kind: "notPrometheus", status: 200, content: "html", detail: "Node Exporter" } as const;
  assert.match(failureSentence(startPage, server.context), /^Node has no Prometheus API below \/metrics/);
  leave();
  assert.match(failureSentence(startPage, server.context), /^the server answered with a web page/);
});

test("it is told once that queries work, or do not", () => {
  const { server, learn } = setUp();
  const told: string[] = [];
  server.onDidLearn(() => told.push(server.queries));
  server.onDidChange(() => told.push("another server"));
  for (const next of ["answered", "answered", "missing"] as const) learn(next);
  assert.deepEqual(told, ["answered", "missing"]);
});
