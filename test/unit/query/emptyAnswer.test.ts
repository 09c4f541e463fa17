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

/** A job that is there for two minutes of each hour, never at a whole one, until eleven hours ago. */
const wholeHour = Math.floor(now / hour) * hour;
const cronTimes = Array.from({ length: 20 }, (_, i) => wholeHour - (30 - i) * hour)
  .flatMap((time) => [20, 21, 22].map((minutes) => time + minutes * minute))
  .filter((time) => time < wholeHour - 11 * hour);

/** One that ended twenty minutes ago after three hours, with a sample every four minutes. */
const endedAt = now - 20 * minute;
const endedTimes = Array.from({ length: 46 }, (_, i) => endedAt - (45 - i) * 4 * minute);

const metrics: readonly (readonly [name: string, job: string, times: readonly number[]])[] = [
  ["batch_total", "b", goneTimes],
  ["cron_total", "c", cronTimes],
  ["ended_total", "e", endedTimes],
];

/** The source with a count of what was sent through it. */
function counted(source: MetricsSource): { readonly source: MetricsSource; readonly sent: () => number } {
  let sent = 0;
  const count =
    <A extends unknown[], R>(ask: (...asked: A) => R) =>
    (...asked: A) => {
      sent++;
      return ask(...asked);
    };
  const { query, queryRange, metricNames } = source;
  const asked = { query: count(query), queryRange: count(queryRange), metricNames: count(metricNames) };
  return { source: { ...source, ...asked }, sent: () => sent };
}

const isPresent = (reason: EmptyReason) => {
  assert.ok(reason.kind === "present", JSON.stringify(reason));
  return reason;
};

