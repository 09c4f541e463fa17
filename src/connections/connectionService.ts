import { Buffer } from "node:buffer";
import { isDeepStrictEqual } from "node:util";
import type { EditorProxySettings, KeyValueStore, Logger } from "../platform/ports.ts";
import { LatestRun } from "../shared/abort.ts";
import { DisposableStore } from "../shared/disposable.ts";
import { AppError, type Failure, failureOf } from "../shared/errors.ts";
import { Emitter } from "../shared/event.ts";
import type { MetricsSource, RequestOptions, SourceFactory } from "../shared/model/source.ts";
import type { TokenRequester, TokenWay } from "../shared/model/tokenRequest.ts";
import { isOfAgent, offerAfter } from "../shared/notOffered.ts";
import { pagesRules, type RecognisedBackend, recognise } from "./backend.ts";
import { type ProbeOptions, probeSource } from "./capabilityProbe.ts";
import { type TestReport, testSource } from "./connectionTest.ts";
import { Credentials, type CredentialsDeps, noDrafts, type SecretDrafts } from "./credentials.ts";
import { type Health, healthAfter, observed } from "./health.ts";
import { KnownBackends } from "./knownBackends.ts";
import { type Capabilities, KnownCapabilities } from "./knownCapabilities.ts";
import { networkPathOf } from "./networkPath.ts";
import type { Profile } from "./profile.ts";
import type { DisabledProfile, ProfileStore } from "./profileStore.ts";
import { ProxyConsents } from "./proxyConsents.ts";
import { hasUnboundCredential, type SecretNeed, secretNeedsOf, sendsSecretInTheOpen } from "./secretNeeds.ts";
import type { SecretPurpose } from "./secrets.ts";
import { isReadableOnTheWay } from "./serverUrl.ts";
import { isRecord } from "./strictObject.ts";

const activeKey = "promqlWorkbench.activeConnection.v1";
const consentKey = "promqlWorkbench.plainHttpConsents.v1";
const originKey = "promqlWorkbench.credentialOrigins.v1";

/** What was found out longer ago is asked again the next time that a connection is used, in ms: servers are upgraded. */
const capabilitiesLastMs = 7 * 24 * 3_600_000;

/** Which connection is chosen in this workspace. A chosen one that is gone or disabled is not replaced by another. */
export type ActiveConnection =
  | { readonly kind: "ready"; readonly profile: Profile }
  | { readonly kind: "unusable"; readonly id: string }
  | { readonly kind: "none" };

/** A stored secret that was given for `from` and would go to `to` now. */
export interface MovedSecret {
  readonly from: string;
  readonly to: string;
}

/** The code that speaks to servers. */
export interface Network {
  readonly createSource: SourceFactory;
  readonly requestToken: TokenRequester;
}

/** Bounds of the decoder, from settings. */
export interface DecoderBounds {
  readonly maxSamples: number;
  readonly maxBytes: number;
}

export interface ConnectionServiceDeps extends Omit<CredentialsDeps, "requestToken"> {
  readonly profiles: ProfileStore;
  /** Remembers the active connection of this workspace. */
  readonly workspaceMemory: KeyValueStore;
  /** Remembers consents of this user. */
  readonly userMemory: KeyValueStore;
  /** Loaded on first use. */
  readonly loadNetwork: () => Promise<Network>;
  readonly bounds: () => DecoderBounds;
  /** The user's proxy settings in the editor. */
  readonly editorProxy: EditorProxySettings;
  readonly log: Logger;
}

