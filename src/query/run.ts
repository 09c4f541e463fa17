import type { Failure } from "../shared/errors.ts";
import type { QueryAnswer, UnixMs } from "../shared/model/answer.ts";
import type { RetryNote } from "../shared/model/source.ts";
import type { TimeExpression } from "../shared/model/time.ts";

/** Both: a range request for the chart and an instant one at its end for the table, each of which may fail alone. */
export type RunMode = "both" | "range" | "instant";

export type View = "chart" | "table" | "stat" | "heatmap" | "json";

/** What a person may change before asking again: in the text by directives, in the results panel by its controls. */
export interface RunChoices {
  readonly mode: RunMode;
  readonly start: TimeExpression;
  readonly end: TimeExpression;
  /** Evaluation time of an instant query in mode `instant`; in mode `both` it is `end`. */
  readonly time: TimeExpression;
  /** `undefined`: chosen by range and width, never below the connection's `minStep`. */
  readonly stepMs: number | undefined;
  /** Series shown; `undefined`: all of them. */
  readonly maxSeries: number | undefined;
  /** How much earlier a second range request looks, to be compared with; `undefined`: there is none. */
  readonly compareMs: number | undefined;
}

/** True where what is asked for ends at a time that does not move on: asking again brings the same answer. */
export function isFixed({ mode, end, time }: RunChoices): boolean {
  return (mode === "instant" ? time : end).kind === "at";
}

/** The server a run goes to, as it is shown everywhere. */
export interface RunTarget {
  readonly connectionId: string;
  readonly name: string;
  readonly origin: string;
  readonly color: string | undefined;
  /** True: whoever answers in the server's name is believed. */
  readonly isUnverified?: boolean;
}

/** A block that is decided: which text, to which server, with which choices. */
export interface RunRequest {
  /** Stable within its file, so that running a block again replaces its result. */
  readonly key: string;
  readonly title: string;
  /** The expression as written and as sent (variables filled in). */
  readonly text: string;
  readonly query: string;
  readonly target: RunTarget;
  readonly choices: RunChoices;
  /** Legend template such as `{{instance}}`, unit id and first view, from directives. */
  readonly legend: string | undefined;
  readonly unit: string | undefined;
  readonly view: View | undefined;
}

/** The times a run was really sent with. */
export interface SentRange {
  readonly start: UnixMs;
  readonly end: UnixMs;
  readonly stepMs: number;
  readonly stepIsAutomatic: boolean;
}

/** One request of a run. A failure keeps no data; the panel keeps the older run's answer and marks it stale. */
export type RunPart =
  | {
      readonly state: "running";
      readonly startedAt: UnixMs;
      /** It failed, and is or was sent again: the last time that this happened. */
      readonly retry?: RetryNote;
    }
  | {
      readonly state: "done";
      readonly answer: QueryAnswer;
      readonly finishedAt: UnixMs;
      readonly limitSent: number | undefined;
    }
  | { readonly state: "failed"; readonly failure: Failure; readonly finishedAt: UnixMs };

/** A run that is to be made once more: the same text, with these choices. */
export interface RunAgain {
  readonly key: string;
  /** The expression as written when it was run. */
  readonly text: string;
  readonly choices: RunChoices;
}

/** The requests of a run that its choices ask for. */
export function partsOf(run: Run | undefined): readonly RunPart[] {
  return [run?.range?.part, run?.instant?.part, run?.before?.part].filter((part) => part !== undefined);
}

/** A run and how far it is. `range`, `instant` and `before` are present if the choices ask for them. */
export interface Run {
  readonly request: RunRequest;
  /** Nobody asked for it just now. */
  readonly isAutomatic: boolean;
  readonly startedAt: UnixMs;
  /** The window and step that built-in variables were computed with; `undefined` while, or because, none could be decided. */
  readonly window: SentRange | undefined;
  readonly range: { readonly sent: SentRange | undefined; readonly part: RunPart } | undefined;
  readonly instant: { readonly sentTime: UnixMs; readonly part: RunPart } | undefined;
  /** The same range some time earlier. */
  readonly before: { readonly sent: SentRange | undefined; readonly part: RunPart } | undefined;
}
