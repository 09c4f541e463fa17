import assert from "node:assert/strict";
import diagnostics from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { describe, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import type { QueryAnswer } from "../../../src/shared/model/answer.ts";
import type { MetricsSource } from "../../../src/shared/model/source.ts";
import { contentFaults } from "../../support/faults/contentFaults.ts";
import {
  type ExpectedAnswer,
  type Fault,
  gzipOf,
  jsonHeaders,
  oneSample,
  resultOf,
  startFaulty,
  type World,
} from "../../support/faults/fault.ts";
import { statusFaults } from "../../support/faults/statusFaults.ts";
import { transferFaults } from "../../support/faults/transferFaults.ts";
import { wayFaults } from "../../support/faults/wayFaults.ts";
import { type Exchange, type HostileServer, startHostileServer } from "../../support/hostileServer.ts";
import { awkward, plantSecret, secretsIn } from "../../support/secretSearch.ts";
import { failureFrom, neverAborted, recordingLogger, testSource } from "../../support/sources.ts";

/*
 * What has to hold of every fault, whatever it is: it ends within its deadline in the answer or in a failure with a kind; a
 * query that is cancelled as the fault strikes has closed its socket before its promise settles; no rejection is left to
 * nobody; what is not whole says so; and the secret that went along is in no failure and no line of the log.
 */
const faults: readonly Fault[] = [...transferFaults, ...contentFaults, ...statusFaults, ...wayFaults];

const unhandled: unknown[] = [];
process.on("unhandledRejection", (reason) => unhandled.push(reason));

/** More than a busy machine needs between a timer and what hangs on it, in ms. */
const grace = 1000;

const secret = plantSecret("header", "0", awkward.replace("é", ""));

interface Stage {
  readonly source: MetricsSource & Disposable;
  readonly lines: readonly string[];
  readonly timeoutMs: number;
  /** The server, where it is a hostile one that counts. */
  readonly server: HostileServer | undefined;
}

/** Sets up the fault, plays on it, and sees that everything is closed and nothing was left behind. */
async function onStage(fault: Fault, play: (stage: Stage) => Promise<void>): Promise<void> {
  const server = fault.start === undefined ? await startFaulty(fault) : undefined;
  await using _server = server;
  await using world: World = (await fault.start?.()) ?? { url: server?.origin ?? "", async [Symbol.asyncDispose]() {} };
  const log = recordingLogger();
  const headers = async () => ({ "X-Api-Key": secret.value });
  const endpoint = { headers, timeoutMs: 20_000, ...world.endpoint, ...fault.endpoint };
  using source = testSource(world.url, endpoint, { log, ...world.options });
  await play({ source, lines: log.lines, timeoutMs: endpoint.timeoutMs, server });
  source.dispose();
  await server?.whenAllClosed();
  assert.deepEqual(secretsIn(log.lines.join("\n"), "log", [secret]), []);
  await turn();
  assert.deepEqual(unhandled, []);
}

async function warmUp({ isWarm = false }: Fault, { source }: Stage): Promise<void> {
  if (!isWarm) return;
  await source.query({ query: "up" }, { signal: neverAborted() });
  // Long enough for what the server does to an idle socket.
  await new Promise((resolve) => setTimeout(resolve, 100));
}

function expectAnswer(answer: QueryAnswer, expected: ExpectedAnswer): void {
  const { data, cut, isPartial, warnings, infos, serverClock } = answer;
  assert.ok(data.type === "vector");
  assert.deepEqual(
    data.series.map(({ labels, values }) => [Object.fromEntries(labels), ...values]),
    expected.series ?? [[{ job: "a" }, 2]],
  );
  assert.deepEqual(
    { cut, isPartial, warnings, infos },
    { cut: expected.cut, isPartial: expected.isPartial, warnings: expected.warnings ?? [], infos: [] },
  );
  if (expected.clockAheadMs === undefined) return;
  assert.ok(serverClock !== undefined);
  assert.ok(Math.abs(serverClock.server - serverClock.local - expected.clockAheadMs) < 10_000);
}

test("the table has every kind of fault, and no title twice", () => {
  assert.equal(new Set(faults.map(({ title }) => title)).size, faults.length);
  assert.ok(faults.length >= 80, `${faults.length}`);
});

for (const fault of faults) {
  const { title, expected, sent } = fault;
  describe(title, () => {
    test("ends in time, in an answer that is whole or says what it is, or in a failure of a known kind", async () => {
      await onStage(fault, async (stage) => {
        await warmUp(fault, stage);
        const start = performance.now();
        const query = stage.source.query({ query: "up" }, { signal: neverAborted() });
        if (typeof expected === "object" && "kind" in expected) {
          const failure = await failureFrom(query);
          assert.deepEqual({ ...failure, ...expected }, { ...failure });
          assert.deepEqual(secretsIn(JSON.stringify(failure), "failure", [secret]), []);
        } else expectAnswer(await query, expected === "answer" ? {} : expected);
        assert.ok(performance.now() - start < stage.timeoutMs + grace);
        if (sent === undefined) return;
        assert.deepEqual(
          stage.server?.requests.map(({ method }) => method),
          sent,
        );
      });
    });

    test("cancelled as it strikes, it has closed its sockets before it settles", async () => {
      const sockets: Socket[] = [];
      const controller = new AbortController();
      /** The request with which it strikes; 0: none reaches a server that counts, and it is cancelled while it connects. */
      const strikesAt = fault.start === undefined ? (sent?.length ?? (fault.isWarm ? 2 : 1)) : 0;
      let isAsked = false;
      const remember = (message: unknown) => {
        // What a world is made of has sockets too.
        if (!isAsked && fault.start !== undefined) return;
        sockets.push((message as { readonly socket: Socket }).socket);
        if (isAsked && strikesAt === 0) queueMicrotask(() => controller.abort());
      };
      diagnostics.subscribe("net.client.socket", remember);
      try {
        await onStage(fault, async (stage) => {
          await warmUp(fault, stage);
          isAsked = true;
          // What the script wrote is on its way by then.
          if (strikesAt > 0) void stage.server?.whenRequested(strikesAt).then(() => controller.abort());
          const query = stage.source.query({ query: "up" }, { signal: controller.signal });
          const { failure, open } = await failureFrom(query).then((failure) => ({
            failure,
            open: sockets.filter(({ destroyed }) => !destroyed).length,
          }));
          assert.deepEqual(failure, { kind: "cancelled" });
          assert.ok(sockets.length > 0);
          assert.equal(open, 0);
        });
      } finally {
        diagnostics.unsubscribe("net.client.socket", remember);
      }
    });
  });
}

/** Where something begins or ends in a document. */
const boundaries = Array.from(oneSample).flatMap((sign, i) => (/[[\]{}:,"]/.test(sign) ? [i, i + 1] : []));
const places = [...new Set(boundaries)].filter((place) => place < oneSample.length);
const large = resultOf(Array.from({ length: 16_000 }, (_, i) => `{"metric":{"a":"${i}"},"value":[1,"2"]}`).join());
const every64K = Array.from({ length: Math.floor(large.length / 65_536) }, (_, i) => (i + 1) * 65_536);

const breaks: readonly {
  readonly title: string;
  readonly headers: (text: string) => Readonly<Record<string, string>>;
  readonly body?: (part: string) => string;
  readonly end: (exchange: Exchange) => void;
}[] = [
  {
    title: "is reset",
    headers: ({ length }) => ({ "Content-Length": String(length) }),
    end: ({ socket, reset }) => socket.write("", () => setImmediate(reset)),
  },
  {
    title: "is closed before Content-Length",
    headers: ({ length }) => ({ "Content-Length": String(length) }),
    end: ({ socket }) => socket.end(),
  },
  {
    title: "is closed between two chunks",
    headers: () => ({ "Transfer-Encoding": "chunked" }),
    body: (part) => (part === "" ? "" : `${part.length.toString(16)}\r\n${part}\r\n`),
    end: ({ socket }) => socket.end(),
  },
  {
    title: "ends with the connection, too early",
    headers: () => ({ Connection: "close" }),
    end: ({ socket }) => socket.end(),
  },
];

for (const { title, headers, body = (part: string) => part, end } of breaks) {
  for (const [document, at, where] of [
    [oneSample, places, "wherever something begins or ends"],
    [large, every64K, "every 64 KB"],
  ] as const) {
    test(`an answer that ${title} ${where} is never taken for a whole one`, async () => {
      let cutAt = 0;
      await using server = await startHostileServer((exchange) => {
        exchange.head(200, { ...jsonHeaders, ...headers(document) });
        exchange.raw(body(document.slice(0, cutAt)));
        end(exchange);
      });
      assert.ok(at.length > 8);
      for (cutAt of at) {
        using source = testSource(server.origin);
        const { kind } = await failureFrom(source.query({ query: "up" }, { signal: neverAborted() }));
        // Nothing of it at all is another matter: a page without content.
        const kinds = cutAt === 0 ? ["unreachable", "notPrometheus"] : ["unreachable", "malformed"];
        assert.ok(kinds.includes(kind), `${kind} at ${cutAt}`);
      }
      assert.deepEqual(unhandled, []);
    });
  }
}

test("a gzip bomb stops at the bound instead of growing in memory", async () => {
  const bomb = gzipSync(Buffer.concat([Buffer.from('{"status":"success","data":["'), Buffer.alloc(100_000_000, "a")]));
  await using server = await startHostileServer(({ answer }) => answer(200, bomb, { "Content-Encoding": "gzip" }));
  using source = testSource(server.origin);
  assert.deepEqual(await failureFrom(source.labelNames({}, { signal: neverAborted() })), {
    kind: "tooLarge",
    limit: "bytes",
    allowed: 64 * 1024 * 1024,
  });
});

test("a compressed answer to a query is cut where its decompressed bytes pass the bound", async () => {
  const series = '{"metric":{"job":"a"},"value":[1,"2"]},'.repeat(100_000);
  const large = `{"status":"success","data":{"resultType":"vector","result":[${series}${'{"metric":{},"value":[1,"2"]}'}]}}`;
  const { bytes, headers } = gzipOf(large);
  await using server = await startHostileServer(({ answer }) => answer(200, bytes, headers));
  using source = testSource(server.origin, { maxBytes: 100_000 });
  const { cut, decodedBytes, receivedBytes } = await source.query({ query: "up" }, { signal: neverAborted() });
  assert.deepEqual(cut, { limit: "bytes", allowed: 100_000 });
  assert.ok(decodedBytes < 100_000 + 2 * 64 * 1024, `${decodedBytes}`);
  assert.ok(receivedBytes > 0 && receivedBytes < decodedBytes);
});
