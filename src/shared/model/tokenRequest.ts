import type { RequestOptions, SourceEndpoint } from "./source.ts";

/** What is sent to a token server for OAuth2 client credentials (RFC 6749, 4.4). */
export interface TokenRequest {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: readonly string[];
  /** Further parameters, such as `audience` or `resource`. */
  readonly params: Readonly<Record<string, string>>;
}

/** `expiresInSeconds` is `undefined` where the server does not tell. */
export interface TokenAnswer {
  readonly accessToken: string;
  readonly expiresInSeconds: number | undefined;
}

/** How a token server is reached. */
export type TokenWay = Pick<SourceEndpoint, "transport" | "tls" | "proxy">;

/** Asks a token server. Throws `credential`. */
export type TokenRequester = (
  request: TokenRequest,
  options: RequestOptions & { readonly way?: TokenWay },
) => Promise<TokenAnswer>;
