import type { Clock, KeyValueStore, Logger } from "../platform/ports.ts";
import { DisposableStore } from "../shared/disposable.ts";
import { type Failure, failureOf } from "../shared/errors.ts";
import { Emitter } from "../shared/event.ts";
import type { QueryState } from "../shared/model/capabilities.ts";
import type { MetricsSource } from "../shared/model/source.ts";
import { isNotOffered, isOfAgent, offerAfter } from "../shared/notOffered.ts";
import { type RecognisedBackend, recognise } from "./backend.ts";
import { ConnectionProbes, type ConnectionProbesDeps } from "./connectionProbes.ts";
import type { TestReport } from "./connectionTest.ts";
import { type Health, healthAfter, observed } from "./health.ts";
import { KnownBackends } from "./knownBackends.ts";
import { KnownCapabilities } from "./knownCapabilities.ts";
import type { Profile } from "./profile.ts";

export interface KnownServersDeps extends Omit<ConnectionProbesDeps, "capabilities"> {
  /** Remembers what servers said of themselves. */
  readonly memory: KeyValueStore;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What is known of the servers of saved connections: how they are, which programs they are, and what they offer. */
export class KnownServers extends DisposableStore {
  readonly #clock: Clock;
  readonly #health = new Map<string, Health>();
  readonly #changed = this.register(new Emitter<void>());

  /** Which programs the servers are, as far as they have said it. */
  readonly backends: KnownBackends;

  /** What the servers offer, as far as they were asked. */
  readonly capabilities: KnownCapabilities;

  /** Finds out what they offer. */
  readonly probes: ConnectionProbes;

  /** Fires when something else is known of one of them. */
  readonly onDidChange = this.#changed.event;

  constructor(deps: KnownServersDeps) {
    super();
    this.#clock = deps.clock;
    this.backends = this.register(new KnownBackends(deps));
    this.register(this.backends.onDidChange(() => this.#changed.fire()));
    this.capabilities = this.register(new KnownCapabilities(deps));
    this.register(this.capabilities.onDidChange(() => this.#changed.fire()));
    this.probes = this.register(new ConnectionProbes({ ...deps, capabilities: this.capabilities }));
  }

  healthOf(id: string): Health {
    return this.#health.get(id) ?? { state: "unknown" };
  }

  /** Whether the server of a connection answers queries, by the last one that was sent there and by what it said it is. */
  queriesOf(profile: Profile): QueryState {
    const health = this.healthOf(profile.id);
    if (health.state === "ok") return "answered";
    const failure = health.state === "failed" ? health.failure : undefined;
    if (failure !== undefined && isOfAgent(failure)) return "agent";
    if (failure !== undefined && isNotOffered(failure)) return "missing";
    return this.capabilities.of(profile)?.isAgent === true ? "agent" : "unknown";
  }

  /** Which program a server is, by all that is known of it. */
  programOf(profile: Profile): RecognisedBackend {
    const { isAgent, marksPartial } = this.capabilities.of(profile) ?? {};
    return recognise({ baseUrl: profile.baseUrl, backend: this.backends.of(profile), isAgent, marksPartial });
  }

  /** The same source, whose answers are learnt from while `isCurrent`. */
  watch(source: MetricsSource, profile: Profile, isCurrent: () => boolean): MetricsSource {
    return observed(source, {
      outcome: (outcome) => {
        if (!isCurrent()) return;
        const failure = "error" in outcome ? failureOf(outcome.error) : undefined;
        this.noteOutcome(profile.id, failure);
        if ("answer" in outcome) {
          this.capabilities.notePartialMark(profile, outcome.answer.isPartial !== undefined);
        }
        if (failure === undefined || isOfAgent(failure)) this.probes.startIfNew(profile);
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

  /**
   * Remembers that a saved connection passed its test, and what its server said of itself. What else it offers is found out
   * behind that.
   */
  noteAnswer(profile: Profile, { buildInfo, marksPartial }: TestReport): void {
    this.noteOutcome(profile.id, undefined);
    if (buildInfo !== undefined) this.backends.note(profile, buildInfo);
    this.capabilities.notePartialMark(profile, marksPartial);
    this.probes.startQuietly(profile.id);
  }

  /** Remembers how a request to a connection ended; `undefined`: it was answered. */
  noteOutcome(id: string, failure: Failure | undefined): void {
    const at = this.#clock.now();
    const next: Health | undefined = failure === undefined ? { state: "ok", at } : healthAfter(failure, at);
    if (next === undefined) return;
    const before = this.healthOf(id);
    this.#health.set(id, next);
    if (next.state === "failed" || before.state !== next.state) this.#changed.fire();
  }

  /**
   * Remembers that a connection's test failed. A server that refuses `1+1` itself answers no queries; one that is busy does so
   * at another time.
   */
  noteTestFailure(id: string, failure: Failure): void {
    if (failure.kind !== "rejected" || failure.status === 429 || failure.status >= 500) {
      this.noteOutcome(id, failure);
      return;
    }
    this.#health.set(id, { state: "failed", at: this.#clock.now(), failure });
    this.#changed.fire();
  }

  /** Nothing that was seen of a connection's health counts any more. */
  forgetHealth(id: string): void {
    this.#health.delete(id);
  }
}
