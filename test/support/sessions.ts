import type { Run, RunAgain } from "../../src/query/run.ts";
import { ResultsSession, type ResultsSessionDeps } from "../../src/ui/results/resultsSession.ts";
import { testNow } from "./runs.ts";

/** What a session has had others do, in order. */
export interface SessionWorld {
  readonly log: string[];
  readonly reruns: RunAgain[];
}

/** A session without an editor around it: everything that would leave it is written down. */
export function sessionDeps(changes: Partial<ResultsSessionDeps> = {}): {
  readonly deps: ResultsSessionDeps;
  readonly world: SessionWorld;
} {
  const world: SessionWorld = { log: [], reruns: [] };
  const note = (what: string) => void world.log.push(what);
  const deps: ResultsSessionDeps = {
    describe: (failure, { name }) => ({ title: `${name} said no`, detail: failure.kind, next: "" }),
    timeZone: () => "utc",
    clock: {
      now: () => testNow,
      setTimeout: (callback, ms) => {
        const timer = setTimeout(callback, ms).unref();
        return { dispose: () => clearTimeout(timer) };
      },
    },
    uri: "file:///test.promql",
    controller: {
      rerun: async (asked): Promise<Run | undefined> => {
        world.reruns.push(asked);
        return undefined;
      },
      cancel: (key) => note(`cancel ${key}`),
      reveal: (key) => note(`reveal ${key}`),
      setTimeZone: async (zone) => note(`zone ${zone}`),
    },
    desk: {
      copyText: async (text) => note(`copy ${text}`),
      savePicture: async (name) => `Saved ${name}.`,
      repair: async ({ action }) => note(`repair ${action.kind}`),
    },
    isVisible: () => true,
    showsAllRuns: false,
    exemplars: async () => undefined,
    sourceOf: async () => undefined,
    exporter: {
      pickFormat: async () => "csv",
      toFile: async (_subject, format) => note(`file ${format}`),
      toClipboard: async () => "Copied.",
    },
    links: async () => ({
      copyAsCurl: async () => note("curl"),
      copyAsPromtool: async () => note("promtool"),
      openInServerUi: async () => note("open"),
    }),
    guard: async (_title, work) => work(),
    log: {
      trace: () => undefined,
      info: () => undefined,
      warn: (_area, message) => note(`warn ${message}`),
      error: (_area, message) => note(`error ${message}`),
    },
    ...changes,
  };
  return { deps, world };
}

/** A session and what it did. */
export function aSession(changes: Partial<ResultsSessionDeps> = {}): {
  readonly session: ResultsSession;
  readonly world: SessionWorld;
} {
  const { deps, world } = sessionDeps(changes);
  return { session: new ResultsSession(deps), world };
}

/** Until all that was put off to the end of this turn has happened. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}
