import { Buffer } from "node:buffer";
import type { Clock, ProgramRunner } from "../platform/ports.ts";
import { AppError, type CredentialProblem } from "../shared/errors.ts";
import type { RequestCredentials, RequestOptions } from "../shared/model/source.ts";
import type { TokenRequester } from "../shared/model/tokenRequest.ts";
import { commandFailure, runCredentialCommand } from "./commandToken.ts";
import type { Profile } from "./profile.ts";
import { type ReferencePlaces, referenceFailure, resolveReference } from "./references.ts";
import { type ConnectionSecrets, type OriginMove, type SecretPurpose, secretProblem } from "./secrets.ts";
import { TokenCache } from "./tokenCache.ts";

/** Secrets of a profile that is being edited, or replaced: what was just typed counts before what is stored. */
export interface SecretDrafts {
  readonly typed: ReadonlyMap<SecretPurpose, string>;
  /** What the user has confirmed may go elsewhere, and that is not yet saved. */
  readonly confirmed: readonly OriginMove[];
}

/** Everything as it is stored. */
export const noDrafts: SecretDrafts = { typed: new Map(), confirmed: [] };

export interface CredentialsDeps extends ReferencePlaces {
  readonly secrets: ConnectionSecrets;
  readonly programs: ProgramRunner;
  readonly requestToken: TokenRequester;
  /** False in Restricted Mode, where no credential command runs. */
  readonly isTrusted: () => boolean;
  readonly clock: Clock;
}

/** What a profile's requests carry, for exactly its own origin. */
export class Credentials {
  readonly #profile: Profile;
  readonly #drafts: SecretDrafts;
  readonly #deps: CredentialsDeps;
  readonly #tokens: TokenCache | undefined;

  constructor(profile: Profile, drafts: SecretDrafts, deps: CredentialsDeps) {
    this.#profile = profile;
    this.#drafts = drafts;
    this.#deps = deps;
    this.#tokens = this.#tokenCache();
  }

  /**
   * Headers and parameters for a request to `origin`; `refused` are those that the server did not accept just now, in whose
   * place others are wanted if there are any. Throws `originChanged`, `secretMissing`, `credential` or `misconfigured`; never
   * leaves one out.
   */
  async for(
    origin: string,
    options: RequestOptions & { readonly refused?: RequestCredentials | undefined },
  ): Promise<RequestCredentials> {
    const { signal, refused } = options;
    const { id, origin: boundTo, headers: plain, queryParams, secretHeaders, secretQueryParams } = this.#profile;
    // Also plain headers go nowhere but to the profile's own origin.
    if (origin !== boundTo) throw new AppError({ kind: "originChanged", connectionId: id, boundTo, origin });
    const secrets: string[] = [];
    const headers: Record<string, string> = { ...plain };
    for (const name of secretHeaders) {
      headers[name] = await this.#secret(`header:${name}`);
      secrets.push(headers[name]);
    }
    const params: Record<string, string> = { ...queryParams };
    for (const name of secretQueryParams) {
      params[name] = await this.#secret(`query:${name}`);
      secrets.push(params[name]);
    }
    const authorization = await this.#authorization({ signal, refused: refused?.headers["Authorization"] }, secrets);
    if (authorization !== undefined) headers["Authorization"] = authorization;
    return { headers, queryParams: params, secrets };
  }

  async #authorization(
    { signal, refused }: { readonly signal: AbortSignal; readonly refused: string | undefined },
    secrets: string[],
  ): Promise<string | undefined> {
    const { auth } = this.#profile;
    const note = (secret: string): string => {
      secrets.push(secret);
      return secret;
    };
    switch (auth.type) {
      case "none":
        return undefined;
      case "raw":
        return note(await this.#secret("authorization"));
      case "bearer":
        return `Bearer ${note(await this.#referredOr("token", auth.tokenRef, signal))}`;
      case "basic": {
        const password = note(await this.#referredOr("password", auth.passwordRef, signal));
        return `Basic ${note(Buffer.from(`${auth.username}:${password}`, "utf8").toString("base64"))}`;
      }
      case "oauth2":
      case "command": {
        if (auth.type === "command" && !this.#deps.isTrusted()) throw commandFailure(auth.command, "notAllowed");
        const token = await this.#tokens?.get(refused?.replace(/^Bearer /, ""));
        return `Bearer ${note(token ?? "")}`;
      }
    }
  }

  async #referredOr(
    purpose: "token" | "password",
    reference: string | undefined,
    signal: AbortSignal,
  ): Promise<string> {
    if (reference === undefined) return this.#secret(purpose);
    const value = await resolveReference(reference, this.#deps, { signal });
    if (secretProblem(purpose, value) === undefined) return value;
    throw referenceFailure(reference, "characters");
  }

  /** A secret as typed or stored, for the origin that it goes to. */
  async #secret(purpose: SecretPurpose, origin = this.#profile.origin): Promise<string> {
    const { typed, confirmed } = this.#drafts;
    const value =
      typed.get(purpose) ?? (await this.#deps.secrets.valueFor(this.#profile.id, purpose, origin, confirmed));
    if (secretProblem(purpose, value) === undefined) return value;
    throw new AppError({ kind: "misconfigured", what: "secretCharacters", detail: purpose });
  }

  #tokenCache(): TokenCache | undefined {
    const { auth } = this.#profile;
    const { clock, programs, requestToken } = this.#deps;
    if (auth.type === "command") {
      return new TokenCache({
        clock,
        issue: async (signal) => {
          const token = await runCredentialCommand(auth.command, programs, signal);
          if (secretProblem("token", token.value) === undefined) return token;
          throw commandFailure(auth.command, "characters");
        },
        tooLate: () => commandFailure(auth.command, "timedOut"),
      });
    }
    if (auth.type !== "oauth2") return undefined;
    const { tokenUrl, clientId, scopes, params } = auth;
    const { origin, pathname } = new URL(tokenUrl);
    const failed = (problem: CredentialProblem) =>
      new AppError({ kind: "credential", source: "oauth2", problem, name: origin + pathname, detail: "" });
    return new TokenCache({
      clock,
      issue: async (signal) => {
        const clientSecret = await this.#secret("clientSecret", origin);
        const issued = await requestToken({ tokenUrl, clientId, clientSecret, scopes, params }, { signal });
        const { accessToken, expiresInSeconds } = issued;
        if (secretProblem("token", accessToken) !== undefined) throw failed("characters");
        const expiresAt = expiresInSeconds === undefined ? undefined : clock.now() + expiresInSeconds * 1000;
        return { value: accessToken, expiresAt };
      },
      tooLate: () => failed("timedOut"),
    });
  }
}
