import type { Run } from "../../query/run.ts";
import type { TimeZone } from "../../shared/model/zonedTime.ts";
import type { PartName, ResultAction } from "../../shared/protocol/results.ts";

/** What an action is about: the run that is looked at, and its answer if there is one. */
export interface ActionSubject {
  readonly key: string;
  readonly run: Run;
  readonly part: PartName;
  /** Number of the answer in the panel's model. */
  readonly id: number | null;
  /** The zone that the page shows times in. */
  readonly zone: TimeZone;
}

/** Queries out of the panel: what the run that is looked at sent, which is not always the last run of its block. */
export interface RunLinks {
  copyAsCurl(subject: { readonly run: Run }): Promise<void>;
  copyAsPromtool(subject: { readonly run: Run }): Promise<void>;
  openInServerUi(subject: { readonly run: Run }): Promise<void>;
}

/** What the panel's menu does; each says in a few words what came of it, or nothing where that shows by itself. */
export type PanelActions = { readonly [Action in ResultAction]: (subject: ActionSubject) => Promise<string> };
