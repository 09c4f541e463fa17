/** Something that owns a listener, timer, socket or panel and gives it back once. */
export interface Disposable {
  dispose(): void;
}

/** A disposable made of one function; calling it twice runs it once. */
export function toDisposable(release: () => void): Disposable {
  let released = false;
  return {
    dispose() {
      if (released) return;
      released = true;
      release();
    },
  };
}

/** Base of every class with a lifetime. `register` is called on the line that creates the owned thing. */
export class DisposableStore implements Disposable {
  readonly #owned: Disposable[] = [];
  #disposed = false;

  get isDisposed(): boolean {
    return this.#disposed;
  }

  /** Takes ownership and returns its argument; an owner that is already gone disposes it at once. */
  register<T extends Disposable>(owned: T): T {
    if (this.#disposed) owned.dispose();
    else this.#owned.push(owned);
    return owned;
  }

  /** Releases everything in reverse order, all of it even if one throws; the first error is thrown at the end. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    const errors: unknown[] = [];
    for (const owned of this.#owned.splice(0).reverse()) {
      try {
        owned.dispose();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  }
}

/** Holds at most one disposable; setting a new one releases the old. */
export class DisposableSlot<T extends Disposable> implements Disposable {
  #current: T | undefined;
  #disposed = false;

  get current(): T | undefined {
    return this.#current;
  }

  set current(next: T | undefined) {
    const previous = this.#current;
    this.#current = this.#disposed ? undefined : next;
    if (previous !== next) previous?.dispose();
    if (this.#disposed) next?.dispose();
  }

  dispose(): void {
    this.current = undefined;
    this.#disposed = true;
  }
}
