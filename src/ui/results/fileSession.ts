import type * as vscode from "vscode";
import type { Clock } from "../../platform/ports.ts";
import type { AnswerWindow } from "../../query/answerExemplars.ts";
import type { Run, RunAgain } from "../../query/run.ts";
import type { ServerPosition } from "../../shared/errors.ts";
import type { ExemplarList, MetricsSource } from "../../shared/model/source.ts";
import { editorDesk } from "./editorDesk.ts";
import type { ResultsSessionDeps } from "./resultsSession.ts";
import { pickTimeZone } from "./timeZoneChoice.ts";

/** What is done with the queries of a file by those who run them. */
export interface FileQueries {
  readonly rerun: (uri: vscode.Uri, asked: RunAgain, isAutomatic: boolean) => Promise<Run | undefined>;
  readonly cancel: (uri: vscode.Uri, key: string) => void;
  readonly reveal: (uri: vscode.Uri, key: string, position: ServerPosition | undefined) => void;
  /** Asks the server of a run for the exemplars beside its answer; `undefined`: the person declined. */
  readonly exemplars: (
    uri: vscode.Uri,
    run: Run,
    window: AnswerWindow,
    signal: AbortSignal,
  ) => Promise<ExemplarList | undefined>;
  /** The way to the server that a run's answer came from; `undefined`: the person declined. */
  readonly sourceOf: (uri: vscode.Uri, run: Run, signal: AbortSignal) => Promise<MetricsSource | undefined>;
}

/** What all sessions need, whatever their file is. */
export interface AnySessionDeps
  extends Pick<ResultsSessionDeps, "describe" | "log" | "clock" | "timeZone" | "exporter" | "links" | "guard"> {
  readonly clock: Clock;
  readonly setTimeZone: (zone: string) => Promise<void>;
}

/** The deps of a file's session but for those of where it is shown; `file` may be somewhere else by the time it is asked for. */
export function fileSession(
  file: () => vscode.Uri,
  { rerun, cancel, reveal, exemplars, sourceOf }: FileQueries,
  deps: AnySessionDeps,
): Omit<ResultsSessionDeps, "uri" | "isVisible" | "showsAllRuns" | "keep"> {
  const { timeZone, setTimeZone, clock } = deps;
  return {
    ...deps,
    desk: editorDesk,
    exemplars: (...asked) => exemplars(file(), ...asked),
    sourceOf: (...asked) => sourceOf(file(), ...asked),
    controller: {
      rerun: (asked, isAutomatic) => rerun(file(), asked, isAutomatic),
      cancel: (key) => cancel(file(), key),
      reveal: (key, position) => reveal(file(), key, position),
      setTimeZone: async (zone) => {
        const picked = zone === "choose" ? await pickTimeZone(timeZone(), clock.now()) : zone;
        if (picked !== undefined) await setTimeZone(picked);
      },
    },
  };
}
