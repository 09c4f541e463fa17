import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { describeFailure, failureSentence } from "../../../src/host/failureMessage.ts";
import type { Failure } from "../../../src/shared/errors.ts";

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

/** One row for each sentence; `says` has to stand in title or next step. */
const rows: readonly { failure: Failure; says: RegExp }[] = [
  { failure: { kind: "cancelled" }, says: /cancelled/i },
  { failure: { kind: "unreachable", code: "dns", detail: "getaddrinfo ENOTFOUND prom" }, says: /host/ },
  { failure: { kind: "unreachable", code: "refused", detail: "" }, says: /port/ },
  { failure: { kind: "unreachable", code: "reset", detail: "" }, says: /closed the connection/ },
  { failure: { kind: "unreachable", code: "tls", detail: "self-signed certificate" }, says: /certificate/ },
  { failure: { kind: "unreachable", code: "connectTimeout", detail: "" }, says: /VPN/ },
  { failure: { kind: "unreachable", code: "network", detail: "" }, says: /network/ },
  { failure: { kind: "timedOut", by: "client", afterMs: 30_000, detail: "" }, says: /30s.*timeoutMs/s },
  { failure: { kind: "timedOut", by: "server", afterMs: 30_000, detail: "query timed out" }, says: /shorter range/ },
  { failure: { kind: "unauthorized", status: 401, detail: "Unauthorized" }, says: /token or password/ },
  { failure: { kind: "unauthorized", status: 403, detail: "" }, says: /403/ },
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
  { failure: refused("something_new", 418), says: /418/ },
  { failure: refused("", 500, "no valid org id found"), says: /X-Scope-OrgID/ },
  { failure: page(200, "html", "Sign in"), says: /login page/ },
  { failure: page(200, "exposition", "# HELP up"), says: /exporter/ },
  { failure: page(200, "text", "hello"), says: /plain text/ },
  { failure: page(200, "json"), says: /another API/ },
  { failure: page(200, "empty"), says: /empty/ },
  { failure: page(400, "text", "Authentication to data source failed"), says: /Grafana/ },
  { failure: page(400, "text", "Client sent an HTTP request to an HTTPS server."), says: /https:\/\// },
  { failure: page(404, "text", "404 page not found"), says: /prefix/ },
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
  {
    failure: { kind: "unreachable", code: "proxy", detail: "The proxy http://p wants other credentials, or any (407)" },
    says: /http\.noProxy/,
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
  { failure: { kind: "misconfigured", what: "secretCharacters", detail: "token" }, says: /token/ },
  { failure: { kind: "misconfigured", what: "secretNewer", detail: "token" }, says: /newer/ },
  { failure: { kind: "misconfigured", what: "secretDamaged", detail: "password" }, says: /password/ },
  {
    failure: { kind: "misconfigured", what: "settingsFile", detail: "It is not valid JSON." },
    says: /Open Connection Settings/,
  },
  { failure: { kind: "misconfigured", what: "range", detail: "" }, says: /start or end/ },
  { failure: { kind: "misconfigured", what: "step", detail: "" }, says: /step/ },
  { failure: { kind: "misconfigured", what: "request", detail: "" }, says: /headers/ },
  { failure: { kind: "misconfigured", what: "tls.caFile", detail: "" }, says: /tls\.caFile/ },
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
