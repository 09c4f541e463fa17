/** Why no usable answer came back from the network below HTTP, where neither TLS nor a proxy was the reason. */
export type UnreachableCode = "dns" | "refused" | "reset" | "connectTimeout" | "network";

/**
 * Why there is no secure connection. `clientCertificateWanted`: none was sent, or none that the server trusts (servers say the
 * same for both); `clientCertificateRefused`: the one sent is expired, revoked or of an unknown authority. `ownMaterial`: our
 * certificate, key or CA file cannot be used. `handshakeRefused`: the server broke off and gave no reason; `closed`: it did not
 * even say that. `notTls`: https was spoken to a port that speaks something else; `tlsPort`: plain http to one that wants https.
 */
export type TlsCause =
  | "expired"
  | "notYetValid"
  | "revoked"
  | "selfSigned"
  | "unknownIssuer"
  | "hostMismatch"
  | "clientCertificateWanted"
  | "clientCertificateRefused"
  | "ownMaterial"
  | "protocol"
  | "handshakeRefused"
  | "unknownName"
  | "closed"
  | "notTls"
  | "tlsPort"
  | "other";

/** What a proxy on the way, or the way to it, had against a connection. `denied`: it refused the tunnel (403 and the like). */
export type ProxyProblem = "notFound" | "refused" | "timedOut" | "credentials" | "denied" | "tls" | "other";

/** Ways to sign in that a server names in `WWW-Authenticate` and that are worth telling apart. */
export type AuthScheme = "basic" | "bearer" | "digest" | "negotiate" | "ntlm";

/** Which of a connection's PEM files. */
export type PemRole = "caFile" | "certFile" | "keyFile";

/** Why a PEM file is of no use. `keyMismatch`: the key belongs to another certificate. */
export type PemProblem =
  | "notFound"
  | "unreadable"
  | "tooLarge"
  | "notPem"
  | "keyMismatch"
  | "passphraseMissing"
  | "passphraseWrong";

/** Why a file could not be written. */
export type NotWrittenCode = "diskFull" | "denied" | "folderGone" | "inUse" | "notAFile" | "other";

/** Where a credential is read from. `keyring`: VS Code's secret storage, which the system's keyring locks; it has no name. */
export type CredentialSource = "env" | "file" | "command" | "oauth2" | "keyring";

/**
 * Why a credential could not be read. `failed`: the program ended with an error (`code` is its exit code or signal); `refused`:
 * the token server said no (`code` is OAuth2's error code); `notAllowed`: Restricted Mode; `characters`: what was read cannot
 * stand in a header; `badAnswer`: it has no token in it; `unreachable`: the token server did not answer; `shellScript`: Windows
 * runs this file only in a shell, which is not used.
 */
export type CredentialProblem =
  | "unset"
  | "empty"
  | "notFound"
  | "unreadable"
  | "failed"
  | "timedOut"
  | "tooLarge"
  | "characters"
  | "notAllowed"
  | "refused"
  | "badAnswer"
  | "unreachable"
  | "shellScript";

/** A place in a query as the server counts it: 1-based line, 1-based column in UTF-8 bytes. */
export interface ServerPosition {
  readonly line: number;
  readonly column: number;
}

/**
 * Every way an operation can fail, as data. Sentences are made of it in one place (`host/failureMessage.ts`); nobody
 * tests a message. Texts that come from a server are cut to 300 characters, stripped of markup and of our own secrets.
 */
