import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { readLabelValues } from "../../../src/catalog/labelNodes.ts";
import { readMetricCatalog } from "../../../src/catalog/metricCatalog.ts";
import { parseNamePattern, selectorOf } from "../../../src/catalog/nameFilter.ts";
import { readServerFacts, wholeFailure } from "../../../src/catalog/serverNodes.ts";
import { ConnectionService } from "../../../src/connections/connectionService.ts";
import { answered, withAuth } from "../../../src/connections/form/formAnswers.ts";
import { openHeader } from "../../../src/connections/form/formHeaders.ts";
import { purposeOf, secretDrafts } from "../../../src/connections/form/formSecrets.ts";
import { type FormState, newForm } from "../../../src/connections/form/formState.ts";
import { headersDone } from "../../../src/connections/form/formSteps.ts";
import { storedChanges } from "../../../src/connections/form/storedChanges.ts";
import { parseProfile } from "../../../src/connections/profile.ts";
import { ProfileStore } from "../../../src/connections/profileStore.ts";
import { secretNeedsOf } from "../../../src/connections/secretNeeds.ts";
import { ConnectionSecrets } from "../../../src/connections/secrets.ts";
import { failureSentence } from "../../../src/host/failureMessage.ts";
import { NodeFileReader } from "../../../src/host/nodeFileReader.ts";
import { NodeProgramRunner } from "../../../src/host/nodeProgramRunner.ts";
import { systemClock } from "../../../src/host/systemClock.ts";
import { createNetwork } from "../../../src/prometheus/network.ts";
import type { QueryAnswer, UnixMs } from "../../../src/shared/model/answer.ts";
import type { MetricsSource } from "../../../src/shared/model/source.ts";
import { isNotOffered } from "../../../src/shared/notOffered.ts";
import { checkoutLabels, unmatchable } from "../../servers/shopSamples.ts";
import { credentials } from "../../servers/systemGateways.ts";
import { type SystemName, type Systems, startSystems } from "../../servers/systems.ts";
import { MemoryProfileSettings, MemorySecrets, MemoryValues } from "../../support/connectionDoubles.ts";
import { failureFrom, neverAborted, recordingLogger } from "../../support/sources.ts";
import {
  allParts,
  type Mistake,
  type OtherWay,
  type Part,
  parts,
  type SystemCase,
  systems,
} from "../../support/systems.ts";

const options = { signal: neverAborted() };
const minute = 60_000;

/** The connections of a setting as the extension has them, with secrets stored in memory and a network of their own. */
function serve(setting: readonly unknown[]) {
  const log = recordingLogger();
  const secrets = new ConnectionSecrets(new MemorySecrets());
  const profiles = new ProfileStore(new MemoryProfileSettings(setting), () => undefined);
  const service = new ConnectionService({
    profiles,
    secrets,
    workspaceMemory: new MemoryValues(),
    userMemory: new MemoryValues(),
    loadNetwork: async () => createNetwork({ userAgent: "promql-workbench/0.0.0-test", log }),
    environment: () => undefined,
    editorProxy: { read: () => undefined },
    files: new NodeFileReader(),
    programs: new NodeProgramRunner(),
    isTrusted: () => true,
    bounds: () => ({ maxSamples: 1_000_000, maxBytes: 64 * 1024 * 1024 }),
    clock: systemClock,
    log,
  });
  const dispose = () => {
    service.dispose();
    profiles.dispose();
  };
  return { service, secrets, profiles, log, [Symbol.dispose]: dispose };
}

/** The element of the setting for a system where it runs now. */
function elementOf({ server, profile }: Pick<SystemCase, "server" | "profile">): Readonly<Record<string, unknown>> {
  return { ...profile, url: profile.url.replace("$SERVER", all.urls[server]) };
}

/** The saved connection of a system: the profile from settings, its secrets stored. */
async function connect(system: Pick<SystemCase, "server" | "profile" | "secrets">) {
  const served = serve([elementOf(system)]);
  const { profiles, secrets } = served;
  const [profile] = profiles.read().profiles;
  assert.ok(profile !== undefined, JSON.stringify(profiles.read().disabled));
  for (const { purpose, origin } of secretNeedsOf(profile)) {
    const value = system.secrets[purpose] ?? assert.fail(`no ${purpose}`);
    await secrets.save(profile.id, purpose, { origin, value });
  }
  return { ...served, profile };
}

