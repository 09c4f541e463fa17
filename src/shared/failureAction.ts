/**
 * What a person can do about a failure by one button. `editConnection` opens the form at a step, with its secret asked for at
 * `secret`; `useHttps` opens it with the https address filled in (`origin`: the one a redirect named, else the same host and
 * port); nothing is changed or sent before the form is finished. `useMethodGet` changes one setting of the connection;
 * `widerStep` and `shorterRange` run the query again with other choices, `retry` with the same ones; `testConnection` asks for
 * the consent that is missing.
 */
export type FailureAction =
  | { readonly kind: "retry" | "widerStep" | "shorterRange" }
  | { readonly kind: "editConnection"; readonly at: "url" | "auth" | "secret" | "headers" }
  | { readonly kind: "addTenantHeader" | "useMethodGet" | "testConnection" | "openSettings" | "replaceSecret" }
  | { readonly kind: "useHttps"; readonly origin?: string }
  | { readonly kind: "manageTrust" | "reloadWindow" };

export type FailureActionKind = FailureAction["kind"];

/** Actions that run a query again; the others change a connection or VS Code. */
export type RunActionKind = "retry" | "widerStep" | "shorterRange";

/** True for an action that only the place where the query was run can carry out. */
export function isRunAction(kind: FailureActionKind): kind is RunActionKind {
  return kind === "retry" || kind === "widerStep" || kind === "shorterRange";
}

/** What stands on the button. */
export function failureActionTitle(action: FailureAction): string {
  switch (action.kind) {
    case "retry":
      return "Retry";
    case "widerStep":
      return "Wider Step";
    case "shorterRange":
      return "Shorter Range";
    case "editConnection":
      return action.at === "secret" ? "Enter Secret" : "Edit Connection";
    case "addTenantHeader":
      return "Add Tenant Header";
    case "useMethodGet":
      return "Use GET";
    case "useHttps":
      return "Use https";
    case "testConnection":
      return "Test Connection";
    case "replaceSecret":
      return "Replace Secret";
    case "openSettings":
      return "Open Connection Settings";
    case "manageTrust":
      return "Manage Workspace Trust";
    case "reloadWindow":
      return "Reload Window";
  }
}
