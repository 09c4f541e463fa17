import type { HistogramSample, QueryAnswer, QueryData, UnixMs } from "../../shared/model/answer.ts";
import { valueText } from "../../shared/model/numberText.ts";
import { maxTimeMs } from "../../shared/model/time.ts";
import { fullTime, type TimeZone } from "../../shared/model/zonedTime.ts";
import type { Run, RunPart, SentRange } from "../run.ts";

/** An answer to be exported, whole, with the request that it answers. */
export interface ExportSubject {
  readonly title: string;
  /** As it was sent. */
  readonly query: string;
  readonly server: { readonly name: string; readonly origin: string };
  /** Of a range request; `undefined` for an instant one. */
  readonly sent: SentRange | undefined;
  readonly instantTime: UnixMs | undefined;
  /** Of the earlier answer that the panel shows with this one, and that is not exported with it. */
  readonly comparedWith: SentRange | undefined;
  readonly answer: QueryAnswer;
  /** When the answer had arrived. */
  readonly finishedAt: UnixMs;
  /** The number of series that the server was asked for at most. */
  readonly limitSent: number | undefined;
  /** Zone that times are written in. */
  readonly zone: TimeZone;
  readonly exportedAt: UnixMs;
}

/** The answer of one part of a run, to be exported. */
export function exportSubject(
  run: Run,
  name: "range" | "instant" | "before",
  { answer, finishedAt, limitSent }: Extract<RunPart, { state: "done" }>,
  about: Pick<ExportSubject, "comparedWith" | "zone" | "exportedAt">,
): ExportSubject {
  const { title, query, target } = run.request;
  return {
    title,
    query,
    server: { name: target.name, origin: target.origin },
    sent: name === "instant" ? undefined : run[name]?.sent,
    instantTime: name === "instant" ? run.instant?.sentTime : undefined,
    answer,
    finishedAt,
    limitSent,
    ...about,
  };
}

/** Text to be written next, and how many samples it brings. */
export interface ExportPiece {
  readonly text: string;
  readonly samples: number;
}

/** No text yet: a good moment for others to have their turn. */
export const nothingYet: ExportPiece = { text: "", samples: 0 };

/** Writes a subject piece by piece; a piece is made within a few milliseconds. */
export type ExportWriter = (subject: ExportSubject) => Generator<ExportPiece, void>;

/** A piece is handed on when it has this many characters. */
const pieceLength = 64 * 1024;

/** Collects text until it is worth handing on. */
export class PieceBuffer {
  #text = "";
  #samples = 0;

  get isFull(): boolean {
    return this.#text.length >= pieceLength;
  }

  add(text: string, samples = 0): void {
    this.#text += text;
    this.#samples += samples;
  }

  /** What has come together; begins anew. */
  take(): ExportPiece {
    const piece = { text: this.#text, samples: this.#samples };
    this.#text = "";
    this.#samples = 0;
    return piece;
  }
}

/** How many samples an export of the answer writes. */
export function sampleTotal(data: QueryData): number {
  if (data.type === "scalar" || data.type === "string") return 1;
  return data.series.reduce((sum, { times, histograms }) => sum + times.length + histograms.length, 0);
}

/** ISO 8601 with the zone's offset, such as `2026-01-31T13:00:00+01:00`; empty for what is no moment. */
export function isoTime(time: UnixMs, zone: TimeZone): string {
  return Math.abs(time) <= maxTimeMs ? fullTime(time, zone).replace(" ", "T") : "";
}

/** A native histogram as Prometheus prints it: `{count:3, sum:4.5, [-0.001,0.001]:2, (0.5,1]:1}`. */
export function histogramText({ count, sum, buckets }: HistogramSample): string {
  const parts = buckets.map(({ boundaries, lower, upper, count: inside }) => {
    const open = boundaries === 1 || boundaries === 3 ? "[" : "(";
    const close = boundaries === 0 || boundaries === 3 ? "]" : ")";
    return `${open}${valueText(lower)},${valueText(upper)}${close}:${valueText(inside)}`;
  });
  return `{${[`count:${valueText(count)}`, `sum:${valueText(sum)}`, ...parts].join(", ")}}`;
}
