import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AppError } from "../../../src/shared/errors.ts";
import type { OptionalEndpoint } from "../../../src/shared/model/capabilities.ts";
import type { RequestOptions } from "../../../src/shared/model/source.ts";
import { upVector } from "../../support/connectionDoubles.ts";
import { failure, one, settled, setUp, signal } from "../../support/connectionServices.ts";

const unauthorized = { kind: "unauthorized", status: 401, detail: "" } as const;

describe("what a server offers", () => {
  /** A service whose servers answer probes with `reply`; `asked` is what they were asked, `open` the questions under way. */
  function setUpProbes(reply: (endpoint: OptionalEndpoint, signal: AbortSignal) => Promise<number>, value = [one]) {
    const asked: OptionalEndpoint[] = [];
    const parts = setUp(value, undefined, (source) => {
      Object.assign(source, {
        probe: (endpoint: OptionalEndpoint, options: RequestOptions) => {
          asked.push(endpoint);
          return reply(endpoint, options.signal);
        },
      });
    });
    const offers = () => {
      const known = parts.service.capabilities.of(parts.service.find("one") ?? assert.fail());
      return new Map([...(known?.offers ?? [])].map(([endpoint, { offer }]) => [endpoint, offer]));
    };
    return { ...parts, asked, offers };
  }

  const missing = (endpoint: OptionalEndpoint) => {
    if (endpoint !== "targets") return Promise.resolve(200);
    return Promise.reject(new AppError({ kind: "notPrometheus", status: 404, content: "text", detail: "" }));
  };

  test("is found out behind a test, which does not wait for it", async () => {
    const { service, asked, offers } = setUpProbes(missing);
    await service.check("one", { signal });
    assert.deepEqual(asked, []);
    await settled();
    assert.equal(asked.length, 9);
    assert.deepEqual([offers().get("targets"), offers().get("rules")], ["notOffered", "offered"]);
  });

  test("is found out by the first query, and by no later one", async () => {
    const { service, asked } = setUpProbes(missing);
    const source = await service.sourceFor("one");
    await settled();
    assert.deepEqual(asked, []);
    await source.query({ query: "up" }, { signal });
    await settled();
    assert.equal(asked.length, 9);
    await source.query({ query: "up" }, { signal });
    await settled();
    assert.equal(asked.length, 9);
  });

  test("is not asked again after a probe in trouble, but on demand", async () => {
    const { service, asked, offers } = setUpProbes(() =>
      Promise.reject(new AppError({ kind: "notPrometheus", status: 503, content: "text", detail: "" })),
    );
    const source = await service.sourceFor("one");
    await source.query({ query: "up" }, { signal });
    await settled();
    const before = asked.length;
    assert.ok(before <= 5, `${before} requests`);
    assert.deepEqual([offers().get("buildInfo"), offers().get("alerts")], ["offered", "unknown"]);
    await source.query({ query: "up" }, { signal });
    await settled();
    assert.equal(asked.length, before);
    await service.probe("one", { signal });
    assert.ok(asked.length > before);
  });

  test("is forgotten when the connection is asked in another way, and with the connection", async () => {
    const { service, settings, offers } = setUpProbes(missing);
    await service.probe("one", { signal });
    assert.equal(offers().size, 10);
    settings.replace([{ ...one, headers: { "X-Scope-OrgID": "b" } }]);
    assert.equal(offers().size, 0);
    await service.probe("one", { signal });
    settings.replace([]);
    settings.replace([one]);
    assert.equal(offers().size, 0);
    await service.probe("one", { signal });
    await service.remove("one");
    settings.replace([one]);
    assert.equal(offers().size, 0);
  });

  test("is corrected by using it, and a refused credential says nothing of it", async () => {
    const { service, offers, sources } = setUpProbes(missing);
    await service.probe("one", { signal });
    const source = await service.sourceFor("one");
    assert.ok(sources[0] !== undefined);
    Object.assign(sources[0], { targets: async () => [], rules: () => Promise.reject(new AppError(unauthorized)) });
    await source.targets({ signal });
    await failure(source.rules({ signal }));
    assert.deepEqual([offers().get("targets"), offers().get("rules")], ["offered", "offered"]);
  });

  test("stays as it was known when a probe is cancelled or learns nothing", async () => {
    let reply = missing;
    const { service, offers } = setUpProbes((endpoint) => reply(endpoint));
    await service.probe("one", { signal });
    const before = offers();
    const controller = new AbortController();
    reply = () => {
      controller.abort();
      return Promise.reject(new AppError({ kind: "cancelled" }));
    };
    assert.equal((await failure(service.probe("one", { signal: controller.signal }))).kind, "cancelled");
    assert.deepEqual(offers(), before);
  });

  test("of a connection that changes meanwhile is given up", async () => {
    const { service, settings, offers, asked } = setUpProbes(
      (_endpoint, stopped) =>
        new Promise((_resolve, reject) => {
          stopped.addEventListener("abort", () => reject(new AppError({ kind: "cancelled" })));
        }),
    );
    const probing = failure(service.probe("one", { signal }));
    await settled();
    settings.replace([{ ...one, url: "https://other.example" }]);
    assert.equal((await probing).kind, "cancelled");
    assert.equal(asked.length, 3);
    assert.equal(offers().size, 0);
  });

  test("marks of partial answers make it a cluster", async () => {
    const { service } = setUp([one], () => ({ ...upVector([1]), isPartial: false }));
    const profile = service.find("one") ?? assert.fail();
    assert.equal(service.programOf(profile).mode, undefined);
    const source = await service.sourceFor("one");
    await source.query({ query: "up" }, { signal });
    assert.equal(service.capabilities.of(profile)?.marksPartial, true);
  });
});
