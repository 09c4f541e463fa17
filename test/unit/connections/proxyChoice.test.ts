import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isExemptFromProxy } from "../../../src/connections/noProxy.ts";
import { chooseProxy, type EditorProxy } from "../../../src/connections/proxyChoice.ts";
import { failureOf } from "../../../src/shared/errors.ts";

/** The proxy's origin with its authorization, `direct`, or the failure. */
function chosen(
  origin: string,
  wanted: string | undefined,
  editor: Partial<EditorProxy>,
  environment: Readonly<Record<string, string>>,
  authorization?: string,
): string {
  const unset: EditorProxy = {
    proxy: undefined,
    noProxy: undefined,
    proxySupport: undefined,
    proxyAuthorization: undefined,
  };
  try {
    const choice = chooseProxy({
      origin,
      wanted,
      authorization,
      editor: { ...unset, ...editor },
      environment: (name) => environment[name],
    });
    if (choice.kind === "direct") return "direct";
    return [choice.origin, choice.authorization ?? ""].join(" ").trim();
  } catch (error) {
    const failure = failureOf(error);
    return failure.kind === "misconfigured" ? `${failure.what} ${failure.detail}` : failure.kind;
  }
}

const https = "https://prometheus.example.com";
const http = "http://prometheus.example.com:9090";

const cases: readonly {
  readonly title: string;
  readonly origin?: string;
  readonly wanted?: string;
  readonly editor?: Partial<EditorProxy>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly authorization?: string;
  readonly expected: string;
}[] = [
  { title: "nothing is said anywhere", expected: "direct" },
  { title: "VS Code's proxy", editor: { proxy: "http://p:3128" }, expected: "http://p:3128" },
  {
    title: "VS Code's proxy for plain http",
    origin: http,
    editor: { proxy: "http://p:3128" },
    expected: "http://p:3128",
  },
  { title: "a proxy that speaks https", editor: { proxy: "https://p" }, expected: "https://p" },
  {
    title: "VS Code's proxy before the environment's",
    editor: { proxy: "http://p:3128" },
    environment: { HTTPS_PROXY: "http://env:1" },
    expected: "http://p:3128",
  },
  {
    title: "an empty setting is none",
    editor: { proxy: " " },
    environment: { HTTPS_PROXY: "http://env:1" },
    expected: "http://env:1",
  },
  { title: "a setting of another type is none", editor: { proxy: 3128 }, expected: "direct" },
  {
    title: "support switched off",
    editor: { proxy: "http://p:3128", proxySupport: "off" },
    environment: { HTTPS_PROXY: "http://env:1" },
    expected: "direct",
  },
  {
    title: "other kinds of support",
    editor: { proxy: "http://p:3128", proxySupport: "fallback" },
    expected: "http://p:3128",
  },
  { title: "said as system", wanted: "system", editor: { proxy: "http://p:3128" }, expected: "http://p:3128" },
  { title: "none wanted", wanted: "none", editor: { proxy: "http://p:3128" }, expected: "direct" },
  {
    title: "named by the profile",
    wanted: "http://own:8080",
    editor: { proxy: "http://p:3128", noProxy: ["*"], proxySupport: "off" },
    environment: { NO_PROXY: "*" },
    expected: "http://own:8080",
  },
  {
    title: "named by the profile with a secret of its own, and not VS Code's",
    wanted: "http://own:8080",
    authorization: "Basic b3du",
    editor: { proxyAuthorization: "Basic dnNj" },
    expected: "http://own:8080 Basic b3du",
  },
  {
    title: "the profile's secret goes to no other proxy",
    editor: { proxy: "http://p:3128" },
    authorization: "Basic b3du",
    expected: "http://p:3128",
  },
  {
    title: "named by the profile, even for this machine",
    origin: "http://localhost:9090",
    wanted: "http://own:8080",
    expected: "http://own:8080",
  },
  ...["http://localhost:9090", "https://127.0.0.1", "http://127.8.9.1", "http://[::1]:9090", "https://a.localhost"].map(
    (origin) => ({
      title: `this machine: ${origin}`,
      origin,
      editor: { proxy: "http://p:3128" },
      expected: "direct",
    }),
  ),
  {
    title: "VS Code's exemptions",
    editor: { proxy: "http://p:3128", noProxy: ["intern", "example.com"] },
    expected: "direct",
  },
  {
    title: "the environment's exemptions hold for VS Code's proxy too",
    editor: { proxy: "http://p:3128" },
    environment: { no_proxy: "example.com" },
    expected: "direct",
  },
  {
    title: "exemptions in capitals",
    environment: { HTTPS_PROXY: "http://env:1", NO_PROXY: "Example.COM" },
    expected: "direct",
  },
  {
    title: "the environment, https",
    environment: { HTTPS_PROXY: "http://s:1", HTTP_PROXY: "http://h:1", ALL_PROXY: "http://a:1" },
    expected: "http://s:1",
  },
  {
    title: "the environment, http",
    origin: http,
    environment: { HTTPS_PROXY: "http://s:1", HTTP_PROXY: "http://h:1", ALL_PROXY: "http://a:1" },
    expected: "http://h:1",
  },
  {
    title: "in small letters before capitals",
    environment: { HTTPS_PROXY: "http://big:1", https_proxy: "http://small:1" },
    expected: "http://small:1",
  },
  {
    title: "for all, https",
    environment: { all_proxy: "http://a:1", http_proxy: "http://h:1" },
    expected: "http://a:1",
  },
  { title: "for all, http", origin: http, environment: { ALL_PROXY: "http://a:1" }, expected: "http://a:1" },
  {
    title: "https also by the proxy of http, as VS Code does",
    environment: { http_proxy: "http://h:1" },
    expected: "http://h:1",
  },
  {
    title: "http never by the proxy of https",
    origin: http,
    environment: { https_proxy: "http://s:1" },
    expected: "direct",
  },
  {
    title: "an empty variable is none",
    environment: { https_proxy: "", HTTPS_PROXY: "http://s:1" },
    expected: "http://s:1",
  },
  { title: "without scheme", environment: { https_proxy: "proxy:3128" }, expected: "http://proxy:3128" },
  {
    title: "a path is no part of it",
    environment: { https_proxy: "http://proxy:3128/" },
    expected: "http://proxy:3128",
  },
  {
    title: "with user and password",
    environment: { https_proxy: "http://us%40er:p%3Aw@proxy:3128" },
    expected: `http://proxy:3128 Basic ${Buffer.from("us@er:p:w").toString("base64")}`,
  },
  {
    title: "VS Code's authorization outweighs the URL's",
    editor: { proxy: "http://u:p@p:3128", proxyAuthorization: "Negotiate abc" },
    expected: "http://p:3128 Negotiate abc",
  },
  {
    title: "VS Code's authorization is not for a proxy of the environment",
    editor: { proxyAuthorization: "Basic dnNj" },
    environment: { https_proxy: "http://env:1" },
    expected: "http://env:1",
  },
  { title: "socks", editor: { proxy: "socks5://u:secret@p:1080" }, expected: "proxyScheme http.proxy: socks5:" },
  {
    title: "socks for all",
    environment: { ALL_PROXY: "socks5h://p:1080" },
    expected: "proxyScheme ALL_PROXY: socks5h:",
  },
  { title: "no URL", environment: { HTTPS_PROXY: "http://u:secret@:99999" }, expected: "proxyUrl HTTPS_PROXY" },
];

