import type { RequestOptions, SourceEndpoint } from "./source.ts";

/** How a client shows who it is (RFC 6749, 2.3.1): by `Authorization: Basic`, or with id and secret in the form. */
export type ClientSignIn = "basic" | "form";

/** What is sent to a token server for OAuth2 client credentials (RFC 6749, 4.4). */
export interface TokenRequest {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: readonly string[];
  /** Further parameters, such as `audience` or `resource`. */
  readonly params: Readonly<Record<string, string>>;
  /** What this server took before; where it is not known, Basic is tried first and then the form. */
  readonly signIn?: ClientSignIn | undefined;
}

/** `expiresInSeconds` is `undefined` where the server does not tell. */
export interface TokenAnswer {
  readonly accessToken: string;
  readonly expiresInSeconds: number | undefined;
  /** How the client had signed in. */
  readonly signedIn: ClientSignIn;
}

/** How a token server is reached. */
export interface TokenWay extends Pick<SourceEndpoint, "transport" | "tls" | "proxy"> {
  /** Secrets of the way to `origin` that a careless proxy may hand on, so that an answer may hold them. */
  secrets?(origin: string, options: RequestOptions): Promise<readonly string[]>;
}

/** Asks a token server. Throws `credential`. */
export type TokenRequester = (
  request: TokenRequest,
  options: RequestOptions & { readonly way?: TokenWay },
) => Promise<TokenAnswer>;
