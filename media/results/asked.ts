import { type ComponentChild, h } from "preact";
import { useEffect, useState } from "preact/hooks";
import { isCancelled } from "../../src/shared/errors.ts";

/** What has come of asking the host for something of an answer. */
export interface Asked<T> {
  /** The last that came, which stays while the next is under way. */
  readonly read: { readonly id: string; readonly value: T } | undefined;
  /** True if what is asked for now could not be had. */
  readonly hasFailed: boolean;
  readonly retry: () => void;
}

/** Asks whenever `id`, which names what is asked for, is another one, and again when told to. `undefined`: not yet. */
export function useAsked<T>(id: string | undefined, ask: () => Promise<T>): Asked<T> {
  const [read, setRead] = useState<Asked<T>["read"]>(undefined);
  const [failed, setFailed] = useState<string | undefined>(undefined);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (id === undefined) return undefined;
    let isCurrent = true;
    ask().then(
      (value) => {
        if (!isCurrent) return;
        setRead({ id, value });
        setFailed(undefined);
      },
      (error: unknown) => {
        // An answer that a newer one has replaced is asked about no more: that one will be.
        if (isCurrent && !isCancelled(error)) setFailed(id);
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [id, attempt]);
  return {
    read,
    hasFailed: id !== undefined && failed === id,
    retry: () => {
      setFailed(undefined);
      setAttempt(attempt + 1);
    },
  };
}

/** Says in a view what could not be had, with a way to ask once more. */
export function Failed({ text, retry }: { readonly text: string; readonly retry: () => void }): ComponentChild {
  return h(
    "p",
    { class: "problem note", role: "alert" },
    `${text}; the log says why. `,
    h("button", { type: "button", class: "link", onClick: retry }, "Retry"),
  );
}
