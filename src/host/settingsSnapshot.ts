import { parseDuration } from "../shared/model/time.ts";
import { isTimeZone } from "../shared/model/zonedTime.ts";

/** Our settings at one moment. Connections are not among them: they have a port of their own. */
export interface Settings {
  /** As found in the workspace's settings, unchecked: presets that a user may adopt. */
  readonly suggestedConnections: unknown;
  readonly query: {
    readonly defaultRangeMs: number;
    readonly maxSeries: number;
    readonly maxSamples: number;
    readonly maxResponseBytes: number;
  };
  readonly editor: { readonly codeLens: boolean };
  readonly completion: { readonly fromServer: boolean };
  /** `server`: every word as the server would print it. */
  readonly format: { readonly style: "author" | "server" };
  /** `timeZone`: `local`, `utc` or an IANA name. */
  readonly results: { readonly timeZone: string };
}

/** As much as a connection may ask for; a repository says this too, and all of them go to the panel. */
const maxSeries = 1_000_000;

/** A hundred years. A longer range soon ends before any time that a `Date` holds, and no request can be made of it. */
const maxRangeMs = 100 * 365 * 86_400_000;

/** How a setting may be read: from everywhere that has a say, or only what the user set, or only what the workspace set. */
export interface SettingReader {
  effective(key: string): unknown;
  userOnly(key: string): unknown;
  workspaceOnly(key: string): unknown;
}

/** Reads all settings; a value that is not what the setting has to be counts as absent. */
export function readSettings(reader: SettingReader): Settings {
  return {
    suggestedConnections: reader.workspaceOnly("suggestedConnections"),
    query: {
      defaultRangeMs: Math.min(positiveDuration(reader.effective("query.defaultRange")) ?? 3_600_000, maxRangeMs),
      maxSeries: Math.min(positive(reader.effective("query.maxSeries")) ?? 1000, maxSeries),
      // How much of the machine a server may use is not for a repository to say.
      maxSamples: positive(reader.userOnly("query.maxSamples")) ?? 20_000_000,
      maxResponseBytes: positive(reader.userOnly("query.maxResponseBytes")) ?? 1_073_741_824,
    },
    editor: { codeLens: reader.effective("editor.codeLens") !== false },
    // Whether servers are asked while somebody types is for that person to say.
    completion: { fromServer: reader.userOnly("completion.fromServer") !== false },
    format: { style: reader.effective("format.style") === "server" ? "server" : "author" },
    results: { timeZone: timeZone(reader.userOnly("results.timeZone")) },
  };
}

/** A name that is no zone counts as absent. */
function timeZone(value: unknown): string {
  return typeof value === "string" && isTimeZone(value) ? value : "local";
}

function positive(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

function positiveDuration(value: unknown): number | undefined {
  const ms = typeof value === "string" ? parseDuration(value.trim()) : undefined;
  return ms !== undefined && ms > 0 ? ms : undefined;
}
