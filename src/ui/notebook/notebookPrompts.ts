import * as vscode from "vscode";
import { formatDuration, parseDuration, parseTime } from "../../shared/model/time.ts";
import { timeHint } from "../../shared/timeHint.ts";
import type { TimeWindow } from "./timeWindow.ts";

const ranges = ["5m", "15m", "1h", "6h", "1d", "1w", "30d"] as const;

const now = { kind: "now", offsetMs: 0 } as const;

interface Choice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

/** Asks for a time: one of the usual ranges, another one, or from when to when. `undefined`: the person gave up. */
export async function askTimeWindow({
  title,
  none,
}: {
  readonly title: string;
  /** What it is called to set no time. */
  readonly none: string;
}): Promise<TimeWindow | "none" | undefined> {
  const usual = ranges.map((range): Choice<string> => ({ label: `Last ${range}`, value: range }));
  const items: Choice<string>[] = [
    { label: `$(circle-slash) ${none}`, value: "none" },
    ...usual,
    { label: "$(edit) Another Range…", value: "other" },
    { label: "$(calendar) From … to …", value: "window" },
  ];
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder: "Time" });
  if (picked === undefined || picked.value === "none") return picked && "none";
  if (picked.value === "window") return askWindow(title);
  const text = picked.value === "other" ? await askDuration(title, "6h") : picked.value;
  const ms = text === undefined ? undefined : parseDuration(text);
  return ms === undefined ? undefined : { start: { kind: "now", offsetMs: -ms }, end: now };
}

/** Asks for a length of time, in PromQL's form. */
export async function askDuration(title: string, value: string): Promise<string | undefined> {
  const text = await vscode.window.showInputBox({
    title,
    value,
    prompt: "A duration such as 30s, 5m or 1h30m",
    ignoreFocusOut: true,
    validateInput: (input) =>
      (parseDuration(input.trim()) ?? 0) > 0 ? undefined : "Write a duration such as 30s, 5m or 1h30m.",
  });
  const ms = text === undefined ? undefined : parseDuration(text.trim());
  return ms === undefined ? undefined : formatDuration(ms);
}

async function askWindow(title: string): Promise<TimeWindow | undefined> {
  const start = await askTime(`${title}: From`, "now-6h");
  if (start === undefined) return undefined;
  const end = await askTime(`${title}: To`, "now");
  return end === undefined ? undefined : { start, end };
}

async function askTime(title: string, value: string) {
  const example = "now-6h, 2026-01-31T12:00:00Z or unix seconds";
  const text = await vscode.window.showInputBox({
    title,
    value,
    prompt: `A time such as ${example}`,
    ignoreFocusOut: true,
    validateInput: (input) => {
      const time = input.trim();
      return parseTime(time) === undefined ? (timeHint(time) ?? `Write a time such as ${example}.`) : undefined;
    },
  });
  return text === undefined ? undefined : parseTime(text.trim());
}
