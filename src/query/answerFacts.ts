import type { QueryData, Series } from "../shared/model/answer.ts";

/** The series of an answer; a scalar and a string have none. */
export function seriesOf(data: QueryData): readonly Series[] {
  return data.type === "matrix" || data.type === "vector" ? data.series : [];
}

/** True for Prometheus' warning about `limit`, which is said in words of our own. */
export function saysTruncated(warning: string): boolean {
  return warning.includes("results truncated due to limit");
}
