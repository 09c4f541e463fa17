import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readForTable, readText } from "../../../support/imports.ts";

describe("promtool's HTTP configuration", () => {
  const cases: readonly {
    readonly title: string;
    readonly text: string;
    readonly connection?: Readonly<Record<string, unknown>>;
    readonly secrets?: readonly string[];
    readonly notTaken?: readonly string[];
  }[] = [
    {
      title: "basic sign-in",
      text: "basic_auth:\n  username: me\n  password: pa:ss\n",
      connection: { auth: { type: "basic", username: "me" } },
      secrets: ["password=pa:ss"],
    },
    {
      title: "a password in a file",
      text: "basic_auth: {username: me, password_file: /run/p}\n",
      connection: { auth: { type: "basic", username: "me", passwordRef: "$file:/run/p" } },
    },
    {
      title: "files beside the file",
      text: "basic_auth: {username: me, password_file: ./p}\ntls_config: {ca_file: sub/ca.pem}\n",
      connection: {
        auth: { type: "basic", username: "me", passwordRef: "$file:/etc/prom/p" },
        tls: { caFile: "/etc/prom/sub/ca.pem" },
      },
    },
    {
      title: "a user in a file or a secret manager is asked for",
      text: "basic_auth: {username_file: /u, password_ref: x}\n",
      connection: { auth: { type: "basic" }, askUsername: true },
      notTaken: ["basic_auth.username_file reference", "basic_auth.password_ref secretManager"],
    },
    {
      title: "no user at all",
      text: "basic_auth: {password: x}\n",
      connection: { auth: { type: "basic", username: "" } },
      secrets: ["password=x"],
    },
    {
      title: "credentials without a type are a bearer token",
      text: "authorization: {credentials: abc}\n",
      connection: { auth: { type: "bearer" } },
      secrets: ["token=abc"],
    },
    {
      title: "an empty type is Bearer",
      text: "authorization: {type: '', credentials_file: /t}\n",
      connection: { auth: { type: "bearer", tokenRef: "$file:/t" } },
    },
    {
      title: "another type is a raw value",
      text: "authorization: {type: Token, credentials: foo}\n",
      connection: { auth: { type: "raw" } },
      secrets: ["authorization=Token foo"],
    },
    {
      title: "another type with a file has to be entered",
      text: "authorization: {type: Token, credentials_file: /t}\n",
      connection: { auth: { type: "raw" } },
      notTaken: ["authorization.credentials_file reference"],
    },
    {
      title: "the old bearer token",
      text: "bearer_token: abc\n",
      connection: { auth: { type: "bearer" } },
      secrets: ["token=abc"],
    },
    {
      title: "the old bearer token's file",
      text: "bearer_token_file: /t\n",
      connection: { auth: { type: "bearer", tokenRef: "$file:/t" } },
    },
    {
      title: "two ways to sign in: the first counts",
      text: "basic_auth: {username: me, password: x}\nbearer_token: abc\n",
      connection: { auth: { type: "basic", username: "me" } },
      secrets: ["password=x"],
      notTaken: ["bearer_token secondCredential"],
    },
    {
      title: "OAuth2",
      text: "oauth2:\n  client_id: id\n  client_secret: s\n  token_url: https://idp/t\n  scopes: [a, b]\n  endpoint_params: {audience: x}\n",
      connection: {
        auth: {
          type: "oauth2",
          tokenUrl: "https://idp/t",
          clientId: "id",
          scopes: ["a", "b"],
          params: { audience: "x" },
        },
      },
      secrets: ["clientSecret=s"],
    },
    {
      title: "OAuth2 with secrets where settings would hold them",
      text: "oauth2:\n  client_id: id\n  client_secret: s\n  token_url: https://idp/t?a=b&api_key=x\n  endpoint_params: {audience: x, password: x, client_assertion: x}\n",
      connection: {
        auth: { type: "oauth2", tokenUrl: "https://idp/t?a=b", clientId: "id", params: { audience: "x" } },
      },
      secrets: ["clientSecret=s"],
      notTaken: [
        "oauth2.token_url secretInSettings api_key",
        "oauth2.endpoint_params.password secretInSettings",
        "oauth2.endpoint_params.client_assertion secretInSettings",
      ],
    },
    {
      title: "OAuth2 with a file, a proxy and TLS of its own",
      text: "oauth2: {client_id: id, client_secret_file: /s, token_url: 'https://idp/t', proxy_url: 'http://p', tls_config: {ca_file: /c}}\n",
      connection: { auth: { type: "oauth2", tokenUrl: "https://idp/t", clientId: "id" } },
      notTaken: [
        "oauth2.tls_config noCounterpart",
        "oauth2.proxy_url noCounterpart",
        "oauth2.client_secret_file reference",
      ],
    },
    {
      title: "OAuth2 that signs",
      text: "oauth2: {grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', client_id: id, token_url: 'https://idp/t', client_certificate_key_file: /k, iss: me}\n",
      notTaken: [
        "oauth2.grant_type noCounterpart",
        "oauth2.client_certificate_key_file noCounterpart",
        "oauth2.iss noCounterpart",
      ],
    },
    {
      title: "TLS",
      text: "tls_config: {ca_file: /ca, cert_file: /c, key_file: /k, server_name: s, insecure_skip_verify: true, min_version: TLS12}\n",
      connection: {
        tls: { caFile: "/ca", certFile: "/c", keyFile: "/k", serverName: "s", insecureSkipVerify: true },
      },
      notTaken: ["tls_config.min_version noCounterpart"],
    },
    {
      title: "certificates in the text or a secret manager",
      text: "tls_config: {ca: '-----BEGIN', key_ref: x}\n",
      notTaken: ["tls_config.ca inlinePem tls.caFile", "tls_config.key_ref secretManager"],
    },
    {
      title: "a proxy with user and password",
      text: "proxy_url: http://me:p%40ss@proxy.example:3128\nno_proxy: a,b\n",
      connection: { proxy: "http://proxy.example:3128" },
      secrets: ["proxyPassword=me:p@ss"],
      notTaken: ["no_proxy noCounterpart"],
    },
    {
      title: "the proxy of the environment",
      text: "proxy_from_environment: true\n",
      connection: { proxy: "system" },
    },
    {
      title: "a proxy without them",
      text: "proxy_url: http://proxy:3128/\n",
      connection: { proxy: "http://proxy:3128" },
    },
    {
      title: "a proxy of another kind",
      text: "proxy_url: socks5://proxy:1080\n",
      notTaken: ["proxy_url wrongValue an http or https URL"],
    },
    {
      title: "a proxy that is no URL",
      text: "proxy_url: 'proxy'\n",
      notTaken: ["proxy_url wrongValue an http or https URL"],
    },
    {
      title: "headers: values, secrets, files, and values that are named like secrets",
      text: "http_headers:\n  X-Scope-OrgID: {values: [team-a]}\n  X-Api-Key: {values: [k]}\n  X-A: {secrets: [s]}\n  X-B: {files: [/b]}\n  X-C: {values: [a, b]}\n  Host: {values: [h]}\n",
      connection: { headers: { "X-Scope-OrgID": "team-a" }, secretHeaders: ["X-Api-Key", "X-A", "X-B"] },
      secrets: ["header:X-Api-Key=k", "header:X-A=s"],
      notTaken: ["http_headers.X-B.files reference", "http_headers.X-C severalValues", "http_headers.Host header"],
    },
    {
      title: "what changes nothing, and what we do not have",
      text: "follow_redirects: true\nenable_http2: false\nbearer_tokn: x\n",
      notTaken: ["bearer_tokn unknownKey"],
    },
    {
      title: "what we do otherwise",
      text: "follow_redirects: false\nenable_http2: true\n",
      notTaken: ["follow_redirects noCounterpart", "enable_http2 noCounterpart"],
    },
    {
      title: "ill-typed sections",
      text: "basic_auth: me\ntls_config: [a]\nproxy_from_environment: maybe\n",
      notTaken: [
        "basic_auth wrongType an object",
        "tls_config wrongType an object",
        "proxy_from_environment wrongType true or false",
      ],
    },
  ];
  for (const { title, text, connection = {}, secrets = [], notTaken = [] } of cases) {
    test(title, () => {
      assert.deepEqual(readForTable(readText(text, "prod-eu.yml", "/etc/prom")), {
        connections: [{ name: "prod-eu", auth: { type: "none" }, ...connection, askUrl: "" }],
        secrets,
        notTaken,
      });
    });
  }

  test("relative paths of a text that is no file begin nowhere", () => {
    assert.deepEqual(readForTable(readText("bearer_token_file: t\ntls_config: {ca_file: ../ca}\n", "")), {
      connections: [{ name: "", auth: { type: "none" }, askUrl: "" }],
      secrets: [],
      notTaken: ["bearer_token_file relativePath", "tls_config.ca_file relativePath"],
    });
  });

  for (const [fileName, name] of [
    ["http-config.yml", ""],
    ["http.conf.yaml", ""],
    ["config.yaml", ""],
    ["promtool.yml", "promtool"],
    ["staging.yaml", "staging"],
  ] as const) {
    test(`a connection of ${fileName} is called ${name === "" ? "after its host" : name}`, () => {
      const read = readText("bearer_token: x\n", fileName);
      assert.equal(read.ok && read.result.connections[0]?.name, name);
    });
  }
});
