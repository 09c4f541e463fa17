import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { parseProfile } from "../../src/connections/profile.ts";
import type { ProfileProblem } from "../../src/connections/profileProblem.ts";
import { parseSuggestions } from "../../src/connections/suggestions.ts";
import { readSettings } from "../../src/host/settingsSnapshot.ts";
import { isValid, type JsonSchema } from "../support/jsonSchema.ts";

/*
 * Whoever edits settings.json by hand is led by the manifest's schema; the code decides. What the one calls wrong the
 * other has to refuse, or a person is warned of what works, or not warned of what does not.
 */
const root = fileURLToPath(new URL("../..", import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly contributes: {
    readonly configuration: { readonly properties: Readonly<Record<string, JsonSchema>> };
  };
};
const settings = manifest.contributes.configuration.properties;
const profileSchema = itemsOf("connections");
const suggestionSchema = itemsOf("suggestedConnections");

function itemsOf(name: string): JsonSchema {
  const items = settings[`promqlWorkbench.${name}`]?.items;
  assert.ok(items !== undefined, name);
  return items;
}

const least = { id: "a", name: "A", url: "http://a" };

/** What is wrong with an element. That a version cannot do something yet is no fault of its form. */
function problemsOf(element: unknown): readonly ProfileProblem[] {
  const parsed = parseProfile(element);
  return parsed.ok ? [] : parsed.problems.filter(({ code }) => code !== "unsupported");
}

/** The keys that the code asks of an object: it is watched while it reads `read(object)`. */
function keysAsked(value: Readonly<Record<string, unknown>>, read: (watched: object) => unknown): string[] {
  const asked = new Set<string>();
  const watched = new Proxy(value, {
    getOwnPropertyDescriptor(target, key) {
      if (typeof key === "string") asked.add(key);
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
    // Listing the keys of an object asks for each of them, and is not what is looked for.
    ownKeys: () => [],
  });
  read(watched);
  return [...asked].sort();
}

const keys = (schema: JsonSchema | undefined) => Object.keys(schema?.properties ?? {}).sort();
const missing = (element: unknown, below = "") =>
  problemsOf(element)
    .flatMap(({ code, path }) => (code === "missing" && path.startsWith(below) ? path.slice(below.length) : []))
    .sort();

test("a connection has the keys of the schema, and no others", () => {
  assert.deepEqual(keys(profileSchema), keysAsked({ ...least }, parseProfile));
  assert.equal(profileSchema.additionalProperties, false);
  assert.deepEqual([...(profileSchema.required ?? [])].sort(), missing({}));
});

test("each way to sign in, and certificates, have the keys of the schema", () => {
  const { auth, tls } = profileSchema.properties ?? {};
  const types = auth?.properties?.["type"]?.enum ?? [];
  assert.ok(types.length > 4);
  assert.deepEqual(
    auth?.oneOf?.map(({ properties }) => properties?.["type"]?.const),
    types,
  );
  for (const branch of auth?.oneOf ?? []) {
    const type = branch.properties?.["type"]?.const;
    const asked = keysAsked({ type }, (watched) => parseProfile({ ...least, auth: watched }));
    assert.deepEqual(keys(branch), asked, String(type));
    assert.deepEqual([...(branch.required ?? [])].sort(), missing({ ...least, auth: { type } }, "auth."), String(type));
    assert.equal(branch.additionalProperties, false);
  }
  assert.deepEqual(auth?.required, missing({ ...least, auth: {} }, "auth."));
  assert.deepEqual(
    keys(tls),
    keysAsked({}, (watched) => parseProfile({ ...least, tls: watched })),
  );
});

test("a suggestion has the keys of the schema, and no others", () => {
  const isForeign = (key: string) =>
    parseSuggestions([{ name: "a", url: "http://a", [key]: 1 }]).refused.some(({ problems }) =>
      problems.some(({ code, path }) => code === "unknownKey" && path === key),
    );
  assert.deepEqual(
    keys(suggestionSchema),
    keys(profileSchema).filter((key) => !isForeign(key)),
  );
  assert.equal(suggestionSchema.additionalProperties, false);
});

/** Values of one key, each with the verdict that schema and code have to share. */
const verdicts: readonly {
  readonly key: string;
  readonly good: readonly unknown[];
  readonly bad: readonly unknown[];
}[] = [
  { key: "version", good: [1], bad: [0, 1.5, "1"] },
  { key: "id", good: ["prod-eu", "A", "1.x_y"], bad: ["", "-a", "a b", "ä", "a".repeat(65), 1] },
  { key: "name", good: ["Production EU", " x ", "ä".repeat(100)], bad: ["", " ", "a\nb", "a\u0085b", "a".repeat(101)] },
  { key: "kind", good: ["prometheus", "scrape"], bad: ["Prometheus", ""] },
  {
    key: "url",
    good: [
      ...["http://a", "HTTPS://a.b:9090/x/", " http://[::1]:9090 ", "http://a/api/v1", "http://a/query"],
      ...["http://a/x/graph?g0.expr=up", "http://a/query?g0.expr=up&g0.tab=table", "http://a/classic/graph?g0.expr=up"],
      ...["http://a/vmui", "http://a/select/0/vmui/?#/?g0.expr=up", "http://a/vmui/?g0.expr=up", "http://a/vmui#/x"],
      ...["http://a/x/api/v1/query?query=up&time=1", "http://a/api/v1/series?match[]=up&match%5B%5D=x"],
      "http://a/api/v1/label/job/values?start=1",
    ],
    bad: [
      ...["", "a", "ftp://a", "http://", "http://u:p@a", "http://a?x=1", "http://a/x?g0.expr=up", "http://a/#x", 1],
      ...["http://a/query?x=1", "http://a/graph#x", "http://a/vmui?x=1", "http://a/api/v1?query=up"],
      ...["http://a/api/v1/query?token=x", "http://a/api/v1/query?query=up&token=x", "http://a/api/v1/nodes?limit=1"],
    ],
  },
  {
    key: "headers",
    good: [{}, { "X-Scope-OrgID": "a b" }, { Accepted: "é" }],
    bad: [
      { authorization: "x" },
      { Cookie: "x" },
      { Host: "x" },
      { "A B": "x" },
      { "": "x" },
      { A: "x\ny" },
      { A: 1 },
      [],
    ],
  },
  { key: "queryParams", good: [{}, { dedup: "true" }], bad: [{ "": "x" }, { dedup: true }, "x"] },
  { key: "secretHeaders", good: [[], ["X-Key"]], bad: [[""], "X-Key", [1]] },
  { key: "secretQueryParams", good: [[], ["k"]], bad: [[""], {}] },
  { key: "auth", good: [{ type: "none" }, { type: "bearer" }, { type: "raw" }], bad: [{}, { type: "x" }, "none"] },
  {
    key: "auth",
    good: [
      { type: "bearer", tokenRef: "$env:TOKEN" },
      { type: "bearer", tokenRef: "$file:/run/token" },
    ],
    bad: [
      { type: "bearer", token: "x" },
      ...["TOKEN", "$env:", "$file:token"].map((tokenRef) => ({ type: "bearer", tokenRef })),
    ],
  },
  {
    key: "auth",
    good: [
      { type: "basic", username: "" },
      { type: "basic", username: "1234", passwordRef: "$file:C:\\p" },
    ],
    bad: [{ type: "basic" }, { type: "basic", username: "a:b" }, { type: "basic", username: "a", password: "x" }],
  },
  {
    key: "auth",
    good: [{ type: "oauth2", tokenUrl: "https://a/t", clientId: "c", scopes: ["s"], params: { audience: "x" } }],
    bad: [
      { type: "oauth2", tokenUrl: "https://a/t" },
      { type: "oauth2", tokenUrl: "a", clientId: "c" },
      { type: "oauth2", tokenUrl: "https://a", clientId: "" },
      { type: "oauth2", tokenUrl: "https://a", clientId: "c", scopes: "s" },
    ],
  },
  { key: "auth", good: [{ type: "command", command: ["a", "b"] }], bad: [{ type: "command", command: "a" }] },
  {
    key: "tls",
    good: [
      {},
      { caFile: "/a", insecureSkipVerify: true },
      { caFile: "C:\\a", serverName: "a.b" },
      { caFile: "\\\\share\\a", certFile: "", keyFile: "", serverName: "::1" },
      { certFile: "/a", keyFile: "C:/b" },
    ],
    bad: [
      { ca: "/a" },
      { caFile: 1 },
      { caFile: "a" },
      { keyFile: "~/a" },
      { serverName: "a b" },
      { serverName: "a:1" },
    ],
  },
  {
    key: "proxy",
    good: ["none", "system", "http://proxy:3128", "HTTPS://[::1]:3128/"],
    bad: ["", "direct", 1, "proxy:3128", "socks5://proxy:1080", "http://u:p@proxy", "http://proxy/x", "http://"],
  },
  { key: "transport", good: ["own", "vscode"], bad: ["fetch", ""] },
  { key: "method", good: ["auto", "GET", "POST"], bad: ["get", ""] },
  { key: "timeoutMs", good: [100, 600_000], bad: [99, 600_001, 100.5, "100"] },
  { key: "minStep", good: ["15s", "1h30m", "500ms", "0.5", "10"], bad: ["", "0", "0s", "15 s", "s", "1m1h", 15] },
  { key: "maxSeries", good: [1, 1_000_000], bad: [0, 1_000_001, "all"] },
  { key: "color", good: ["red", "purple"], bad: ["pink", ""] },
  { key: "protected", good: [true, false], bad: ["yes", 1] },
  { key: "unheard-of", good: [], bad: [1, ""] },
];

describe("schema and code agree on", () => {
  for (const { key, good, bad } of verdicts) {
    test(`${key}, ${good.length} good and ${bad.length} bad values`, () => {
      for (const [values, expected] of [
        [good, true],
        [bad, false],
      ] as const) {
        for (const value of values) {
          const element = { ...least, [key]: value };
          assert.equal(isValid(profileSchema, element), expected, `schema: ${JSON.stringify(element)}`);
          assert.equal(problemsOf(element).length === 0, expected, `code: ${JSON.stringify(element)}`);
        }
      }
    });
  }

  test("every key of a connection", () => {
    const judged = new Set(verdicts.map(({ key }) => key));
    assert.deepEqual(
      keys(profileSchema).filter((key) => !judged.has(key)),
      [],
    );
  });

  test("suggestions, whose keys are those of connections", () => {
    for (const key of keys(suggestionSchema)) {
      const { description: _a, markdownDescription: _b, ...mine } = suggestionSchema.properties?.[key] ?? {};
      const { description: _c, markdownDescription: _d, ...theirs } = profileSchema.properties?.[key] ?? {};
      assert.deepEqual(mine, theirs, key);
    }
  });

  test("the default range", () => {
    const schema = settings["promqlWorkbench.query.defaultRange"] ?? {};
    const fallback = 3_600_000;
    for (const [value, expected] of [
      ...[["30m", 1_800_000] as const, ["1d12h", 129_600_000] as const, [" 90 ", 90_000] as const],
      ...["0", "0s", "soon", "1m1h", "", "-1h"].map((text) => [text, undefined] as const),
    ]) {
      assert.equal(isValid(schema, value), expected !== undefined, value);
      const read = readSettings({
        effective: (key) => (key === "query.defaultRange" ? value : undefined),
        userOnly: () => undefined,
        workspaceOnly: () => undefined,
      });
      assert.equal(read.query.defaultRangeMs, expected ?? fallback, value);
    }
  });
});

const phrase = "Not supported yet";

/** What the schema says of a good value and of everything in it. */
function* saidOf(schema: JsonSchema, value: unknown): Generator<string> {
  yield schema.description ?? schema.markdownDescription ?? "";
  const place = schema.enum?.indexOf(value) ?? -1;
  yield schema.enumDescriptions?.[place] ?? "";
  for (const one of [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])]) {
    if (isValid(one, value)) yield* saidOf(one, value);
  }
  if (typeof value !== "object" || value === null) return;
  for (const [key, inside] of Object.entries(value)) {
    const known = schema.properties?.[key];
    if (known !== undefined) yield* saidOf(known, inside);
  }
}

