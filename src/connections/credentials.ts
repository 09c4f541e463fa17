import { Buffer } from "node:buffer";
import type { Clock, ProgramRunner } from "../platform/ports.ts";
import type { Disposable } from "../shared/disposable.ts";
import { AppError, type CredentialProblem, failureOf } from "../shared/errors.ts";
import type { RequestCredentials, SourceEndpoint } from "../shared/model/source.ts";
import type { ClientSignIn, TokenRequester } from "../shared/model/tokenRequest.ts";
import { commandFailure, runCredentialCommand } from "./commandToken.ts";
import { keyringFailure } from "./keyring.ts";
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

type CredentialOptions = Parameters<SourceEndpoint["credentials"]>[1];
type OnWait = NonNullable<CredentialOptions["onWait"]>;

/** What a profile's requests carry, for exactly its own origin, until it is disposed. */
export class Credentials implements Disposable {
  readonly #profile: Profile;
  readonly #drafts: SecretDrafts;
  readonly #deps: CredentialsDeps;
  readonly #tokens: TokenCache | undefined;
  #isDisposed = false;

  constructor(profile: Profile, drafts: SecretDrafts, deps: CredentialsDeps) {
    this.#profile = profile;
    this.#drafts = drafts;
    this.#deps = deps;
    this.#tokens = this.#tokenCache();
  }

  /** Ends the program or token request that is under way; nothing is read or run afterwards. */
  dispose(): void {
    this.#isDisposed = true;
    this.#tokens?.dispose();
  }

  /**
   * Headers and parameters for a request to `origin`; `refused` are those that the server did not accept just now, in whose
   * place others are wanted if there are any. Throws `originChanged`, `secretMissing`, `credential` or `misconfigured`; never
   * leaves one out.
   */
  async for(origin: string, { signal, refused, onWait = () => {} }: CredentialOptions): Promise<RequestCredentials> {
    if (this.#isDisposed) throw new AppError({ kind: "cancelled" });
    const { id, origin: boundTo, headers: plain, queryParams, secretHeaders, secretQueryParams } = this.#profile;
    // Also plain headers go nowhere but to the profile's own origin.
    if (origin !== boundTo) throw new AppError({ kind: "originChanged", connectionId: id, boundTo, origin });
    const secrets: string[] = [];
    const headers: Record<string, string> = { ...plain };
    // Whatever is stored: a keyring may be asking for its password meanwhile.
    onWait(keyringFailure("timedOut").failure);
    for (const name of secretHeaders) {
      headers[name] = await this.#secret(`header:${name}`);
      secrets.push(headers[name]);
    }
    const params: Record<string, string> = { ...queryParams };
    for (const name of secretQueryParams) {
      params[name] = await this.#secret(`query:${name}`);
      secrets.push(params[name]);
    }
    const options = { signal, refused: refused?.headers["Authorization"], onWait };
    const authorization = await this.#authorization(options, secrets);
    onWait(undefined);
    if (authorization !== undefined) headers["Authorization"] = authorization;
    return { headers, queryParams: params, secrets };
  }

  async #authorization(
    options: { readonly signal: AbortSignal; readonly refused: string | undefined; readonly onWait: OnWait },
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
        return `Bearer ${note(await this.#referredOr("token", auth.tokenRef, options))}`;
      case "basic": {
        const password = note(await this.#referredOr("password", auth.passwordRef, options));
        return `Basic ${note(Buffer.from(`${auth.username}:${password}`, "utf8").toString("base64"))}`;
      }
      case "oauth2":
      case "command": {
        if (auth.type === "command" && !this.#deps.isTrusted()) throw commandFailure(auth.command, "notAllowed");
        options.onWait(
          (auth.type === "command" ? commandFailure(auth.command, "timedOut") : tokenFailure(auth, "timedOut")).failure,
        );
        const token = await this.#tokens?.get(options.refused?.replace(/^Bearer /, ""));
        return `Bearer ${note(token ?? "")}`;
      }
    }
  }

  async #referredOr(
    purpose: "token" | "password",
    reference: string | undefined,
    { signal, onWait }: { readonly signal: AbortSignal; readonly onWait: OnWait },
  ): Promise<string> {
    if (reference === undefined) return this.#secret(purpose);
    onWait(referenceFailure(reference, "timedOut").failure);
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
    const { origin } = new URL(tokenUrl);
    // Kept as long as these credentials: a changed profile has others.
    let signIn: ClientSignIn | undefined;
    return new TokenCache({
      clock,
      issue: async (signal) => {
        const clientSecret = await this.#secret("clientSecret", origin);
        signal.throwIfAborted();
        const request = { tokenUrl, clientId, clientSecret, scopes, params, signIn };
        const issued = await requestToken(request, { signal }).catch((error: unknown) => {
          const failure = failureOf(error);
          if (failure.kind === "credential" && failure.problem !== "unreachable") signIn = undefined;
          throw error;
        });
        signIn = issued.signedIn;
        const { accessToken, expiresInSeconds } = issued;
        if (secretProblem("token", accessToken) !== undefined) throw tokenFailure(auth, "characters");
        const expiresAt = expiresInSeconds === undefined ? undefined : clock.now() + expiresInSeconds * 1000;
        return { value: accessToken, expiresAt };
      },
      tooLate: () => tokenFailure(auth, "timedOut"),
    });
  }
}

function tokenFailure({ tokenUrl }: { readonly tokenUrl: string }, problem: CredentialProblem): AppError {
  const { origin, pathname } = new URL(tokenUrl);
  return new AppError({ kind: "credential", source: "oauth2", problem, name: origin + pathname, detail: "" });
}
