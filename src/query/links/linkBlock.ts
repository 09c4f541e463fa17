import type { TimeExpression } from "../../shared/model/time.ts";

/** A query that a link holds, with the times that the link asks for. What the link leaves open is absent. */
export interface LinkBlock {
  /** As in the link; `blockExpression` makes it text for a file. */
  readonly expr: string;
  /** Base addresses that a connection to this query's server has. */
  readonly bases: readonly string[];
  readonly mode?: "instant" | "range";
  readonly rangeMs?: number;
  readonly start?: TimeExpression;
  readonly end?: TimeExpression;
  readonly time?: TimeExpression;
  readonly stepMs?: number;
  readonly legend?: string;
  /** The link asks for times that cannot be written here, such as "today". */
  readonly leavesTimesOut?: boolean;
}
