import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { requestToken } from "../../../src/prometheus/tokenRequest.ts";
import type { Failure } from "../../../src/shared/errors.ts";
import type { TokenRequest } from "../../../src/shared/model/tokenRequest.ts";
import { type Script, startHostileServer } from "../../support/hostileServer.ts";
import { failureFrom, neverAborted } from "../../support/sources.ts";

const client = { clientId: "i d", clientSecret: "s3c:ret+é", scopes: ["a", "b"], params: { audience: "x y" } };

function ask(tokenUrl: string, signal = neverAborted(), more: Partial<TokenRequest> = {}) {
  return requestToken({ tokenUrl, ...client, ...more }, { signal, userAgent: "promql-workbench/test" });
}

test("the client signs in by Basic with both halves form-encoded, and everything else is in the form", async () => {
  await using server = await startHostileServer(({ answer }) =>
    answer(200, '{"access_token":"t0k","token_type":"Bearer","expires_in":3600}'),
  );
  const token = await ask(`${server.origin}/realms/x/token?v=1`);
  assert.deepEqual(token, { accessToken: "t0k", expiresInSeconds: 3600 });
  const [request] = server.requests;
  assert.deepEqual([server.requests.length, request?.method, request?.path], [1, "POST", "/realms/x/token?v=1"]);
  const pair = Buffer.from("i+d:s3c%3Aret%2B%C3%A9").toString("base64");
  assert.equal(request?.headers["authorization"], `Basic ${pair}`);
  assert.deepEqual(Object.fromEntries(new URLSearchParams(request?.body)), {
    grant_type: "client_credentials",
    scope: "a b",
    audience: "x y",
  });
});

test("a server that wants the client in the form is asked once more", async () => {
  await using server = await startHostileServer(({ index, answer }) => {
    if (index === 0) answer(401, '{"error":"invalid_client"}');
    else answer(200, '{"access_token":"t0k"}');
  });
  assert.deepEqual(await ask(server.origin), { accessToken: "t0k", expiresInSeconds: undefined });
  const [, second] = server.requests;
  const form = new URLSearchParams(second?.body);
  assert.deepEqual([form.get("client_id"), form.get("client_secret")], [client.clientId, client.clientSecret]);
  assert.equal(second?.headers["authorization"], undefined);
});

describe("no token", () => {
  const cases: readonly {
    readonly title: string;
    readonly script: Script;
    readonly requests: number;
    readonly expected: Partial<Failure & { kind: "credential" }>;
  }[] = [
    {
      title: "refused, and the secret is taken out of what is said",
      script: ({ answer }) => answer(400, '{"error":"invalid_scope","error_description":"not for s3c:ret+é"}'),
      requests: 1,
      expected: { problem: "refused", code: "invalid_scope", detail: "not for •••" },
    },
    {
      title: "refused both ways",
      script: ({ answer }) => answer(401, '{"error":"invalid_client"}'),
      requests: 2,
      expected: { problem: "refused", code: "invalid_client" },
    },
    {
      title: "a login page",
      script: ({ answer }) => answer(200, "<html>Log in</html>"),
      requests: 1,
      expected: { problem: "badAnswer", code: "200" },
    },
    {
      title: "a redirect, which is not followed",
      script: ({ answer }) => answer(307, "", { Location: "http://127.0.0.1:9/" }),
      requests: 1,
      expected: { problem: "badAnswer", code: "307" },
    },
    {
      title: "an answer without end",
      script: ({ head, raw }) => {
        head(200, { "Content-Type": "application/json" });
        raw(`{"access_token":"${"x".repeat(200_000)}`);
      },
      requests: 1,
      expected: { problem: "badAnswer", code: "200" },
    },
    {
      title: "an empty token",
      script: ({ answer }) => answer(200, '{"access_token":""}'),
      requests: 1,
      expected: { problem: "badAnswer", code: "200" },
    },
    {
      title: "a reset",
      script: ({ reset }) => reset(),
      requests: 1,
      expected: { problem: "unreachable", code: "reset" },
    },
  ];
  for (const { title, script, requests, expected } of cases) {
    test(title, async () => {
      await using server = await startHostileServer(script);
      const failure = await failureFrom(ask(`${server.origin}/token?secret=no`));
      assert.ok(failure.kind === "credential");
      assert.deepEqual([failure.source, failure.name], ["oauth2", `${server.origin}/token`]);
      for (const [key, value] of Object.entries(expected))
        assert.equal(failure[key as keyof typeof failure], value, key);
      assert.equal(server.requests.length, requests);
      assert.equal(JSON.stringify(failure).includes("s3c"), false);
      await server.whenAllClosed();
    });
  }

  test("given up: its socket is closed", async () => {
    await using server = await startHostileServer(() => {});
    const controller = new AbortController();
    const asking = failureFrom(ask(server.origin, controller.signal));
    await server.whenRequested(1);
    controller.abort();
    assert.deepEqual(await asking, { kind: "cancelled" });
    await server.whenAllClosed();
  });
});
