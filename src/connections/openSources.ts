import type { Logger } from "../platform/ports.ts";
import type { Disposable } from "../shared/disposable.ts";
import { AppError, failureOf } from "../shared/errors.ts";
import type { MetricsSource } from "../shared/model/source.ts";
import type { Profile } from "./profile.ts";

/** The source of a connection, made for one state of its profile. */
interface Opened {
  readonly profile: Profile;
  readonly source: Promise<MetricsSource>;
}

export interface OpenSourcesDeps {
  readonly make: (profile: Profile) => Promise<MetricsSource>;
  /** Wraps what was made; `isCurrent` says whether it is still that of its connection. */
  readonly watch: (source: MetricsSource, profile: Profile, isCurrent: () => boolean) => MetricsSource;
  readonly log: Logger;
}

/** The sources of saved connections, one of each, made when they are first asked for. */
export class OpenSources implements Disposable {
  readonly #deps: OpenSourcesDeps;
  readonly #opened = new Map<string, Opened>();
  #isDisposed = false;

  constructor(deps: OpenSourcesDeps) {
    this.#deps = deps;
  }

  of(profile: Profile): Promise<MetricsSource> {
    const { id } = profile;
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
    const { make, watch } = this.#deps;
    const source = await make(profile);
    const isCurrent = () => this.#opened.get(profile.id)?.profile === profile && !this.#isDisposed;
    if (!isCurrent()) {
      source.dispose();
      throw new AppError({ kind: "cancelled" });
    }
    return watch(source, profile, isCurrent);
  }

  /** Gives up the source of a connection; the next one that is asked for is made anew. */
  close(id: string): void {
    const opened = this.#opened.get(id);
    this.#opened.delete(id);
    opened?.source.then(
      (source) => source.dispose(),
      (error: unknown) => this.#deps.log.trace("connections", `The source was never made: ${failureOf(error).kind}`),
    );
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const id of [...this.#opened.keys()]) this.close(id);
  }
}
