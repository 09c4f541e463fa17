import assert from "node:assert/strict";
import diagnostics from "node:diagnostics_channel";
import { getEventListeners } from "node:events";
import type { Socket } from "node:net";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import type { SourceEndpoint } from "../../../src/shared/model/source.ts";
import { type Script, startHostileServer } from "../../support/hostileServer.ts";
import { failureFrom, neverAborted, testSource } from "../../support/sources.ts";

/** A promise that is resolved from outside. */
function signalled(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve: () => resolve() };
}

const emptyNames = '{"status":"success","data":[]}';

/** Sockets that this process opens as a client while `work` runs. */
async function clientSocketsOf(work: (sockets: readonly Socket[]) => Promise<void>): Promise<void> {
  const sockets: Socket[] = [];
  const remember = (message: unknown) => sockets.push((message as { readonly socket: Socket }).socket);
  diagnostics.subscribe("net.client.socket", remember);
  try {
    await work(sockets);
  } finally {
    diagnostics.unsubscribe("net.client.socket", remember);
  }
}

const phases: readonly {
  readonly title: string;
  readonly script: Script;
  readonly scheme: "http" | "https";
  readonly sent: number;
}[] = [
  { title: "while the TLS handshake goes on", script: () => {}, scheme: "https", sent: 0 },
  { title: "while waiting for headers", script: () => {}, scheme: "http", sent: 1 },
  { title: "in the middle of the headers", script: ({ raw }) => raw("HTTP/1.1 200"), scheme: "http", sent: 1 },
  {
    title: "in the middle of the body",
    scheme: "http",
    sent: 1,
    script({ head, raw }) {
      head(200, { "Content-Length": "1000" });
      raw('{"status":"success",');
    },
  },
  {
    title: "in the middle of a compressed body",
    scheme: "http",
    sent: 1,
    script({ head, raw }) {
      head(200, { "Content-Length": "1000", "Content-Encoding": "gzip" });
      raw(Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]));
    },
  },
  {
    title: "in the middle of an explanation",
    scheme: "http",
    sent: 1,
    script({ head, raw }) {
      head(500, { "Content-Length": "1000" });
      raw("<html>");
    },
  },
];

for (const { title, script, scheme, sent } of phases) {
  test(`cancelled ${title}: the socket is gone before the promise rejects`, async () => {
    const reached = signalled();
    await using server = await startHostileServer(
      (exchange) => {
        script(exchange);
        // One turn later the client has what the script wrote.
        setTimeout(reached.resolve, 30);
      },
      (socket) => {
        if (scheme === "https") socket.once("data", () => reached.resolve());
        return scheme === "https";
      },
    );
    using source = testSource(`${scheme}://127.0.0.1:${server.port}`);
    await clientSocketsOf(async (sockets) => {
      const controller = new AbortController();
      const outcome = failureFrom(source.query({ query: "up" }, { signal: controller.signal })).then((failure) => ({
        failure,
        destroyed: sockets.map((socket) => socket.destroyed),
      }));
      await reached.promise;
      controller.abort();
      const { failure, destroyed } = await outcome;
      assert.deepEqual(failure, { kind: "cancelled" });
      assert.ok(destroyed.length > 0);
      assert.ok(destroyed.every((one) => one));
      await server.whenAllClosed();
      assert.equal(server.requests.length, sent);
    });
  });
}

/** Few bytes to receive, and many times what can be decoded until the test cancels. */
const manySeries = gzipSync(
  `{"status":"success","data":{"resultType":"vector","result":[${'{"metric":{"job":"a"},"value":[1,"2"]},'.repeat(900_000)}{}]}}`,
);

