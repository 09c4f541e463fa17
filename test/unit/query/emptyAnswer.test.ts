import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { whyEmpty } from "../../../src/query/emptyAnswer.ts";
import { AppError } from "../../../src/shared/errors.ts";
import type { MetricsSource } from "../../../src/shared/model/source.ts";
import type { EmptyReason } from "../../../src/shared/protocol/results.ts";
import { type RunningServer, startPrometheus, waitForSeries } from "../../servers/prometheus.ts";
import { startVictoriaMetrics } from "../../servers/victoriaMetrics.ts";
import { failureFrom, neverAborted, testSource } from "../../support/sources.ts";

const minute = 60_000;
const hour = 60 * minute;
const now = Math.floor(Date.now() / minute) * minute;
const options = { signal: neverAborted() };

/** A metric that was there from four days ago to three days ago, a sample every five minutes. */
const goneFrom = now - 96 * hour;
const goneTo = now - 72 * hour;
const goneTimes = Array.from({ length: 24 * 12 + 1 }, (_, i) => goneFrom + i * 5 * minute);

/** The source with a count of what was sent through it. */
function counted(source: MetricsSource): { readonly source: MetricsSource; readonly sent: () => number } {
  let sent = 0;
  const count =
    <A extends unknown[], R>(ask: (...asked: A) => R) =>
    (...asked: A) => {
      sent++;
      return ask(...asked);
    };
  const { query, metricNames } = source;
  return { source: { ...source, query: count(query), metricNames: count(metricNames) }, sent: () => sent };
}

const isPresent = (reason: EmptyReason) => {
  assert.ok(reason.kind === "present", JSON.stringify(reason));
  return reason;
};

const systems: readonly (readonly [name: string, start: () => Promise<RunningServer>])[] = [
  [
    "Debian's Prometheus",
    () => {
      const samples = goneTimes.map((time) => `batch_total{job="b"} 1 ${time / 1000}`);
      return startPrometheus({ backfill: `# TYPE batch_total gauge\n${samples.join("\n")}\n# EOF\n` });
    },
  ],
  [
    "Debian's VictoriaMetrics",
    async () => {
      const server = await startVictoriaMetrics({ jobs: { dead: ["127.0.0.1:1"] } });
      const metric = { __name__: "batch_total", job: "b" };
      const body = JSON.stringify({ metric, values: goneTimes.map(() => 1), timestamps: goneTimes });
      await fetch(`${server.url}/api/v1/import`, { method: "POST", body });
      return server;
    },
  ],
];

for (const [name, start] of systems) {
  describe(`why an answer of ${name} is empty`, { timeout: 120_000 }, () => {
    let server: RunningServer;
    let real: MetricsSource & Disposable;
    before(async () => {
      server = await start();
      real = testSource(server.url);
      await waitForSeries(server, "up");
      // What was imported is not found at once.
      await waitForSeries(server, "last_over_time(batch_total[10d])");
    });
    after(async () => {
      real?.[Symbol.dispose]();
      await server?.stop();
    });

    const ask = async (query: string, window = hour) => {
      const { source, sent } = counted(real);
      const end = Date.now();
      const reason = await whyEmpty(source, { query, start: end - window, end }, options);
      assert.ok(sent() <= 3, `${sent()} requests`);
      return { reason, sent: sent() };
    };

    test("the metric is there: the expression drops it", async () => {
      const { reason } = await ask("up > 5");
      const { found, since, isWhole } = isPresent(reason);
      assert.deepEqual(
        found.map(({ selector }) => selector),
        ["up"],
      );
      assert.ok((found[0]?.series ?? 0) >= 1);
      assert.ok(isWhole);
      // It was started just now, and that is why a long rate would be empty.
      assert.ok(since !== undefined && Math.abs(since - Date.now()) < 10 * minute, String(since));
    });

    test("two sides of a join, both there", async () => {
      const { reason } = await ask('up{job!="x"} and on (nothing_like_it) (up > 7)');
      assert.deepEqual(
        isPresent(reason).found.map(({ selector }) => selector),
        ['up{job!="x"}', "up"],
      );
    });

    test("at one moment", async () => {
      const { reason } = await ask("up == 5", 0);
      isPresent(reason);
    });

    test("it is gone, and was last seen to the hour", async () => {
      const { reason } = await ask("sum(rate(batch_total[5m]))");
      assert.ok(reason.kind === "gone", JSON.stringify(reason));
      assert.equal(reason.selector, "batch_total");
      const near = (time: number | undefined, expected: number) =>
        assert.ok(Math.abs((time ?? 0) - expected) <= hour + 10 * minute, `${time} is not near ${expected}`);
      near(reason.first, goneFrom);
      near(reason.last, goneTo);
    });

    test("its labels are others", async () => {
      const { reason } = await ask('rate(up{job="no such job"}[5m])');
      assert.deepEqual(reason, { kind: "otherLabels", selector: 'up{job="no such job"}', name: "up" });
    });

    test("the first selector that is missing is named", async () => {
      const { reason } = await ask("up / no_such_metric");
      assert.deepEqual(reason, { kind: "neverSeen", selector: "no_such_metric", name: "no_such_metric", days: 30 });
    });

    test("labels alone that nothing has", async () => {
      const { reason } = await ask('{job="no such job"}');
      assert.deepEqual(reason, { kind: "neverSeen", selector: '{job="no such job"}', name: "", days: 30 });
    });

    test("its own offset is looked at: there is nothing yet", async () => {
      const { reason } = await ask("up offset 20d");
      assert.notEqual(reason.kind, "present");
    });
  });
}

describe("what cannot be told", () => {
  const silent = new Proxy({} as MetricsSource, {
    get: () => () => Promise.reject(new Error("nothing should be sent")),
  });
  const question = { start: 0, end: hour };

  test("sends nothing without a selector, or with one that is pinned", async () => {
    assert.deepEqual(await whyEmpty(silent, { ...question, query: "vector(1) > 2" }, options), {
      kind: "cannotTell",
      why: "noSelector",
    });
    assert.deepEqual(await whyEmpty(silent, { ...question, query: "up @ end() > 2" }, options), {
      kind: "cannotTell",
      why: "pinned",
    });
  });

  test("a failure is thrown", async () => {
    const failing = new Proxy({} as MetricsSource, {
      get: () => () => Promise.reject(new AppError({ kind: "unreachable", code: "refused", detail: "" })),
    });
    const failure = await failureFrom(whyEmpty(failing, { ...question, query: "up" }, options));
    assert.equal(failure.kind, "unreachable");
  });
});
