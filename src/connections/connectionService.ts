import { isDeepStrictEqual } from "node:util";
import type { KeyValueStore, Logger } from "../platform/ports.ts";
import { DisposableStore } from "../shared/disposable.ts";
import { AppError, type Failure, failureOf } from "../shared/errors.ts";
import { Emitter } from "../shared/event.ts";
import type { QueryState } from "../shared/model/capabilities.ts";
import type { MetricsSource, RequestOptions } from "../shared/model/source.ts";
import { isOfAgent } from "../shared/notOffered.ts";
import { type ActiveConnection, activeAmong, forgetActive, rememberActive } from "./activeConnection.ts";
import type { RecognisedBackend } from "./backend.ts";
import type { ProbeOptions } from "./capabilityProbe.ts";
import { type TestReport, testSource } from "./connectionTest.ts";
import { CredentialOrigins } from "./credentialOrigins.ts";
import { noDrafts, type SecretDrafts } from "./credentials.ts";
import type { Health } from "./health.ts";
import type { KnownBackends } from "./knownBackends.ts";
import type { Capabilities, KnownCapabilities } from "./knownCapabilities.ts";
import { KnownServers } from "./knownServers.ts";
import { type Bindings, bindingsOf, bindMoved, movedSecret } from "./movedSecrets.ts";
import { OpenSources } from "./openSources.ts";
import { PlainHttpConsents } from "./plainHttpConsents.ts";
import type { Profile } from "./profile.ts";
import { isWritten, saveWithSecrets } from "./profileSaving.ts";
import { type ProfileSourceDeps, type SourceUse, sourceOfProfile } from "./profileSource.ts";
import type { DisabledProfile, ProfileStore } from "./profileStore.ts";
import { ProxyConsents } from "./proxyConsents.ts";
import { type SecretNeed, secretNeedsOf } from "./secretNeeds.ts";
import type { OriginMove } from "./secrets.ts";

export interface ConnectionServiceDeps extends ProfileSourceDeps {
  readonly profiles: ProfileStore;
  /** Remembers the active connection of this workspace. */
  readonly workspaceMemory: KeyValueStore;
  /** Remembers consents of this user. */
  readonly userMemory: KeyValueStore;
  readonly log: Logger;
}

/** The connections of this user: which there are, which is active, how they are, and the one way to their servers. */
export class ConnectionService extends DisposableStore {
  readonly #deps: ConnectionServiceDeps;
  readonly #servers: KnownServers;
  readonly #sources: OpenSources;
  readonly #consents: PlainHttpConsents;
  readonly #proxyConsents: ProxyConsents;
  readonly #origins: CredentialOrigins;
  readonly #lifetime = new AbortController();
  #known: ReadonlyMap<string, string>;
  readonly #revisions = new Map<string, number>();
  readonly #changed = this.register(new Emitter<void>());

  /** Fires when the list, the active connection, or the state of one of them changed. */
  readonly onDidChange = this.#changed.event;

