import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type WithoutSecrets, withoutPlainSecrets } from "../../../../src/connections/import/plainSecrets.ts";

type Element = Readonly<Record<string, unknown>>;

describe("plain values that may be secrets are taken out of a connection", () => {
  const cases: readonly { readonly title: string; readonly element: Element; readonly expected: WithoutSecrets }[] = [
    {
      title: "nothing of one that holds none",
      element: { headers: { "X-Scope-OrgID": "a" }, queryParams: { dedup: "true" }, proxy: "system" },
      expected: {
        element: { headers: { "X-Scope-OrgID": "a" }, queryParams: { dedup: "true" }, proxy: "system" },
        secrets: [],
        leftOut: [],
      },
    },
    {
      title: "headers and parameters have a place in the secret storage",
      element: {
        headers: { "X-A": "1", "X-Api-Key": "s3" },
        secretHeaders: ["Cookie"],
        queryParams: { authKey: "s4" },
      },
      expected: {
        element: { headers: { "X-A": "1" }, secretHeaders: ["Cookie", "X-Api-Key"], secretQueryParams: ["authKey"] },
        secrets: [
          { purpose: "header:X-Api-Key", value: "s3" },
          { purpose: "query:authKey", value: "s4" },
        ],
        leftOut: [],
      },
    },
    {
      title: "so have user and password of a proxy",
      element: { proxy: "http://me:p%40ss@proxy.example:3128" },
      expected: {
        element: { proxy: "http://proxy.example:3128" },
        secrets: [{ purpose: "proxyPassword", value: "me:p@ss" }],
        leftOut: [],
      },
    },
    {
      title: "parameters of a token request have none",
      element: {
        auth: {
          type: "oauth2",
          tokenUrl: "https://login.example/t?tenant=a&api_key=s3",
          clientId: "c",
          params: { audience: "x", password: "s4", client_assertion: "s5" },
        },
      },
      expected: {
        element: {
          auth: {
            type: "oauth2",
            tokenUrl: "https://login.example/t?tenant=a",
            clientId: "c",
            params: { audience: "x" },
          },
        },
        secrets: [],
        leftOut: ["auth.tokenUrl.api_key", "auth.params.password", "auth.params.client_assertion"],
      },
    },
    {
      title: "nor have arguments of a command, whose places stay",
      element: { auth: { type: "command", command: ["curl", "-H", "X-Vault-Token: s3"] } },
      expected: {
        element: { auth: { type: "command", command: ["curl", "-H", "X-Vault-Token: <left-out>"] } },
        secrets: [],
        leftOut: ["auth.command.2"],
      },
    },
    {
      title: "what has another form stays, so that it can be named",
      element: { headers: ["X-Api-Key"], queryParams: { authKey: 1 }, auth: { command: "x", params: 2 }, proxy: 3 },
      expected: {
        element: { headers: ["X-Api-Key"], queryParams: { authKey: 1 }, auth: { command: "x", params: 2 }, proxy: 3 },
        secrets: [],
        leftOut: [],
      },
    },
  ];
  for (const { title, element, expected } of cases) {
    test(title, () => assert.deepEqual(withoutPlainSecrets(element), expected));
  }
});