/** The form as somebody fills it who adds the connection of a system; only what has no step is written into the settings. */
function filled(system: SystemCase): FormState {
  const element = elementOf(system);
  const parsed = parseProfile(element);
  assert.ok(parsed.ok);
  const { auth, name, headers } = parsed.profile;
  let state = answered(answered(newForm(), String(element["url"])), name);
  state = withAuth(state, auth.type);
  if (auth.type === "basic") state = answered(state, auth.username);
  const secret = system.secrets[purposeOf(state.draft) ?? "token"];
  if (secret !== undefined) state = answered(state, secret);
  for (const [header, value] of Object.entries(headers)) {
    state = answered(openHeader(state, state.draft.headers.length), `${header}: ${value}`);
  }
  return headersDone(state);
}

function floatsOf({ data }: QueryAnswer): readonly (readonly [labels: unknown, values: readonly number[]])[] {
  assert.ok(data.type === "vector" || data.type === "matrix");
  return data.series.map(({ labels, values }) => [Object.fromEntries(labels), [...values]]);
}

/** Reads each part of a system that has the shop's hour up to `end`; returns how much there was of it. */
const readers: Readonly<Record<Part, (source: MetricsSource, end: UnixMs) => Promise<number>>> = {
  async query(source, end) {
    const answer = await source.query({ query: "checkout_total", time: end }, options);
    assert.deepEqual(floatsOf(answer), [[checkoutLabels, [60]]]);
    return 1;
  },
  async queryRange(source, end) {
    const range = { query: "checkout_total", start: end - 4 * minute, end, stepMs: minute };
    assert.deepEqual(floatsOf(await source.queryRange(range, options)), [[checkoutLabels, [56, 57, 58, 59, 60]]]);
    return 1;
  },
  async metricNames(source, end) {
    const { names } = await source.metricNames(hour(end), options);
    assert.ok([...names].includes("checkout_total"));
    return names.length;
  },
  async labelNames(source, end) {
    const { names } = await source.labelNames({ ...hour(end), matchers: ["checkout_total"] }, options);
    assert.deepEqual([...names].sort(), Object.keys(checkoutLabels).sort());
    return names.length;
  },
  async labelValues(source, end) {
    const { names } = await source.labelValues("shop", hour(end), options);
    assert.deepEqual([...names], ["berlin"]);
    return names.length;
  },
  async series(source, end) {
    const { series } = await source.series({ ...hour(end), matchers: ["checkout_total"] }, options);
    assert.deepEqual(series.map(Object.fromEntries), [checkoutLabels]);
    return series.length;
  },
  metadata: async (source) => (await source.metadata({}, options)).size,
  /** None of them records any: that there is an answer is all. */
  async exemplars(source, end) {
    const { total } = await source.exemplars({ query: "checkout_total", start: end - minute, end }, options);
    assert.equal(total, 0);
    return 0;
  },
  targets: async (source) => (await source.targets(options)).filter(({ health }) => health === "up").length,
  rules: async (source) => (await source.rules(options)).flatMap(({ rules }) => rules).length,
  alerts: async (source) => (await source.alerts(options)).filter(({ state }) => state === "firing").length,
  async buildInfo(source) {
    await source.buildInfo(options);
    return 1;
  },
  runtimeInfo: async (source) => ((await source.runtimeInfo(options)).startTime === undefined ? 0 : 1),
  flags: async (source) => (await source.flags(options)).size,
  tsdbStatus: async (source) => (await source.tsdbStatus({}, options)).headStats.numSeries ?? 0,
};

function hour(end: UnixMs) {
  return { start: end - 60 * minute, end };
}

let all: Systems;
before(async () => {
  all = await startSystems();
});
after(() => all?.stop());

