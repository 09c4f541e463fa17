import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Profile, parseProfile } from "../../../src/connections/profile.ts";
import { parseSuggestions, SuggestedConnections } from "../../../src/connections/suggestions.ts";
import { Emitter } from "../../../src/shared/event.ts";

describe("what a workspace may suggest", () => {
  test("name, URL, kind, step and colour, under the id that files would use", () => {
    const { suggestions, refused } = parseSuggestions([
      { name: "prod-eu", url: "https://eu.example/api/v1/", minStep: "30s", color: "red" },
      { name: "Staging US", url: "http://us.example:9090", kind: "prometheus" },
    ]);
    assert.deepEqual(refused, []);
    assert.deepEqual(
      suggestions.map(({ id, name, baseUrl, origin }) => ({ id, name, baseUrl, origin })),
      [
        { id: "prod-eu", name: "prod-eu", baseUrl: "https://eu.example", origin: "https://eu.example" },
        { id: "staging-us", name: "Staging US", baseUrl: "http://us.example:9090", origin: "http://us.example:9090" },
      ],
    );
    assert.deepEqual(suggestions[0]?.element, {
      version: 1,
      name: "prod-eu",
      url: "https://eu.example",
      minStep: "30s",
      color: "red",
      auth: { type: "none" },
    });
  });

  const numbered: readonly { readonly names: readonly string[]; readonly ids: readonly string[] }[] = [
    { names: ["prod", "prod", "prod"], ids: ["prod", "prod-2", "prod-3"] },
    { names: ["生产", "测试"], ids: ["connection", "connection-2"] },
    { names: ["Prod EU", "prod-eu"], ids: ["prod-eu-2", "prod-eu"] },
    { names: ["prod", "prod", "prod-2"], ids: ["prod", "prod-3", "prod-2"] },
  ];
  for (const { names, ids } of numbered) {
    test(`an id of its own: ${names.join(", ")}`, () => {
      const { suggestions } = parseSuggestions(names.map((name, index) => ({ name, url: `https://h${index}` })));
      assert.deepEqual(
        suggestions.map(({ id }) => id),
        ids,
      );
    });
  }

  test("its place, and no id lost to one that cannot be used", () => {
    const { suggestions } = parseSuggestions([
      { name: "prod", url: "ftp://a" },
      { name: "prod", url: "https://b" },
    ]);
    assert.deepEqual(
      suggestions.map(({ id, index }) => ({ id, index })),
      [{ id: "prod", index: 1 }],
    );
  });

  const refusals: readonly { readonly title: string; readonly element: unknown; readonly path: string }[] = [
    { title: "no way to sign in", element: { name: "a", url: "http://a", auth: { type: "none" } }, path: "auth" },
    { title: "no headers", element: { name: "a", url: "http://a", headers: { "X-A": "b" } }, path: "headers" },
    { title: "no certificates", element: { name: "a", url: "http://a", tls: {} }, path: "tls" },
    { title: "no proxy", element: { name: "a", url: "http://a", proxy: "http://evil" }, path: "proxy" },
    { title: "no id of its own", element: { name: "a", url: "http://a", id: "local" }, path: "id" },
    { title: "no other protocol", element: { name: "a", url: "file:///etc/passwd" }, path: "url" },
    { title: "no credentials in the URL", element: { name: "a", url: "http://me:you@a" }, path: "url" },
    { title: "no missing name", element: { url: "http://a" }, path: "name" },
    { title: "nothing but objects", element: "http://a", path: "" },
  ];
  for (const { title, element, path } of refusals) {
    test(title, () => {
      const { suggestions, refused } = parseSuggestions([element]);
      assert.deepEqual(suggestions, []);
      assert.deepEqual(
        refused.map(({ problems }) => problems.map((problem) => problem.path)),
        [[path]],
      );
    });
  }

  for (const value of [undefined, null, "x", {}, 7])
    test(`nothing: ${JSON.stringify(value)}`, () =>
      assert.deepEqual(parseSuggestions(value), { suggestions: [], refused: [] }));
});

describe("what is offered", () => {
  function offered(value: unknown, adopted: readonly Record<string, unknown>[] = []): SuggestedConnections {
    const profiles = adopted.map((raw): Profile => {
      const parsed = parseProfile(raw);
      assert.ok(parsed.ok);
      return parsed.profile;
    });
    return new SuggestedConnections({
      read: () => value,
      onDidChange: new Emitter<void>().event,
      adopted: () => profiles,
    });
  }
  const suggestion = { name: "Prod EU", url: "https://eu.example" };

  test("by name and by the id it would get", () => {
    const suggestions = offered([suggestion]);
    assert.equal(suggestions.find("Prod EU")?.id, "prod-eu");
    assert.equal(suggestions.find("prod-eu")?.id, "prod-eu");
    assert.equal(suggestions.find("prod"), undefined);
  });

  test("nothing that could mean two servers", () => {
    assert.equal(offered([suggestion, { ...suggestion, url: "https://other.example" }]).find("Prod EU"), undefined);
  });

  test("each of several with one name, by its id", () => {
    const suggestions = offered([
      { name: "生产", url: "https://a.example" },
      { name: "测试", url: "https://b.example" },
      { name: "prod", url: "https://c.example" },
      { name: "prod", url: "https://d.example" },
    ]);
    for (const suggestion of suggestions.list()) assert.deepEqual(suggestions.find(suggestion.id), suggestion);
  });

  test("the one with this id, though another one has it as its name", () => {
    const suggestions = offered([
      { name: "prod", url: "https://a.example" },
      { name: "prod", url: "https://b.example" },
    ]);
    assert.equal(suggestions.find("prod")?.baseUrl, "https://a.example");
  });

  test("nothing that was adopted, unless the workspace now means another server", () => {
    const adopted = { id: "prod-eu", name: "Prod EU", url: "https://eu.example" };
    assert.equal(offered([suggestion], [adopted]).list().length, 0);
    assert.equal(offered([{ ...suggestion, url: "https://new.example" }], [adopted]).list().length, 1);
  });
});
