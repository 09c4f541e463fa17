import { readableProfile } from "../profile.ts";
import { secretNeedsOf } from "../secretNeeds.ts";
import { isRecord } from "../strictObject.ts";
import { Remarks } from "./connectionBuilder.ts";
import type { ImportedConnection, ReadOutcome } from "./importResult.ts";

/** The key that says what a file is, and in which version of its form. */
const versionKey = "promqlWorkbenchConnections";
const exportVersion = 1;

/** Connections as a text to keep or pass on: without secrets, and with what the reader has to enter. */
export function exportText(elements: readonly Readonly<Record<string, unknown>>[]): string {
  const connections = elements.map(withoutProxyUser);
  const secretsToEnter = Object.fromEntries(
    connections.flatMap((element) => {
      const profile = readableProfile(element);
      const needs = profile === undefined ? [] : secretNeedsOf(profile).filter(({ isOptional }) => !isOptional);
      return needs.length === 0 ? [] : [[String(element["id"]), needs.map(({ purpose }) => purpose)]];
    }),
  );
  return `${JSON.stringify({ [versionKey]: exportVersion, connections, secretsToEnter }, null, 2)}\n`;
}

/** Who signs in at a proxy is a secret, also where it was written into its address by hand. */
function withoutProxyUser(element: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { proxy } = element;
  if (typeof proxy !== "string" || !URL.canParse(proxy)) return element;
  const { username, password, protocol, host } = new URL(proxy);
  return username === "" && password === "" ? element : { ...element, proxy: `${protocol}//${host}` };
}

/** True for what looks like an export of ours. */
export function isProfileExport(data: unknown): data is Readonly<Record<string, unknown>> {
  return isRecord(data) && versionKey in data;
}

/** Reads an export back. An element that cannot be used is taken as it is, so that its problems can be named. */
export function readProfileExport(data: Readonly<Record<string, unknown>>): ReadOutcome {
  const version = data[versionKey];
  if (typeof version === "number" && version > exportVersion) {
    return { ok: false, problem: { code: "newerExport", version } };
  }
  const list = data["connections"];
  if (version !== exportVersion || !Array.isArray(list)) return { ok: false, problem: { code: "jsonForm" } };
  const remarks = new Remarks();
  const connections: ImportedConnection[] = [];
  for (const [i, raw] of list.entries()) {
    if (!isRecord(raw)) {
      remarks.add(`connections[${i}]`, "wrongType", "an object");
      continue;
    }
    const { id, name, ...element } = raw;
    connections.push({
      name: typeof name === "string" ? name : "",
      wantedId: typeof id === "string" ? id : undefined,
      element: withoutProxyUser(element),
      secrets: [],
      askUrl: undefined,
      askUsername: false,
    });
  }
  return { ok: true, result: { connections, notTaken: remarks.list } };
}

/** Elements of the setting that can be exported: those that can be read. Of others nobody knows what they hold. */
export function isExportable(element: unknown): element is Readonly<Record<string, unknown>> {
  return readableProfile(element) !== undefined;
}
