import { useRef } from "preact/hooks";
import type { PartSnapshot, RunSnapshot } from "../../src/shared/protocol/results.ts";
import { isRunning } from "./facts.ts";

/** When a request of it was begun, on the host's clock: it tells one run of a query from the next. */
function beginningOf({ range, instant, before }: RunSnapshot): number {
  const running = [range, instant, before].find((part): part is PartSnapshot => part?.state === "running");
  return running?.startedAt ?? 0;
}

/**
 * When the page first saw each of these runs under way, on the clock of `performance.now()`: the host's clock may be another
 * machine's. `undefined` for a run that is not under way.
 */
export function useFirstSeen(runs: readonly RunSnapshot[]): (key: string) => number | undefined {
  const seen = useRef<ReadonlyMap<string, { readonly beginning: number; readonly at: number }>>(new Map());
  const now = performance.now();
  seen.current = new Map(
    runs.filter(isRunning).map((run) => {
      const beginning = beginningOf(run);
      const known = seen.current.get(run.key);
      return [run.key, known?.beginning === beginning ? known : { beginning, at: now }] as const;
    }),
  );
  return (key) => seen.current.get(key)?.at;
}
