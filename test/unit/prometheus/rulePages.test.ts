import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { RetryNote } from "../../../src/shared/model/source.ts";
import { type Script, startHostileServer } from "../../support/hostileServer.ts";
import { failureFrom, neverAborted, testSource } from "../../support/sources.ts";

/* Rule groups in pages, as web/api/v1 of Prometheus 3 hands them out: `group_limit`, `group_next_token`, `groupNextToken`. */

const group = (name: string) => ({ name, file: "/r.yml", rules: [{ type: "recording", name, query: "vector(1)" }] });
const page = (names: readonly string[], next?: string) =>
  JSON.stringify({ status: "success", data: { groups: names.map(group), groupNextToken: next } });

/** Answers each token with its page, no token with the first one. */
const paged =
  (pages: Readonly<Record<string, string>>): Script =>
  ({ request, answer }) => {
    const token = new URL(request.path, "http://localhost").searchParams.get("group_next_token") ?? "";
    const body = pages[token];
    if (body !== undefined) answer(200, body);
    else answer(400, changed(token));
  };

const changed = (token: string) =>
  JSON.stringify({
    ...{ status: "error", errorType: "bad_data" },
    error: `invalid parameter "group_next_token": invalid group_next_token '${token}'. were rule groups changed?`,
  });

const options = { signal: neverAborted() };

