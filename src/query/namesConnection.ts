import type { Destination, QueryConnection } from "./destination.ts";

export interface NamesConnectionOptions {
  /** False in Restricted Mode. */
  readonly isTrusted: boolean;
  /** What a name stands for; `undefined`: the active connection. */
  readonly destinationOf: (name: string | undefined) => Destination;
  /** Where a query that names it goes, by what the user has chosen; in Restricted Mode to the active connection. */
  readonly chosenFor: (name: string | undefined) => Destination;
}

/**
 * The connection whose names may be asked for while somebody types a query with this `@connection`; nobody is asked anything to
 * find it. A file of a folder that is not trusted chooses none: there the user's own choice has to be the one that it names.
 */
export function namesConnection(
  name: string | undefined,
  { isTrusted, destinationOf, chosenFor }: NamesConnectionOptions,
): QueryConnection | undefined {
  const chosen = chosenFor(name);
  if (chosen.kind !== "ready") return undefined;
  if (name === undefined || isTrusted) return chosen.connection;
  const named = destinationOf(name);
  const isSame =
    named.kind === "ready" && named.connection.target.connectionId === chosen.connection.target.connectionId;
  return isSame ? chosen.connection : undefined;
}
