import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { exportProfiles, isExportable } from "../../../../src/connections/import/profileExport.ts";
import { type ReadForTable, readForTable, readText } from "../../../support/imports.ts";

const full = {
  version: 1,
  id: "prod-eu",
  name: "Production EU",
  url: "https://host/prefix",
  auth: { type: "basic", username: "1234" },
  headers: { "X-Scope-OrgID": "team-a" },
  secretHeaders: ["X-Api-Key"],
  secretQueryParams: ["authKey"],
  tls: { caFile: "/ca.pem" },
  proxy: "http://proxy.example:3128",
  minStep: "15s",
  color: "red",
  protected: true,
};
const referring = {
  id: "ci",
  name: "CI",
  url: "https://ci",
  auth: { type: "bearer", tokenRef: "$env:PROMETHEUS_TOKEN" },
};

const exportText = (elements: Parameters<typeof exportProfiles>[0]) => exportProfiles(elements).text;

test("an export holds the profiles, their references, and what has to be entered", () => {
  assert.deepEqual(JSON.parse(exportText([full, referring])), {
    promqlWorkbenchConnections: 1,
    connections: [full, referring],
    secretsToEnter: { "prod-eu": ["password", "header:X-Api-Key", "query:authKey"] },
  });
});

test("user and password that somebody wrote into a proxy's address are left out", () => {
  const text = exportText([{ ...full, proxy: "http://me:s3cret@proxy.example:3128" }]);
  assert.doesNotMatch(text, /s3cret|me@/);
  assert.equal(JSON.parse(text).connections[0].proxy, "http://proxy.example:3128");
});

const careless = {
  ...{ id: "a", name: "A", url: "https://a.example", headers: { "X-Api-Key": "PLANTED" } },
  ...{ queryParams: { authKey: "PLANTED" }, proxy: "http://me:PLANTED@proxy.example:3128" },
  auth: { type: "command", command: ["curl", "-H", "X-Vault-Token: PLANTED", "https://me:PLANTED@vault"] },
};

test("values that are named like secrets are left out, and it is said which", () => {
  const { text, leftOut } = exportProfiles([careless, full]);
  assert.doesNotMatch(text, /PLANTED/);
  assert.deepEqual(leftOut, [
    "user and password of the proxy of A",
    "header X-Api-Key of A",
    "query parameter authKey of A",
    "auth.command.2 of A",
    "auth.command.3 of A",
  ]);
  const { secretsToEnter, notExported } = JSON.parse(text);
  assert.deepEqual(secretsToEnter["a"], ["header:X-Api-Key", "query:authKey"]);
  assert.deepEqual(notExported, { a: ["auth.command.2", "auth.command.3"] });
});

describe("an import of such", () => {
  test("says what was not exported", () => {
    const { text } = exportProfiles([careless]);
    const { notTaken } = readForTable(readText(text, "x.json")) as ReadForTable;
    assert.deepEqual(notTaken, [
      "connections[0].auth.command.2 secretInSettings",
      "connections[0].auth.command.3 secretInSettings",
    ]);
  });

  test("takes secrets that somebody wrote into a file to the secret storage, or leaves them out", () => {
    const oauth2 = { type: "oauth2", tokenUrl: "https://t", clientId: "c", params: { password: "PLANTED", a: "b" } };
    const second = { id: "b", name: "B", url: "https://b.example", auth: oauth2 };
    const broken = { id: "c", name: "C", url: "https://c.example", headers: { "X-Token": "a\nb" } };
    const data = { promqlWorkbenchConnections: 1, connections: [careless, second, broken] };
    const read = readForTable(readText(JSON.stringify(data), "x.json")) as ReadForTable;
    assert.deepEqual(read.secrets, ["proxyPassword=me:PLANTED", "header:X-Api-Key=PLANTED", "query:authKey=PLANTED"]);
    assert.doesNotMatch(JSON.stringify(read.connections), /PLANTED/);
    assert.deepEqual(read.notTaken, [
      "connections[0].auth.command.2 secretInSettings",
      "connections[0].auth.command.3 secretInSettings",
      "connections[1].auth.params.password secretInSettings",
      "connections[2] header X-Token secretCharacters",
    ]);
  });
});

test("what was exported is read back, with its ids", () => {
  const { id, name, ...rest } = full;
  const { id: otherId, name: otherName, ...otherRest } = referring;
  assert.deepEqual(readForTable(readText(exportText([full, referring]), "x.json")), {
    connections: [
      { name, wantedId: id, ...rest },
      { name: otherName, wantedId: otherId, ...otherRest },
    ],
    secrets: [],
    notTaken: [],
  });
});

describe("an export that cannot be read", () => {
  const cases: readonly { readonly title: string; readonly data: object; readonly problem: object }[] = [
    {
      title: "of a newer version",
      data: { promqlWorkbenchConnections: 2, connections: [] },
      problem: { code: "newerExport", version: 2 },
    },
    { title: "without a list", data: { promqlWorkbenchConnections: 1 }, problem: { code: "jsonForm" } },
    {
      title: "of no version",
      data: { promqlWorkbenchConnections: "1", connections: [] },
      problem: { code: "jsonForm" },
    },
    {
      title: "of nothing",
      data: { promqlWorkbenchConnections: 1, connections: [] },
      problem: { code: "noConnections" },
    },
  ];
  for (const { title, data, problem } of cases) {
    test(title, () => assert.deepEqual(readForTable(readText(JSON.stringify(data))), { problem }));
  }
});

test("only what can be read is exported: nobody knows what else an element holds", () => {
  assert.ok(isExportable(full));
  assert.ok(isExportable(referring));
  assert.ok(!isExportable({ ...full, password: "x" }));
  assert.ok(!isExportable({ ...full, auth: { type: "bearer", token: "x" } }));
  assert.ok(!isExportable({ ...full, url: "https://me:x@host" }));
  assert.ok(!isExportable({ ...full, version: 2 }));
  assert.ok(!isExportable("x"));
});
