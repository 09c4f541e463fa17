import assert from "node:assert/strict";
import { test } from "node:test";
import { networkFailure } from "../../../src/prometheus/networkFailure.ts";
import type { TlsCause } from "../../../src/shared/errors.ts";

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

const tlsRows: readonly (readonly [code: string, tls: TlsCause])[] = [
  ["EPROTO", "other"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "selfSigned"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "unknownIssuer"],
  ["UNABLE_TO_GET_ISSUER_CERT", "unknownIssuer"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "unknownIssuer"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unknownIssuer"],
  ["UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY", "other"],
  ["UNABLE_TO_DECRYPT_CERT_SIGNATURE", "other"],
  ["UNABLE_TO_GET_CRL", "other"],
  ["HOSTNAME_MISMATCH", "hostMismatch"],
  ["INVALID_CA", "other"],
  ["INVALID_PURPOSE", "other"],
  ["PATH_LENGTH_EXCEEDED", "other"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "hostMismatch"],
  ["ERR_TLS_HANDSHAKE_TIMEOUT", "other"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "notTls"],
  ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "clientCertificateWanted"],
  ["ERR_OSSL_X509_KEY_VALUES_MISMATCH", "ownMaterial"],
  ["CERT_HAS_EXPIRED", "expired"],
  ["CERT_NOT_YET_VALID", "notYetValid"],
  ["CERT_REVOKED", "revoked"],
  ["CRL_HAS_EXPIRED", "other"],
  ["ERROR_IN_CERT_NOT_AFTER_FIELD", "other"],
  ["ERR_TLS_CERT_ALTNAME_FORMAT", "hostMismatch"],
  ["CERT_UNTRUSTED", "unknownIssuer"],
  ["ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE", "clientCertificateWanted"],
  ["ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE", "clientCertificateWanted"],
  ["ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", "clientCertificateRefused"],
  ["ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED", "clientCertificateRefused"],
  ["ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_REVOKED", "clientCertificateRefused"],
  ["ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_UNKNOWN", "clientCertificateRefused"],
  ["ERR_SSL_SSL/TLS_ALERT_UNSUPPORTED_CERTIFICATE", "clientCertificateRefused"],
  ["ERR_SSL_TLSV1_ALERT_ACCESS_DENIED", "clientCertificateRefused"],
  ["ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE", "handshakeRefused"],
  ["ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", "protocol"],
  ["ERR_SSL_UNSUPPORTED_PROTOCOL", "protocol"],
  ["ERR_SSL_DH_KEY_TOO_SMALL", "protocol"],
  ["ERR_SSL_TLSV1_UNRECOGNIZED_NAME", "unknownName"],
  ["ERR_SSL_TLSV1_ALERT_UNRECOGNIZED_NAME", "unknownName"],
  ["ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR", "other"],
  ["ERR_SSL_HTTP_REQUEST", "notTls"],
  ["ERR_OSSL_BAD_DECRYPT", "ownMaterial"],
  ["ERR_OSSL_UNSUPPORTED", "ownMaterial"],
];

for (const [code, tls] of tlsRows) {
  test(`${code} is no secure connection: ${tls}`, () => {
    const detail = "what happened";
    assert.deepEqual(networkFailure(coded(code), same), { kind: "unreachable", code: "tls", tls, detail });
  });
}

test("where the code says little, the words do", () => {
  const alert =
    "write EPROTO 4044:error:0A000410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure:x.c:1:SSL alert number 40";
  assert.partialDeepStrictEqual(networkFailure(coded("EPROTO", alert), same), { code: "tls", tls: "handshakeRefused" });
  const closed = "Client network socket disconnected before secure TLS connection was established";
  assert.partialDeepStrictEqual(networkFailure(coded("ECONNRESET", closed), same), { code: "tls", tls: "closed" });
});

test("OpenSSL's words come without its thread and source file, Node's without its advice", () => {
  const rows: readonly (readonly [message: string, expected: string])[] = [
    [
      "404D69B0887F0000:error:0A000412:SSL routines:ssl3_read_bytes:ssl/tls alert bad certificate:../deps/openssl/rec_layer_s3.c:918:SSL alert number 42\n",
      "SSL routines: ssl/tls alert bad certificate",
    ],
    [
      "self-signed certificate; if the root CA is installed locally, try running Node.js with --use-system-ca",
      "self-signed certificate",
    ],
    ["certificate has expired", "certificate has expired"],
  ];
  for (const [message, detail] of rows) {
    assert.partialDeepStrictEqual(networkFailure(coded("ERR_SSL_X", message), same), { detail });
  }
});

test("a closed socket that carries its TLS alert along is explained by the alert", () => {
  const alert = coded("ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "tlsv13 alert certificate required");
  const closed = coded("UND_ERR_SOCKET", "other side closed", { cause: alert });
  assert.deepEqual(networkFailure(closed, same), {
    kind: "unreachable",
    code: "tls",
    tls: "clientCertificateWanted",
    detail: "tlsv13 alert certificate required",
  });
});

test("a proxy without a secure connection is the proxy's matter", () => {
  assert.deepEqual(networkFailure(coded("UND_ERR_PRX_TLS"), same), {
    kind: "unreachable",
    code: "proxy",
    problem: "tls",
    via: "",
    detail: "what happened",
  });
});

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
      tls: "expired",
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