test("cancelled while a body that has arrived is decoded: the next query is answered", async () => {
  await using server = await startHostileServer(({ index, answer }) =>
    index === 0 ? answer(200, manySeries, { "Content-Encoding": "gzip" }) : answer(200, emptyNames),
  );
  using source = testSource(server.origin);
  const controller = new AbortController();
  const outcome = failureFrom(source.query({ query: "up" }, { signal: controller.signal }));
  await server.whenRequested(1);
  // It came at once; to decode it takes many turns.
  await new Promise((resolve) => setTimeout(resolve, 30));
  controller.abort();
  assert.deepEqual(await outcome, { kind: "cancelled" });
  await source.labelNames({}, { signal: neverAborted() });
  assert.equal(server.requests.length, 2);
});

test("a signal that is already aborted sends nothing", async () => {
  await using server = await startHostileServer(() => {});
  using source = testSource(server.origin);
  const signal = AbortSignal.abort();
  assert.deepEqual(await failureFrom(source.query({ query: "up" }, { signal })), { kind: "cancelled" });
  assert.deepEqual(await failureFrom(source.labelNames({}, { signal })), { kind: "cancelled" });
  assert.equal(server.accepted, 0);
});

test("cancelled while the credentials are fetched: nothing is sent", async () => {
  await using server = await startHostileServer(() => {});
  const asked = signalled();
  const credentials: SourceEndpoint["credentials"] = () => {
    asked.resolve();
    return new Promise(() => {});
  };
  using source = testSource(server.origin, { credentials });
  const controller = new AbortController();
  const outcome = failureFrom(source.query({ query: "up" }, { signal: controller.signal }));
  await asked.promise;
  controller.abort();
  assert.deepEqual(await outcome, { kind: "cancelled" });
  assert.equal(server.accepted, 0);
});

test("three lists at a time, and a query before those that wait; a queued one that is cancelled leaves without being sent", async () => {
  const held: (() => void)[] = [];
  const vector = '{"status":"success","data":{"resultType":"vector","result":[]}}';
  await using server = await startHostileServer(({ request, answer }) => {
    if (request.path === "/api/v1/query") answer(200, vector);
    else held.push(() => answer(200, emptyNames));
  });
  using source = testSource(server.origin);
  const signal = neverAborted();
  const names = ["a", "b", "c", "d", "e"];
  const controller = new AbortController();
  const outcomes = names.map((name) =>
    source.labelValues(name, {}, { signal: name === "d" ? controller.signal : signal }).then(
      () => "answer",
      () => "failure",
    ),
  );
  await server.whenRequested(3);
  controller.abort();
  assert.equal(await outcomes[3], "failure");
  assert.equal(server.requests.length, 3);
  await source.query({ query: "up" }, { signal });
  assert.deepEqual(server.requests.map(({ path }) => path).at(-1), "/api/v1/query");
  held[0]?.();
  await server.whenRequested(5);
  for (const release of held.slice(1)) release();
  assert.deepEqual(await Promise.all(outcomes), ["answer", "answer", "answer", "failure", "answer"]);
  assert.deepEqual(server.requests.map(({ path }) => path).at(-1), "/api/v1/label/e/values");
  assert.equal(server.accepted, 4);
});

test("disposing cancels what is under way and what waits, and closes idle sockets", async () => {
  await using server = await startHostileServer(({ index, answer }) => {
    if (index === 0) answer(200, emptyNames);
  });
  using source = testSource(server.origin);
  const signal = neverAborted();
  await source.labelNames({}, { signal });
  assert.equal(server.open, 1);
  const outcomes = ["a", "b", "c", "d", "e"].map((name) => failureFrom(source.labelValues(name, {}, { signal })));
  await server.whenRequested(4);
  source.dispose();
  for (const outcome of outcomes) assert.deepEqual(await outcome, { kind: "cancelled" });
  await server.whenAllClosed();
  assert.equal(server.requests.length, 4);
  assert.deepEqual(await failureFrom(source.labelNames({}, { signal })), { kind: "cancelled" });
});

