import assert from "node:assert/strict";
import { test } from "node:test";
import type { Destination, QueryConnections } from "../../../../src/query/destination.ts";
import { Emitter } from "../../../../src/shared/event.ts";
import type { EndpointOffer, OptionalEndpoint } from "../../../../src/shared/model/capabilities.ts";
import { ActiveServer } from "../../../../src/ui/explorer/activeServer.ts";

const first = { id: "a", name: "A", origin: "https://a.example", revision: 1 };

/** The active connection, as a test changes it. */
function setUp() {
  const changed = new Emitter<void>();
  const offers = new Map<OptionalEndpoint, EndpointOffer>();
  let identity: typeof first | undefined = first;
  const destinationOf = (): Destination => {
    if (identity === undefined) return { kind: "none" };
    const { id, name, origin, revision } = identity;
    const connection = {
      target: { connectionId: id, name, origin, color: undefined },
      ...{ revision, minStepMs: 0, maxSeries: undefined, isProtected: false },
      source: () => assert.fail("nothing is sent"),
      offers: () => offers,
      dialect: () => "promql" as const,
      queries: () => "unknown" as const,
    };
    return { kind: "ready", connection };
  };
  const connections: QueryConnections = {
    onDidChange: changed.event,
    destinationOf,
    list: () => [],
    suggestionFor: () => undefined,
    confirmSending: () => assert.fail("nothing is sent"),
  };
  const server = new ActiveServer(connections, () => ({}));
  const told: string[] = [];
  server.onDidChange(() => told.push("changed"));
  server.onDidLearn(() => told.push("learnt"));
  const become = (next: typeof first | undefined) => {
    identity = next;
    changed.fire();
    return told.splice(0);
  };
  return { server, become, offers };
}

test("the side bar follows another server and every change of the connection to it, and nothing else", () => {
  const { server, become, offers } = setUp();
  assert.deepEqual(become(first), []);
  assert.deepEqual(become({ ...first, name: "B" }), ["changed"]);
  assert.deepEqual(become({ ...first, name: "B", revision: 2 }), ["changed"], "another path, header or sign-in");
  assert.deepEqual(become({ ...first, name: "B", revision: 2 }), [], "its health");
  offers.set("rules", { offer: "notOffered", status: 404, learntAt: 5 });
  assert.deepEqual(become({ ...first, name: "B", revision: 2 }), ["learnt"]);
  assert.equal(server.missingSince(["rules"]), 5);
  assert.deepEqual(become(undefined), ["changed"]);
  assert.equal(server.current, undefined);
});
