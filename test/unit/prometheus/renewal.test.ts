import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AppError } from "../../../src/shared/errors.ts";
import type { RequestCredentials } from "../../../src/shared/model/source.ts";
import { startHostileServer } from "../../support/hostileServer.ts";
import { failureFrom, neverAborted, testSource } from "../../support/sources.ts";

const vector = '{"status":"success","data":{"resultType":"vector","result":[]}}';
const withToken = (token: string): RequestCredentials => ({
  headers: { Authorization: `Bearer ${token}`, "X-Key": `k-${token}` },
  queryParams: { key: `p-${token}` },
  secrets: [token, `k-${token}`, `p-${token}`],
});

/** A server that takes only the token `new`. */
const onlyNew = () =>
  startHostileServer(({ request, answer }) => {
    if (request.headers["authorization"] === "Bearer new") answer(200, vector);
    else answer(401, `not ${request.headers["authorization"]}`);
  });

describe("time that runs out", () => {
  const waitedFor = { kind: "credential", source: "command", problem: "timedOut", name: "p", detail: "" } as const;
  const never = new Promise<never>(() => {});

  test("while a program is waited for is that program's fault, not the server's", async () => {
    await using server = await onlyNew();
    using source = testSource(server.origin, {
      timeoutMs: 50,
      credentials: (_origin, { onWait }) => {
        onWait?.(waitedFor);
        return never;
      },
    });
    const failure = await failureFrom(source.query({ query: "up" }, { signal: neverAborted() }));
    assert.deepEqual(failure, { ...waitedFor, afterMs: 50 });
    assert.equal(server.requests.length, 0);
  });

  test("while it is waited for after a 401 is so too, and says that the server was asked", async () => {
    await using server = await onlyNew();
    using source = testSource(server.origin, {
      timeoutMs: 300,
      credentials: async (_origin, { refused, onWait }) => {
        onWait?.(waitedFor);
        return refused === undefined ? withToken("old") : never;
      },
    });
    const failure = await failureFrom(source.query({ query: "up" }, { signal: neverAborted() }));
    assert.deepEqual(failure, { ...waitedFor, afterMs: 300, isRenewal: true });
    assert.equal(server.requests.length, 1);
  });

  test("after it has answered is the server's", async () => {
    await using server = await startHostileServer(() => {});
    using source = testSource(server.origin, {
      timeoutMs: 50,
      credentials: async (_origin, { onWait }) => {
        onWait?.(waitedFor);
        return withToken("new");
      },
    });
    const failure = await failureFrom(source.query({ query: "up" }, { signal: neverAborted() }));
    assert.deepEqual(failure, { kind: "timedOut", by: "client", afterMs: 50, detail: "" });
  });

  test("is no matter to who cancels before", async () => {
    await using server = await onlyNew();
    const controller = new AbortController();
    using source = testSource(server.origin, {
      credentials: (_origin, { onWait }) => {
        onWait?.(waitedFor);
        controller.abort();
        return never;
      },
    });
    const failure = await failureFrom(source.query({ query: "up" }, { signal: controller.signal }));
    assert.deepEqual(failure, { kind: "cancelled" });
  });
});

describe("after a 401", () => {
  test("other credentials are tried once, all of them renewed", async () => {
    await using server = await onlyNew();
    const refused: (RequestCredentials | undefined)[] = [];
    using source = testSource(server.origin, {
      credentials: async (_origin, options) => {
        refused.push(options.refused);
        return withToken(refused.length === 1 ? "old" : "new");
      },
    });
    await source.query({ query: "up" }, { signal: neverAborted() });
    assert.deepEqual(refused, [undefined, withToken("old")]);
    assert.deepEqual(
      server.requests.map(({ headers, path }) => [headers["authorization"], headers["x-key"], path]),
      [
        ["Bearer old", "k-old", "/api/v1/query?key=p-old"],
        ["Bearer new", "k-new", "/api/v1/query?key=p-new"],
      ],
    );
    assert.equal(server.requests[0]?.body, server.requests[1]?.body);
  });

  test("the same ones are not sent again", async () => {
    await using server = await onlyNew();
    using source = testSource(server.origin, { credentials: async () => withToken("old") });
    const failure = await failureFrom(source.query({ query: "up" }, { signal: neverAborted() }));
    assert.deepEqual(failure, { kind: "unauthorized", status: 401, detail: "not •••" });
    assert.equal(server.requests.length, 1);
  });

  test("others that are refused too end it, and neither is shown", async () => {
    await using server = await onlyNew();
    let asked = 0;
    using source = testSource(server.origin, { credentials: async () => withToken(`older${++asked}`) });
    const failure = await failureFrom(source.query({ query: "up" }, { signal: neverAborted() }));
    assert.equal(failure.kind, "unauthorized");
    assert.equal(JSON.stringify(failure).includes("older"), false);
    assert.equal(server.requests.length, 2);
  });

  test("a program that has none any more says so, and that the server was asked", async () => {
    await using server = await onlyNew();
    const failed = {
      kind: "credential",
      source: "command",
      problem: "failed",
      name: "p",
      detail: "",
      code: "1",
    } as const;
    using source = testSource(server.origin, {
      credentials: async (_origin, { refused }) => {
        if (refused !== undefined) throw new AppError(failed);
        return withToken("old");
      },
    });
    assert.deepEqual(await failureFrom(source.query({ query: "up" }, { signal: neverAborted() })), {
      ...failed,
      isRenewal: true,
    });
    assert.equal(server.requests.length, 1);
  });
});