  constructor(deps: ConnectionServiceDeps) {
    super();
    this.#deps = deps;
    this.#known = this.#fingerprints();
    const { userMemory, clock, log } = deps;
    this.#servers = this.register(
      new KnownServers({
        ...{ memory: userMemory, clock, log },
        find: (id) => this.find(id),
        sourceFor: (id) => this.sourceFor(id),
        stateOf: (id) => this.#known.get(id),
      }),
    );
    this.register(this.#servers.onDidChange(() => this.#changed.fire()));
    this.#consents = new PlainHttpConsents(userMemory);
    this.#proxyConsents = new ProxyConsents(userMemory);
    this.#origins = new CredentialOrigins(userMemory, log);
    this.#sources = this.register(
      new OpenSources({
        make: (profile) =>
          this.#make(profile, noDrafts, (to) => {
            if (to === "proxy") return this.#proxyConsents.require(profile);
            this.#consents.require(profile);
            this.#origins.require(profile, noDrafts, { isSaved: true });
          }),
        watch: (source, profile, isCurrent) => this.#servers.watch(source, profile, isCurrent),
        log,
      }),
    );
    this.register(deps.profiles.onDidChange(() => this.#profilesChanged()));
    this.register({ dispose: () => this.#lifetime.abort(new AppError({ kind: "cancelled" })) });
  }

  #make(profile: Profile, drafts: SecretDrafts, allow: SourceUse["allow"]): Promise<MetricsSource> {
    return sourceOfProfile(profile, drafts, this.#deps, {
      allow,
      servers: this.#servers,
      signal: this.#lifetime.signal,
    });
  }

  /** Which programs the servers are, as far as they have said it. */
  get backends(): KnownBackends {
    return this.#servers.backends;
  }

  /** What the servers offer, as far as they were asked. */
  get capabilities(): KnownCapabilities {
    return this.#servers.capabilities;
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

  /** The settings of a connection that advice about its failures depends on; none for an unknown one. */
  adviceFor(id: string): Partial<Pick<Profile, "method" | "baseUrl">> {
    const profile = this.find(id);
    return profile === undefined ? {} : { method: profile.method, baseUrl: profile.baseUrl };
  }

  /** The stored choice; without one, the only connection there is. */
  get active(): ActiveConnection {
    return activeAmong(this.#deps.profiles.read(), this.#deps.workspaceMemory);
  }

  async select(id: string | undefined): Promise<void> {
    await rememberActive(id, this.#deps.workspaceMemory);
    this.#changed.fire();
  }

  healthOf(id: string): Health {
    return this.#servers.healthOf(id);
  }

  /** Whether the server of a connection answers queries, as far as is known. */
  queriesOf(profile: Profile): QueryState {
    return this.#servers.queriesOf(profile);
  }

  /** The one source of a connection, made when it is first asked for. Throws `misconfigured` for an unknown id. */
  sourceFor(id: string): Promise<MetricsSource> {
    const profile = this.find(id);
    if (profile === undefined) {
      return Promise.reject(new AppError({ kind: "misconfigured", what: "connectionUnknown", detail: id }));
    }
    return this.#sources.of(profile);
  }

  /**
   * Which state of a connection this is: another number after each change of its settings, secrets or consents. What was
   * read under another one may be another tenant's, or a failure that is repaired.
   */
  revisionOf(id: string): number {
    return this.#revisions.get(id) ?? 0;
  }

  /**
   * Asks the server of a profile that need not be saved. Throws the failure. The consent to plain http, and to another
   * origin for a stored secret, must have been asked for before.
   */
  async test(
    profile: Profile,
    drafts: SecretDrafts,
    { signal, mayUsePlainHttp = false }: RequestOptions & { readonly mayUsePlainHttp?: boolean },
  ): Promise<TestReport> {
    const source = await this.#make(profile, drafts, (to) => {
      if (to === "proxy") return mayUsePlainHttp ? undefined : this.#proxyConsents.require(profile);
      if (!mayUsePlainHttp) this.#consents.require(profile);
      this.#origins.require(profile, drafts, { isSaved: false });
    });
    try {
      return await testSource(source, { signal: AbortSignal.any([signal, this.#lifetime.signal]) });
    } finally {
      source.dispose();
    }
  }

  /** Tests a saved connection and remembers how it went. Throws the failure. */
  async check(id: string, { signal }: RequestOptions): Promise<TestReport> {
    const profile = this.find(id);
    if (profile === undefined) throw new AppError({ kind: "misconfigured", what: "connectionUnknown", detail: id });
    const fingerprint = this.#known.get(id);
    const isCurrent = () => this.#known.get(id) === fingerprint;
    const outdated = new AbortController();
    const watching = this.onDidChange(() => {
      if (!isDeepStrictEqual(this.find(id), profile)) outdated.abort();
    });
    try {
      const report = await this.test(profile, noDrafts, { signal: AbortSignal.any([signal, outdated.signal]) });
      if (isCurrent()) this.noteAnswer(profile, report);
      return report;
    } catch (error) {
      const failure = failureOf(error);
      if (isCurrent()) {
        this.noteTestFailure(id, failure);
        // It evaluates nothing, but its targets are worth a look.
        if (isOfAgent(failure)) this.#servers.probes.startQuietly(id);
      }
      throw error;
    } finally {
      watching.dispose();
    }
  }

  /** True if sending a secret to this profile's server waits for the user's consent to plain http. */
  needsPlainHttpConsent(profile: Profile): boolean {
    return this.#consents.isWanting(profile);
  }

  /** Remembers the consent for this connection and exactly this origin. */
  async givePlainHttpConsent(profile: Profile): Promise<void> {
    await this.#consents.give(profile);
    this.#revise(profile.id);
    this.#changed.fire();
  }

  /** True if a password for this profile's proxy, typed or stored, waits for the user's consent to plain http. */
  async needsProxyConsent(profile: Profile, { typed }: SecretDrafts): Promise<boolean> {
    if (!this.#proxyConsents.isWanting(profile)) return false;
    return typed.has("proxyPassword") || (await this.#deps.secrets.read(profile.id, "proxyPassword")).state !== "none";
  }

  /** Remembers the consent for this connection and exactly this proxy. */
  async giveProxyConsent(profile: Profile): Promise<void> {
    await this.#proxyConsents.give(profile);
    this.#revise(profile.id);
    this.#changed.fire();
  }

  /** True if the password for this profile's proxy goes there by plain http, which the user has agreed to. */
  sendsProxyPasswordInTheOpen(profile: Profile): boolean {
    return this.#proxyConsents.isGiven(profile);
  }

  /** What is recorded of where a connection's credentials were given for. */
  bindingsOf(profile: Profile): Promise<Bindings> {
    return bindingsOf(profile, { secrets: this.#deps.secrets, origins: this.#origins });
  }

  /** The first credentials that were given for another origin than the one they would go to now. */
  movedSecret(profile: Profile): Promise<OriginMove | undefined> {
    return movedSecret(profile, { secrets: this.#deps.secrets, origins: this.#origins });
  }

  /** Binds the credentials of a move to where they go now, which the user has confirmed. */
  async confirmMove(profile: Profile, move: OriginMove): Promise<void> {
    await bindMoved(profile, move, { secrets: this.#deps.secrets, origins: this.#origins });
    this.#revise(profile.id);
    this.#noteUnknown(profile.id);
  }

  /** Secrets that the profile needs and that are not stored (any more). */
  async missingSecrets(profile: Profile): Promise<readonly SecretNeed[]> {
    const needs = secretNeedsOf(profile);
    const stored = await Promise.all(needs.map(({ purpose }) => this.#deps.secrets.read(profile.id, purpose)));
    return needs.filter(({ isOptional }, i) => !isOptional && stored[i]?.state === "none");
  }

  /** Stores one secret of a saved connection, bound to where it goes; the next request uses it. */
  async replaceSecret(id: string, { purpose, origin }: SecretNeed, value: string): Promise<void> {
    await this.#deps.secrets.save(id, purpose, { origin, value }, { replaceUnreadable: true });
    // Tokens that the old one was exchanged for go with it, and what others were refused.
    this.#close(id);
    this.capabilities.forget(id);
    this.#noteUnknown(id);
  }

  /**
   * Saves the secrets first, then the profile, so that a saved profile is never without the secrets it was tested with. If
   * the profile cannot be written, the stored secrets are again what they were; see `saveWithSecrets`.
   */
  async save(
    profile: Profile,
    element: Readonly<Record<string, unknown>>,
    drafts: SecretDrafts,
    options: { readonly replaceUnreadable: boolean },
  ): Promise<void> {
    try {
      await saveWithSecrets(profile, element, drafts, options, { ...this.#deps, origins: this.#origins });
    } catch (error) {
      if (isWritten(error)) this.#close(profile.id);
      throw error;
    }
    this.#close(profile.id);
    this.#noteUnknown(profile.id);
  }

  /** Removes the profile first, then its secrets and what was remembered of it. */
  async remove(id: string): Promise<void> {
    await this.#deps.profiles.remove(id);
    this.#close(id);
    await this.#deps.secrets.forget(id);
    await forgetActive(id, this.#deps.workspaceMemory);
    await this.#origins.remember(id, undefined);
    await this.#consents.forget(id);
    await this.#proxyConsents.forget(id);
    this.backends.forget(id);
    this.capabilities.forget(id);
    this.#noteUnknown(id);
  }

  /** Remembers that a saved connection passed its test, and what its server said of itself. */
  noteAnswer(profile: Profile, report: TestReport): void {
    this.#servers.noteAnswer(profile, report);
  }

  /** Remembers that a saved connection did not pass its test. */
  noteTestFailure(id: string, failure: Failure): void {
    this.#servers.noteTestFailure(id, failure);
  }

  /** Which program a server is, by all that is known of it. */
  programOf(profile: Profile): RecognisedBackend {
    return this.#servers.programOf(profile);
  }

  /**
   * Finds out what the server of a saved connection offers, over the slots that its other requests use, and remembers it. One
   * that is under way gives way. Throws the failure if nothing was learnt; what was known before stays then.
   */
  probe(id: string, options: Omit<ProbeOptions, "clock">): Promise<Capabilities> {
    return this.#servers.probes.start(id, options);
  }

  #noteUnknown(id: string): void {
    this.#servers.forgetHealth(id);
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
      this.#servers.forgetHealth(id);
      // Other headers may open or close other doors.
      this.capabilities.forget(id);
    }
    this.#changed.fire();
  }

  #revise(id: string): void {
    this.#revisions.set(id, this.revisionOf(id) + 1);
  }

  #close(id: string): void {
    this.#revise(id);
    this.#servers.probes.cancel(id);
    this.#sources.close(id);
  }
}