const noClientTls = {
  ...{ ca: undefined, cert: undefined, key: undefined, passphrase: undefined, serverName: undefined },
  rejectUnauthorized: true,
};

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
  readonly #lifetime = new AbortController();
  /** Of connections that are being probed, or were in this window. */
  readonly #probes = new Map<string, LatestRun>();
  readonly #proxyConsents: ProxyConsents;
  #known: ReadonlyMap<string, string>;
  readonly #changed = this.register(new Emitter<void>());

  /** Which programs the servers are, as far as they have said it. */
  readonly backends: KnownBackends;

  /** What the servers offer, as far as they were asked. */
  readonly capabilities: KnownCapabilities;

  /** Fires when the list, the active connection, or the state of one of them changed. */
  readonly onDidChange = this.#changed.event;

  constructor(deps: ConnectionServiceDeps) {
    super();
    this.#deps = deps;
    this.#known = this.#fingerprints();
    const { userMemory, clock, log } = deps;
    this.#proxyConsents = new ProxyConsents(userMemory);
    this.backends = this.register(new KnownBackends({ memory: userMemory, clock, log }));
    this.register(this.backends.onDidChange(() => this.#changed.fire()));
    this.capabilities = this.register(new KnownCapabilities({ memory: userMemory, clock, log }));
    this.register(this.capabilities.onDidChange(() => this.#changed.fire()));
    this.register(deps.profiles.onDidChange(() => this.#profilesChanged()));
    this.register({ dispose: () => this.#closeAll() });
    this.register({ dispose: () => this.#lifetime.abort(new AppError({ kind: "cancelled" })) });
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
    const source = await this.#make(profile, noDrafts, (to) => {
      if (to === "proxy") return this.#proxyConsents.require(profile);
      this.#requireConsent(profile);
      this.#requireOrigin(profile, noDrafts, { isSaved: true });
    });
    const isCurrent = () => this.#opened.get(profile.id)?.profile === profile && !this.isDisposed;
    if (!isCurrent()) {
      source.dispose();
      throw new AppError({ kind: "cancelled" });
    }
    return observed(source, {
      outcome: (outcome) => {
        if (!isCurrent()) return;
        const failure = "error" in outcome ? failureOf(outcome.error) : undefined;
        this.noteOutcome(profile.id, failure);
        if ("answer" in outcome) {
          this.capabilities.notePartialMark(profile, outcome.answer.isPartial !== undefined);
        }
        if (failure === undefined || isOfAgent(failure)) this.#probeIfNew(profile);
      },
      used: (endpoint, failure) => {
        if (!isCurrent()) return;
        const { offer, status } =
          failure === undefined ? ({ offer: "offered", status: 200 } as const) : offerAfter(failure);
        // A 401 is about the credential, whatever was asked for.
        if (status !== 401) this.capabilities.noteUse(profile, endpoint, offer, status);
      },
      buildInfo: (build) => {
        if (isCurrent()) this.backends.note(profile, build);
      },
    });
  }

  /** A source of its own; `allow` throws while something has to be agreed to before a credential is sent. */
  async #make(profile: Profile, drafts: SecretDrafts, allow: (to: "server" | "proxy") => void): Promise<MetricsSource> {
    const { bounds, loadNetwork } = this.#deps;
    const { backends, capabilities } = this;
    const { createSource, requestToken } = await loadNetwork();
    this.#lifetime.signal.throwIfAborted();
    const { secrets: secretsOfWay, ...way } = networkPathOf(profile, this.#deps, {
      keyPassphrase: () => this.#optionalSecret(profile, "keyPassphrase", drafts),
      proxyAuthorization: async () => {
        // Stored as user and password with a colon between them.
        const pair = await this.#optionalSecret(profile, "proxyPassword", drafts);
        if (pair !== undefined) allow("proxy");
        return pair && `Basic ${Buffer.from(pair, "utf8").toString("base64")}`;
      },
    });
    // The token server is another one: the same proxy and authorities lead there, not the client's certificate.
    const tokenWay: TokenWay = {
      transport: way.transport,
      // A token URL of plain http is one of this machine: to a proxy elsewhere the client's secret would be readable.
      proxy: async (to, options) =>
        isReadableOnTheWay(to, profile.proxy) ? { kind: "direct" } : way.proxy(to, options),
      secrets: secretsOfWay,
      tls: async (options) => ({ ...noClientTls, ca: (await way.tls(options)).ca }),
    };
    const credentials = new Credentials(profile, drafts, {
      ...this.#deps,
      requestToken: (request, options) => requestToken(request, { ...options, way: tokenWay }),
    });
    return createSource({
      ...way,
      baseUrl: profile.baseUrl,
      method: profile.method,
      timeoutMs: profile.timeoutMs,
      async credentials(origin, options) {
        allow("server");
        const found = await credentials.for(origin, options);
        return { ...found, secrets: [...found.secrets, ...(await secretsOfWay(origin, options))] };
      },
      get pagesRules() {
        return pagesRules(backends.of(profile));
      },
      get searchesNames() {
        return capabilities.of(profile)?.offers.get("search")?.offer === "offered";
      },
      dispose: () => credentials.dispose(),
      get maxSamples() {
        return bounds().maxSamples;
      },
      get maxBytes() {
        return bounds().maxBytes;
      },
    });
  }

  /** A secret of the way to a server; `undefined`: there is none. Throws `originChanged` or `misconfigured`. */
  async #optionalSecret(
    profile: Profile,
    purpose: "keyPassphrase" | "proxyPassword",
    { typed, confirmed }: SecretDrafts,
  ): Promise<string | undefined> {
    const value = typed.get(purpose);
    const need = secretNeedsOf(profile).find((one) => one.purpose === purpose);
    if (value !== undefined || need === undefined) return value;
    const { secrets } = this.#deps;
    if ((await secrets.read(profile.id, purpose)).state === "none") return undefined;
    return secrets.valueFor(profile.id, purpose, need.origin, confirmed);
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
      if (!mayUsePlainHttp) this.#requireConsent(profile);
      this.#requireOrigin(profile, drafts, { isSaved: false });
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
        this.noteOutcome(id, failure);
        // It evaluates nothing, but its targets are worth a look.
        if (isOfAgent(failure)) this.#probeQuietly(id);
      }
      throw error;
    } finally {
      watching.dispose();
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

  /** True if a password for this profile's proxy, typed or stored, waits for the user's consent to plain http. */
  async needsProxyConsent(profile: Profile, { typed }: SecretDrafts): Promise<boolean> {
    if (!this.#proxyConsents.isWanting(profile)) return false;
    return typed.has("proxyPassword") || (await this.storedSecret(profile.id, "proxyPassword")) !== "none";
  }

  /** Remembers the consent for this connection and exactly this proxy. */
  async giveProxyConsent(profile: Profile): Promise<void> {
    await this.#proxyConsents.give(profile);
    this.#changed.fire();
  }

  /** True if the password for this profile's proxy goes there by plain http, which the user has agreed to. */
  sendsProxyPasswordInTheOpen(profile: Profile): boolean {
    return this.#proxyConsents.isGiven(profile);
  }

  #consents(): Readonly<Record<string, unknown>> {
    const value = this.#deps.userMemory.get(consentKey);
    return isRecord(value) ? value : {};
  }

  #requireConsent(profile: Profile): void {
    if (!this.needsPlainHttpConsent(profile)) return;
    throw new AppError({ kind: "misconfigured", what: "plainHttpConsent", detail: profile.origin });
  }

  /**
   * What is not stored here has no record of its origin: the first one that it went to is remembered, and another one has to be
   * confirmed. Throws `originChanged`.
   */
  #requireOrigin(profile: Profile, { confirmed }: SecretDrafts, { isSaved }: { readonly isSaved: boolean }): void {
    if (!hasUnboundCredential(profile)) return;
    const { id, origin } = profile;
    const boundTo = this.#originOf(id);
    if (boundTo === origin || confirmed.includes(origin)) return;
    if (boundTo !== undefined) throw new AppError({ kind: "originChanged", connectionId: id, boundTo, origin });
    if (!isSaved) return;
    this.#rememberOrigin(id, origin).catch((error: unknown) =>
      this.#deps.log.error("connections", "An origin was not remembered", error),
    );
  }

  #originOf(id: string): string | undefined {
    const origins = this.#deps.userMemory.get(originKey);
    const origin = isRecord(origins) && Object.hasOwn(origins, id) ? origins[id] : undefined;
    return typeof origin === "string" ? origin : undefined;
  }

  async #rememberOrigin(id: string, origin: string | undefined): Promise<void> {
    const origins = this.#deps.userMemory.get(originKey);
    const { [id]: _before, ...others } = isRecord(origins) ? origins : {};
    await this.#deps.userMemory.set(originKey, origin === undefined ? others : { ...others, [id]: origin });
  }

  /** The first credential that was given for another origin than the one it would go to now. */
  async movedSecret(profile: Profile): Promise<MovedSecret | undefined> {
    const known = hasUnboundCredential(profile) ? this.#originOf(profile.id) : undefined;
    if (known !== undefined && known !== profile.origin) return { from: known, to: profile.origin };
    for (const { purpose, origin } of secretNeedsOf(profile)) {
      const stored = await this.#deps.secrets.read(profile.id, purpose);
      if (stored.state === "found" && stored.secret.origin !== origin) {
        return { from: stored.secret.origin, to: origin };
      }
    }
    return undefined;
  }

  /** Binds all stored secrets of one origin to the one they go to now, which the user has confirmed. */
  async confirmMove(profile: Profile, { from, to }: MovedSecret): Promise<void> {
    if (this.#originOf(profile.id) === from && profile.origin === to) await this.#rememberOrigin(profile.id, to);
    for (const { purpose, origin } of secretNeedsOf(profile)) {
      const stored = await this.#deps.secrets.read(profile.id, purpose);
      if (stored.state === "found" && stored.secret.origin === from && origin === to) {
        await this.#deps.secrets.rebind(profile.id, purpose, to);
      }
    }
    this.#noteUnknown(profile.id);
  }

  /** Secrets that the profile needs and that are not stored (any more). */
  async missingSecrets(profile: Profile): Promise<readonly SecretNeed[]> {
    const needs = secretNeedsOf(profile);
    const stored = await Promise.all(needs.map(({ purpose }) => this.#deps.secrets.read(profile.id, purpose)));
    return needs.filter(({ isOptional }, i) => !isOptional && stored[i]?.state === "none");
  }

  /** Whether a secret for this purpose is stored, readable or not. */
  async storedSecret(id: string, purpose: SecretPurpose): Promise<"none" | "found" | "unreadable"> {
    return (await this.#deps.secrets.read(id, purpose)).state;
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
   * the profile cannot be written, the stored secrets are again what they were.
   */
  async save(
    profile: Profile,
    element: Readonly<Record<string, unknown>>,
    { typed, confirmed }: SecretDrafts,
    options: { readonly replaceUnreadable: boolean },
  ): Promise<void> {
    const { secrets, profiles, log } = this.#deps;
    const needs = secretNeedsOf(profile);
    const purposes = needs.map(({ purpose }) => purpose);
    const restore = await secrets.restorer(profile.id, purposes);
    try {
      for (const { purpose, origin } of needs) {
        const value = typed.get(purpose);
        if (value !== undefined) await secrets.save(profile.id, purpose, { origin, value }, options);
        else if (confirmed.includes(origin) && (await this.storedSecret(profile.id, purpose)) === "found") {
          await secrets.rebind(profile.id, purpose, origin);
        }
      }
      await profiles.upsert(profile.id, element);
    } catch (error) {
      // The old profile stands: with the new secrets it would fail, or send one to a server that it was not given for.
      await restore().catch((again: unknown) => log.error("connections", "The secret could not be put back", again));
      throw error;
    }
    await this.#rememberOrigin(profile.id, hasUnboundCredential(profile) ? profile.origin : undefined);
    await secrets.forget(profile.id, purposes);
    this.#close(profile.id);
    this.#noteUnknown(profile.id);
  }

  /** Removes the profile first, then its secrets and what was remembered of it. */
  async remove(id: string): Promise<void> {
    await this.#deps.profiles.remove(id);
    this.#close(id);
    await this.#deps.secrets.forget(id);
    if (this.#deps.workspaceMemory.get(activeKey) === id) await this.#deps.workspaceMemory.set(activeKey, undefined);
    await this.#rememberOrigin(id, undefined);
    const { [id]: _removed, ...consents } = this.#consents();
    await this.#deps.userMemory.set(consentKey, consents);
    await this.#proxyConsents.forget(id);
    this.backends.forget(id);
    this.capabilities.forget(id);
    this.#noteUnknown(id);
  }

  /**
   * Remembers that a saved connection passed its test, and what its server said of itself. What else it offers is found out
   * behind that.
   */
  noteAnswer(profile: Profile, { buildInfo, marksPartial }: TestReport): void {
    this.noteOutcome(profile.id, undefined);
    if (buildInfo !== undefined) this.backends.note(profile, buildInfo);
    this.capabilities.notePartialMark(profile, marksPartial);
    this.#probeQuietly(profile.id);
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

  /** Which program a server is, by all that is known of it. */
  programOf(profile: Profile): RecognisedBackend {
    const { isAgent, marksPartial } = this.capabilities.of(profile) ?? {};
    return recognise({ baseUrl: profile.baseUrl, backend: this.backends.of(profile), isAgent, marksPartial });
  }

  /**
   * Finds out what the server of a saved connection offers, over the slots that its other requests use, and remembers it. One
   * that is under way gives way. Throws the failure if nothing was learnt; what was known before stays then.
   */
  probe(id: string, { signal, onProgress }: Omit<ProbeOptions, "clock">): Promise<Capabilities> {
    const { clock } = this.#deps;
    return this.#probeRun(id).start(async (run) => {
      const fingerprint = this.#known.get(id);
      const source = await this.sourceFor(id);
      const both = AbortSignal.any([signal, run.signal]);
      const findings = await probeSource(source, { signal: both, clock, ...(onProgress && { onProgress }) });
      const profile = this.find(id);
      if (profile === undefined || !run.isCurrent() || this.#known.get(id) !== fingerprint) {
        throw new AppError({ kind: "cancelled" });
      }
      return this.capabilities.noteProbe(profile, findings);
    });
  }

  #probeRun(id: string): LatestRun {
    const run = this.#probes.get(id) ?? new LatestRun();
    this.#probes.set(id, run);
    return run;
  }

  /** The first use of a connection finds out what its server offers; a server in trouble is not asked again in this window. */
  #probeIfNew(profile: Profile): void {
    const { probedAt } = this.capabilities.of(profile) ?? {};
    const isFresh = probedAt !== undefined && this.#deps.clock.now() - probedAt < capabilitiesLastMs;
    if (!isFresh && !this.#probes.has(profile.id)) this.#probeQuietly(profile.id);
  }

  /** Nobody waits for it, and nobody is told of a failure: whatever is not known is asked for when it is wanted. */
  #probeQuietly(id: string): void {
    if (this.isDisposed || this.#probeRun(id).isRunning) return;
    this.probe(id, { signal: new AbortController().signal }).catch((error: unknown) =>
      this.#deps.log.trace("connections", `What ${id} offers was not found out: ${failureOf(error).kind}`),
    );
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
      // Other headers may open or close other doors.
      this.capabilities.forget(id);
    }
    this.#changed.fire();
  }

  #closeAll(): void {
    for (const id of [...this.#opened.keys()]) this.#close(id);
  }

  #close(id: string): void {
    this.#probes.get(id)?.cancel();
    this.#probes.delete(id);
    const opened = this.#opened.get(id);
    this.#opened.delete(id);
    opened?.source.then(
      (source) => source.dispose(),
      (error: unknown) => this.#deps.log.trace("connections", `The source was never made: ${failureOf(error).kind}`),
    );
  }
}
