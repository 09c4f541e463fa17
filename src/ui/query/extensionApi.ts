import type { Run } from "../../query/run.ts";

/** What `activate` answers: enough to ask how a file's queries went. */
export interface ExtensionApi {
  /** The runs of a document, in the order in which its blocks were first run. */
  runsOf(uri: string): Promise<readonly Run[]>;
}