for (const system of systems) {
  describe(system.system, () => {
    test("connects, and says what it is and how many targets are up", async () => {
      using connection = await connect(system);
      const { service, profile } = connection;
      const { targets, upFailure } = await service.check(profile.id, options);
      assert.equal(upFailure, undefined);
      assert.ok(targets !== undefined && targets.total > 0 && targets.up === targets.total, JSON.stringify(targets));
      const known = service.backends.of(profile);
      const said = [known?.name, known?.version].filter((text) => text !== undefined).join(" ");
      assert.equal(said.replace(/\+ds.*$/, ""), system.backend ?? "");
    });

    test("is added by the form: tested, saved, and tested again from what was saved", async () => {
      using served = serve([]);
      const { service, profiles } = served;
      const { version, kind, method, minStep, queryParams } = system.profile;
      const state = filled(system);
      const inSettings = Object.entries({
        version,
        kind,
        method,
        minStep,
        queryParams,
        ...storedChanges(state, "new"),
      });
      const element = Object.fromEntries(inSettings.filter(([, value]) => value !== undefined));
      const parsed = parseProfile(element);
      assert.ok(parsed.ok);
      const drafts = secretDrafts(state);
      await service.test(parsed.profile, drafts, options);
      await service.save(parsed.profile, element, drafts, { replaceUnreadable: false });
      assert.deepEqual(profiles.find("new"), parsed.profile);
      const expected = parseProfile({ ...elementOf(system), id: "new" });
      // What was taken off the address is said while typing, and is not in the settings.
      assert.ok(expected.ok);
      assert.deepEqual(parsed.profile, { ...expected.profile, removedFromUrl: undefined });
      await service.check("new", options);
    });

    test("has a list of metrics for the side bar, and something or nothing to say of itself", async () => {
      using connection = await connect(system);
      const source = await connection.service.sourceFor(connection.profile.id);
      const { names, metadataState } = await readMetricCatalog(source, { ...options, now: Date.now() });
      assert.ok([...names].includes("up"));
      const hasNone = [...system.without, ...system.empty].includes("metadata");
      assert.equal(metadataState, hasNone ? "none" : "read");
      assert.equal(wholeFailure(await readServerFacts(source, options)), undefined);
    });

    test("answers what it offers", async () => {
      using connection = await connect(system);
      const source = await connection.service.sourceFor(connection.profile.id);
      for (const part of allParts.filter((one) => !system.without.includes(one))) {
        const count = await readers[part](source, all.end);
        const isEmpty = system.empty.includes(part) || part === "exemplars";
        assert.equal(count > 0, !isEmpty, `${parts[part]}: ${count}`);
      }
      const { warnings, isPartial } = await source.query({ query: "checkout_total", time: all.end }, options);
      const { warning, isPartial: expected } = system.remarks ?? {};
      assert.equal(warnings.length, warning === undefined ? 0 : 1);
      if (warning !== undefined) assert.match(warnings[0] ?? "", warning);
      assert.equal(isPartial, expected);
    });

    test("has one sentence for each thing that it does not offer, and is none the worse for it", async () => {
      using connection = await connect(system);
      const { service, profile } = connection;
      const source = await service.sourceFor(profile.id);
      await source.query({ query: "1+1" }, options);
      for (const part of system.without) {
        const failure = await failureFrom(readers[part](source, all.end));
        assert.ok(isNotOffered(failure), `${parts[part]}: ${JSON.stringify(failure)}`);
        assert.match(failureSentence(failure, { server: profile.name }), new RegExp(`^${profile.name} .+\\.$`));
      }
      assert.equal(service.healthOf(profile.id).state, "ok");
    });

    test("refuses a query that cannot be read, and one that cannot be evaluated", async () => {
      using connection = await connect(system);
      const { service, profile } = connection;
      const source = await service.sourceFor(profile.id);
      const [unreadable, unevaluable] = system.refusals ?? [400, 422];
      for (const [query, status] of [
        ["sum(", unreadable],
        [unmatchable, unevaluable],
      ] as const) {
        const failure = await failureFrom(source.query({ query, time: all.end }, options));
        assert.ok(failure.kind === "rejected", JSON.stringify(failure));
        assert.equal(failure.status, status);
        assert.equal(failure.position === undefined, query === unmatchable);
      }
      assert.equal(service.healthOf(profile.id).state, "ok");
    });

    for (const way of system.otherWays ?? []) {
      test(`is signed in to as well by: ${way.title}`, async () => {
        const { title: _, ...changes } = way;
        using connection = await connect(changed(system, changes));
        await connection.service.check(connection.profile.id, options);
        const source = await connection.service.sourceFor(connection.profile.id);
        for (const part of allParts.filter((one) => !system.without.includes(one)))
          await readers[part](source, all.end);
      });
    }

    for (const mistake of system.mistakes) test(mistake.title, () => makes(system, mistake));
  });
}