test("identical reads share one request; a waiter that is cancelled leaves the others alone", async () => {
  let release = () => {};
  await using server = await startHostileServer(({ answer }) => {
    release = () => answer(200, '{"status":"success","data":["a","b"]}');
  });
  using source = testSource(server.origin);
  const controller = new AbortController();
  const impatient = failureFrom(source.labelNames({}, { signal: controller.signal }));
  const patient = source.labelNames({}, { signal: neverAborted() });
  await server.whenRequested(1);
  controller.abort();
  assert.deepEqual(await impatient, { kind: "cancelled" });
  assert.equal(server.open, 1);
  const late = source.labelNames({}, { signal: neverAborted() });
  release();
  assert.deepEqual([...(await patient).names], ["a", "b"]);
  assert.equal(await late, await late);
  assert.deepEqual([...(await late).names], ["a", "b"]);
  assert.equal(server.requests.length, 1);
});

test("the last waiter that is cancelled cancels the request, and the next reader starts anew", async () => {
  await using server = await startHostileServer(({ index, answer }) => {
    if (index === 1) answer(200, emptyNames);
  });
  using source = testSource(server.origin);
  const first = new AbortController();
  const second = new AbortController();
  const outcomes = [first, second].map(({ signal }) => failureFrom(source.labelNames({}, { signal })));
  await server.whenRequested(1);
  first.abort();
  second.abort();
  const next = source.labelNames({}, { signal: neverAborted() });
  for (const outcome of outcomes) assert.deepEqual(await outcome, { kind: "cancelled" });
  assert.deepEqual([...(await next).names], []);
  assert.equal(server.requests.length, 2);
});

test("a failure reaches every waiter", async () => {
  await using server = await startHostileServer(({ answer }) => answer(500, "no"));
  using source = testSource(server.origin);
  const signal = neverAborted();
  const failures = await Promise.all([1, 2, 3].map(() => failureFrom(source.targets({ signal }))));
  for (const { kind } of failures) assert.equal(kind, "notPrometheus");
  assert.equal(server.requests.length, 1);
});

test("a finished request leaves no listener on its caller's signal", async () => {
  await using server = await startHostileServer(({ index, answer, reset }) =>
    index % 2 === 0 ? answer(200, emptyNames) : reset(),
  );
  using source = testSource(server.origin);
  const signal = neverAborted();
  await source.labelNames({}, { signal });
  await failureFrom(source.buildInfo({ signal }));
  await failureFrom(source.query({ query: "up" }, { signal }));
  assert.equal(getEventListeners(signal, "abort").length, 0);
});

test("queries are never shared", async () => {
  await using server = await startHostileServer(({ answer }) => answer(500, "no"));
  using source = testSource(server.origin);
  const signal = neverAborted();
  await Promise.all([1, 2].map(() => failureFrom(source.query({ query: "up" }, { signal }))));
  assert.equal(server.requests.length, 2);
});

test("a kept-alive socket that the server closed is replaced once, unseen", async () => {
  await using server = await startHostileServer(({ index, answer, reset }) => {
    // The second request travels over the first one's socket and meets a server that has given it up.
    if (index === 1) reset();
    else answer(200, emptyNames);
  });
  using source = testSource(server.origin);
  const signal = neverAborted();
  await source.labelNames({}, { signal });
  assert.deepEqual([...(await source.labelNames({}, { signal })).names], []);
  assert.deepEqual(
    server.requests.map(({ connection }) => connection),
    [0, 0, 1],
  );
});

test("a server that resets every connection is sent a query twice at most", async () => {
  await using server = await startHostileServer(({ index, answer, reset }) => {
    if (index === 0) answer(200, emptyNames);
    else reset();
  });
  using source = testSource(server.origin);
  const signal = neverAborted();
  await source.labelNames({}, { signal });
  const failure = await failureFrom(source.query({ query: "up" }, { signal }));
  assert.equal(failure.kind, "unreachable");
  assert.equal(server.requests.length, 3);
});
