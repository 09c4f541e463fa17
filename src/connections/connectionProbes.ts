import type { Clock, Logger } from "../platform/ports.ts";
import { LatestRun } from "../shared/abort.ts";
import type { Disposable } from "../shared/disposable.ts";
import { AppError, failureOf } from "../shared/errors.ts";
import type { MetricsSource } from "../shared/model/source.ts";
import { type ProbeOptions, probeSource } from "./capabilityProbe.ts";
import type { Capabilities, KnownCapabilities } from "./knownCapabilities.ts";
import type { Profile } from "./profile.ts";

/** What was found out longer ago is asked again the next time that a connection is used, in ms: servers are upgraded. */
const capabilitiesLastMs = 7 * 24 * 3_600_000;

export interface ConnectionProbesDeps {
  readonly capabilities: KnownCapabilities;
  readonly clock: Clock;
  readonly log: Logger;
  readonly find: (id: string) => Profile | undefined;
  readonly sourceFor: (id: string) => Promise<MetricsSource>;
  /** A text that changes with the saved connection. */
  readonly stateOf: (id: string) => string | undefined;
}

/** Finds out what the servers of saved connections offer, one probe a connection at a time. */
export class ConnectionProbes implements Disposable {
  readonly #deps: ConnectionProbesDeps;
  /** Of connections that are being probed, or were in this window. */
  readonly #runs = new Map<string, LatestRun>();
  #isDisposed = false;

  constructor(deps: ConnectionProbesDeps) {
    this.#deps = deps;
  }

  /**
   * Asks the server over the slots that its other requests use, and remembers what it offers. A probe that is under way gives
   * way. Throws the failure if nothing was learnt; what was known before stays then.
   */
  start(id: string, { signal, onProgress }: Omit<ProbeOptions, "clock">): Promise<Capabilities> {
    const { capabilities, clock, find, sourceFor, stateOf } = this.#deps;
    return this.#run(id).start(async (run) => {
      const state = stateOf(id);
      const source = await sourceFor(id);
      const both = AbortSignal.any([signal, run.signal]);
      const findings = await probeSource(source, { signal: both, clock, ...(onProgress && { onProgress }) });
      const profile = find(id);
      if (profile === undefined || !run.isCurrent() || stateOf(id) !== state) {
        throw new AppError({ kind: "cancelled" });
      }
      return capabilities.noteProbe(profile, findings);
    });
  }

  /** The first use of a connection finds out what its server offers; a server in trouble is not asked again in this window. */
  startIfNew(profile: Profile): void {
    const { capabilities, clock } = this.#deps;
    const { probedAt } = capabilities.of(profile) ?? {};
    const isFresh = probedAt !== undefined && clock.now() - probedAt < capabilitiesLastMs;
    if (!isFresh && !this.#runs.has(profile.id)) this.startQuietly(profile.id);
  }

  /** Nobody waits for it, and nobody is told of a failure: whatever is not known is asked for when it is wanted. */
  startQuietly(id: string): void {
    if (this.#isDisposed || this.#run(id).isRunning) return;
    this.start(id, { signal: new AbortController().signal }).catch((error: unknown) =>
      this.#deps.log.trace("connections", `What ${id} offers was not found out: ${failureOf(error).kind}`),
    );
  }

  /** Stops the probe of a connection, whose next use may begin another one. */
  cancel(id: string): void {
    this.#runs.get(id)?.cancel();
    this.#runs.delete(id);
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const id of [...this.#runs.keys()]) this.cancel(id);
  }

  #run(id: string): LatestRun {
    const run = this.#runs.get(id) ?? new LatestRun();
    this.#runs.set(id, run);
    return run;
  }
}
