import type { HeaderProblem } from "./headerRules.ts";
import type { UrlProblem } from "./serverUrl.ts";

/** What is wrong with a stored profile, and where: `path` is `auth.username` or, for the whole of it, empty. */
export type ProfileProblem = { readonly path: string } & (
  | { readonly code: "unknownKey" | "missing" | "unsupported" }
  /** What VS Code's `fetch` chooses by itself. */
  | { readonly code: "notWithEditor" }
  | { readonly code: "wrongType" | "wrongValue"; readonly expected: string }
  | { readonly code: "url"; readonly problem: UrlProblem }
  | { readonly code: "header"; readonly problem: HeaderProblem | "twice" }
  | { readonly code: "newerVersion"; readonly version: number }
  | { readonly code: "duplicateId"; readonly id: string }
  /** A variable of the environment that a reference names; the environment is read once, when the host starts. */
  | { readonly code: "envUnset" | "envEmpty"; readonly name: string }
);
