import type { FailureAction } from "../shared/failureAction.ts";

/** A failure in words: what happened, what the server or system said (may be empty), and what to do next. */
export interface FailureMessage {
  readonly title: string;
  readonly detail: string;
  readonly next: string;
  /** What of it can be done by a button, the likeliest first. */
  readonly actions?: readonly FailureAction[];
}

export interface FailureContext {
  /** How the server is called everywhere else: the connection's name or its origin. */
  readonly server: string;
  /** The connection's setting, where it is known. */
  readonly method?: "auto" | "GET" | "POST";
  /** The connection's address, where it is known. */
  readonly baseUrl?: string;
  /** What was asked for ("the targets"), where the same connection's queries are answered. */
  readonly beyondQueries?: string;
}