test("what is said to be unsupported is what the code refuses for that, and nothing else", () => {
  const met = new Set<string>();
  let refused = 0;
  for (const { key, good } of verdicts) {
    for (const value of good) {
      const element = { ...least, [key]: value };
      const said = [...saidOf(profileSchema, element)].filter((text) => text.includes(phrase));
      for (const text of said) met.add(text);
      const parsed = parseProfile(element);
      const isUnsupported = !parsed.ok && parsed.problems.some(({ code }) => code === "unsupported");
      assert.equal(said.length > 0, isUnsupported, JSON.stringify(element));
      if (isUnsupported) refused++;
    }
  }
  assert.ok(refused > 0);
  const places = JSON.stringify(profileSchema).split(phrase).length - 1;
  assert.equal(met.size, places, "a value that the phrase is about is missing among the good ones");
});

test("defaults of the schema are those of the code", () => {
  const nothing = { effective: () => undefined, userOnly: () => undefined, workspaceOnly: () => undefined };
  const read = readSettings(nothing);
  const defaultOf = (key: string) => settings[`promqlWorkbench.${key}`]?.default;
  assert.equal(defaultOf("query.defaultRange"), "1h");
  assert.equal(read.query.defaultRangeMs, 3_600_000);
  assert.equal(defaultOf("query.maxSeries"), read.query.maxSeries);
  assert.equal(defaultOf("query.maxSamples"), read.query.maxSamples);
  assert.equal(defaultOf("query.maxResponseBytes"), read.query.maxResponseBytes);
  assert.equal(defaultOf("editor.codeLens"), read.editor.codeLens);
  assert.equal(defaultOf("completion.fromServer"), read.completion.fromServer);
  assert.equal(defaultOf("format.style"), read.format.style);
  assert.equal(defaultOf("results.timeZone"), read.results.timeZone);
  const bare = parseProfile(least);
  assert.ok(bare.ok);
  const ofProfile = (key: string) => profileSchema.properties?.[key]?.default;
  assert.equal(ofProfile("kind"), bare.profile.kind);
  assert.equal(ofProfile("transport"), bare.profile.transport);
  assert.equal(ofProfile("method"), bare.profile.method);
  assert.equal(ofProfile("timeoutMs"), bare.profile.timeoutMs);
  assert.equal(ofProfile("protected"), bare.profile.isProtected);
  assert.deepEqual(ofProfile("auth"), bare.profile.auth);
});

