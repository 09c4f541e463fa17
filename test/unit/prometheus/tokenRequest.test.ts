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
  assert.deepEqual(token, { accessToken: "t0k", expiresInSeconds: 3600, signedIn: "basic" });
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

describe("a server that wants the client in the form is asked once more", () => {
  const refusals: readonly { readonly title: string; readonly status: number; readonly body: string }[] = [
    { title: "as RFC 6749 says", status: 401, body: '{"error":"invalid_client"}' },
    { title: "without a word", status: 401, body: "" },
    { title: "as Auth0 says it", status: 401, body: '{"error":"access_denied","error_description":"Unauthorized"}' },
    { title: "as Azure says it", status: 400, body: '{"error":"invalid_request","error_description":"AADSTS900144"}' },
    { title: "as Keycloak says it", status: 400, body: '{"error":"unauthorized_client"}' },
    { title: "by a page", status: 403, body: "<html>Forbidden</html>" },
  ];
  for (const { title, status, body } of refusals) {
    test(title, async () => {
      await using server = await startHostileServer(({ request, answer }) => {
        if (request.headers["authorization"] !== undefined) answer(status, body);
        else answer(200, '{"access_token":"t0k"}');
      });
      const expected = { accessToken: "t0k", expiresInSeconds: undefined, signedIn: "form" };
      assert.deepEqual(await ask(server.origin), expected);
      const [, second, ...more] = server.requests;
      const form = new URLSearchParams(second?.body);
      assert.deepEqual([form.get("client_id"), form.get("client_secret")], [client.clientId, client.clientSecret]);
      assert.deepEqual([second?.headers["authorization"], more], [undefined, []]);
    });
  }

  for (const signIn of ["basic", "form"] as const) {
    test(`but not where it is known how: by ${signIn}`, async () => {
      await using server = await startHostileServer(({ answer }) => answer(401, '{"error":"invalid_client"}'));
      const failure = await failureFrom(ask(server.origin, neverAborted(), { signIn }));
      assert.partialDeepStrictEqual(failure, { problem: "refused", code: "invalid_client" });
      const [request, ...more] = server.requests;
      assert.equal(request?.headers["authorization"] !== undefined, signIn === "basic");
      assert.equal(new URLSearchParams(request?.body).has("client_secret"), signIn === "form");
      assert.deepEqual(more, []);
    });
  }
});

describe("of two refusals the one is told that came further", () => {
  const cases: readonly { readonly basic: string; readonly form: string; readonly told: string }[] = [
    { basic: "invalid_request", form: "invalid_client", told: "invalid_client" },
    { basic: "invalid_client", form: "invalid_request", told: "invalid_client" },
    { basic: "invalid_client", form: "invalid_scope", told: "invalid_scope" },
    { basic: "invalid_scope", form: "invalid_client", told: "invalid_scope" },
    { basic: "unauthorized_client", form: "access_denied", told: "unauthorized_client" },
    { basic: "invalid_request", form: "access_denied", told: "access_denied" },
  ];
  for (const { basic, form, told } of cases) {
    test(`${basic} by Basic, ${form} by the form`, async () => {
      await using server = await startHostileServer(({ index, answer }) =>
        answer(400, JSON.stringify({ error: index === 0 ? basic : form })),
      );
      assert.partialDeepStrictEqual(await failureFrom(ask(server.origin)), { problem: "refused", code: told });
      assert.equal(server.requests.length, 2);
    });
  }
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
      requests: 2,
      expected: { problem: "refused", code: "invalid_scope", detail: "not for •••" },
    },
    {
      title: "refused both ways",
      script: ({ answer }) => answer(401, '{"error":"invalid_client"}'),
      requests: 2,
      expected: { problem: "refused", code: "invalid_client" },
    },
    {
      title: "too often asked: not at once again",
      script: ({ answer }) => answer(429, '{"error":"slow_down"}'),
      requests: 1,
      expected: { problem: "refused", code: "slow_down" },
    },
    {
      title: "a server in trouble",
      script: ({ answer }) => answer(503, "no"),
      requests: 1,
      expected: { problem: "badAnswer", code: "503" },
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

  test("refused with words that hold a secret of the way there", async () => {
    await using server = await startHostileServer(({ answer }) =>
      answer(400, '{"error":"invalid_request","error_description":"proxy user:pr0xy came along"}'),
    );
    const way = { secrets: async () => ["user:pr0xy"] };
    const asking = requestToken(
      { tokenUrl: server.origin, ...client },
      { signal: neverAborted(), userAgent: "x", way },
    );
    const failure = await failureFrom(asking);
    assert.partialDeepStrictEqual(failure, { kind: "credential", detail: "proxy ••• came along" });
  });

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
