import type { RunChoices } from "../../query/run.ts";
import { AppError } from "../../shared/errors.ts";
import { parseDuration, parseTime, type TimeExpression } from "../../shared/model/time.ts";
import type { PanelChoices } from "../../shared/protocol/results.ts";
import { timeHint } from "../../shared/timeHint.ts";

/** The panel's controls as choices of a run; throws `misconfigured` with the control that cannot be read. */
export function readPanelChoices(choices: PanelChoices): RunChoices {
  return {
    mode: choices.mode,
    start: moment("start", choices.start),
    end: moment("end", choices.end),
    time: moment("time", choices.time),
    stepMs: choices.step === "" ? undefined : positive("step", choices.step),
    maxSeries: choices.maxSeries === 0 ? undefined : choices.maxSeries,
    compareMs: choices.compare === "" ? undefined : positive("compare", choices.compare),
  };
}

function positive(what: string, text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms > 0) return ms;
  throw new AppError({ kind: "misconfigured", what, detail: `"${text}" is no duration such as 30s or 5m` });
}

function moment(what: string, text: string): TimeExpression {
  const time = parseTime(text.trim());
  if (time !== undefined) return time;
  const detail = timeHint(text.trim()) ?? `"${text}" is no time such as now-6h or 2026-01-31T12:00:00Z`;
  throw new AppError({ kind: "misconfigured", what, detail });
}