export type Failure =
  | { readonly kind: "cancelled" }
  | { readonly kind: "unreachable"; readonly code: UnreachableCode; readonly detail: string }
  | { readonly kind: "unreachable"; readonly code: "tls"; readonly tls: TlsCause; readonly detail: string }
  /** `via` is the proxy's origin without credentials; empty where it is not known. */
  | {
      readonly kind: "unreachable";
      readonly code: "proxy";
      readonly problem: ProxyProblem;
      readonly via: string;
      readonly detail: string;
    }
  /** `afterMs` is our deadline in milliseconds; `by: "server"` means that the server gave up (503 `timeout`, 504). */
  | { readonly kind: "timedOut"; readonly by: "client" | "server"; readonly afterMs: number; readonly detail: string }
  /** `scheme`: how the server wants us to sign in, if it said so. */
  | {
      readonly kind: "unauthorized";
      readonly status: 401 | 403;
      readonly detail: string;
      readonly scheme?: AuthScheme;
    }
  /**
   * `to` is the origin and path of the target, without its query. `httpsOrigin`: its origin, where it is the same request by
   * https of the same host.
   */
  | {
      readonly kind: "redirected";
      readonly status: number;
      readonly to: string;
      readonly crossOrigin: boolean;
      readonly httpsOrigin?: string;
    }
  /** The server understood the request and refused it in Prometheus' own envelope. */
  | {
      readonly kind: "rejected";
      readonly status: number;
      readonly errorType: string;
      readonly message: string;
      readonly position?: ServerPosition;
      readonly retryAfterSeconds?: number;
    }
  /** An answer that is not Prometheus' JSON: HTML, an exposition, plain text, an unknown path. */
  | {
      readonly kind: "notPrometheus";
      readonly status: number;
      readonly content: "html" | "exposition" | "text" | "json" | "empty";
      readonly detail: string;
      readonly retryAfterSeconds?: number;
    }
  /** JSON that ends early or breaks the API's shape; `offset` counts decoded bytes. */
  | { readonly kind: "malformed"; readonly offset: number; readonly expected: string }
  | { readonly kind: "tooLarge"; readonly limit: "bytes"; readonly allowed: number }
  | { readonly kind: "misconfigured"; readonly what: string; readonly detail: string }
  /** A file that the person wanted; what stood there before is as it was. `detail` is the system's. */
  | { readonly kind: "notWritten"; readonly code: NotWrittenCode; readonly file: string; readonly detail: string }
  /** An export that has to be whole in memory for where it is to go, and is larger than that allows, in bytes. */
  | { readonly kind: "exportTooLarge"; readonly to: "clipboard" | "file"; readonly allowed: number }
  /** A certificate or key that the connection names; `file` is its path, `detail` the system's code. Nothing was sent. */
  | {
      readonly kind: "pemFile";
      readonly role: PemRole;
      readonly problem: PemProblem;
      readonly file: string;
      readonly detail: string;
    }
  | { readonly kind: "secretMissing"; readonly connectionId: string; readonly purpose: string }
  /**
   * A credential that is read from elsewhere when it is needed. `name`: the variable, file, program or token URL, never a
   * value; `detail`: what the system, program or token server said, cleaned. `isRenewal`: the server had answered 401 to the
   * one before, otherwise nothing was sent there. `afterMs`: the deadline of the request that waited for it, where that came first.
   */
  | {
      readonly kind: "credential";
      readonly source: CredentialSource;
      readonly problem: CredentialProblem;
      readonly name: string;
      readonly detail: string;
      readonly code?: string;
      readonly isRenewal?: true;
      readonly afterMs?: number;
    }
  /** The secret was given for another origin; the user has to confirm `origin` first. */
  | { readonly kind: "originChanged"; readonly connectionId: string; readonly boundTo: string; readonly origin: string }
  | { readonly kind: "bug"; readonly detail: string };

export type FailureKind = Failure["kind"];

/** Why a credential could not be read. */
export type CredentialFailure = Extract<Failure, { kind: "credential" }>;

const brand = Symbol.for("promqlWorkbench.AppError");

/**
 * The one error class that the core throws for an operation that could not be done. Each bundle carries a copy of it, so
 * it is recognised by a brand, not by `instanceof`.
 */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly [brand] = true;
  readonly failure: Failure;

  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.kind, options);
    this.failure = failure;
  }
}

/** True for an `AppError` of any of our bundles. */
export function isAppError(error: unknown): error is AppError {
  return error instanceof Error && brand in error;
}

/** True for our own cancellation and for the platform's `AbortError`. */
export function isCancelled(error: unknown): boolean {
  if (isAppError(error)) return error.failure.kind === "cancelled";
  return error instanceof Error && error.name === "AbortError";
}

/** The failure inside any thrown value; what is not ours is a bug and says so. */
export function failureOf(error: unknown): Failure {
  if (isAppError(error)) return error.failure;
  if (isCancelled(error)) return { kind: "cancelled" };
  return { kind: "bug", detail: error instanceof Error ? error.message : String(error) };
}