/** A snippet's body with its placeholders filled in. */
function filledIn(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body).replaceAll(/\$\{\d+:([^}]*)\}/g, "$1"));
}

test("what completion inserts is good as it is", () => {
  for (const { label, body } of profileSchema.defaultSnippets ?? []) {
    assert.deepEqual(problemsOf(filledIn(body)), [], label);
    assert.ok(isValid(profileSchema, filledIn(body)), label);
  }
  for (const { label, body } of profileSchema.properties?.["auth"]?.defaultSnippets ?? []) {
    assert.deepEqual(problemsOf({ ...least, auth: filledIn(body) }), [], label);
  }
  for (const { label, body } of suggestionSchema.defaultSnippets ?? []) {
    assert.equal(parseSuggestions([filledIn(body)]).suggestions.length, 1, label);
  }
  for (const [key, { examples = [] }] of Object.entries(profileSchema.properties ?? {})) {
    for (const example of examples) assert.deepEqual(problemsOf({ ...least, [key]: example }), [], key);
  }
});

/** Every schema inside one, with its place. */
function* within(schema: JsonSchema, place: string): Generator<readonly [place: string, schema: JsonSchema]> {
  yield [place, schema];
  for (const [key, one] of Object.entries(schema.properties ?? {})) yield* within(one, `${place}.${key}`);
  for (const one of [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])]) yield* within(one, place);
  if (schema.items !== undefined) yield* within(schema.items, `${place}[]`);
}

