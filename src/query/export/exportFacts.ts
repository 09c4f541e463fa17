import { formatDuration } from "../../shared/model/time.ts";
import { saysTruncated, seriesOf } from "../answerFacts.ts";
import { clockSkew } from "../clockSkew.ts";
import { type ExportSubject, isoTime, sampleTotal } from "./exportSubject.ts";

const numbers = new Intl.NumberFormat("en-US");

/** `1 series`, `1,234 samples`: a number with the right form of its noun. */
export function counted(count: number, one: string, many: string): string {
  return `${numbers.format(count)} ${count === 1 ? one : many}`;
}

/** Name and text of a fact. Texts may hold line breaks and anything else. */
export type ExportFact = readonly [name: string, text: string];

/** What stands at the head of an export, in order. */
export function exportFacts(subject: ExportSubject): readonly ExportFact[] {
  const { title, query, server, answer, finishedAt, zone, exportedAt } = subject;
  const time = (moment: number) => isoTime(moment, zone);
  return [
    ["title", title],
    ["query", query],
    ["server", server.name],
    ["address", server.origin],
    ...timeFacts(subject),
    ["answered at", time(finishedAt)],
    ["exported at", time(exportedAt)],
    ["time zone", zone.name],
    ["series", numbers.format(seriesOf(answer.data).length)],
    ["samples", numbers.format(sampleTotal(answer.data))],
  ];
}

/** For what time was asked: the window and its step, or the one moment. */
export function timeFacts({
  sent,
  instantTime,
  zone,
}: Pick<ExportSubject, "sent" | "instantTime" | "zone">): readonly ExportFact[] {
  const time = (moment: number) => isoTime(moment, zone);
  if (sent === undefined) return [["evaluated at", instantTime === undefined ? "" : time(instantTime)]];
  return [
    ["from", time(sent.start)],
    ["to", time(sent.end)],
    ["step", formatDuration(sent.stepMs)],
  ];
}

/** A sentence about an answer; one of the server's may hold anything. */
export interface ExportRemark {
  readonly text: string;
  readonly isServers: boolean;
}

/** All that is to be said of an export, and what the server said of the answer. Empty: nothing. */
export function exportRemarks(subject: ExportSubject): readonly ExportRemark[] {
  const { answer, comparedWith, zone } = subject;
  const remarks = [...answerRemarks(subject)];
  if (comparedWith !== undefined) {
    const window = `${isoTime(comparedWith.start, zone)} to ${isoTime(comparedWith.end, zone)}`;
    remarks.push(
      `The panel compares this answer with that of ${window}, which is not in here: it is exported from the JSON tab, as the earlier answer.`,
    );
  }
  return [
    ...remarks.map((text) => ({ text, isServers: false })),
    ...[...answer.warnings, ...answer.infos].map((text) => ({ text, isServers: true })),
  ];
}

/** All that keeps an answer from being whole or of the time it says, in our words. Empty: nothing does. */
export function answerRemarks({ answer, limitSent }: Pick<ExportSubject, "answer" | "limitSent">): readonly string[] {
  const { data, cut, isPartial, warnings } = answer;
  const remarks: string[] = [];
  const series = counted(seriesOf(data).length, "series", "series");
  if (seriesOf(data).length === limitSent) {
    const asked = `The server was asked for ${series} at most and sent as many: `;
    const more = warnings.some(saysTruncated) ? "it has more." : "it may have more.";
    remarks.push(`${asked}${more}`);
  } else if (warnings.some(saysTruncated)) {
    remarks.push(`Only the first ${series} are here: the server has more.`);
  }
  if (cut !== undefined) {
    const bounds = {
      samples: counted(cut.allowed, "sample", "samples"),
      bytes: `${counted(cut.allowed, "byte", "bytes")} of text`,
      series: "what fits in memory",
    };
    remarks.push(`The answer was cut at ${bounds[cut.limit]}: only the ${series} before that are here.`);
  }
  if (isPartial === true) remarks.push("Partial answer: some of the server's storage did not respond.");
  const skew = clockSkew(answer);
  if (skew !== undefined) {
    const side = skew > 0 ? "ahead of" : "behind";
    remarks.push(`The server's clock is ${formatDuration(Math.abs(skew))} ${side} this machine's: "now" differs.`);
  }
  return remarks;
}
