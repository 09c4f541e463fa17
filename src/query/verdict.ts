import type { ServerPosition } from "../shared/errors.ts";
import type { StartedRun } from "./fileRuns.ts";
import { partsOf } from "./run.ts";

/** What a server said against a query's text, kept while that text stays as it was. */
export interface Verdict {
  /** The expression that was sent, as written in the file. */
  readonly text: string;
  /** Where in `text`; `undefined` where the server names no place. */
  readonly offset: number | undefined;
  readonly message: string;
  readonly server: string;
}

/** Where a server's position lies in the query's text as written. */
export function locate({ plan, run }: StartedRun, position: ServerPosition): number | undefined {
  return run.window === undefined ? undefined : plan.locate(position, run.window);
}

/**
 * What the server said against the query itself; trouble on the way there is none of the text's business, and a text that
 * one of the two requests was answered for is no wrong text.
 */
export function verdictOf(started: StartedRun): Verdict | undefined {
  const { run, input } = started;
  const parts = partsOf({ ...run, before: undefined });
  if (parts.some((part) => part.state === "done")) return undefined;
  for (const part of parts) {
    if (part.state !== "failed" || part.failure.kind !== "rejected") continue;
    const { position, message } = part.failure;
    const offset = position === undefined ? undefined : locate(started, position);
    return { text: input.text, offset, message, server: run.request.target.name };
  }
  return undefined;
}