test("every key says what it is, in which unit, and what holds without it", () => {
  for (const [key, setting] of Object.entries(settings)) {
    assert.ok(setting.order !== undefined && setting.description === undefined, key);
    assert.match(setting.markdownDescription ?? "", /Default: /, key);
    // Links to other settings work in the settings editor alone, and only if the setting is there.
    for (const [, linked] of (setting.markdownDescription ?? "").matchAll(/#([\w.]+)#/g)) {
      assert.ok(linked === "editor.codeLens" || (linked !== undefined && linked in settings), `${key}: ${linked}`);
      assert.notEqual(linked, key);
    }
    if (setting.type === "integer") assert.ok(setting.minimum !== undefined && setting.maximum !== undefined, key);
    for (const [place, schema] of within(setting, key)) {
      for (const [name, one] of Object.entries(schema.properties ?? {})) {
        assert.ok((one.description ?? one.markdownDescription ?? "").length > 10, `${place}.${name} says nothing`);
        if (place !== key) assert.doesNotMatch(one.markdownDescription ?? "", /#[\w.]+#/, `${place}.${name}`);
      }
      if (schema.enumDescriptions !== undefined)
        assert.equal(schema.enumDescriptions.length, schema.enum?.length, place);
      if (schema.pattern !== undefined)
        assert.ok(schema.patternErrorMessage !== undefined, `${place} only has a pattern`);
    }
  }
});