const systems: readonly (readonly [name: string, start: () => Promise<RunningServer>])[] = [
  [
    "Debian's Prometheus",
    () => {
      const families = metrics.map(([name, job, times]) => {
        const samples = times.map((time) => `${name}{job="${job}"} 1 ${time / 1000}`);
        return `# TYPE ${name} gauge\n${samples.join("\n")}\n`;
      });
      return startPrometheus({ backfill: `${families.join("")}# EOF\n` });
    },
  ],
  [
    "Debian's VictoriaMetrics",
    async () => {
      const server = await startVictoriaMetrics({ jobs: { dead: ["127.0.0.1:1"] } });
      for (const [name, job, timestamps] of metrics) {
        const values = timestamps.map(() => 1);
        const body = JSON.stringify({ metric: { __name__: name, job }, values, timestamps });
        await fetch(`${server.url}/api/v1/import`, { method: "POST", body });
      }
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
      for (const [metric] of metrics) await waitForSeries(server, `last_over_time(${metric}[10d])`);
    });
    after(async () => {
      real?.[Symbol.dispose]();
      await server?.stop();
    });

    const ask = async (query: string, window = hour, { end = Date.now(), stepMs = minute } = {}) => {
      const { source, sent } = counted(real);
      const question = { query, start: end - window, end, stepMs: window === 0 ? undefined : stepMs };
      const reason = await whyEmpty(source, question, options);
      assert.ok(sent() <= 4, `${sent()} requests`);
      return { reason, sent: sent() };
    };

    test("the metric is there: the expression drops it", async () => {
      const { reason } = await ask("up > 5", 0);
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
      const { reason } = await ask('up{job!="x"} and on (nothing_like_it) (up > 7)', 0);
      assert.deepEqual(
        isPresent(reason).found.map(({ selector }) => selector),
        ['up{job!="x"}', "up"],
      );
    });

    test("at the moments of a range", async () => {
      const { reason } = await ask("ended_total == 5", hour, { end: endedAt - minute });
      assert.deepEqual(isPresent(reason).found, [{ selector: "ended_total", series: 1 }]);
    });

    test("it is gone, and was last seen to the hour", async () => {
      const { reason } = await ask("sum(rate(batch_total[5m]))");
      assert.ok(reason.kind === "gone", JSON.stringify(reason));
      assert.equal(reason.selector, "batch_total");
      const near = (time: number | undefined, expected: number) =>
        assert.ok(Math.abs((time ?? 0) - expected) <= hour + 10 * minute, `${time} is not near ${expected}`);
      near(reason.first, goneFrom);
      near(reason.last, goneTo);
      assert.equal(reason.toTheHour, true);
    });

    test("it ended just now: that is told to the minute, also of a selector by itself", async () => {
      for (const window of [0, 10 * minute]) {
        const { reason } = await ask('ended_total{job="e"}', window);
        assert.ok(reason.kind === "gone", JSON.stringify(reason));
        assert.ok(Math.abs((reason.last ?? 0) - endedAt) <= minute, `${reason.last} is not near ${endedAt}`);
        assert.equal(reason.toTheHour, false);
      }
    });

    test("the range of a selector reaches back to samples that are gone", async () => {
      const { reason } = await ask("increase(ended_total[1d]) > 100", 0);
      assert.deepEqual(isPresent(reason).found, [{ selector: "ended_total", series: 1 }]);
      const { reason: around } = await ask("max_over_time(rate(ended_total[10m])[2h:5m]) > 100", 0);
      isPresent(around);
    });

    test("a range is shorter than the distance of samples", async () => {
      const { reason } = await ask("rate(ended_total[30s])", 0, { end: endedAt - 2 * minute });
      const last = endedAt - 4 * minute;
      assert.deepEqual(reason, { kind: "shortRange", selector: "ended_total", last, rangeMs: 30_000 });
    });

    test("a job of some minutes an hour had series, though none was there at a whole hour", async () => {
      const { reason } = await ask('cron_total{job="c"}', 0);
      assert.ok(reason.kind === "gone" && reason.selector === 'cron_total{job="c"}', JSON.stringify(reason));
    });

    test("a selector by itself has series now", async () => {
      const { reason } = await ask('up{job!="x"}', 0);
      assert.ok(reason.kind === "arrived" && (reason.found[0]?.series ?? 0) > 0, JSON.stringify(reason));
    });

    // VictoriaMetrics looks back as far as the step is long, so its steps miss nothing.
    if (name.includes("Prometheus")) {
      test("the steps of a range go past it", async () => {
        const end = wholeHour - 11 * hour;
        const { reason } = await ask("cron_total", 19 * hour, { end, stepMs: hour });
        assert.ok(reason.kind === "between", JSON.stringify(reason));
        const last = cronTimes.at(-1) ?? 0;
        assert.ok(Math.abs(reason.last - last) <= 2 * minute, `${reason.last} is not near ${last}`);
        assert.equal(reason.stepMs, hour);
      });
    }

    test("its labels are others", async () => {
      const { reason } = await ask('rate(up{job="no such job"}[5m])');
      assert.deepEqual(reason, { kind: "otherLabels", selector: 'up{job="no such job"}', name: "up" });
    });

    test("the first selector that is missing is named", async () => {
      const { reason } = await ask("up / no_such_metric", 0);
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

test("a selector is asked for as the query reads it: what has just ended is not found by looking back", async () => {
  const sent: string[] = [];
  const data = { type: "vector", series: [] } as const;
  const source = new Proxy({} as MetricsSource, {
    get: (_, name) =>
      name === "metricNames"
        ? () => Promise.resolve({ names: [] })
        : ({ query }: { readonly query: string }) => {
            sent.push(query);
            return Promise.resolve({ data });
          },
  });
  await whyEmpty(source, { query: "up offset 1h", start: hour, end: hour }, options);
  assert.equal(sent[0], 'label_replace(count(up offset 1h), "selector", "0", "", "")');
  await whyEmpty(source, { query: "increase(up[1d]) > 1", start: 0, end: hour, stepMs: minute }, options);
  assert.equal(sent[2], 'label_replace(count(last_over_time(up[1d] )), "selector", "0", "", "")');
});

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
