import { suggestedName } from "../connectionNames.ts";
import { ConnectionBuilder, Remarks } from "./connectionBuilder.ts";
import type { GrafanaValue } from "./grafanaValue.ts";
import type { ReadOutcome } from "./importResult.ts";

/** Variables that name a server and how to sign in there. */
export const environmentNames = {
  url: "PROMETHEUS_URL",
  authType: "PROMETHEUS_AUTH_TYPE",
  token: "PROMETHEUS_TOKEN",
  username: "PROMETHEUS_USERNAME",
  password: "PROMETHEUS_PASSWORD",
} as const;

export interface VariablesToRead {
  /** The value of a variable; `undefined`: it is not set. */
  readonly get: (name: string) => string | undefined;
  /** `refer`: secrets stay in the environment and settings refer to them; `copy`: they go to the secret storage. */
  readonly secrets: "refer" | "copy";
  /** Names whose value a shell would have changed. */
  readonly expands?: ReadonlySet<string>;
}

/** Reads a connection from the variables of `environmentNames`, of a process or of a `.env` file. */
export function readEnvironmentNames({ get, secrets, expands }: VariablesToRead): ReadOutcome {
  const names = environmentNames;
  const trimmed = (name: string) => get(name)?.trim() ?? "";
  if (Object.values(names).every((name) => trimmed(name) === ""))
    return { ok: false, problem: { code: "noVariables" } };
  const remarks = new Remarks();
  const url = trimmed(names.url);
  const builder = new ConnectionBuilder(suggestedName(url), remarks);
  builder.address(url, names.url);
  const secretOf = (name: string): GrafanaValue => {
    // A password may begin with a blank.
    const value = get(name) ?? "";
    return value !== "" && secrets === "refer"
      ? { kind: "reference", ref: `$env:${name}` }
      : { kind: "text", text: value };
  };
  const authType = authTypeOf(trimmed(names.authType), {
    hasToken: trimmed(names.token) !== "",
    hasUser: trimmed(names.username) !== "" || trimmed(names.password) !== "",
  });
  if (authType === undefined) remarks.add(names.authType, "authType");
  const unused = {
    bearer: [names.username, names.password],
    basic: [names.token],
    none: [names.token, names.username, names.password],
  }[authType ?? "none"];
  for (const name of unused) if (trimmed(name) !== "") remarks.add(name, "switchedOff");
  if (authType === "bearer") builder.bearer(names.authType, secretOf(names.token), names.token);
  if (authType === "basic") {
    const username = get(names.username);
    builder.basic(names.authType, username === "" ? undefined : username, secretOf(names.password), names.password);
  }
  for (const name of Object.values(names)) if (expands?.has(name) === true) remarks.add(name, "notExpanded");
  return { ok: true, result: { connections: [builder.build()], notTaken: remarks.list } };
}

/** Without a type the variables that are set say it. `undefined`: a type that is none of ours. */
function authTypeOf(
  type: string,
  { hasToken, hasUser }: { readonly hasToken: boolean; readonly hasUser: boolean },
): "none" | "bearer" | "basic" | undefined {
  if (type === "") return hasToken ? "bearer" : hasUser ? "basic" : "none";
  if (/^none$/i.test(type)) return "none";
  // The words of the form from which these names come.
  if (/^bearer(?:[ _-]?token)?$/i.test(type)) return "bearer";
  return /^basic(?:[ _-]?auth)?$/i.test(type) ? "basic" : undefined;
}
