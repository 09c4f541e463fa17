import { formatDuration } from "../../shared/model/time.ts";
import { type HelpPart, help } from "./helpParts.ts";

const numbers = new Intl.NumberFormat("en-US", { maximumFractionDigits: 20 });

/** A number as people read it, where it is written in another way. */
export function numberHelp(value: number, written: string): readonly HelpPart[] {
  const isPlain = value === 0 || (Math.abs(value) < 1e21 && Math.abs(value) >= 1e-9);
  if (!Number.isFinite(value)) return [];
  const said = isPlain ? numbers.format(value) : String(value);
  return said === written ? [] : [help(`\`${written}\` is ${said}.`)];
}

/** A duration in seconds, and in the form that servers print. */
export function durationHelp(seconds: number, written: string): readonly HelpPart[] {
  if (!Number.isFinite(seconds)) return [];
  const printed = formatDuration(seconds * 1000);
  const inSeconds = `${numbers.format(seconds)} ${seconds === 1 ? "second" : "seconds"}`;
  return [help([`\`${written}\` is`, ...(printed === written ? [] : [`\`${printed}\`,`]), `${inSeconds}.`].join(" "))];
}

/** A moment of unix seconds as a date. */
export function momentHelp(seconds: number, written: string): readonly HelpPart[] {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return [];
  const inUtc = date.toISOString().replace(/\.000Z$/, "Z");
  const here = date.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "long" });
  return [help(`\`${written}\` is ${inUtc}, here ${here}.`)];
}