/** A system with changes to the profile and other secrets. */
function changed(
  { server, profile, secrets }: SystemCase,
  { change = {}, ...others }: Pick<OtherWay, "change" | "secrets" | "server">,
): Pick<SystemCase, "server" | "profile" | "secrets"> {
  const fields = Object.entries({ ...profile, ...change }).filter(([, value]) => value !== undefined);
  return {
    server: others.server ?? server,
    profile: { url: profile.url, ...Object.fromEntries(fields) },
    secrets: { ...secrets, ...others.secrets },
  };
}

/** Tests the connection with a mistake in it: the failure, its sentence, and that no secret is in them. */
async function makes(system: SystemCase, { failure: expected, says, ...changes }: Mistake) {
  const mistaken = changed(system, changes);
  using connection = await connect(mistaken);
  const { service, profile: parsed, log } = connection;
  const failure = await failureFrom(service.check(parsed.id, options));
  assert.deepEqual(
    Object.fromEntries(Object.keys(expected).map((key) => [key, (failure as Record<string, unknown>)[key]])),
    expected,
  );
  const sentence = failureSentence(failure, { server: parsed.name });
  assert.match(sentence, says);
  assert.equal(service.healthOf(parsed.id).state, failure.kind === "rejected" ? "ok" : "failed");
  for (const secret of Object.values(mistaken.secrets).filter((one) => one !== undefined)) {
    const inAddress = new URLSearchParams({ "": secret }).toString().slice(1);
    const forms = [secret, Buffer.from(secret).toString("base64"), inAddress, encodeURIComponent(secret)];
    const told = JSON.stringify([failure, sentence, service.healthOf(parsed.id), log.lines]);
    for (const form of forms) assert.ok(!told.includes(form), told);
  }
}

/** The source of a system's connection, perhaps with changes to its profile. */
async function sourceOf(name: SystemName, change: Readonly<Record<string, unknown>> = {}) {
  const system = systems.find(({ server }) => server === name);
  assert.ok(system !== undefined);
  const connection = await connect(changed(system, { change }));
  const source = await connection.service.sourceFor(connection.profile.id);
  return { source, [Symbol.dispose]: () => connection[Symbol.dispose]() };
}

describe("what only one of them does", () => {
  test("a cluster that has not heard all of its storage says that the answer is partial", async () => {
    using cluster = await sourceOf("vmauth", { url: "$SERVER/select/1/prometheus" });
    const answer = await cluster.source.query({ query: "checkout_total", time: all.end }, options);
    assert.equal(answer.isPartial, true);
    assert.deepEqual(floatsOf(answer), [[checkoutLabels, [60]]]);
  });

  test("Mimir asks for exactly one tenant where rules are read, and answers queries over several", async () => {
    using several = await sourceOf("mimir", { headers: { "X-Scope-OrgID": "team-a|team-b" } });
    const answer = await several.source.query({ query: "checkout_total", time: all.end }, options);
    assert.deepEqual(floatsOf(answer), [[checkoutLabels, [60]]]);
    const failure = await failureFrom(several.source.rules(options));
    assert.equal(isNotOffered(failure), false);
    assert.match(failureSentence(failure, { server: "Mimir" }), /Mimir needs exactly one tenant.*X-Scope-OrgID/);
  });

  test("the proxy before Thanos lets nobody in but who asks for JSON alone: others are sent to log in", async () => {
    for (const [accept, status] of [
      ["application/json", 401],
      ["application/json, text/plain, */*", 302],
    ] as const) {
      const response = await fetch(`${all.urls.thanos}/api/v1/labels`, { headers: { accept }, redirect: "manual" });
      await response.arrayBuffer();
      assert.equal(response.status, status);
    }
  });

  test("a long query passes a gateway that has no room for it in the address", async () => {
    const query = `checkout_total{shop!~"${"x".repeat(2000)}"}`;
    using posting = await sourceOf("cloudQuant");
    assert.deepEqual(floatsOf(await posting.source.query({ query, time: all.end }, options)), [[checkoutLabels, [60]]]);
    using getting = await sourceOf("cloudQuant", { method: "GET" });
    const failure = await failureFrom(getting.source.query({ query, time: all.end }, options));
    assert.ok(failure.kind === "notPrometheus" && failure.status === 414, JSON.stringify(failure));
    assert.match(failureSentence(failure, { server: "Liberator" }), /too long for Liberator \(414\).*use POST/);
  });
});

