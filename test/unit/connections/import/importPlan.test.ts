import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type ExistingConnection,
  existingFor,
  freeId,
  nameOfImport,
  planImport,
} from "../../../../src/connections/import/importPlan.ts";
import type { ImportedConnection } from "../../../../src/connections/import/importResult.ts";

const token: ImportedConnection = {
  name: "Production EU",
  wantedId: undefined,
  element: { url: "https://eu.example/p", auth: { type: "bearer" } },
  secrets: [{ purpose: "token", value: "abc" }],
  askUrl: undefined,
  askUsername: false,
};

test("what is saved is a whole element, and each secret with the one origin that it is sent to", () => {
  assert.deepEqual(planImport(token, "production-eu"), {
    ok: true,
    planned: {
      id: "production-eu",
      name: "Production EU",
      element: {
        version: 1,
        id: "production-eu",
        name: "Production EU",
        url: "https://eu.example/p",
        auth: { type: "bearer" },
      },
      secrets: [{ purpose: "token", value: "abc", origin: "https://eu.example" }],
      needs: [{ purpose: "token", origin: "https://eu.example", isOptional: false }],
      toEnter: [],
      unsupported: [],
    },
  });
});

test("secrets of a token server and a proxy are bound to these", () => {
  const planned = planImport(
    {
      ...token,
      element: {
        url: "https://eu.example",
        auth: { type: "oauth2", tokenUrl: "https://idp.example/t", clientId: "id" },
        proxy: "http://proxy.example:3128",
        secretHeaders: ["X-A", "X-B"],
      },
      secrets: [
        { purpose: "clientSecret", value: "a" },
        { purpose: "proxyPassword", value: "b" },
        { purpose: "header:X-A", value: "c" },
      ],
    },
    "eu",
  );
  assert.ok(planned.ok);
  assert.deepEqual(
    planned.planned.secrets.map(({ purpose, origin }) => `${purpose} ${origin}`),
    ["clientSecret https://idp.example", "proxyPassword http://proxy.example:3128", "header:X-A https://eu.example"],
  );
  assert.deepEqual(planned.planned.toEnter, ["header:X-B"]);
});

describe("what the file does not say", () => {
  test("is asked for, and takes its place", () => {
    const asked = {
      ...token,
      name: "",
      element: { auth: { type: "basic" } },
      secrets: [],
      askUrl: "",
      askUsername: true,
    };
    assert.equal(planImport(asked, "x").ok, false);
    const planned = planImport(asked, "x", { url: "http://localhost:9090", username: "me" });
    assert.ok(planned.ok);
    assert.deepEqual(planned.planned.element, {
      version: 1,
      id: "x",
      name: "localhost:9090",
      url: "http://localhost:9090",
      auth: { type: "basic", username: "me" },
    });
    assert.deepEqual(planned.planned.toEnter, ["password"]);
  });

  const names: readonly { readonly name: string; readonly url: string | undefined; readonly expected: string }[] = [
    { name: "Prod", url: undefined, expected: "Prod" },
    { name: "", url: "https://prom.example/x", expected: "prom.example" },
    { name: "line\nbreak", url: "https://prom.example/x", expected: "prom.example" },
    { name: "", url: undefined, expected: "Imported" },
  ];
  for (const { name, url, expected } of names) {
    test(`a name: ${JSON.stringify(name)} at ${url}`, () => {
      assert.equal(nameOfImport({ ...token, name, element: {} }, { url }), expected);
    });
  }
});

test("an element with a mistake is not planned, and says where it is", () => {
  const planned = planImport({ ...token, element: { ...token.element, colour: "red" } }, "x");
  assert.deepEqual(planned, {
    ok: false,
    name: "Production EU",
    problems: [{ path: "colour", code: "unknownKey" }],
  });
});

test("an element of a newer version is not planned", () => {
  const planned = planImport({ ...token, element: { ...token.element, version: 2 } }, "x");
  assert.ok(!planned.ok);
  assert.deepEqual(planned.problems, [{ path: "version", code: "newerVersion", version: 2 }]);
});

describe("what is there already", () => {
  const existing: readonly ExistingConnection[] = [
    { id: "production-eu", name: "Europe", baseUrl: "https://eu.example/p" },
    { id: "other", name: "Other", baseUrl: "https://o.example" },
  ];
  const cases: readonly {
    readonly title: string;
    readonly name: string;
    readonly wantedId?: string;
    readonly found: string | undefined;
    readonly id: string;
  }[] = [
    { title: "nothing", name: "New", found: undefined, id: "new" },
    { title: "the id that the name gives", name: "Production EU", found: "production-eu", id: "production-eu-2" },
    { title: "the name", name: "Other", found: "other", id: "other-2" },
    { title: "the id that the file names", name: "X", wantedId: "other", found: "other", id: "other-2" },
    { title: "another id that the file names", name: "Other", wantedId: "o2", found: undefined, id: "o2" },
    { title: "an id that is none", name: "X", wantedId: "a b", found: undefined, id: "a-b" },
  ];
  for (const { title, name, wantedId, found, id } of cases) {
    test(title, () => {
      const connection = { ...token, name, wantedId };
      assert.equal(existingFor(connection, name, existing)?.id, found);
      assert.equal(freeId(connection, name, new Set(existing.map((one) => one.id))), id);
    });
  }
});
