import { plainLine, plainLines } from "../../host/plainText.ts";
import type { Remark } from "../../promql/remarks.ts";
import { unitWordOf } from "../../promql/unitGuess.ts";
import { type MetricKind, metricKind } from "../../query/defaultQuery.ts";
import { formatLabels } from "../../shared/model/labels.ts";
import type { MetricMetadata } from "../../shared/model/source.ts";
import { code, type HelpPart, help, text } from "./helpParts.ts";

/** What a server has said of a metric, if it was asked. `late`: it has not answered yet; `failed`: it could not be asked. */
export type SaidOfMetric =
  | { readonly state: "notAsked" }
  | { readonly state: "late" | "failed"; readonly server: string }
  | { readonly state: "said"; readonly server: string; readonly metadata: MetricMetadata | undefined };

const kindsByName: Readonly<Partial<Record<MetricKind, string>>> = {
  counter: "By its name a counter.",
  classicHistogram: "By its name the buckets of a classic histogram.",
  info: "By its name an information: its labels are what it tells, its value is 1.",
  timestamp: "By its name a moment in unix seconds.",
  status: "By its name a status: 1 is up, 0 is down.",
  recording: "By its name the result of a recording rule.",
};

/** Help about a metric: type, help and unit as the server tells them, else what its name says. */
export function metricHelp(name: string, said: SaidOfMetric, remarks: readonly Remark[]): readonly HelpPart[] {
  return [
    code(formatLabels([["__name__", name]])),
    ...(said.state === "said" && said.metadata !== undefined
      ? toldBy(said.server, said.metadata)
      : notTold(name, said)),
    ...unitHelp(name, said),
    ...remarks.map(remarkHelp),
  ];
}

function toldBy(server: string, { type, help: words }: MetricMetadata): readonly HelpPart[] {
  const kind = type === "" || type === "unknown" ? "of unknown type" : plainLine(type);
  return [text(`${kind}, says ${plainLine(server)}`), ...(words.trim() === "" ? [] : [text(plainLines(words))])];
}

function notTold(name: string, said: SaidOfMetric): readonly HelpPart[] {
  const byName = kindsByName[metricKind(name, undefined)];
  const parts = byName === undefined ? [] : [help(byName)];
  switch (said.state) {
    case "notAsked":
      return parts;
    case "late":
      return [...parts, text(`${plainLine(said.server)} has not answered yet.`)];
    case "failed":
      return [...parts, text(`${plainLine(said.server)} could not be asked for its type and help.`)];
    case "said":
      return [...parts, text(`${plainLine(said.server)} has no type and help for it.`)];
  }
}

function unitHelp(name: string, said: SaidOfMetric): readonly HelpPart[] {
  const told = said.state === "said" ? (said.metadata?.unit ?? "") : "";
  if (told !== "") return [text(`Unit: ${plainLine(told)}`)];
  const word = unitWordOf(name);
  if (word === undefined) return [];
  return [help(name.endsWith("_bucket") ? `Bounds in ${word}, by its name.` : `Unit: ${word}, by its name.`)];
}

/** A remark as a sentence. */
export function remarkHelp(remark: Remark): HelpPart {
  switch (remark.code) {
    case "rateOfGauge":
      return help(
        `Remark: it is a gauge, and \`${remark.function}\` takes each fall for the restart of a counter. \`delta\` and \`deriv\` are for gauges.`,
      );
    case "deltaOfCounter":
      return help(
        `Remark: it is a counter, and \`${remark.function}\` does not know that counters restart. \`increase\` and \`rate\` are for counters.`,
      );
    case "rawCounter": {
      const what = remark.byName ? "by its name it is a counter" : "it is a counter";
      return help(`Remark: ${what}, which only grows until its process restarts. \`rate\` tells how fast.`);
    }
    case "bucketsWithoutLe":
      return help(
        `Remark: this aggregation drops the label \`le\`, without which \`${remark.function}\` finds no buckets. Write \`by (le)\`.`,
      );
  }
}
