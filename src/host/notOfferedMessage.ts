import type { Failure } from "../shared/errors.ts";
import type { QueryState } from "../shared/model/capabilities.ts";
import { isNotOffered, isOfAgent } from "../shared/notOffered.ts";

/** A part of what servers have, as its view speaks of it. */
export interface ServerPart {
  /** What the server has of it, after "the rights do not cover". */
  readonly name: string;
  /** Said where the server lacks it. */
  readonly absent: string;
  /** True: servers that answer queries may lack it. Names are no such part: who answers queries has them. */
  readonly isOptional: boolean;
  /** True: an agent, which stores nothing, has it not. */
  readonly isStored: boolean;
}

/** The parts that have views of their own. */
export const serverParts = {
  metrics: {
    name: "the metrics",
    absent: "This server does not list its metrics.",
    isOptional: false,
    isStored: true,
  },
  labels: {
    name: "the labels",
    absent: "This server does not list its labels.",
    isOptional: false,
    isStored: true,
  },
  targets: {
    name: "the targets",
    absent: "This server does not tell its targets, as is usual for a managed one.",
    isOptional: true,
    isStored: false,
  },
  rules: {
    name: "the rules",
    absent: "This server does not tell its rules, as is usual for a managed one.",
    isOptional: true,
    isStored: true,
  },
  server: {
    name: "the status",
    absent: "This server says nothing of itself.",
    isOptional: true,
    isStored: false,
  },
} as const satisfies Record<string, ServerPart>;

/**
 * What is said in place of a part that the server lacks; `undefined`: that it lacks it is no peculiarity of a server that
 * works, and is told as the failure that it is.
 */
export function absenceSentence(part: ServerPart, queries: QueryState): string | undefined {
  if (queries === "agent" && part.isStored) return "A Prometheus in agent mode answers no queries; Targets works.";
  if (queries === "answered") return `${part.absent} Queries work all the same.`;
  return part.isOptional && queries !== "missing" ? part.absent : undefined;
}

/** The same by the failure of reading the part; `undefined` also for one that says something else. */
export function absenceAfter(failure: Failure, part: ServerPart, queries: QueryState): string | undefined {
  if (!isNotOffered(failure)) return undefined;
  return absenceSentence(part, isOfAgent(failure) ? "agent" : queries);
}

/** What advice about a part's failure rests on: where queries are answered, a refusal is about this part alone. */
export function partAdvice(part: ServerPart, queries: QueryState): { readonly beyondQueries?: string } {
  return part.isOptional && queries === "answered" ? { beyondQueries: part.name } : {};
}
