import { readableProfile } from "../profile.ts";
import { secretNeedsOf } from "../secretNeeds.ts";
import { cleanSecret, secretProblem } from "../secrets.ts";
import { isRecord } from "../strictObject.ts";
import { Remarks } from "./connectionBuilder.ts";
import { oneLine, purposeText } from "./importMessage.ts";
import type { ImportedConnection, ImportedSecret, ReadOutcome } from "./importResult.ts";
import { withoutPlainSecrets } from "./plainSecrets.ts";

/** The key that says what a file is, and in which version of its form. */
const versionKey = "promqlWorkbenchConnections";
const exportVersion = 1;

/** Connections to keep or pass on. */
export interface ProfileExport {
  /** Without secrets, and with what the reader has to enter. */
  readonly text: string;
  /** What stood in the settings and is not in the text, since it may be a secret; in words. */
  readonly leftOut: readonly string[];
}

/** The text of connections. A value that may be a secret by its name is left out, as those of the secret storage are. */
export function exportProfiles(elements: readonly Readonly<Record<string, unknown>>[]): ProfileExport {
  const parted = elements.map(withoutPlainSecrets);
  const connections = parted.map(({ element }) => element);
  const secretsToEnter = Object.fromEntries(
    connections.flatMap((element) => {
      const profile = readableProfile(element);
      const needs = profile === undefined ? [] : secretNeedsOf(profile).filter(({ isOptional }) => !isOptional);
      return needs.length === 0 ? [] : [[String(element["id"]), needs.map(({ purpose }) => purpose)]];
    }),
  );
  const notExported = Object.fromEntries(
    parted.flatMap(({ element, leftOut }) => (leftOut.length === 0 ? [] : [[String(element["id"]), leftOut]])),
  );
  const remark = Object.keys(notExported).length === 0 ? {} : { notExported };
  const data = { [versionKey]: exportVersion, connections, secretsToEnter, ...remark };
  return {
    text: `${JSON.stringify(data, null, 2)}\n`,
    leftOut: parted.flatMap(({ element, secrets, leftOut }) => {
      const of = ` of ${oneLine(String(element["name"]), 40)}`;
      return [...secrets.map(({ purpose }) => purposeText(purpose)), ...leftOut].map((what) => oneLine(what) + of);
    }),
  };
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
    const { id, name, ...rest } = raw;
    const wantedId = typeof id === "string" ? id : undefined;
    const { element, secrets, leftOut } = withoutPlainSecrets(rest);
    // What was left out when it was exported is as wanting as what is left out now.
    const wanting = new Set([...leftOut, ...notExported(data, wantedId)]);
    for (const path of wanting) remarks.add(`connections[${i}].${path}`, "secretInSettings");
    connections.push({
      name: typeof name === "string" ? name : "",
      wantedId,
      element,
      secrets: secrets.flatMap(({ purpose, value }): ImportedSecret[] => {
        const cleaned = cleanSecret(purpose, value);
        const problem = secretProblem(purpose, cleaned);
        if (problem === "characters") remarks.add(`connections[${i}] ${purposeText(purpose)}`, "secretCharacters");
        return problem === undefined ? [{ purpose, value: cleaned }] : [];
      }),
      askUrl: undefined,
      askUsername: false,
    });
  }
  return { ok: true, result: { connections, notTaken: remarks.list } };
}

function notExported(data: Readonly<Record<string, unknown>>, id: string | undefined): readonly string[] {
  const all = data["notExported"];
  const paths = isRecord(all) && id !== undefined && Object.hasOwn(all, id) ? all[id] : [];
  return Array.isArray(paths) ? paths.filter((path) => typeof path === "string") : [];
}

/** Elements of the setting that can be exported: those that can be read. Of others nobody knows what they hold. */
export function isExportable(element: unknown): element is Readonly<Record<string, unknown>> {
  return readableProfile(element) !== undefined;
}
