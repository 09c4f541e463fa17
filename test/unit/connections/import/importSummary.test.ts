import assert from "node:assert/strict";
import { test } from "node:test";
import { describeImportProblem, describeNotTaken, oneLine } from "../../../../src/connections/import/importMessage.ts";
import { freeId, nameOfImport, planImport } from "../../../../src/connections/import/importPlan.ts";
import type { NotTakenCode } from "../../../../src/connections/import/importResult.ts";
import {
  type ImportedText,
  type ImportOutcome,
  importSummary,
} from "../../../../src/connections/import/importSummary.ts";
import { assertGolden } from "../../../support/golden.ts";
import { hostileStrings } from "../../../support/hostileStrings.ts";
import { cloudQuantProvisioning, readText } from "../../../support/imports.ts";

/** What an import of everything in a text would say of it. */
function imported(title: string, text: string, url?: string): ImportedText {
  const read = readText(text, title, "/etc/prom");
  if (!read.ok) return { title, problem: read.problem, outcomes: [], notTaken: [] };
  const taken = new Set<string>();
  const outcomes = read.result.connections.map((connection): ImportOutcome => {
    const answers = { url: connection.askUrl === undefined ? undefined : url };
    const id = freeId(connection, nameOfImport(connection, answers), taken);
    taken.add(id);
    const planned = planImport(connection, id, answers);
    if (!planned.ok) return { ...planned, kind: "unusable" };
    // What this version supports is not what these tests are about.
    return { kind: "saved", planned: { ...planned.planned, unsupported: [] }, isReplacing: false };
  });
  return { title, outcomes, notTaken: read.result.notTaken };
}

const secret = "PLANTED";
const everywhere = `apiVersion: 1
datasources:
  - name: everything
    type: prometheus
    url: https://user:${secret}@prom.example/p?authKey=${secret}
    basicAuth: true
    basicAuthUser: me
    password: ${secret}
    jsonData:
      httpHeaderName1: X-Api-Key
      httpHeaderName2: Authorization
      tlsAuth: true
      tlsAuthWithCACert: true
      tlsSkipVerify: true
      customQueryParameters: apiKey=${secret}&dedup=true
      timeInterval: 15s
      sigV4Acces: ${secret}
    secureJsonData:
      basicAuthPassword: ${secret}
      httpHeaderValue1: ${secret}
      httpHeaderValue2: Bearer ${secret}
      httpHeaderValue7: ${secret}
      tlsCACert: ${secret}
      tlsClientCert: $${secret}
      tlsClientKey: $__file{/etc/key.pem}
      other: ${secret}
  - name: wrong
    type: prometheus
    url: https://a.example
    basicAuth: true
    basicAuthUser: "a:b"
    secureJsonData: {basicAuthPassword: ${secret}}
  - {name: logs, type: loki, url: "https://l:${secret}@x"}
`;
const httpConfig = `
oauth2: {client_id: id, client_secret: ${secret}, token_url: "https://idp.example/t"}
tls_config: {ca: ${secret}, key_file: key.pem}
proxy_url: http://me:${secret}@proxy.example:3128
http_headers:
  X-Scope-OrgID: {values: [team-a]}
  X-Token: {secrets: [${secret}]}
basic_auth: {username: me, password: ${secret}}
nonsense: ${secret}
`;
const variables = `PROMETHEUS_URL=https://env.example\nPROMETHEUS_TOKEN='${secret}'\nPROMETHEUS_PASSWORD=${secret}\n`;
const commandExport = JSON.stringify({
  promqlWorkbenchConnections: 1,
  connections: [
    {
      id: "gcp",
      name: "GCP",
      url: "https://g.example",
      auth: { type: "command", command: ["gcloud", "auth", "print-access-token"] },
    },
    { id: "x", name: "X", url: "https://x.example", token: secret },
  ],
});

function everything(): readonly ImportedText[] {
  return [
    imported("cloudquant.yaml", cloudQuantProvisioning, "https://liberator.example/metrics-api-bearer"),
    imported("everything.yaml", everywhere),
    imported("prod.yml", httpConfig, "https://prod.example"),
    imported(".env", variables),
    imported("export.json", commandExport),
    imported("broken.yaml", `a: b\nc: [${secret}\nd: e\n`),
    imported("tagged.yaml", `apiVersion: 1\ndatasources: !!js/function "${secret}"\n`),
    {
      title: "Clipboard",
      outcomes: [
        {
          kind: "saved",
          isReplacing: true,
          planned: {
            id: "node",
            name: "Node",
            element: { url: "https://node.example/metrics", kind: "scrape" },
            secrets: [],
            needs: [{ purpose: "token", origin: "https://node.example", isOptional: false }],
            toEnter: ["token"],
            unsupported: [{ path: "kind", code: "unsupported" }],
          },
        },
        { kind: "notChosen", name: "staging" },
        { kind: "keptOld", name: "prod" },
        { kind: "notAnswered", name: "ask" },
        { kind: "failed", name: "readonly", reason: "The connections in your settings were not changed as wanted." },
      ],
      notTaken: [],
    },
  ];
}

test("a summary says what was taken and what was not", () => {
  assertGolden("import/summary.txt", importSummary(everything()));
});

test("a summary holds no secret, and neither do the elements that go to the settings", () => {
  const texts = everything();
  assert.ok(!importSummary(texts).includes(secret));
  const elements = texts.flatMap(({ outcomes }) =>
    outcomes.flatMap((outcome) => (outcome.kind === "saved" ? [outcome.planned.element] : [])),
  );
  assert.equal(elements.length, 6);
  // `$PLANTED` is the name of a variable, which is no secret; here it is none of the elements either.
  assert.ok(!JSON.stringify(elements).includes(secret));
  assert.ok(!JSON.stringify(texts.map(({ notTaken }) => notTaken)).includes(secret));
});

test("names of a file stay in their line, whatever they are", () => {
  for (const hostile of hostileStrings) {
    const summary = importSummary([
      {
        title: hostile,
        outcomes: [{ kind: "notChosen", name: hostile }],
        notTaken: [{ place: hostile, code: "missing" }],
      },
    ]);
    const own = /^(?:$|Import of |0 imported|== |Not imported: |Not taken:| {2})/;
    for (const line of summary.split("\n")) assert.match(line, own, JSON.stringify(hostile));
    assert.doesNotMatch(summary, /[\u202a-\u202e\u2066-\u2069]/);
    assert.ok(!summary.includes("\u001b"));
  }
  assert.equal([...oneLine("x".repeat(5000))].length, 120);
});

test("every code has a sentence, its place first", () => {
  const cases: readonly { readonly code: NotTakenCode; readonly detail?: string; readonly expected: string }[] = [
    { code: "unknownKey", expected: "a.b: unknown key." },
    { code: "otherType", detail: "loki", expected: "a.b: a data source of another kind (loki)." },
    { code: "wrongValue", detail: "GET or POST", expected: "a.b: has to be GET or POST; not taken." },
    { code: "wrongValue", expected: "a.b: not taken." },
  ];
  for (const { code, detail, expected } of cases) {
    assert.equal(describeNotTaken({ place: "a.b", code, ...(detail === undefined ? {} : { detail }) }), expected);
  }
  assert.match(describeImportProblem({ code: "yamlSyntax", line: 7 }), /^Line 7 /);
});
