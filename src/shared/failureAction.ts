/**
 * What a person can do about a failure by one button. `editConnection` opens the form at a step (`credential`: where it is said
 * how to come by it), `enterSecret` where the secret is typed, `addTenantHeader` with the header begun, and `useHttps` with the
 * https address filled in (`origin`: the one that a redirect named, else the same host and port); nothing is changed or sent
 * before the form is finished. `replaceSecret` asks for any stored secret of the connection, and tests it first; `useMethodGet`
 * changes that setting. `widerStep` and `shorterRange` run the query again with other choices, `retry` with the same ones;
 * `testConnection` asks for the consent that is missing. No failure has two of one kind.
 */
export type FailureAction =
  | { readonly kind: Exclude<FailureActionKind, "editConnection" | "useHttps"> }
  | { readonly kind: "editConnection"; readonly at: "url" | "auth" | "credential" }
  | { readonly kind: "useHttps"; readonly origin?: string };

/** All kinds of actions, for checking what crosses a border. */
export const failureActionKinds = [
  "retry",
  "widerStep",
  "shorterRange",
  "editConnection",
  "enterSecret",
  "addTenantHeader",
  "useHttps",
  "useMethodGet",
  "testConnection",
  "openSettings",
  "replaceSecret",
  "manageTrust",
  "restartExtensions",
] as const;

export type FailureActionKind = (typeof failureActionKinds)[number];

/** An action on one connection; `connectionId` is empty where the failure is not about one. */
export interface Remedy {
  readonly connectionId: string;
  readonly action: FailureAction;
}

/** True for an action that only the place where a query was run can carry out. */
export function isRunAction({ kind }: FailureAction): boolean {
  return kind === "retry" || kind === "widerStep" || kind === "shorterRange";
}

/** True for an action that can be carried out without knowing which connection failed. */
export function isOfNoConnection({ kind }: FailureAction): boolean {
  return kind === "openSettings" || kind === "manageTrust" || kind === "restartExtensions";
}

const titles: Readonly<Record<FailureActionKind, string>> = {
  retry: "Retry",
  widerStep: "Wider Step",
  shorterRange: "Shorter Range",
  editConnection: "Edit Connection",
  enterSecret: "Enter Secret",
  addTenantHeader: "Add Tenant Header",
  useHttps: "Use https",
  useMethodGet: "Use GET",
  testConnection: "Test Connection",
  openSettings: "Open Connection Settings",
  replaceSecret: "Replace Secret",
  manageTrust: "Manage Workspace Trust",
  restartExtensions: "Restart Extensions",
};

/** What stands on the button. */
export function failureActionTitle({ kind }: FailureAction): string {
  return titles[kind];
}

/** A remedy out of a command's argument, which may come from anywhere; `undefined` where it is none. */
export function parseRemedy(value: unknown): Remedy | undefined {
  if (typeof value !== "object" || value === null || !("connectionId" in value) || !("action" in value))
    return undefined;
  const { connectionId, action } = value;
  if (typeof connectionId !== "string" || typeof action !== "object" || action === null) return undefined;
  const given: { readonly kind?: unknown; readonly at?: unknown; readonly origin?: unknown } = action;
  const kind = failureActionKinds.find((one) => one === given.kind);
  if (kind === undefined) return undefined;
  if (kind === "editConnection") {
    return { connectionId, action: { kind, at: given.at === "auth" || given.at === "credential" ? given.at : "url" } };
  }
  if (kind !== "useHttps") return { connectionId, action: { kind } };
  const { origin } = given;
  const isOrigin = typeof origin === "string" && URL.canParse(origin) && new URL(origin).origin === origin;
  return { connectionId, action: isOrigin ? { kind, origin } : { kind } };
}
