import { shortSeconds } from "../../../shared/model/numberText.ts";
import { formatDuration } from "../../../shared/model/time.ts";
import type { Run, RunPart } from "../../run.ts";
import { type ExportFact, type ExportRemark, exportFacts, exportRemarks, timeFacts } from "../exportFacts.ts";
import { type ExportSubject, exportSubject, isoTime } from "../exportSubject.ts";
import type { NotebookSubject, QueryCell } from "./notebookSubject.ts";

/** What is to be said of a cell of PromQL, in no particular markup. All texts may hold anything. */
export interface QueryReport {
  readonly title: string;
  readonly text: string;
  /** The query as sent, where it does not stand in the text. */
  readonly sentQuery: string | undefined;
  readonly server: { readonly name: string; readonly origin: string } | undefined;
  readonly remarks: readonly ExportRemark[];
  /** Empty: it was not run. */
  readonly parts: readonly PartReport[];
}

/** One request of the run, and what came of it. */
export type PartReport = {
  readonly title: string;
  readonly facts: readonly ExportFact[];
} & (
  | { readonly state: "running" }
  | { readonly state: "failed"; readonly failure: { readonly title: string; readonly detail: string } }
  | { readonly state: "done"; readonly subject: ExportSubject; readonly remarks: readonly ExportRemark[] }
);

/** Said of the notebook or the cell as a whole, not of each answer. */
const saidElsewhere: ReadonlySet<string> = new Set([
  ...["title", "query", "server", "address", "exported at", "time zone"],
]);

/** A cell without anything but comments sets defaults for the others: there is nothing to run. */
export function isRunnable({ text }: QueryCell): boolean {
  return /^[ \t]*[^#\s]/m.test(text);
}

/** What is to be said of a cell, which is the file's `number`-th query. */
export function queryReport(cell: QueryCell, number: number, notebook: NotebookSubject): QueryReport {
  const { run, isStale, text } = cell;
  const named = cell.title === undefined || cell.title.trim() === "" ? `Query ${number}` : cell.title;
  const report = { title: named, text };
  if (run === undefined) return { ...report, sentQuery: undefined, server: undefined, remarks: [], parts: [] };
  const { request } = run;
  const { name, origin, isUnverified } = request.target;
  const stands = !isStale && request.query === request.text && lines(text).includes(lines(request.query));
  const remarks = [
    ...(isStale ? ["The cell was changed after this run: the results are those of the query as sent."] : []),
    ...(isUnverified === true
      ? ["The server's certificate was not checked: somebody on the way may have answered in its name."]
      : []),
  ];
  return {
    ...report,
    sentQuery: stands ? undefined : request.query,
    server: { name, origin },
    remarks: remarks.map((remark) => ({ text: remark, isServers: false })),
    parts: (["range", "instant", "before"] as const).flatMap((part) => {
      const asked = run[part];
      return asked === undefined ? [] : [partReport(run, part, asked.part, notebook)];
    }),
  };
}

function lines(text: string): string {
  return text.replace(/\r\n?/g, "\n").trim();
}

function partReport(
  run: Run,
  name: "range" | "instant" | "before",
  part: RunPart,
  { zone, exportedAt, describe }: NotebookSubject,
): PartReport {
  const earlier = run.request.choices.compareMs;
  const title = {
    range: "Range",
    instant: "Instant",
    before: earlier === undefined ? "Earlier range" : `Range ${formatDuration(earlier)} earlier`,
  }[name];
  if (part.state === "done") {
    const subject = exportSubject(run, name, part, { comparedWith: undefined, zone, exportedAt });
    const { type } = part.answer.data;
    const isSingle = type === "scalar" || type === "string";
    const facts = exportFacts(subject).filter(
      ([fact]) => !saidElsewhere.has(fact) && !(isSingle && (fact === "series" || fact === "samples")),
    );
    const took: ExportFact = ["took", shortSeconds(part.answer.durationMs / 1000)];
    return { title, state: "done", facts: [...facts, took], subject, remarks: exportRemarks(subject) };
  }
  const sent = name === "instant" ? undefined : run[name]?.sent;
  const instantTime = name === "instant" ? run.instant?.sentTime : undefined;
  // A range may have failed before its window was known.
  const asked = sent === undefined && name !== "instant" ? [] : timeFacts({ sent, instantTime, zone });
  if (part.state === "running") return { title, state: "running", facts: asked };
  const { title: what, detail } = describe(part.failure, run.request.target);
  return {
    title,
    state: "failed",
    facts: [...asked, ["failed at", isoTime(part.finishedAt, zone)]],
    failure: { title: what, detail },
  };
}
