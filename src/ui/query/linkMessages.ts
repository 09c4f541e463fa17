import type { LinkProblem } from "../../query/links/pastedLink.ts";

/** The sentence for a text that gives no queries. */
export function linkProblemMessage(problem: LinkProblem): string {
  switch (problem) {
    case "empty":
      return "Paste a link to a query: of Prometheus, Thanos, VictoriaMetrics, Grafana Explore or the HTTP API.";
    case "tooLong":
      return "This is longer than any link can be. Paste one link.";
    case "notUrl":
      return "This is no link. Paste one address that begins with http:// or https://.";
    case "notQueryLink":
      return "This link leads to no query. Copy the address of a graph page (/graph, /query, /vmui) or of Grafana Explore.";
    case "unreadable":
      return "The queries in this link cannot be read: it may be cut. Copy it again.";
    case "noQuery":
      return "This link holds no PromQL query.";
  }
}

/** What a person has to know of queries that were inserted; plain text. */
export interface InsertedQueries {
  readonly count: number;
  /** Queries that name no connection. */
  readonly withoutConnection: number;
  readonly origin: string;
  readonly omitted: number;
  readonly leavesTimesOut: boolean;
}

/** What was inserted and what was not, in one line. */
export function insertedMessage({
  count,
  withoutConnection,
  origin,
  omitted,
  leavesTimesOut,
}: InsertedQueries): string {
  const sentences = [
    `Inserted ${count === 1 ? "1 query" : `${count} queries`}${omitted > 0 ? `, left ${omitted} out` : ""}.`,
  ];
  if (withoutConnection > 0) {
    sentences.push(`No single connection leads to ${origin}, so the link's server is not named in the text.`);
  }
  if (leavesTimesOut) sentences.push("Times of the link that cannot be written here are left out.");
  return sentences.join(" ");
}
