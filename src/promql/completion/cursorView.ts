import type { Token } from "../lexer.ts";
import type { Span } from "../problems.ts";

/** What is known of the cursor's surroundings. */
export interface CursorView {
  readonly text: string;
  readonly at: number;
  /** Without comments. */
  readonly tokens: readonly Token[];
  /** How many tokens end before what is typed. */
  readonly before: number;
  /** The word or string at the cursor; empty where there is none. */
  readonly typed: Span;
}
