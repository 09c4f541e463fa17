import { formatLabelName, quoteString, withoutVariables } from "../../shared/model/labels.ts";
import type { Quote } from "../variableReferences.ts";

const bareMetricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/** Words that Prometheus does not read as a metric's name where they stand bare. */
const reservedWords: ReadonlySet<string> = new Set([
  ...["bool", "on", "ignoring", "group_left", "group_right", "atan2", "inf", "nan"],
]);

/** True for a metric's name that may stand without quotes. */
export function isBareMetric(name: string): boolean {
  return bareMetricName.test(name) && !reservedWords.has(name.toLowerCase());
}

/** A label's name as it stands outside quotes, which it brings along where it needs them. */
export function labelText(name: string): string {
  return withoutVariables(formatLabelName(name));
}

/** A string that says `value` and holds no variable. */
export function stringOf(value: string): string {
  return withoutVariables(quoteString(value));
}

/** What says `value` between these quotes; `undefined`: raw quotes have no way to write it. */
export function textInQuotes(value: string, quote: Quote): string | undefined {
  const inside = stringOf(value).slice(1, -1);
  if (quote === '"') return inside;
  if (quote === "'") return inside.replaceAll('\\"', '"').replaceAll("'", "\\'");
  return /[`\r\n]/.test(value) || withoutVariables(value) !== value ? undefined : value;
}

/** Plain text as a part of a snippet. */
export function snippetText(text: string): string {
  return text.replace(/[\\$}]/g, "\\$&");
}
