import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { grafanaParts, valueOfParts } from "../../../../src/connections/import/grafanaValue.ts";
import { cloudQuantProvisioning, readForTable, readText } from "../../../support/imports.ts";

/** A file with one data source of these lines, which are indented here. */
function dataSource(lines: string): string {
  const indented = lines
    .trim()
    .split("\n")
    .map((line) => `    ${line}`)
    .join("\n");
  return `apiVersion: 1\ndatasources:\n  - name: prod\n    type: prometheus\n    url: https://prom.example\n${indented}\n`;
}

const prod = { name: "prod", url: "https://prom.example", auth: { type: "none" } };
const at = "datasources[0]";

describe("Grafana's provisioning", () => {
  const cases: readonly {
    readonly title: string;
    readonly lines: string;
    readonly connection?: Readonly<Record<string, unknown>>;
    readonly secrets?: readonly string[];
    readonly notTaken?: readonly string[];
  }[] = [
    { title: "nothing but an address", lines: "" },
    {
      title: "what concerns Grafana alone is remarked as such",
      lines: "uid: abc\norgId: 1\naccess: direct\nisDefault: true\njsonData:\n  cacheLevel: High\n  manageAlerts: true",
      notTaken: ["uid", "orgId", "isDefault", "access", "jsonData.cacheLevel", "jsonData.manageAlerts"].map(
        (key) => `${at}.${key} grafanaOnly`,
      ),
    },
    {
      title: "basic sign-in",
      lines: "basicAuth: true\nbasicAuthUser: 12345\nsecureJsonData:\n  basicAuthPassword: glc_0123",
      connection: { auth: { type: "basic", username: "12345" } },
      secrets: ["password=glc_0123"],
    },
    {
      title: "basic sign-in with a password that looks like a number",
      lines: "basicAuth: yes\nbasicAuthUser: me\nsecureJsonData:\n  basicAuthPassword: 0777",
      connection: { auth: { type: "basic", username: "me" } },
      secrets: ["password=0777"],
    },
    {
      title: "basic sign-in as before Grafana 9",
      lines: "basicAuth: true\nbasicAuthUser: me\nbasicAuthPassword: old",
      connection: { auth: { type: "basic", username: "me" } },
      secrets: ["password=old"],
    },
    {
      title: "basic sign-in that is switched off",
      lines: "basicAuth: false\nbasicAuthUser: me\nsecureJsonData:\n  basicAuthPassword: x",
      notTaken: [`${at}.basicAuthUser switchedOff`, `${at}.secureJsonData.basicAuthPassword switchedOff`],
    },
    {
      title: "basic sign-in without a password: it has to be entered",
      lines: "basicAuth: true\nbasicAuthUser: me",
      connection: { auth: { type: "basic", username: "me" } },
    },
    {
      title: "a password of the environment",
      lines: "basicAuth: true\nbasicAuthUser: me\nsecureJsonData:\n  basicAuthPassword: $PROM_PASSWORD",
      connection: { auth: { type: "basic", username: "me", passwordRef: "$env:PROM_PASSWORD" } },
    },
    {
      title: "a password of a file",
      lines: "basicAuth: true\nbasicAuthUser: me\nsecureJsonData:\n  basicAuthPassword: $__file{/run/secrets/prom}",
      connection: { auth: { type: "basic", username: "me", passwordRef: "$file:/run/secrets/prom" } },
    },
    {
      title: "a password with a dollar sign",
      lines: "basicAuth: true\nbasicAuthUser: me\nsecureJsonData:\n  basicAuthPassword: pa$$word",
      connection: { auth: { type: "basic", username: "me" } },
      secrets: ["password=pa$word"],
    },
    {
      title: "a password that is put together is not taken",
      lines: "basicAuth: true\nbasicAuthUser: me\nsecureJsonData:\n  basicAuthPassword: pa$word",
      connection: { auth: { type: "basic", username: "me" } },
      notTaken: [`${at}.secureJsonData.basicAuthPassword mixed`],
    },
    {
      title: "a user of the environment is asked for",
      lines: `basicAuth: true\nbasicAuthUser: \${PROM_USER}\nsecureJsonData:\n  basicAuthPassword: x`,
      connection: { auth: { type: "basic" }, askUsername: true },
      secrets: ["password=x"],
      notTaken: [`${at}.basicAuthUser reference`],
    },
    {
      title: "a bearer token",
      lines: "jsonData:\n  httpHeaderName1: Authorization\nsecureJsonData:\n  httpHeaderValue1: Bearer abc",
      connection: { auth: { type: "bearer" } },
      secrets: ["token=abc"],
    },
    {
      title: "a bearer token of the environment, header and scheme in small letters",
      lines: "jsonData:\n  httpHeaderName1: authorization\nsecureJsonData:\n  httpHeaderValue1: bearer $__env{TOKEN}",
      connection: { auth: { type: "bearer", tokenRef: "$env:TOKEN" } },
    },
    {
      title: "a bearer token of a file",
      lines: "jsonData:\n  httpHeaderName1: Authorization\nsecureJsonData:\n  httpHeaderValue1: Bearer $__file{/t}",
      connection: { auth: { type: "bearer", tokenRef: "$file:/t" } },
    },
    {
      title: "a bearer token with something in front is not taken",
      lines: `jsonData:\n  httpHeaderName1: Authorization\nsecureJsonData:\n  httpHeaderValue1: Bearer x-\${TOKEN}`,
      connection: { auth: { type: "bearer" } },
      notTaken: [`${at}.secureJsonData.httpHeaderValue1 mixed`],
    },
    {
      title: "a bearer token of a vault is not taken",
      lines: "jsonData:\n  httpHeaderName1: Authorization\nsecureJsonData:\n  httpHeaderValue1: Bearer $__vault{a:b:c}",
      connection: { auth: { type: "bearer" } },
      notTaken: [`${at}.secureJsonData.httpHeaderValue1 mixed`],
    },
    {
      title: "basic sign-in as a header",
      lines: "jsonData:\n  httpHeaderName1: Authorization\nsecureJsonData:\n  httpHeaderValue1: Basic bWU6cGE6c3M=",
      connection: { auth: { type: "basic", username: "me" } },
      secrets: ["password=pa:ss"],
    },
    {
      title: "a raw token",
      lines: "jsonData:\n  httpHeaderName1: Authorization\nsecureJsonData:\n  httpHeaderValue1: eyJhbGciOi",
      connection: { auth: { type: "raw" } },
      secrets: ["authorization=eyJhbGciOi"],
    },
    {
      title: "basic that is no base64 stays raw",
      lines: "jsonData:\n  httpHeaderName1: Authorization\nsecureJsonData:\n  httpHeaderValue1: Basic me:pass",
      connection: { auth: { type: "raw" } },
      secrets: ["authorization=Basic me:pass"],
    },
    {
      title: "a whole header of the environment has to be entered",
      lines: "jsonData:\n  httpHeaderName1: Authorization\nsecureJsonData:\n  httpHeaderValue1: $AUTH",
      connection: { auth: { type: "raw" } },
      notTaken: [`${at}.secureJsonData.httpHeaderValue1 reference`],
    },
    {
      title: "the header is what Grafana sends, not its own basic sign-in",
      lines:
        "basicAuth: true\nbasicAuthUser: me\njsonData:\n  httpHeaderName1: Authorization\nsecureJsonData:\n  httpHeaderValue1: Bearer abc\n  basicAuthPassword: x",
      connection: { auth: { type: "bearer" } },
      secrets: ["token=abc"],
      notTaken: [`${at}.basicAuth secondCredential`],
    },
    {
      title: "other headers are secret, in the order of their numbers",
      lines:
        "jsonData:\n  httpHeaderName10: X-B\n  httpHeaderName2: X-Scope-OrgID\nsecureJsonData:\n  httpHeaderValue2: team-a\n  httpHeaderValue10: ' two words '",
      connection: { secretHeaders: ["X-Scope-OrgID", "X-B"] },
      secrets: ["header:X-Scope-OrgID=team-a", "header:X-B=two words"],
    },
    {
      title: "a header whose value is elsewhere, or not there, has to be entered",
      lines: "jsonData:\n  httpHeaderName1: X-A\n  httpHeaderName2: X-B\nsecureJsonData:\n  httpHeaderValue1: $X_A",
      connection: { secretHeaders: ["X-A", "X-B"] },
      notTaken: [`${at}.secureJsonData.httpHeaderValue1 reference`],
    },
    {
      title: "headers that cannot be: without name, reserved, malformed, twice",
      lines:
        "jsonData:\n  httpHeaderName2: Host\n  httpHeaderName3: 'X A'\n  httpHeaderName4: X-A\n  httpHeaderName5: x-a\nsecureJsonData:\n  httpHeaderValue1: a\n  httpHeaderValue2: b\n  httpHeaderValue3: c\n  httpHeaderValue4: d\n  httpHeaderValue5: e",
      connection: { secretHeaders: ["X-A"] },
      secrets: ["header:X-A=d"],
      notTaken: [
        `${at}.secureJsonData.httpHeaderValue1 headerWithoutName`,
        `${at}.secureJsonData.httpHeaderValue2 header`,
        `${at}.secureJsonData.httpHeaderValue3 header`,
        `${at}.secureJsonData.httpHeaderValue5 severalValues`,
      ],
    },
    {
      title: "a value that no header can carry",
      lines: 'jsonData:\n  httpHeaderName1: X-A\nsecureJsonData:\n  httpHeaderValue1: "a\\r\\nX-Evil: b"',
      connection: { secretHeaders: ["X-A"] },
      notTaken: [`${at}.secureJsonData.httpHeaderValue1 secretCharacters`],
    },
    {
      title: "a token with a line end behind it",
      lines: "jsonData:\n  httpHeaderName1: Authorization\nsecureJsonData:\n  httpHeaderValue1: |\n    Bearer abc",
      connection: { auth: { type: "bearer" } },
      secrets: ["token=abc"],
    },
    {
      title: "method, scrape interval, timeout",
      lines: "jsonData:\n  httpMethod: GET\n  timeInterval: 1m30s\n  timeout: 45",
      connection: { method: "GET", minStep: "1m30s", timeoutMs: 45_000 },
    },
    {
      title: "what they cannot be",
      lines: "jsonData:\n  httpMethod: PUT\n  timeInterval: often\n  timeout: 5000",
      notTaken: [
        `${at}.jsonData.httpMethod wrongValue GET or POST`,
        `${at}.jsonData.timeInterval wrongValue a duration such as "15s"`,
        `${at}.jsonData.timeout wrongValue a number of seconds, at most 600`,
      ],
    },
    {
      title: "query parameters; one that is named like a secret is one",
      lines: "jsonData:\n  customQueryParameters: max_source_resolution=5m&dedup=true&authKey=k%20y",
      connection: {
        queryParams: { max_source_resolution: "5m", dedup: "true" },
        secretQueryParams: ["authKey"],
      },
      secrets: ["query:authKey=k y"],
    },
    {
      title: "certificates in files",
      lines:
        "jsonData:\n  tlsAuth: true\n  tlsAuthWithCACert: true\n  serverName: prom.internal\nsecureJsonData:\n  tlsCACert: $__file{/etc/ca.pem}\n  tlsClientCert: $__file{/etc/c.pem}\n  tlsClientKey: $__file{/etc/k.pem}",
      connection: {
        tls: { caFile: "/etc/ca.pem", certFile: "/etc/c.pem", keyFile: "/etc/k.pem", serverName: "prom.internal" },
      },
    },
    {
      title: "certificates in the text, in variables, and missing",
      lines:
        "jsonData:\n  tlsAuth: true\n  tlsAuthWithCACert: true\nsecureJsonData:\n  tlsCACert: |\n    -----BEGIN CERTIFICATE-----\n    MIIB\n    -----END CERTIFICATE-----\n  tlsClientCert: $CERT",
      notTaken: [
        `${at}.secureJsonData.tlsCACert inlinePem tls.caFile`,
        `${at}.secureJsonData.tlsClientCert reference tls.certFile`,
        `${at}.secureJsonData.tlsClientKey missing`,
      ],
    },
    {
      title: "certificates that are switched off, and a check that is",
      lines: "jsonData:\n  tlsSkipVerify: true\nsecureJsonData:\n  tlsClientKey: KEY",
      connection: { tls: { insecureSkipVerify: true } },
      notTaken: [`${at}.secureJsonData.tlsClientKey switchedOff`],
    },
    {
      title: "what a browser would do, and Grafana for its users",
      lines: "withCredentials: true\njsonData:\n  oauthPassThru: true\n  queryTimeout: 60s",
      notTaken: [
        `${at}.withCredentials browserCredentials`,
        `${at}.jsonData.oauthPassThru userIdentity`,
        `${at}.jsonData.queryTimeout noCounterpart`,
      ],
    },
    {
      title: "unknown keys are named, without their values",
      lines: "pasword: secret\njsonData:\n  httpMehtod: GET\nsecureJsonData:\n  token: secret",
      notTaken: [
        `${at}.pasword unknownKey`,
        `${at}.jsonData.httpMehtod unknownKey`,
        `${at}.secureJsonData.token unknownKey`,
      ],
    },
    {
      title: "ill-typed keys",
      lines: "basicAuth: perhaps\njsonData: none\nsecureJsonData: [a]",
      notTaken: [
        `${at}.secureJsonData wrongType an object`,
        `${at}.jsonData wrongType an object`,
        `${at}.basicAuth wrongType true or false`,
      ],
    },
  ];
  for (const { title, lines, connection = {}, secrets = [], notTaken = [] } of cases) {
    test(title, () => {
      const read = readForTable(readText(dataSource(lines)));
      assert.deepEqual(read, { connections: [{ ...prod, ...connection }], secrets, notTaken });
    });
  }

  const addresses: readonly { readonly title: string; readonly url: string; readonly expected: object }[] = [
    { title: "with a path", url: "https://h.example/prom/", expected: { url: "https://h.example/prom" } },
    {
      title: "without a scheme, as Grafana takes it",
      url: "prometheus:9090",
      expected: { url: "http://prometheus:9090" },
    },
    { title: "of a query", url: "https://h.example/api/v1/query", expected: { url: "https://h.example" } },
    {
      title: "with a parameter",
      url: "https://h.example/?tenant=a",
      expected: { url: "https://h.example", queryParams: { tenant: "a" } },
    },
    { title: "to be filled in by hand", url: "https://<host>/p", expected: { askUrl: "https://<host>/p" } },
    { title: "of the environment", url: "http://$PROM_HOST:9090", expected: { askUrl: "" } },
    { title: "of another kind", url: "ftp://h.example", expected: { askUrl: "ftp://h.example" } },
  ];
  for (const { title, url, expected } of addresses) {
    test(`an address ${title}`, () => {
      const read = readForTable(
        readText(`apiVersion: 1\ndatasources: [{name: prod, type: prometheus, url: '${url}'}]\n`),
      );
      assert.ok("connections" in read);
      assert.deepEqual(read.connections, [{ name: "prod", auth: { type: "none" }, ...expected }]);
    });
  }

  test("user and password of an address go where they belong", () => {
    const read = readText(
      "apiVersion: 1\ndatasources: [{name: a, type: prometheus, url: 'https://m%65:p%40ss@h.example/x'}]\n",
    );
    assert.deepEqual(readForTable(read), {
      connections: [{ name: "a", url: "https://h.example/x", auth: { type: "basic", username: "me" } }],
      secrets: ["password=p@ss"],
      notTaken: [],
    });
  });

  test("a name alone in an address may be a token and is not taken", () => {
    const read = readText(
      "apiVersion: 1\ndatasources: [{name: a, type: prometheus, url: 'https://token@h.example'}]\n",
    );
    assert.ok(!JSON.stringify(read).includes("token@"));
    assert.deepEqual(readForTable(read), {
      connections: [{ name: "a", url: "https://h.example", auth: { type: "none" } }],
      secrets: [],
      notTaken: [`${at}.url wrongValue an address with user and password, or none`],
    });
  });

  const refusals: readonly { readonly title: string; readonly text: string; readonly notTaken: readonly string[] }[] = [
    { title: "other kinds", text: "[{name: l, type: loki, url: 'http://l'}]", notTaken: [`${at} otherType loki`] },
    {
      title: "Amazon's plug-in",
      text: "[{name: a, type: grafana-amazonprometheus-datasource, url: 'https://a'}]",
      notTaken: [`${at} sigV4`],
    },
    {
      title: "Azure's plug-in",
      text: "[{name: a, type: grafana-azureprometheus-datasource, url: 'https://a'}]",
      notTaken: [`${at} azure`],
    },
    {
      title: "Amazon's signature",
      text: "[{name: a, type: prometheus, url: 'https://a', jsonData: {sigV4Auth: true}}]",
      notTaken: [`${at} sigV4`],
    },
    {
      title: "Azure's sign-in",
      text: "[{name: a, type: prometheus, url: 'https://a', jsonData: {azureCredentials: {authType: msi}}}]",
      notTaken: [`${at} azure`],
    },
    { title: "what is no data source", text: "[prometheus]", notTaken: [`${at} wrongType an object`] },
    { title: "what has no type", text: "[{name: a}]", notTaken: [`${at}.type missing`] },
    { title: "no list", text: "prometheus", notTaken: ["datasources wrongType a list"] },
  ];
  for (const { title, text, notTaken } of refusals) {
    test(`not taken: ${title}`, () => {
      assert.deepEqual(readForTable(readText(`apiVersion: 1\ndatasources: ${text}\n`)), {
        connections: [],
        secrets: [],
        notTaken,
      });
    });
  }

  test("several data sources, each read by itself", () => {
    const read = readForTable(
      readText(
        "apiVersion: 1\ndeleteDatasources: [{name: x}]\ndatasources:\n- {name: a, type: prometheus, url: 'http://a'}\n- {name: l, type: loki}\n- {name: b, type: victoriametrics-metrics-datasource, url: 'http://b'}\n",
      ),
    );
    assert.deepEqual(read, {
      connections: [
        { name: "a", url: "http://a", auth: { type: "none" } },
        { name: "b", url: "http://b", auth: { type: "none" } },
      ],
      secrets: [],
      notTaken: ["deleteDatasources grafanaOnly", "datasources[1] otherType loki"],
    });
  });

  const versions = ["datasources: []\n", "apiVersion: 2\ndatasources: []\n", "apiVersion: [1]\ndatasources: []\n"];
  for (const text of versions) {
    test(`of version 1 only: ${JSON.stringify(text)}`, () => {
      assert.deepEqual(readForTable(readText(text)), { problem: { code: "grafanaVersion" } });
    });
  }

  test("CloudQuant's, word for word: the address and the rest of the token are the person's", () => {
    assert.deepEqual(readForTable(readText(cloudQuantProvisioning)), {
      connections: [
        {
          name: "cloudquant-liberator",
          auth: { type: "bearer" },
          method: "POST",
          minStep: "30s",
          askUrl: "https://<your-liberator-host>/metrics-api-bearer",
        },
      ],
      secrets: ["token=cqm_<your-token>"],
      notTaken: [
        `${at}.uid grafanaOnly`,
        `${at}.isDefault grafanaOnly`,
        `${at}.editable grafanaOnly`,
        `${at}.access grafanaOnly`,
        `${at}.jsonData.prometheusType grafanaOnly`,
      ],
    });
  });
});

