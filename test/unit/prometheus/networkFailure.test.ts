import assert from "node:assert/strict";
import { test } from "node:test";
import { networkFailure } from "../../../src/prometheus/networkFailure.ts";

const same = (text: string) => text;
const coded = (code: string, message = "what happened", options?: ErrorOptions) =>
  Object.assign(new Error(message, options), { code });

const rows: readonly (readonly [code: string, expected: string])[] = [
  ["ENOTFOUND", "dns"],
  ["EAI_AGAIN", "dns"],
  ["EAI_FAIL", "dns"],
  ["EAI_NODATA", "dns"],
  ["EAI_NONAME", "dns"],
  ["ENODATA", "dns"],
  ["ECONNREFUSED", "refused"],
  ["ECONNRESET", "reset"],
  ["ECONNABORTED", "reset"],
  ["EPIPE", "reset"],
  ["UND_ERR_SOCKET", "reset"],
  ["UND_ERR_RES_CONTENT_LENGTH_MISMATCH", "reset"],
  ["ETIMEDOUT", "connectTimeout"],
  ["UND_ERR_CONNECT_TIMEOUT", "connectTimeout"],
  ["EPROTO", "tls"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "tls"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "tls"],
  ["UNABLE_TO_GET_ISSUER_CERT", "tls"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "tls"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "tls"],
  ["UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY", "tls"],
  ["UNABLE_TO_DECRYPT_CERT_SIGNATURE", "tls"],
  ["UNABLE_TO_GET_CRL", "tls"],
  ["HOSTNAME_MISMATCH", "tls"],
  ["INVALID_CA", "tls"],
  ["INVALID_PURPOSE", "tls"],
  ["PATH_LENGTH_EXCEEDED", "tls"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "tls"],
  ["ERR_TLS_HANDSHAKE_TIMEOUT", "tls"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "tls"],
  ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "tls"],
  ["ERR_OSSL_X509_KEY_VALUES_MISMATCH", "tls"],
  ["CERT_HAS_EXPIRED", "tls"],
  ["CERT_NOT_YET_VALID", "tls"],
  ["CERT_REVOKED", "tls"],
  ["CRL_HAS_EXPIRED", "tls"],
  ["ERROR_IN_CERT_NOT_AFTER_FIELD", "tls"],
  ["EHOSTUNREACH", "network"],
  ["EHOSTDOWN", "network"],
  ["ENETUNREACH", "network"],
  ["ENETDOWN", "network"],
  ["EADDRNOTAVAIL", "network"],
  ["EACCES", "network"],
  ["EPERM", "network"],
  ["UND_ERR_HEADERS_OVERFLOW", "network"],
  ["UND_ERR_RESPONSE", "network"],
  ["HPE_INVALID_CONSTANT", "network"],
  ["UND_ERR_PRX_TLS", "network"],
];

for (const [code, expected] of rows) {
  test(`${code} is ${expected}`, () => {
    assert.deepEqual(networkFailure(coded(code), same), {
      kind: "unreachable",
      code: expected,
      detail: "what happened",
    });
  });
}

for (const code of [
  "UND_ERR_INVALID_ARG",
  "ERR_INVALID_ARG_TYPE",
  "ERR_INVALID_ARG_VALUE",
  "ERR_INVALID_CHAR",
  "ERR_INVALID_URL",
]) {
  test(`${code} is a request that cannot be sent`, () => {
    assert.deepEqual(networkFailure(coded(code), same), {
      kind: "misconfigured",
      what: "request",
      detail: "what happened",
    });
  });
}

test("every address of a name refused: the code is found and each attempt is named", () => {
  const attempts = [
    coded("ECONNREFUSED", "connect ECONNREFUSED ::1:9"),
    coded("ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:9"),
  ];
  const detail = "connect ECONNREFUSED ::1:9; connect ECONNREFUSED 127.0.0.1:9";
  const expected = { kind: "unreachable", code: "refused", detail };
  assert.deepEqual(
    networkFailure(Object.assign(new AggregateError(attempts), { code: "ECONNREFUSED" }), same),
    expected,
  );
  assert.deepEqual(networkFailure(new AggregateError(attempts), same), {
    ...expected,
    detail: "connect ECONNREFUSED ::1:9",
  });
});

test("a cause decides where the outer error has no known code", () => {
  const inner = coded("CERT_HAS_EXPIRED", "certificate has expired");
  for (const outer of [new TypeError("fetch failed", { cause: inner }), coded("OTHER", "outer", { cause: inner })]) {
    assert.deepEqual(networkFailure(outer, same), {
      kind: "unreachable",
      code: "tls",
      detail: "certificate has expired",
    });
  }
});

test("what did not come from the network is not explained by it", () => {
  const loop = new Error("loop");
  loop.cause = loop;
  for (const other of [
    new TypeError("x is not a function"),
    coded("toString"),
    coded("Z_DATA_ERROR"),
    "text",
    null,
    loop,
  ]) {
    assert.equal(networkFailure(other, same), undefined);
  }
});

test("secrets leave the text", () => {
  const failure = networkFailure(coded("ENOTFOUND", "getaddrinfo ENOTFOUND s3cret.example"), (text) =>
    text.replaceAll("s3cret", "•"),
  );
  assert.deepEqual(failure, { kind: "unreachable", code: "dns", detail: "getaddrinfo ENOTFOUND •.example" });
});
