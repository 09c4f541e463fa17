import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { describeFailure, failureSentence } from "../../../src/host/failureMessage.ts";
import type {
  CredentialProblem,
  CredentialSource,
  Failure,
  ProxyProblem,
  TlsCause,
} from "../../../src/shared/errors.ts";

const server = "Production EU";
const page = (
  status: number,
  content: "html" | "exposition" | "text" | "json" | "empty",
  detail = "",
  retryAfterSeconds?: number,
): Failure => ({
  kind: "notPrometheus",
  status,
  content,
  detail,
  ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
});
const refused = (errorType: string, status = 422, message = "m"): Failure => ({
  kind: "rejected",
  status,
  errorType,
  message,
});

const insecure = (tls: TlsCause): Failure => ({ kind: "unreachable", code: "tls", tls, detail: "" });
const proxied = (problem: ProxyProblem) =>
  ({ kind: "unreachable", code: "proxy", problem, via: "http://proxy:3128", detail: "" }) as const;
const credential = (source: CredentialSource, problem: CredentialProblem) =>
  ({ kind: "credential", source, problem, name: "X", detail: "" }) as const;

/** One row for each sentence; `says` has to stand in title or next step. */
const rows: readonly { failure: Failure; says: RegExp }[] = [
  { failure: { kind: "cancelled" }, says: /cancelled/i },
  { failure: { kind: "unreachable", code: "dns", detail: "getaddrinfo ENOTFOUND prom" }, says: /host/ },
  { failure: { kind: "unreachable", code: "refused", detail: "" }, says: /port/ },
  { failure: { kind: "unreachable", code: "reset", detail: "" }, says: /closed the connection/ },
  { failure: insecure("expired"), says: /expired.*renew/s },
  { failure: insecure("notYetValid"), says: /not valid yet.*date/s },
  { failure: insecure("revoked"), says: /revoked/ },
  { failure: insecure("selfSigned"), says: /itself.*tls\.caFile/s },
  { failure: insecure("unknownIssuer"), says: /who issued.*tls\.caFile/s },
  { failure: insecure("hostMismatch"), says: /another host.*tls\.serverName/s },
  { failure: insecure("clientCertificateWanted"), says: /wants a client certificate.*tls\.certFile/s },
  { failure: insecure("clientCertificateRefused"), says: /not accept the client certificate.*expired/s },
  { failure: insecure("ownMaterial"), says: /passphrase/ },
  { failure: insecure("protocol"), says: /TLS 1\.2/ },
  { failure: insecure("handshakeRefused"), says: /handshake.*cipher/s },
  { failure: insecure("unknownName"), says: /host name.*tls\.serverName/s },
  { failure: insecure("closed"), says: /before it was secure.*plain http/s },
  { failure: insecure("notTls"), says: /does not speak https.*http:\/\//s },
  { failure: insecure("tlsPort"), says: /speaks https.*https:\/\//s },
  { failure: insecure("other"), says: /certificate/ },
  { failure: proxied("notFound"), says: /http:\/\/proxy:3128 cannot be found.*http\.proxy/s },
  { failure: proxied("refused"), says: /refuses connections.*none/s },
  { failure: proxied("timedOut"), says: /in time/ },
  { failure: proxied("credentials"), says: /407.*password/s },
  { failure: proxied("denied"), says: /does not let requests through/ },
  { failure: proxied("tls"), says: /secure connection/ },
  { failure: proxied("other"), says: /made no connection/ },
  { failure: { ...proxied("refused"), via: "" }, says: /^The proxy refuses/ },
  { failure: { kind: "unreachable", code: "connectTimeout", detail: "" }, says: /VPN/ },
  { failure: { kind: "unreachable", code: "network", detail: "" }, says: /network/ },
  { failure: { kind: "timedOut", by: "client", afterMs: 30_000, detail: "" }, says: /30s.*timeoutMs/s },
  { failure: { kind: "timedOut", by: "server", afterMs: 30_000, detail: "query timed out" }, says: /shorter range/ },
  { failure: { kind: "unauthorized", status: 401, detail: "Unauthorized" }, says: /token or password/ },
  { failure: { kind: "unauthorized", status: 403, detail: "" }, says: /403/ },
  {
    failure: { kind: "unauthorized", status: 401, detail: "", scheme: "negotiate" },
    says: /Kerberos.*not supported/s,
  },
  { failure: { kind: "unauthorized", status: 401, detail: "", scheme: "digest" }, says: /Digest.*not supported/s },
  {
    failure: {
      kind: "unauthorized",
      status: 403,
      detail: "non allow-listed POSTs not allowed on proxied Prometheus datasource",
    },
    says: /Grafana.*"GET"/s,
  },
  {
    failure: {
      kind: "unauthorized",
      status: 403,
      detail: "Forbidden (user=system:serviceaccount:a:b, verb=create, resource=prometheuses, subresource=api)",
    },
    says: /Kubernetes.*right/s,
  },
  {
    failure: { kind: "unauthorized", status: 403, detail: "Request forbidden by administrative rules." },
    says: /firewall/,
  },
  { failure: { kind: "unauthorized", status: 401, detail: "no org id" }, says: /X-Scope-OrgID/ },
  { failure: { kind: "unauthorized", status: 403, detail: "Missing Authentication Token" }, says: /SigV4/ },
  {
    failure: { kind: "redirected", status: 302, to: "https://sso.example/oauth2/start", crossOrigin: true },
    says: /login page/,
  },
  {
    failure: { kind: "redirected", status: 302, to: "https://other.example/p", crossOrigin: true },
    says: /another server/,
  },
  {
    failure: {
      kind: "redirected",
      status: 301,
      to: "https://a.example/api/v1/query",
      crossOrigin: true,
      httpsOrigin: "https://a.example",
    },
    says: /wants https.*https:\/\//s,
  },
  { failure: { kind: "redirected", status: 301, to: "https://a.example/p", crossOrigin: false }, says: /path/ },
  { failure: { kind: "notWritten", code: "diskFull", file: "x.csv", detail: "ENOSPC" }, says: /x\.csv.*disk is full/ },
  {
    failure: { kind: "notWritten", code: "denied", file: "x.csv", detail: "" },
    says: /x\.csv may not.*another|folder/s,
  },
  { failure: { kind: "notWritten", code: "folderGone", file: "x.csv", detail: "" }, says: /folder/ },
  { failure: { kind: "notWritten", code: "inUse", file: "x.csv", detail: "" }, says: /another program/ },
  { failure: { kind: "notWritten", code: "notAFile", file: "x", detail: "" }, says: /not a file/ },
  { failure: { kind: "notWritten", code: "other", file: "x.csv", detail: "EIO" }, says: /could not be written/ },
  { failure: { kind: "exportTooLarge", to: "clipboard", allowed: 5 * 2 ** 20 }, says: /5 MiB.*to a file/s },
  { failure: { kind: "exportTooLarge", to: "file", allowed: 64 * 2 ** 20 }, says: /64 MiB.*this machine/s },
  { failure: { kind: "misconfigured", what: "answerReplaced", detail: "" }, says: /newer answer/ },
  { failure: { kind: "misconfigured", what: "exportFormat", detail: "" }, says: /format/ },
  {
    failure: { kind: "misconfigured", what: "exportTooWide", detail: "It would have 7 columns." },
    says: /almost empty.*one row per sample/s,
  },
  { failure: refused("bad_data", 400), says: /Correct the query/ },
  { failure: refused("execution"), says: /execute/ },
  { failure: refused("canceled", 503), says: /Run it again/ },
  { failure: refused("unavailable", 503), says: /not ready/ },
  { failure: refused("internal", 500), says: /internal error/ },
  { failure: refused("not_found", 404), says: /does not offer/ },
  { failure: refused("too_many_requests", 429), says: /too many/ },
  {
    failure: refused("bad_data", 400, "exceeded maximum resolution of 11,000 points per timeseries"),
    says: /wider step/,
  },
  { failure: refused("execution", 422, "unavailable with Prometheus Agent"), says: /agent mode.*targets/s },
  { failure: refused("something_new", 418), says: /418/ },
  { failure: refused("", 500, "no valid org id found"), says: /X-Scope-OrgID/ },
  { failure: page(200, "html", "Sign in"), says: /login page/ },
  { failure: page(200, "exposition", "# HELP up"), says: /exporter/ },
  { failure: page(200, "text", "hello"), says: /plain text/ },
  { failure: page(200, "json"), says: /another API/ },
  { failure: page(200, "empty"), says: /empty/ },
  { failure: page(400, "text", "Authentication to data source failed"), says: /Grafana/ },
  { failure: page(400, "text", "Client sent an HTTP request to an HTTPS server."), says: /https:\/\// },
  { failure: page(400, "html", "400 No required SSL certificate was sent nginx"), says: /wants a client certificate/ },
  { failure: page(400, "html", "400 The SSL certificate error nginx"), says: /not accept the client certificate/ },
  { failure: page(400, "text", 'missing route for "/x"'), says: /no route/ },
  { failure: page(400, "text", 'unsupported path requested: "/x"'), says: /VictoriaMetrics.*select/s },
  { failure: page(499, "text", ""), says: /499.*gateway/s },
  {
    failure: page(404, "text", "404 page not found"),
    says: /prefix.* \/prometheus, .* \/api\/prom, .* \/select\/0\/prometheus\./s,
  },
  { failure: page(405, "html"), says: /"GET"/ },
  { failure: page(414, "html"), says: /too long/ },
  { failure: page(422, "text"), says: /422/ },
  { failure: page(429, "text", "", 90), says: /1m30s/ },
  { failure: page(502, "html"), says: /behind it/ },
  { failure: page(503, "text", "Service Unavailable"), says: /starting/ },
  { failure: page(500, "html"), says: /500/ },
  { failure: { kind: "malformed", offset: 1234, expected: "a number" }, says: /cut it/ },
  { failure: { kind: "tooLarge", limit: "bytes", allowed: 1_073_741_824 }, says: /1 GiB/ },
  { failure: { kind: "misconfigured", what: "connectionUnknown", detail: "prod-us" }, says: /prod-us/ },
  { failure: { kind: "misconfigured", what: "proxyUrl", detail: "http.proxy" }, says: /in http\.proxy/ },
  {
    failure: { kind: "misconfigured", what: "proxyScheme", detail: "ALL_PROXY: socks5:" },
    says: /"transport": "vscode"/,
  },
  ...(
    [
      ["notFound", /not there/],
      ["unreadable", /may read it/],
      ["tooLarge", /1 MiB/],
      ["notPem", /openssl/],
      ["keyMismatch", /tls\.certFile/],
      ["passphraseMissing", /passphrase/],
      ["passphraseWrong", /passphrase again/],
    ] as const
  ).map(([problem, says]) => ({
    failure: { kind: "pemFile", role: "keyFile", problem, file: "/etc/key.pem", detail: "" } as const,
    says,
  })),
  { failure: { kind: "misconfigured", what: "plainHttpConsent", detail: "http://10.0.0.1" }, says: /plain http/ },
  {
    failure: { kind: "misconfigured", what: "plainHttpProxyConsent", detail: "http://10.0.0.1" },
    says: /proxy.*password.*readable.*Nothing was sent/s,
  },
  { failure: { kind: "misconfigured", what: "secretCharacters", detail: "token" }, says: /token/ },
  { failure: { kind: "misconfigured", what: "secretNewer", detail: "token" }, says: /newer/ },
  { failure: { kind: "misconfigured", what: "secretDamaged", detail: "password" }, says: /password/ },
  {
    failure: { kind: "misconfigured", what: "settingsFile", detail: "It is not valid JSON." },
    says: /Open Connection Settings/,
  },
  { failure: { kind: "misconfigured", what: "settingsNotRead", detail: "" }, says: /were saved.*Reload the window/s },
  { failure: { kind: "misconfigured", what: "range", detail: "" }, says: /start or end/ },
  { failure: { kind: "misconfigured", what: "step", detail: "" }, says: /step/ },
  {
    failure: { kind: "misconfigured", what: "variableForm", detail: "[[a:csv]]" },
    says: /^The form \[\[a:csv\]\] of .* is not known/,
  },
  {
    failure: { kind: "misconfigured", what: "variableCycle", detail: "job" },
    says: /variable job leads back to itself/,
  },
  { failure: { kind: "misconfigured", what: "variableSize", detail: "job" }, says: /variable job is made of too many/ },
  { failure: { kind: "misconfigured", what: "request", detail: "" }, says: /headers/ },
  { failure: { kind: "misconfigured", what: "tls.caFile", detail: "" }, says: /tls\.caFile/ },
  { failure: credential("env", "unset"), says: /variable X, .* is not set.*restart the extensions/s },
  { failure: credential("env", "empty"), says: /variable X, .* is empty/ },
  { failure: credential("env", "characters"), says: /variable X, .* characters/ },
  { failure: credential("file", "notFound"), says: /file X, .* is not there.*path/s },
  { failure: credential("file", "unreadable"), says: /cannot be read.*who may/s },
  { failure: credential("file", "empty"), says: /file X, .* is empty/ },
  { failure: credential("file", "tooLarge"), says: /too much.*64 KB/s },
  { failure: credential("command", "notFound"), says: /command X, .* is not there/ },
  { failure: credential("command", "unreadable"), says: /may not be run/ },
  { failure: { ...credential("command", "failed"), code: "127" }, says: /failed \(127\).*terminal/s },
  { failure: credential("command", "timedOut"), says: /did not end in time.*20 s/s },
  { failure: credential("command", "empty"), says: /printed nothing.*access_token/s },
  { failure: credential("command", "notAllowed"), says: /Restricted Mode.*Trust/s },
  { failure: credential("command", "badAnswer"), says: /without a token/ },
  { failure: { ...credential("oauth2", "refused"), code: "invalid_client" }, says: /\(invalid_client\).*client id/s },
  { failure: credential("oauth2", "refused"), says: /token server X, .* refused to give a token\n/ },
  { failure: credential("command", "shellScript"), says: /No shell.*\.cmd or \.bat.*"cmd\.exe", "\/d", "\/c"/s },
  { failure: credential("oauth2", "badAnswer"), says: /sent something without a token/ },
  { failure: credential("oauth2", "timedOut"), says: /did not answer in time/ },
  { failure: credential("oauth2", "unreachable"), says: /cannot be reached/ },
  { failure: { kind: "secretMissing", connectionId: "a", purpose: "token" }, says: /enter it again/ },
  {
    failure: { kind: "originChanged", connectionId: "a", boundTo: "https://a", origin: "https://b" },
    says: /Nothing was sent/,
  },
  { failure: { kind: "bug", detail: "x is broken" }, says: /report it/ },
];

describe("every failure has its own words", () => {
  for (const { failure, says } of rows) {
    test(JSON.stringify(failure), () => {
      const { title, next } = describeFailure(failure, { server });
      assert.match(`${title}\n${next}`, says);
      assert.match(title, /^[A-Z].*[^.]$/, "a title is no sentence");
      assert.match(next, /^[A-Z].*\.$/s, "what to do is a sentence");
      const sentence = failureSentence(failure, { server });
      assert.match(sentence, /[.!?…]$/);
      assert.doesNotMatch(sentence, /undefined|null|\[object|\.\./);
    });
  }

  test("no two titles are the same", () => {
    const titles = rows.map(({ failure }) => describeFailure(failure, { server }).title);
    assert.deepEqual(
      titles.filter((title, i) => titles.indexOf(title) !== i),
      [],
    );
  });

  test("what a server said stands only in the detail", () => {
    const marker = "<b>server text</b>";
    const withDetail: Failure[] = rows.map(({ failure }) => {
      if (failure.kind === "rejected") return { ...failure, message: marker };
      return "detail" in failure && failure.kind !== "misconfigured" && failure.kind !== "bug"
        ? { ...failure, detail: marker }
        : failure;
    });
    for (const failure of withDetail) {
      const { title, next } = describeFailure(failure, { server });
      assert.ok(!`${title}${next}`.includes("server text"), title);
    }
  });
});

describe("VictoriaMetrics has one status for all that is wrong with a query", () => {
  const verdicts: readonly { readonly failure: Failure; readonly says: RegExp }[] = [
    { failure: refused("422", 422, 'unparsed data left: "bar"'), says: /cannot read this query.*Correct/s },
    { failure: refused("422", 422, 'unknown func "nofunc"'), says: /cannot read this query/ },
    { failure: refused("422", 422, "missing `query` arg"), says: /cannot read this query/ },
    { failure: refused("400", 400, "cannot parse matches[]=sum(: x"), says: /cannot read this query/ },
    {
      failure: { kind: "rejected", status: 422, errorType: "422", message: "x", position: { line: 1, column: 5 } },
      says: /cannot read this query/,
    },
    { failure: refused("422", 422, "duplicate timeseries on the left side"), says: /failed to execute the query/ },
    {
      failure: refused(
        "422",
        422,
        "too many points for the given step=1; cannot exceed -search.maxPointsPerTimeseries=30",
      ),
      says: /asks for more than/,
    },
    { failure: refused("500", 500, "cannot parse the index"), says: /refused the request \(500\)/ },
  ];
  for (const { failure, says } of verdicts) {
    test(JSON.stringify(failure), () => {
      const { title, next } = describeFailure(failure, { server });
      assert.match(`${title} ${next}`, says);
    });
  }
});

test("a keyring that cannot be opened is named with what to do, whatever it was wanted for", () => {
  const keyring = (problem: CredentialProblem) =>
    describeFailure({ ...credential("keyring", problem), name: "" }, { server });
  const { title, next, actions } = keyring("unreadable");
  assert.equal(title, `The system's keyring, which keeps the secrets of ${server}, could not be opened`);
  assert.match(next, /^Unlock it .*\$env:.*\.$/);
  assert.doesNotMatch(next, /sent/);
  assert.deepEqual(actions?.[0], { kind: "retry" });
  assert.match(keyring("timedOut").title, /did not answer in time$/);
});

test("a program or token server without time says how much it had, and why", () => {
  const next = (source: CredentialSource) =>
    describeFailure({ ...credential(source, "timedOut"), afterMs: 1000 }, { server }).next;
  assert.match(next("command"), /It had 1s \(timeoutMs of the connection\) and no input\.$/);
  assert.match(next("oauth2"), /It had 1s \(timeoutMs of the connection\)\.$/);
});

test("a credential that could not be renewed was refused before: something was sent", () => {
  const failure = { ...credential("command", "failed"), code: "1", isRenewal: true } as const;
  const { title, next } = describeFailure(failure, { server });
  assert.match(title, /command X, .* failed \(1\)/);
  assert.match(next, new RegExp(`^${server} answered 401 to the credential before\\. .*terminal`));
  assert.doesNotMatch(next, /Nothing was sent/);
});

describe("every pair of source and problem of a credential has its words", () => {
  const sources: readonly CredentialSource[] = ["env", "file", "command", "oauth2"];
  const problems: readonly CredentialProblem[] = [
    ...(["unset", "empty", "notFound", "unreadable", "failed", "timedOut"] as const),
    ...(["tooLarge", "characters", "notAllowed", "refused", "badAnswer", "unreachable", "shellScript"] as const),
  ];
  for (const source of sources) {
    for (const problem of problems) {
      test(`${source} ${problem}`, () => {
        const { title, next, actions } = describeFailure({ ...credential(source, problem), code: "7" }, { server });
        assert.match(title, new RegExp(`^The .* X, which ${server} signs in with, .*[^.]$`));
        assert.match(next, /^Nothing was sent\. [A-Z].*\.$/);
        assert.ok((actions?.length ?? 0) > 0);
        assert.doesNotMatch(title + next, /undefined/);
      });
    }
  }
});

describe("what a connection's own settings tell makes the advice truer", () => {
  const metrics = "https://a.example/metrics";
  const rows: readonly { title: string; failure: Failure; context: object; says: RegExp; does?: string }[] = [
    {
      title: "an exporter's page as base URL, not found",
      failure: page(404, "text", "404 page not found"),
      context: { baseUrl: metrics },
      says: /below \/metrics.*exporter/s,
      does: "editConnection",
    },
    {
      title: "an exporter's page as base URL, its start page",
      failure: page(200, "html", "Node Exporter"),
      context: { baseUrl: metrics },
      says: /below \/metrics/,
    },
    {
      title: "another 404",
      failure: page(404, "text"),
      context: { baseUrl: "https://a.example" },
      says: /prefix/,
    },
    {
      title: "405 to POST",
      failure: page(405, "html"),
      context: { method: "POST" },
      says: /405/,
      does: "useMethodGet",
    },
    {
      title: "405 to GET",
      failure: page(405, "html"),
      context: { method: "auto" },
      says: /405/,
      does: "editConnection",
    },
    {
      title: "403 to POST",
      failure: { kind: "unauthorized", status: 403, detail: "" },
      context: { method: "POST" },
      says: /403/,
      does: "useMethodGet",
    },
  ];
  for (const { title, failure, context, says, does } of rows) {
    test(title, () => {
      const message = describeFailure(failure, { server, ...context });
      assert.match(`${message.title}\n${message.next}`, says);
      if (does !== undefined) assert.equal(message.actions?.[0]?.kind, does);
    });
  }

  test("each server says in its own words that a port expects https", () => {
    for (const words of [
      "Client sent an HTTP request to an HTTPS server.",
      "400 The plain HTTP request was sent to HTTPS port nginx",
      "You're speaking plain HTTP to an SSL-enabled server port. Instead use the HTTPS scheme",
    ]) {
      const { title, actions } = describeFailure(page(400, "html", words), { server });
      assert.equal(title, `${server} expects https`);
      assert.deepEqual(actions, [{ kind: "useHttps" }]);
    }
  });

  test("401 says what the server asks for", () => {
    const failure: Failure = { kind: "unauthorized", status: 401, detail: "", scheme: "basic" };
    assert.match(describeFailure(failure, { server }).next, /asks for a user name and password/);
  });
});

describe("the first action is the likeliest", () => {
  const rows: readonly (readonly [failure: Failure, action: object | undefined])[] = [
    [
      { kind: "unreachable", code: "dns", detail: "" },
      { kind: "editConnection", at: "url" },
    ],
    [{ kind: "unreachable", code: "refused", detail: "" }, { kind: "retry" }],
    [insecure("tlsPort"), { kind: "useHttps" }],
    [{ kind: "unauthorized", status: 401, detail: "" }, { kind: "enterSecret" }],
    [{ kind: "unauthorized", status: 401, detail: "no org id" }, { kind: "addTenantHeader" }],
    [
      {
        kind: "redirected",
        status: 301,
        to: "https://a/api/v1/query",
        crossOrigin: true,
        httpsOrigin: "https://a",
      },
      { kind: "useHttps", origin: "https://a" },
    ],
    [{ kind: "timedOut", by: "server", afterMs: 1, detail: "" }, { kind: "widerStep" }],
    [credential("command", "notAllowed"), { kind: "manageTrust" }],
    [refused("bad_data", 400), undefined],
    [{ kind: "cancelled" }, undefined],
  ];
  for (const [failure, action] of rows) {
    test(JSON.stringify(failure), () => {
      assert.deepEqual(describeFailure(failure, { server }).actions?.[0], action);
    });
  }
});

describe("a redirect is one to a login page by the words of its path", () => {
  const targets: readonly { readonly to: string; readonly isLogin: boolean }[] = [
    { to: "https://a.example/login", isLogin: true },
    { to: "https://a.example/users/sign_in", isLogin: true },
    { to: "https://a.example/ServiceLogin", isLogin: true },
    { to: "https://a.example/wp-login.php", isLogin: true },
    { to: "https://a.example/saml2/start", isLogin: true },
    { to: "https://a.example/realms/x/openid-connect/auth", isLogin: true },
    { to: "https://login.example/oauth2/v1/authorize", isLogin: true },
    { to: "https://a.example/api/v1/login", isLogin: true },
    // Dex, alone and below another server's path.
    { to: "https://dex.example/auth", isLogin: true },
    { to: "https://a.example/dex/auth/ldap/login", isLogin: true },
    { to: "https://a.example/dex/auth/ldap", isLogin: true },
    { to: "https://a.example/auth/prometheus/api/v1/query", isLogin: false },
    { to: "https://a.example/authors/author", isLogin: false },
    { to: "https://metrics.lesson-platform.example/api/v1/query", isLogin: false },
    { to: "https://sso.example/", isLogin: false },
    { to: "https://a.example/lesson/blogging/authorized", isLogin: false },
    { to: "https://a.example/login/api/v1/query", isLogin: false },
    { to: "https://a.example/sso/api/v1/label/login/values/", isLogin: false },
    { to: "javascript:", isLogin: false },
  ];
  for (const { to, isLogin } of targets) {
    test(to, () => {
      const { title } = describeFailure({ kind: "redirected", status: 302, to, crossOrigin: true }, { server });
      assert.match(title, isLogin ? /login page/ : /another server/);
    });
  }
});

test("a refusal of what the rights do not cover does not blame credentials that queries work with", () => {
  const context = { server, beyondQueries: "the targets" };
  const bare: Failure = { kind: "unauthorized", status: 403, detail: "Forbidden" };
  assert.deepEqual(describeFailure(bare, context), {
    title: "Your rights do not cover the targets of Production EU (403)",
    detail: "Forbidden",
    next: "Queries work all the same.",
    actions: [{ kind: "retry" }],
  });
  assert.match(failureSentence({ ...bare, status: 401 }, context), /did not accept the credentials/);
  assert.match(failureSentence({ ...bare, detail: "Request forbidden by administrative rules." }, context), /firewall/);
});