test("the stand-ins have what tells such servers from others", async () => {
  const thanos = { authorization: `Bearer ${credentials.thanos.token}` };
  for (const [url, headers] of [
    [`${all.urls.thanos}/api/v1/stores`, thanos],
    [`${all.urls.prometheus3}/api/v1/features`, {}],
  ] as const) {
    const { status, data } = (await (await fetch(url, { headers })).json()) as { status: string; data: object };
    assert.deepEqual([status, Object.keys(data).length > 0], ["success", true], url);
  }
});

describe("what Prometheus 3 brought", () => {
  test("infos beside the answer", async () => {
    using three = await sourceOf("prometheus3");
    const { infos, warnings } = await three.source.query({ query: "rate(temperature[5m])" }, options);
    assert.deepEqual([infos.length, warnings.length], [1, 0]);
    assert.match(infos[0] ?? "", /might not be a counter/);
  });

  test("names of any letters, in answers and in paths", async () => {
    using three = await sourceOf("prometheus3");
    const answer = await three.source.query({ query: '{"http.server.duration", "a/b"="c"}' }, options);
    const labels = { __name__: "http.server.duration", "service.name": "shop", "a/b": "c" };
    assert.deepEqual(floatsOf(answer), [[labels, [1]]]);
    const names = await three.source.labelNames({ matchers: ['{"http.server.duration"}'] }, options);
    assert.deepEqual([...names.names], ["__name__", "a/b", "service.name"]);
    for (const [label, value] of Object.entries(labels)) {
      assert.ok([...(await three.source.labelValues(label, {}, options)).names].includes(value), label);
    }
  });

  test("limits: the warning says that there is more", async () => {
    using three = await sourceOf("prometheus3");
    const names = await three.source.metricNames({ limit: 1 }, options);
    assert.deepEqual([[...names.names], names.truncated], [["checkout_total"], true]);
    assert.equal((await three.source.metricNames({ limit: 3 }, options)).warnings.length, 0);
    const matchers = ["checkout_total", '{"http.server.duration"}'];
    const { series, truncated } = await three.source.series({ matchers, limit: 1 }, options);
    assert.deepEqual([series.length, truncated], [1, true]);
    const { warnings } = await three.source.query({ query: "up", limit: 1 }, options);
    assert.deepEqual(warnings, ["results truncated due to limit"]);
  });

  test("a search for names: asked once its features say so, for one text, of metrics and of values", async () => {
    const system = systems.find(({ server }) => server === "prometheus3") ?? assert.fail();
    using three = await connect(system);
    const { service, profile, log } = three;
    const source = await service.sourceFor(profile.id);
    const asked = () => log.lines.filter((line) => line.includes("/api/v1/search/")).length;
    const find = (text: string, limit = 10) => {
      const matchers = [selectorOf(parseNamePattern(text))];
      return source.metricNames({ matchers, containing: text, limit, start: 0, end: all.end }, options);
    };
    await find("checkout");
    assert.equal(asked(), 0);
    const { offers } = await service.probe(profile.id, options);
    assert.equal(offers.get("search")?.offer, "offered");
    const { names, truncated, warnings } = await find("UT");
    assert.deepEqual([[...names], truncated, warnings], [["checkout_total"], false, []]);
    const first = await find("T", 1);
    assert.deepEqual([[...first.names], first.truncated], [["checkout_total"], true]);
    const values = await readLabelValues(source, "shop", { ...options, now: all.end, part: "ERL" });
    assert.deepEqual([[...values.names], values.truncated], [["berlin"], false]);
    assert.equal(asked(), 3);
    // All values, and several texts, are no search of theirs.
    await readLabelValues(source, "shop", { ...options, now: all.end });
    assert.equal(asked(), 3);
  });

  test("dropped targets that are counted and not kept", async () => {
    using three = await sourceOf("prometheus3");
    assert.deepEqual(await three.source.droppedTargets({ limit: 10 }, options), { targets: [], total: 3 });
  });

  test("rule groups in pages are one list", async () => {
    using three = await sourceOf("prometheus3", { queryParams: { group_limit: "1" } });
    assert.deepEqual(
      (await three.source.rules(options)).map(({ name }) => name),
      ["one", "two", "three"],
    );
  });

  test("a cancelled query (499) is told from a broken server", async () => {
    using three = await sourceOf("prometheus3");
    const failure = await failureFrom(three.source.query({ query: "cancelled" }, options));
    assert.ok(failure.kind === "rejected" && failure.status === 499, JSON.stringify(failure));
    assert.match(failureSentence(failure, { server: "Three" }), /Three cancelled the query.*Run it again/);
  });
});
