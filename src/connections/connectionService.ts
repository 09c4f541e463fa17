import type { Clock, KeyValueStore, Logger } from "../platform/ports.ts";
import { DisposableStore } from "../shared/disposable.ts";
import { AppError, type Failure, failureOf } from "../shared/errors.ts";
import { Emitter } from "../shared/event.ts";
import type { MetricsSource, RequestOptions, SourceEndpoint, SourceFactory } from "../shared/model/source.ts";
import { type TestReport, testSource } from "./connectionTest.ts";
import { type Health, healthAfter, observed } from "./health.ts";
import { KnownBackends } from "./knownBackends.ts";
import type { Profile } from "./profile.ts";
import type { DisabledProfile, ProfileStore } from "./profileStore.ts";
import { type Authorization, type ConnectionSecrets, type SecretPurpose, secretPurposeOf } from "./secrets.ts";
import { isReadableOnTheWay } from "./serverUrl.ts";
import { isRecord } from "./strictObject.ts";

const activeKey = "promqlWorkbench.activeConnection.v1";
const consentKey = "promqlWorkbench.plainHttpConsents.v1";

/** Which connection is chosen in this workspace. A chosen one that is gone or disabled is not replaced by another. */
export type ActiveConnection =
  | { readonly kind: "ready"; readonly profile: Profile }
  | { readonly kind: "unusable"; readonly id: string }
  | { readonly kind: "none" };

/** A secret of a profile that is being edited: just typed, or the stored one, perhaps confirmed for another origin. */
export type SecretDraft =
  | { readonly kind: "typed"; readonly value: string }
  | { readonly kind: "stored"; readonly confirmedOrigin: string | undefined };

/** Bounds of the decoder, from settings. */
export interface DecoderBounds {
  readonly maxSamples: number;
  readonly maxBytes: number;
}

export interface ConnectionServiceDeps {
  readonly profiles: ProfileStore;
  readonly secrets: ConnectionSecrets;
  /** Remembers the active connection of this workspace. */
  readonly workspaceMemory: KeyValueStore;
  /** Remembers consents of this user. */
  readonly userMemory: KeyValueStore;
  /** Loads the maker of sources on first use. */
  readonly loadFactory: () => Promise<SourceFactory>;
  readonly bounds: () => DecoderBounds;
  readonly clock: Pick<Clock, "now">;
  readonly log: Logger;
}

/** The source of a connection, made for one state of its profile. */
interface Opened {
  readonly profile: Profile;
  readonly source: Promise<MetricsSource>;
}

/** The connections of this user: which there are, which is active, how they are, and the one way to their servers. */
export class ConnectionService extends DisposableStore {
  readonly #deps: ConnectionServiceDeps;
  readonly #opened = new Map<string, Opened>();
  readonly #health = new Map<string, Health>();
  #known: ReadonlyMap<string, string>;
  readonly #changed = this.register(new Emitter<void>());

  /** Which programs the servers are, as far as they have said it. */
  readonly backends: KnownBackends;

  /** Fires when the list, the active connection, or the state of one of them changed. */
  readonly onDidChange = this.#changed.event;