describe("pages of rule groups", () => {
  const rows: readonly {
    readonly title: string;
    readonly script: Script;
    readonly isAsked?: boolean;
    readonly names: readonly string[];
    /** Parameters of each request. */
    readonly sent: readonly string[];
  }[] = [
    {
      title: "are all read where the server is known to have them",
      script: paged({ "": page(["a", "b"], "t&1"), "t&1": page(["c"], "t2"), t2: page(["d"]) }),
      isAsked: true,
      names: ["a", "b", "c", "d"],
      sent: ["group_limit=500", "group_limit=500&group_next_token=t%261", "group_limit=500&group_next_token=t2"],
    },
    {
      title: "are not asked for where that is not known",
      script: paged({ "": page(["a", "b"]) }),
      names: ["a", "b"],
      sent: [""],
    },
    {
      title: "are one where all groups have room",
      script: paged({ "": page(["a", "b"]) }),
      isAsked: true,
      names: ["a", "b"],
      sent: ["group_limit=500"],
    },
    {
      title: "come to an end with an empty token",
      script: paged({ "": page(["a"], "") }),
      isAsked: true,
      names: ["a"],
      sent: ["group_limit=500"],
    },
    {
      title: "are followed where a server makes them unasked",
      script: paged({ "": page(["a"], "t"), t: page(["b"]) }),
      names: ["a", "b"],
      sent: ["", "group_limit=500&group_next_token=t"],
    },
    {
      title: "may be without groups, whose rules a filter took away",
      script: paged({ "": page([], "t"), t: page(["b"]) }),
      isAsked: true,
      names: ["b"],
      sent: ["group_limit=500", "group_limit=500&group_next_token=t"],
    },
  ];
  for (const { title, script, isAsked = false, names, sent } of rows) {
    test(title, async () => {
      await using server = await startHostileServer(script);
      using source = testSource(server.origin, { pagesRules: isAsked });
      const groups = await source.rules(options);
      assert.deepEqual(
        groups.map(({ name }) => name),
        names,
      );
      assert.deepEqual(
        server.requests.map(({ path }) => path.replace(/^\/api\/v1\/rules\??/, "")),
        sent,
      );
    });
  }

  test("are read anew, once, when the groups have changed meanwhile", async () => {
    let isReloaded = false;
    await using server = await startHostileServer((exchange) => {
      const isLater = exchange.request.path.includes("group_next_token");
      if (isLater && !isReloaded) {
        isReloaded = true;
        exchange.answer(400, changed("t"));
      } else paged({ "": page(isReloaded ? ["x"] : ["a"], "t"), t: page(["y"]) })(exchange);
    });
    using source = testSource(server.origin, { pagesRules: true });
    const groups = await source.rules(options);
    assert.deepEqual(
      groups.map(({ name }) => name),
      ["x", "y"],
    );
    assert.equal(server.requests.length, 4);
  });

  test("that change again are no list", async () => {
    await using server = await startHostileServer(paged({ "": page(["a"], "t") }));
    using source = testSource(server.origin, { pagesRules: true });
    assert.partialDeepStrictEqual(await failureFrom(source.rules(options)), { kind: "rejected", status: 400 });
    assert.equal(server.requests.length, 4);
  });

  const endless: readonly { readonly title: string; readonly script: Script; readonly expected: object }[] = [
    {
      title: "a token that comes again",
      script: paged({ "": page(["a"], "t1"), t1: page(["b"], "t2"), t2: page(["c"], "t1") }),
      expected: { kind: "malformed", expected: "data.groupNextToken: a token that has not been there" },
    },
    {
      title: "a token for itself",
      script: paged({ "": page(["a"], "t"), t: page(["b"], "t") }),
      expected: { kind: "malformed", expected: "data.groupNextToken: a token that has not been there" },
    },
    {
      title: "tokens without end",
      script: ({ index, answer }) => answer(200, page([], `t${index}`)),
      expected: { kind: "malformed", expected: "data.groupNextToken: an end within 1000 pages" },
    },
    {
      title: "a token that is none",
      script: ({ answer }) => answer(200, '{"status":"success","data":{"groups":[],"groupNextToken":7}}'),
      expected: { kind: "malformed", expected: "data.groupNextToken: string" },
    },
    {
      title: "a later page that is refused for another reason",
      script: ({ request, answer }) =>
        request.path.includes("group_next_token") ? answer(404, "404 page not found") : answer(200, page(["a"], "t")),
      expected: { kind: "notPrometheus", status: 404 },
    },
  ];
  for (const { title, script, expected } of endless) {
    test(`end with a failure at ${title}`, async () => {
      await using server = await startHostileServer(script);
      using source = testSource(server.origin, { pagesRules: true });
      assert.partialDeepStrictEqual(await failureFrom(source.rules(options)), expected);
    });
  }

  test("together have room for as much as one answer", async () => {
    const large = JSON.stringify({
      status: "success",
      data: { groups: [{ ...group("a"), file: "x".repeat(24 * 1024 * 1024) }], groupNextToken: "NEXT" },
    });
    await using server = await startHostileServer(({ index, answer }) =>
      answer(200, large.replace("NEXT", `t${index}`)),
    );
    using source = testSource(server.origin, { pagesRules: true });
    const failure = await failureFrom(source.rules(options));
    assert.deepEqual(failure, { kind: "tooLarge", limit: "bytes", allowed: 64 * 1024 * 1024 });
    assert.equal(server.requests.length, 3);
  });

  test("are given up with the one who asked, between two and in the middle of one", async () => {
    const controller = new AbortController();
    await using server = await startHostileServer(({ index, answer }) => {
      if (index < 2) answer(200, page([`g${index}`], `t${index}`));
    });
    using source = testSource(server.origin, { pagesRules: true });
    const outcome = failureFrom(source.rules({ signal: controller.signal }));
    await server.whenRequested(3);
    controller.abort();
    assert.deepEqual(await outcome, { kind: "cancelled" });
    await server.whenAllClosed();
    assert.equal(server.requests.length, 3);
  });

  test("are each sent again as any metadata", async () => {
    const notes: RetryNote[] = [];
    await using server = await startHostileServer((exchange) => {
      if (exchange.index === 1) exchange.answer(502, "x");
      else paged({ "": page(["a"], "t"), t: page(["b"]) })(exchange);
    });
    using source = testSource(server.origin, { pagesRules: true });
    const groups = await source.rules({ ...options, onRetry: (note) => notes.push(note) });
    assert.deepEqual([groups.length, notes.length, server.requests.length], [2, 1, 3]);
  });
});
