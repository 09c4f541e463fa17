import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { failure, one, profileOf, setUp, signal, two } from "../../support/connectionServices.ts";

describe("the source of a connection", () => {
  test("is made once, from the profile, on first use", async () => {
    const { service, sources, loads } = setUp([
      { ...one, method: "GET", timeoutMs: 100, queryParams: { dedup: "true" } },
    ]);
    assert.equal(loads(), 0);
    const [a, b] = await Promise.all([service.sourceFor("one"), service.sourceFor("one")]);
    assert.equal(a, b);
    assert.equal(sources.length, 1);
    const { endpoint } = sources[0] ?? assert.fail();
    assert.deepEqual(
      [
        endpoint.baseUrl,
        endpoint.method,
        endpoint.timeoutMs,
        (await endpoint.credentials("https://one.example", { signal })).queryParams,
        endpoint.maxSamples,
        endpoint.maxBytes,
      ],
      ["https://one.example", "GET", 100, { dedup: "true" }, 7, 8],
    );
  });

  test("asks for pages of rules once its server is known to have them", async () => {
    const { service, sources } = setUp([one]);
    await service.sourceFor("one");
    const { endpoint } = sources[0] ?? assert.fail();
    assert.equal(endpoint.pagesRules, false);
    const profile = profileOf(one);
    for (const [version, expected] of [
      ["2.42.0", false],
      ["3.0.1", false],
      ["3.1.0", true],
      ["4.0.0", true],
    ] as const) {
      service.backends.note(profile, { application: undefined, version, revision: "a" });
      assert.equal(endpoint.pagesRules, expected, version);
    }
    // Newer vmalerts make pages of their own kind of the same parameter.
    service.backends.note(profile, { application: undefined, version: "2.24.0", revision: undefined });
    assert.equal(endpoint.pagesRules, false);
    service.backends.note(profile, { application: "Grafana Mimir", version: "3.1.0", revision: "a" });
    assert.equal(endpoint.pagesRules, false);
  });

  test("lets its server search for names once that is known to be offered", async () => {
    const { service, sources } = setUp([one]);
    await service.sourceFor("one");
    const { endpoint } = sources[0] ?? assert.fail();
    assert.equal(endpoint.searchesNames, false);
    for (const offer of ["notOffered", "offered", "refused"] as const) {
      service.capabilities.noteUse(profileOf(one), "search", offer, 200);
      assert.equal(endpoint.searchesNames, offer === "offered");
    }
  });

  test("is given up when its profile changes or goes, and only then", async () => {
    const { service, sources, settings } = setUp([one, two]);
    const before = await service.sourceFor("one");
    await service.sourceFor("two");
    settings.replace([one, { ...two, name: "Renamed" }]);
    await Promise.resolve();
    assert.deepEqual(
      sources.map(({ isDisposed }) => isDisposed),
      [false, true],
    );
    assert.equal(await service.sourceFor("one"), before);
    assert.notEqual(await service.sourceFor("two"), before);
    settings.replace([]);
    await Promise.resolve();
    assert.deepEqual(
      sources.map(({ isDisposed }) => isDisposed),
      [true, true, true],
    );
    assert.deepEqual(await failure(service.sourceFor("one")), {
      kind: "misconfigured",
      what: "connectionUnknown",
      detail: "one",
    });
  });

  test("made for a profile that changed meanwhile is never handed out", async () => {
    const { service, sources, settings } = setUp([one]);
    const asked = service.sourceFor("one");
    settings.replace([{ ...one, url: "https://elsewhere.example" }]);
    assert.equal((await failure(asked)).kind, "cancelled");
    assert.deepEqual(
      sources.map(({ isDisposed }) => isDisposed),
      [true],
    );
    await service.sourceFor("one");
    assert.equal(sources.at(-1)?.endpoint.baseUrl, "https://elsewhere.example");
  });

  test("ends with the service", async () => {
    const { service, sources } = setUp([one]);
    await service.sourceFor("one");
    service.dispose();
    await Promise.resolve();
    assert.equal(sources[0]?.isDisposed, true);
  });

  test("asks for a secret anew each time and names it for redaction", async () => {
    const { service, secrets, sources } = setUp([two]);
    const origin = "https://two.example";
    const source = await service.sourceFor("two");
    assert.equal((await failure(source.query({ query: "up" }, { signal }))).kind, "secretMissing");
    await secrets.save("two", "token", { origin, value: "first" });
    await source.query({ query: "up" }, { signal });
    await secrets.save("two", "token", { origin, value: "second" });
    await source.query({ query: "up" }, { signal });
    const [fake] = sources;
    assert.deepEqual(
      fake?.sent.map(({ headers }) => headers["Authorization"]),
      ["Bearer first", "Bearer second"],
    );
    assert.deepEqual((await fake?.endpoint.credentials(origin, { signal }))?.secrets, ["second"]);
  });
});

describe("the revision of a connection", () => {
  test("is another one after each change of its settings, secrets and consents, and of no other connection's", async () => {
    const path = { ...two, url: "http://two.example/select/0/prometheus" };
    const { service, settings } = setUp([one, path]);
    const seen: number[] = [];
    const look = () => seen.push(service.revisionOf("two"));
    look();
    const onChange = service.onDidChange(look);
    settings.replace([one, { ...path, url: "http://two.example/select/1/prometheus" }]);
    settings.replace([one, { ...path, headers: { "X-Scope-OrgID": "b" } }]);
    const origin = "http://two.example";
    await service.replaceSecret("two", { purpose: "token", origin, isOptional: false }, "t");
    await service.givePlainHttpConsent(profileOf(path));
    const move = { purposes: ["token"], from: "http://old.example", to: origin } as const;
    await service.confirmMove(profileOf(path), move);
    onChange.dispose();
    assert.deepEqual(
      seen,
      seen.toSorted((a, b) => a - b),
    );
    assert.equal(new Set(seen).size, 6);
    look();
    settings.replace([
      { ...one, method: "GET" },
      { ...path, headers: { "X-Scope-OrgID": "b" } },
    ]);
    assert.equal(service.revisionOf("two"), seen.at(-1));
    assert.equal(service.revisionOf("one"), 1);
  });
});