  constructor(deps: ConnectionServiceDeps) {
    super();
    this.#deps = deps;
    this.#known = this.#fingerprints();
    const { userMemory, clock, log } = deps;
    this.backends = this.register(new KnownBackends({ memory: userMemory, clock, log }));
    this.register(this.backends.onDidChange(() => this.#changed.fire()));
    this.register(deps.profiles.onDidChange(() => this.#profilesChanged()));
    this.register({ dispose: () => this.#closeAll() });
  }

  list(): readonly Profile[] {
    return this.#deps.profiles.read().profiles;
  }

  disabled(): readonly DisabledProfile[] {
    return this.#deps.profiles.read().disabled;
  }

  find(id: string): Profile | undefined {
    return this.#deps.profiles.find(id);
  }

  /** The stored choice; without one, the only connection there is. */
  get active(): ActiveConnection {
    const chosen = this.#deps.workspaceMemory.get(activeKey);
    if (typeof chosen === "string") {
      const profile = this.find(chosen);
      return profile === undefined ? { kind: "unusable", id: chosen } : { kind: "ready", profile };
    }
    const [only, ...others] = this.list();
    const isAlone = others.length === 0 && this.disabled().length === 0;
    return only !== undefined && isAlone ? { kind: "ready", profile: only } : { kind: "none" };
  }

  async select(id: string | undefined): Promise<void> {
    await this.#deps.workspaceMemory.set(activeKey, id);
    this.#changed.fire();
  }

  healthOf(id: string): Health {
    return this.#health.get(id) ?? { state: "unknown" };
  }

  /** The one source of a connection, made when it is first asked for. Throws `misconfigured` for an unknown id. */
  sourceFor(id: string): Promise<MetricsSource> {
    const profile = this.find(id);
    if (profile === undefined) {
      return Promise.reject(new AppError({ kind: "misconfigured", what: "connectionUnknown", detail: id }));
    }
    const existing = this.#opened.get(id);
    if (existing !== undefined) return existing.source;
    const source = this.#open(profile);
    const opened: Opened = { profile, source };
    this.#opened.set(id, opened);
    // A loader that failed is asked again next time.
    source.catch(() => {
      if (this.#opened.get(id) === opened) this.#opened.delete(id);
    });
    return source;
  }

  async #open(profile: Profile): Promise<MetricsSource> {
    const factory = await this.#deps.loadFactory();
    let inUse: readonly string[] = [];
    const source = factory(
      this.#endpointOf(profile, {
        authorize: async (origin) => {
          this.#requireConsent(profile);
          const authorization = await this.#deps.secrets.authorizationFor(profile, origin);
          inUse = authorization.secrets;
          return authorization;
        },
        inUse: () => inUse,
      }),
    );
    const isCurrent = () => this.#opened.get(profile.id)?.profile === profile && !this.isDisposed;
    if (!isCurrent()) {
      source.dispose();
      throw new AppError({ kind: "cancelled" });
    }
    return observed(source, {
      outcome: (outcome) => {
        if (isCurrent()) this.noteOutcome(profile.id, outcome === undefined ? undefined : failureOf(outcome.error));
      },
      buildInfo: (build) => {
        if (isCurrent()) this.backends.note(profile, build);
      },
    });
  }

  #endpointOf(
    profile: Profile,
    credentials: {
      readonly authorize: (origin: string) => Promise<Authorization>;
      readonly inUse: () => readonly string[];
    },
  ): SourceEndpoint {
    const { bounds } = this.#deps;
    return {
      baseUrl: profile.baseUrl,
      method: profile.method,
      timeoutMs: profile.timeoutMs,
      queryParams: profile.queryParams,
      headers: async (origin) => (await credentials.authorize(origin)).headers,
      secretsToRedact: () => credentials.inUse().filter((secret) => secret !== ""),
      get maxSamples() {
        return bounds().maxSamples;
      },
      get maxBytes() {
        return bounds().maxBytes;
      },
    };
  }

  /**
   * Asks the server of a profile that need not be saved. Throws the failure. The consent to plain http, and to another
   * origin for a stored secret, must have been asked for before.
   */
  async test(
    profile: Profile,
    secret: SecretDraft,
    { signal, mayUsePlainHttp = false }: RequestOptions & { readonly mayUsePlainHttp?: boolean },
  ): Promise<TestReport> {
    const factory = await this.#deps.loadFactory();
    let inUse: readonly string[] = [];
    const source = factory(
      this.#endpointOf(profile, {
        authorize: async (origin) => {
          if (!mayUsePlainHttp) this.#requireConsent(profile);
          const authorization = await this.#draftAuthorization(profile, secret, origin);
          inUse = authorization.secrets;
          return authorization;
        },
        inUse: () => inUse,
      }),
    );
    try {
      return await testSource(source, { signal });
    } finally {
      source.dispose();
    }
  }

  async #draftAuthorization(profile: Profile, secret: SecretDraft, origin: string): Promise<Authorization> {
    if (secret.kind === "typed") return this.#deps.secrets.authorizationWith(profile, secret.value, origin);
    return this.#deps.secrets.authorizationFor(profile, origin, secret.confirmedOrigin);
  }

  /** Tests a saved connection and remembers how it went. Throws the failure. */
  async check(id: string, { signal }: RequestOptions): Promise<TestReport> {
    const profile = this.find(id);
    if (profile === undefined) throw new AppError({ kind: "misconfigured", what: "connectionUnknown", detail: id });
    const fingerprint = this.#known.get(id);
    const isCurrent = () => this.#known.get(id) === fingerprint;
    try {
      const report = await this.test(profile, { kind: "stored", confirmedOrigin: undefined }, { signal });
      if (isCurrent()) this.noteAnswer(profile, report);
      return report;
    } catch (error) {
      if (isCurrent()) this.noteOutcome(id, failureOf(error));
      throw error;
    }
  }

  /** True if sending a secret to this profile's server waits for the user's consent to plain http. */
  needsPlainHttpConsent(profile: Profile): boolean {
    return sendsSecretInTheOpen(profile) && this.#consents()[profile.id] !== profile.origin;
  }

  /** Remembers the consent for this connection and exactly this origin. */
  async givePlainHttpConsent({ id, origin }: Profile): Promise<void> {
    await this.#deps.userMemory.set(consentKey, { ...this.#consents(), [id]: origin });
    this.#changed.fire();
  }

