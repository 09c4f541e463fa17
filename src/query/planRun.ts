import { builtinVariableNames } from "../promql/data/builtinVariables.ts";
import type { EffectiveDirectives } from "../promql/effectiveDirectives.ts";
import { isInstantOnly } from "../promql/resultShape.ts";
import { withoutComments } from "../promql/withoutComments.ts";
import { AppError } from "../shared/errors.ts";
import type { UnixMs } from "../shared/model/answer.ts";
import type { MetricsSource } from "../shared/model/source.ts";
import { formatDuration, maxTimeMs, type TimeExpression } from "../shared/model/time.ts";
import { builtinVariables } from "./builtinVariables.ts";
import type { RunPlan } from "./queryRunner.ts";
import type { RunChoices, RunTarget } from "./run.ts";
import { chooseStep, smallestStep } from "./step.ts";
import { substituteVariables } from "./variables.ts";

/** What a block becomes a run with. */
export interface PlanInput {
  readonly key: string;
  /** The expression as written, inner comments included. */
  readonly text: string;
  readonly directives: EffectiveDirectives;
  readonly target: RunTarget;
  /** Values that a person gave, inserted as they are; directives beat them. */
  readonly variables: ReadonlyMap<string, string>;
  /** The connection's scrape interval; no automatic step is shorter. */
  readonly minStepMs: number;
  /** Points that a chart can show, for the automatic step. */
  readonly maxPoints: number;
  /** The connection's bound of series; `undefined`: it has none. */
  readonly maxSeries: number | undefined;
  readonly defaults: { readonly rangeMs: number; readonly maxSeries: number };
  source(): Promise<MetricsSource>;
}

const titleLength = 60;

/** Decides all of a run but its moment: directives beat the connection, which beats the settings. */
export function planRun(input: PlanInput): RunPlan {
  const { directives, text, key, target, minStepMs } = input;
  const fill = ({ start, end, stepMs }: { readonly start: UnixMs; readonly end: UnixMs; readonly stepMs: number }) => {
    const builtins = builtinVariables({ startMs: start, endMs: end, stepMs, minStepMs });
    return substituteVariables(text, new Map([...input.variables, ...builtins]), definitionsOf(directives.vars));
  };
  return {
    request: {
      key,
      title: directives.title ?? shortened(text),
      text,
      target,
      choices: choicesOf(input),
      legend: directives.legend,
      unit: directives.unit,
      view: directives.view,
    },
    stepFor({ start, end }, { mode, stepMs: chosenMs }) {
      const isSent = mode !== "instant";
      if (!(end >= start)) {
        if (!isSent) return chosenMs ?? Math.max(1, minStepMs);
        throw new AppError({ kind: "misconfigured", what: "range", detail: "the range ends before it starts" });
      }
      if (chosenMs === undefined) {
        return chooseStep({ startMs: start, endMs: end, maxPoints: input.maxPoints, minStepMs });
      }
      const smallest = smallestStep({ startMs: start, endMs: end });
      if (chosenMs >= smallest || !isSent) return chosenMs;
      const detail = `a step of ${formatDuration(chosenMs)} gives more than 11,000 points; the smallest for this range is ${formatDuration(smallest)}`;
      throw new AppError({ kind: "misconfigured", what: "step", detail });
    },
    queryFor(times) {
      const { text: query, refusal } = fill(times);
      if (refusal !== undefined) throw new AppError({ kind: "misconfigured", ...refusal });
      return query;
    },
    locate: (position, times) => fill(times).mapFromUtf8Position(position).from,
    source: () => input.source(),
  };
}

function choicesOf({ directives, text, maxSeries, defaults }: PlanInput): RunChoices {
  const now: TimeExpression = { kind: "now", offsetMs: 0 };
  const end = directives.end ?? now;
  const time = directives.time ?? end;
  return {
    mode: isInstantOnly(text) ? "instant" : (directives.mode ?? "both"),
    start: directives.start ?? before(end, directives.rangeMs ?? defaults.rangeMs),
    end,
    time,
    stepMs: directives.stepMs,
    maxSeries: directives.maxSeries ?? maxSeries ?? defaults.maxSeries,
    compareMs: undefined,
  };
}

function before(end: TimeExpression, rangeMs: number): TimeExpression {
  return end.kind === "now"
    ? { kind: "now", offsetMs: end.offsetMs - rangeMs }
    : { kind: "at", time: Math.max(end.time - rangeMs, -maxTimeMs) };
}

/** The expression on one line without its comments, cut where it is long. */
function shortened(text: string): string {
  const line = withoutComments(text).replace(/\s+/g, " ");
  return line.length <= titleLength ? line : `${line.slice(0, titleLength - 1)}…`;
}

/** Names in `text` that neither `defined` nor a built-in gives a value, each once, in order of appearance. */
export function undefinedVariables(text: string, defined: ReadonlyMap<string, string>): readonly string[] {
  const builtins = builtinVariables({ startMs: 0, endMs: 1000, stepMs: 1000, minStepMs: 1000 });
  return substituteVariables(text, builtins, definitionsOf(defined)).undefinedNames;
}

/** What `@var` may define: everything but what each run computes. */
function definitionsOf(vars: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map([...vars].filter(([name]) => !builtinVariableNames.has(name)));
}