describe("the proxy of", () => {
  for (const { title, origin = https, wanted, editor = {}, environment = {}, authorization, expected } of cases) {
    test(title, () => assert.equal(chosen(origin, wanted, editor, environment, authorization), expected));
  }
});

const exemptions: readonly (readonly [list: string, origin: string, isExempt: boolean])[] = [
  ["", https, false],
  ["*", https, true],
  ["other, *", https, true],
  ["example.com", https, true],
  [".example.com", https, true],
  ["*.example.com", https, true],
  ["prometheus.example.com", https, true],
  ["EXAMPLE.com", "https://PROMETHEUS.example.com.", true],
  ["example.com.", https, true],
  ["xample.com", https, false],
  ["example.com", "https://notexample.com", false],
  ["example.com", "https://example.com.evil.org", false],
  ["a b\texample.com", https, true],
  ["example.com:443", https, true],
  ["example.com:8443", https, false],
  ["example.com:9090", http, true],
  ["example.com:80", "http://example.com", true],
  ["10.1.2.3", "http://10.1.2.3:9090", true],
  ["10.1.2.3:9090", "http://10.1.2.3:9090", true],
  ["10.1.2.3:80", "http://10.1.2.3:9090", false],
  ["10.1.2.3", "http://110.1.2.3", false],
  ["2.3", "http://10.1.2.3", false],
  ["10.0.0.0/8", "http://10.200.0.1", true],
  ["10.0.0.0/8", "http://11.0.0.1", false],
  ["10.0.0.0/33", "http://10.0.0.1", false],
  ["10.0.0.0/8", "http://ten.example.com", false],
  ["fd00::/8", "http://[fd12::1]:9090", true],
  ["[fd00::]/8", "http://[fd12::1]:9090", true],
  ["fd12::1", "http://[fd12::1]:9090", true],
  ["fd12:0:0::1", "http://[fd12::1]:9090", true],
  ["[fd12::1]:9090", "http://[fd12::1]:9090", true],
  ["[fd12::1]:80", "http://[fd12::1]:9090", false],
  [".", https, false],
  ["*.", https, false],
  [",,", https, false],
];

describe("exempt from the proxy", () => {
  for (const [list, origin, isExempt] of exemptions) {
    test(`${origin} by "${list}": ${isExempt}`, () => assert.equal(isExemptFromProxy(origin, list), isExempt));
  }
});
