import { formatDuration } from "../shared/model/time.ts";
import { partsOf, type Run, type RunPart } from "./run.ts";

/** How a run went, in a few words with an icon of VS Code's. */
export interface RunOutcome {
  readonly icon: "circle-slash" | "error" | "history" | "warning" | "check";
  readonly text: string;
}

/** How a run went as far as it is: counts and duration of what was answered, and which half of it was not. */
export function runOutcome(run: Run): RunOutcome {
  const parts = partsOf({ ...run, before: undefined });
  const failure = parts.find((part) => part.state === "failed");
  if (failure !== undefined && parts.every((part) => part.state === "failed"))
    return failure.failure.kind === "cancelled"
      ? { icon: "circle-slash", text: "Cancelled" }
      : { icon: "error", text: "Failed" };
  const done = parts.filter((part): part is Extract<RunPart, { state: "done" }> => part.state === "done");
  const [first] = done;
  if (first === undefined) return { icon: "history", text: "Results" };
  const { data } = first.answer;
  const count = data.type === "matrix" || data.type === "vector" ? data.series.length : 1;
  const noun = data.type === "matrix" || data.type === "vector" ? "series" : data.type;
  const ms = Math.max(...done.map(({ answer }) => answer.durationMs));
  const remarks = done.some(
    ({ answer }) => answer.warnings.length > 0 || answer.cut !== undefined || answer.isPartial === true,
  );
  const half = failure === undefined ? "" : run.range?.part === failure ? " · range failed" : " · instant failed";
  return {
    icon: remarks || failure !== undefined ? "warning" : "check",
    text: `${count.toLocaleString("en-US")} ${noun} · ${formatDuration(Math.max(1, Math.round(ms)))}${half}`,
  };
}
