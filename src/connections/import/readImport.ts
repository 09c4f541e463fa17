import { isDotEnv, parseDotEnv } from "./dotEnv.ts";
import { readEnvironmentNames } from "./environmentNames.ts";
import { isGrafanaProvisioning, readGrafanaProvisioning } from "./grafanaProvisioning.ts";
import { isHttpConfig, readHttpConfig } from "./httpConfig.ts";
import type { ImportProblem, ReadOutcome } from "./importResult.ts";
import { isProfileExport, readProfileExport } from "./profileExport.ts";
import { readYaml } from "./readYaml.ts";

/** Files of connections are small; this is the most that is read of one, in bytes. */
export const mostImportBytes = 2 ** 20;

/** A text that connections are read from. */
export interface ImportText {
  readonly bytes: Uint8Array;
  /** What the file is called, without its folder; empty: it is no file. */
  readonly fileName: string;
  /** Where the file lies on this machine. */
  readonly folder: string | undefined;
}

/** Finds out which of the known forms a text has, and reads it. Nothing of it is executed, and nothing is sent. */
export function readImport({ bytes, fileName, folder }: ImportText): ReadOutcome {
  if (bytes.length > mostImportBytes) return failed({ code: "tooLarge" });
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return failed({ code: "notText" });
  }
  if (text.includes("\u0000")) return failed({ code: "notText" });
  if (text.trim() === "") return failed({ code: "empty" });
  const outcome = readText(text, fileName, folder);
  return outcome.ok && outcome.result.connections.length === 0 && outcome.result.notTaken.length === 0
    ? failed({ code: "noConnections" })
    : outcome;
}

function readText(text: string, fileName: string, folder: string | undefined): ReadOutcome {
  const isJson = /^\s*\{/.test(text);
  const json = isJson ? parsedJson(text) : undefined;
  if (isProfileExport(json)) return readProfileExport(json);
  if (isJson && json === undefined && /\.json$/i.test(fileName)) return failed({ code: "jsonSyntax" });
  if (/^(?:.*\.)?env(?:\.[\w.-]+)?$/i.test(fileName) || isDotEnv(text)) {
    const { variables, expands } = parseDotEnv(text);
    return readEnvironmentNames({ get: (name) => variables.get(name), secrets: "copy", expands });
  }
  const yaml = readYaml(text);
  if (!yaml.ok) return yaml;
  if (isGrafanaProvisioning(yaml.data)) return readGrafanaProvisioning(yaml.data);
  if (isHttpConfig(yaml.data)) return readHttpConfig(yaml.data, { name: nameOfFile(fileName), folder });
  return failed({ code: "unknownFormat" });
}

function failed(problem: ImportProblem): ReadOutcome {
  return { ok: false, problem };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `prod-eu.yml` is about `prod-eu`; the usual names of such files say nothing. */
function nameOfFile(fileName: string): string {
  const base = fileName.replace(/\.ya?ml$/i, "");
  return /^(?:http|promtool|client|web)?[-_.]?(?:http)?[-_.]?conf(?:ig)?$/i.test(base) ? "" : base;
}