  #consents(): Readonly<Record<string, unknown>> {
    const value = this.#deps.userMemory.get(consentKey);
    return isRecord(value) ? value : {};
  }

  #requireConsent(profile: Profile): void {
    if (!this.needsPlainHttpConsent(profile)) return;
    throw new AppError({ kind: "misconfigured", what: "plainHttpConsent", detail: profile.origin });
  }

  /** Where the stored secret was given for, if that is not where the profile's server is now. */
  async changedOrigin({ id, auth, origin }: Profile): Promise<string | undefined> {
    const purpose = secretPurposeOf(auth);
    if (purpose === undefined) return undefined;
    const stored = await this.#deps.secrets.read(id, purpose);
    return stored.state === "found" && stored.secret.origin !== origin ? stored.secret.origin : undefined;
  }

  /** Binds the stored secret to the profile's present origin, which the user has confirmed. */
  async confirmOrigin({ id, auth, origin }: Profile): Promise<void> {
    const purpose = secretPurposeOf(auth);
    if (purpose !== undefined) await this.#deps.secrets.rebind(id, purpose, origin);
    this.#noteUnknown(id);
  }

  /** True if a secret for this purpose is stored, readable or not. */
  async storedSecret(id: string, purpose: SecretPurpose): Promise<"none" | "found" | "unreadable"> {
    return (await this.#deps.secrets.read(id, purpose)).state;
  }

  /**
   * Saves the secret first, then the profile, so that a saved profile is never without the secret it was tested with. If
   * the profile cannot be written, the stored secret is again what it was.
   */
  async save(
    profile: Profile,
    element: Readonly<Record<string, unknown>>,
    secret: SecretDraft,
    options: { readonly replaceUnreadable: boolean },
  ): Promise<void> {
    const purpose = secretPurposeOf(profile.auth);
    const restore = purpose === undefined ? undefined : await this.#deps.secrets.restorer(profile.id, purpose);
    if (purpose !== undefined && secret.kind === "typed") {
      const bound = { origin: profile.origin, value: secret.value };
      await this.#deps.secrets.save(profile.id, purpose, bound, options);
    } else if (purpose !== undefined && secret.kind === "stored" && secret.confirmedOrigin === profile.origin) {
      await this.#deps.secrets.rebind(profile.id, purpose, profile.origin);
    }
    try {
      await this.#deps.profiles.upsert(profile.id, element);
    } catch (error) {
      // The old profile stands: with the new secret it would fail, or send it to a server that it was not given for.
      await restore?.().catch((again: unknown) =>
        this.#deps.log.error("connections", "The secret could not be put back", again),
      );
      throw error;
    }
    await this.#deps.secrets.forget(profile.id, purpose);
    this.#close(profile.id);
    this.#noteUnknown(profile.id);
  }

  /** Removes the profile first, then its secrets and what was remembered of it. */
  async remove(id: string): Promise<void> {
    await this.#deps.profiles.remove(id);
    this.#close(id);
    await this.#deps.secrets.forget(id);
    if (this.#deps.workspaceMemory.get(activeKey) === id) await this.#deps.workspaceMemory.set(activeKey, undefined);
    const { [id]: _removed, ...consents } = this.#consents();
    await this.#deps.userMemory.set(consentKey, consents);
    this.backends.forget(id);
    this.#noteUnknown(id);
  }

  /** Remembers that a saved connection passed its test, and what its server said of itself. */
  noteAnswer(profile: Profile, { buildInfo }: TestReport): void {
    this.noteOutcome(profile.id, undefined);
    if (buildInfo !== undefined) this.backends.note(profile, buildInfo);
  }

  /** Remembers how a request to a connection ended; `undefined`: it was answered. */
  noteOutcome(id: string, failure: Failure | undefined): void {
    const at = this.#deps.clock.now();
    const next: Health | undefined = failure === undefined ? { state: "ok", at } : healthAfter(failure, at);
    if (next === undefined) return;
    const before = this.healthOf(id);
    this.#health.set(id, next);
    if (next.state === "failed" || before.state !== next.state) this.#changed.fire();
  }

  #noteUnknown(id: string): void {
    this.#health.delete(id);
    this.#changed.fire();
  }

  #fingerprints(): ReadonlyMap<string, string> {
    return new Map(this.list().map((profile) => [profile.id, JSON.stringify(profile)]));
  }

  #profilesChanged(): void {
    const before = this.#known;
    this.#known = this.#fingerprints();
    for (const [id, fingerprint] of before) {
      if (this.#known.get(id) === fingerprint) continue;
      this.#close(id);
      this.#health.delete(id);
    }
    this.#changed.fire();
  }

  #closeAll(): void {
    for (const id of [...this.#opened.keys()]) this.#close(id);
  }

  #close(id: string): void {
    const opened = this.#opened.get(id);
    this.#opened.delete(id);
    opened?.source.then(
      (source) => source.dispose(),
      (error: unknown) => this.#deps.log.trace("connections", `The source was never made: ${failureOf(error).kind}`),
    );
  }
}

/** True if this profile sends a secret that others on the way can read; such a connection keeps a badge. */
export function sendsSecretInTheOpen(profile: Profile): boolean {
  return secretPurposeOf(profile.auth) !== undefined && isReadableOnTheWay(profile.origin);
}
