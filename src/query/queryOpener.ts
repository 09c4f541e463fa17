import type { SuggestedQuery } from "./defaultQuery.ts";

/** Puts queries where a person sees and edits them. */
export interface QueryOpener {
  /**
   * Shows a query in the scratch text of this window and runs it. A query put there before and not edited since gives way;
   * what a person has edited stays above.
   */
  explore(query: SuggestedQuery): Promise<void>;
  /** Opens queries as a new text of their own, without running them. */
  open(queries: readonly SuggestedQuery[]): Promise<void>;
  /** Inserts text at the cursor of the text editor that was used last; false where there is none. */
  insert(text: string): Promise<boolean>;
}