describe("values that Grafana fills in", () => {
  const cases: readonly { readonly value: string; readonly expected: string }[] = [
    { value: "", expected: "text " },
    { value: "plain", expected: "text plain" },
    { value: "$NAME", expected: "reference $env:NAME" },
    { value: `\${NAME}`, expected: "reference $env:NAME" },
    { value: "$__env{NAME}", expected: "reference $env:NAME" },
    { value: "$__file{/a b}", expected: "reference $file:/a b" },
    { value: "$__file{C:\\a}", expected: "reference $file:C:\\a" },
    { value: "$__file{a}", expected: "mixed" },
    { value: "$__vault{a}", expected: "mixed" },
    { value: `\${1}`, expected: "mixed" },
    { value: "$1", expected: "mixed" },
    { value: "a$b", expected: "mixed" },
    { value: "$a$b", expected: "mixed" },
    { value: "$$a", expected: "text $a" },
    { value: "a$$", expected: "text a$" },
    { value: "$$$a", expected: "mixed" },
    { value: "5 $", expected: "text 5 $" },
    { value: "$ a", expected: "text $ a" },
    { value: "$__file{/a\nb}", expected: "mixed" },
  ];
  for (const { value, expected } of cases) {
    test(JSON.stringify(value), () => {
      const found = valueOfParts(grafanaParts(value));
      const text = {
        text: "text" in found ? ` ${found.text}` : "",
        reference: "ref" in found ? ` ${found.ref}` : "",
        mixed: "",
      };
      assert.equal(found.kind + text[found.kind], expected);
    });
  }
});
