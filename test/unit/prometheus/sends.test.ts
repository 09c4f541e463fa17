import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { MetricsSource } from "../../../src/shared/model/source.ts";
import { type Exchange, startHostileServer } from "../../support/hostileServer.ts";
import { failureFrom, neverAborted, testSource } from "../../support/sources.ts";

const vector = '{"status":"success","data":{"resultType":"vector","result":[]}}';

/** What happens to a message: a status is answered on a socket that stays open, `close` closes the socket instead. */
type Turn = number | "close";

const take = (turn: Turn, { answer, socket }: Exchange) =>
  turn === "close" ? socket.destroy() : answer(turn, turn === 200 ? vector : "no");

const query = (source: MetricsSource) => source.query({ query: "up" }, { signal: neverAborted() });
const series = (source: MetricsSource) => source.series({ matchers: ["up"] }, { signal: neverAborted() });

describe("whatever happens to it, a query is two messages at most", () => {
  const cases: readonly {
    readonly title: string;
    readonly turns: readonly [Turn, Turn];
    readonly methods: readonly [string, string];
    readonly failure: object;
    /** How often other credentials were asked for: the next query has them, also where this one could not use them. */
    readonly renewals: number;
  }[] = [
    {
      title: "a token that has expired, then a method that is not allowed",
      turns: [401, 403],
      methods: ["POST", "POST"],
      failure: { kind: "unauthorized", status: 403 },
      renewals: 1,
    },
    {
      title: "a method that is not allowed, then a token that has expired",
      turns: [405, 401],
      methods: ["POST", "GET"],
      failure: { kind: "unauthorized", status: 401 },
      renewals: 1,
    },
    {
      title: "a socket that was closed meanwhile, then a token that has expired",
      turns: ["close", 401],
      methods: ["POST", "POST"],
      failure: { kind: "unauthorized", status: 401 },
      renewals: 1,
    },
    {
      title: "a token that has expired, then a socket that is closed",
      turns: [401, "close"],
      methods: ["POST", "POST"],
      failure: { kind: "unreachable", code: "reset" },
      renewals: 1,
    },
    {
      title: "a socket that was closed meanwhile, then a method that is not allowed",
      turns: ["close", 405],
      methods: ["POST", "POST"],
      failure: { kind: "notPrometheus", status: 405 },
      renewals: 0,
    },
    {
      title: "a method that is not allowed, then a socket that is closed",
      turns: [405, "close"],
      methods: ["POST", "GET"],
      failure: { kind: "unreachable", code: "reset" },
      renewals: 0,
    },
  ];
  for (const { title, turns, methods, failure, renewals } of cases) {
    test(title, async () => {
      // The first query leaves a warm socket.
      await using server = await startHostileServer((exchange) =>
        take([200, ...turns][exchange.index] ?? 200, exchange),
      );
      let token = 0;
      using source = testSource(server.origin, {
        credentials: async (_origin, { refused }) => {
          if (refused !== undefined) token++;
          return { headers: { Authorization: `Bearer t${token}` }, queryParams: {}, secrets: [] };
        },
      });
      await query(source);
      assert.partialDeepStrictEqual(await failureFrom(query(source)), failure);
      assert.deepEqual(
        server.requests.slice(1).map(({ method }) => method),
        methods,
      );
      assert.equal(token, renewals);
      await query(source);
      assert.equal(server.requests.at(-1)?.headers["authorization"], `Bearer t${renewals}`);
    });
  }
});

test("a read that costs a server little may be as many messages as its answer takes", async () => {
  const turns: readonly Turn[] = [401, 405, 429, 200];
  await using server = await startHostileServer((exchange) => {
    const turn = turns[exchange.index] ?? 200;
    if (turn === 200) exchange.answer(200, '{"status":"success","data":[]}');
    else take(turn, exchange);
  });
  let token = 0;
  using source = testSource(server.origin, {
    credentials: async (_origin, { refused }) => {
      if (refused !== undefined) token++;
      return { headers: { Authorization: `Bearer t${token}` }, queryParams: {}, secrets: [] };
    },
  });
  await series(source);
  assert.deepEqual(
    server.requests.map(({ method }) => method),
    ["POST", "POST", "GET", "GET"],
  );
});
