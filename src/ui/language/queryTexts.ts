import type { PromqlDocuments } from "../../host/promqlDocuments.ts";
import type { Destination } from "../../query/destination.ts";

/** What the running of queries shares with language help. */
export interface QueryTexts {
  readonly documents: PromqlDocuments;
  /** Where a block goes, earlier choices for unknown names included. */
  readonly prompts: { destinationOf(name: string | undefined): Destination };
}
