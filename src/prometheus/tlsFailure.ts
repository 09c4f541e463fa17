import type { TlsCause } from "../shared/errors.ts";

/** Stands for the bytes of a TLS alert where an HTTP answer should have been, which has no code of its own. */
export const tlsAlertCode = "ERR_TLS_ALERT_TO_HTTP";

/** Verdicts of X.509 verification and of Node; OpenSSL and the BoringSSL of VS Code's own Electron give them the same names. */
const verdicts: Readonly<Record<string, TlsCause>> = {
  CERT_HAS_EXPIRED: "expired",
  CERT_NOT_YET_VALID: "notYetValid",
  CERT_REVOKED: "revoked",
  DEPTH_ZERO_SELF_SIGNED_CERT: "selfSigned",
  SELF_SIGNED_CERT_IN_CHAIN: "unknownIssuer",
  UNABLE_TO_GET_ISSUER_CERT: "unknownIssuer",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "unknownIssuer",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "unknownIssuer",
  CERT_UNTRUSTED: "unknownIssuer",
  CERT_REJECTED: "unknownIssuer",
  HOSTNAME_MISMATCH: "hostMismatch",
  ERR_TLS_CERT_ALTNAME_INVALID: "hostMismatch",
  ERR_TLS_CERT_ALTNAME_FORMAT: "hostMismatch",
  [tlsAlertCode]: "tlsPort",
  // Chromium's (net/base/net_error_list.h), where VS Code lets it send: one name for a date before and one after.
  ERR_CERT_DATE_INVALID: "expired",
  ERR_CERT_REVOKED: "revoked",
  ERR_CERT_AUTHORITY_INVALID: "unknownIssuer",
  ERR_CERT_COMMON_NAME_INVALID: "hostMismatch",
  ERR_SSL_CLIENT_AUTH_CERT_NEEDED: "clientCertificateWanted",
  ERR_BAD_SSL_CLIENT_AUTH_CERT: "clientCertificateRefused",
  ERR_SSL_VERSION_OR_CIPHER_MISMATCH: "protocol",
};

/**
 * The rest by a part of the code or of the text that is the same in OpenSSL 1 and 3 and in BoringSSL, which name one alert
 * `ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE`, `ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE` or only EPROTO with words. An alert is what
 * the server says, so one about a certificate is about ours. The first that fits counts.
 */
const parts: readonly (readonly [part: RegExp, cause: TlsCause])[] = [
  // Go before 1.21 says "bad certificate" where none was sent.
  [/ALERT_CERTIFICATE_REQUIRED|ALERT_BAD_CERTIFICATE|ALERT_NO_CERTIFICATE/, "clientCertificateWanted"],
  [
    /ALERT_(?:UNSUPPORTED_CERTIFICATE|CERTIFICATE_(?:REVOKED|EXPIRED|UNKNOWN)|UNKNOWN_CA|ACCESS_DENIED|DECRYPT_ERROR)/,
    "clientCertificateRefused",
  ],
  [/UNRECOGNIZED_NAME/, "unknownName"],
  [
    /PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|NO_PROTOCOLS_AVAILABLE|NO_SHARED_CIPHER|NO_CIPHER_MATCH|INSUFFICIENT_SECURITY|DH_KEY_TOO_SMALL|BAD_DH_|UNSAFE_LEGACY_RENEGOTIATION|WRONG_SSL_VERSION/,
    "protocol",
  ],
  [/ALERT_HANDSHAKE_FAILURE/, "handshakeRefused"],
  [/WRONG_VERSION_NUMBER|UNKNOWN_PROTOCOL|HTTP_REQUEST|HTTPS_PROXY_REQUEST|PACKET_LENGTH_TOO_LONG/, "notTls"],
  [/^ERR_OSSL_|(?:CA|EE)_(?:MD_TOO_WEAK|KEY_TOO_SMALL)|KEY_VALUES_MISMATCH|BAD_DECRYPT/, "ownMaterial"],
];

const tlsCode =
  /^(?:ERR_(?:TLS|SSL|OSSL|CERT)_|(?:CERT|CRL|ERROR_IN_(?:CERT|CRL))_|UNABLE_TO_(?:GET|VERIFY|DECODE|DECRYPT)_|EPROTO$|INVALID_(?:CA|PURPOSE)$|PATH_LENGTH_EXCEEDED$)/;

/** Why there is no secure connection, by an error's code and text; `undefined` for an error that TLS had no part in. */
export function tlsCause(code: string, message: string): TlsCause | undefined {
  if (Object.hasOwn(verdicts, code)) return verdicts[code];
  // Node's words where the socket was closed while the two were still agreeing.
  if (code === "ECONNRESET") return /before secure TLS connection/.test(message) ? "closed" : undefined;
  if (!tlsCode.test(code)) return undefined;
  const text = code === "EPROTO" ? message.toUpperCase().replaceAll(" ", "_") : code;
  return parts.find(([part]) => part.test(text))?.[1] ?? "other";
}
