/** The type of a cell's output that our renderer shows. */
export const cellOutputMime = "application/vnd.promql-workbench.result+json";

/** The id of that renderer, under which the host and its pages speak to each other. */
export const rendererId = "promql-workbench.results";

/** What an output holds: which run it is of, and what is said where the host does not have that run any more. */
export interface CellOutput {
  /** `request.key` of the run. */
  readonly key: string;
  /** Such as `12 series · 84 ms · Local`. */
  readonly text: string;
  /** When the host that ran it began, in ms since 1970: of an earlier one nothing is left. 0: it was not written down. */
  readonly since: number;
}

const version = 1;

/** Longer ones are not ours. */
const mostCharacters = 200_000;

/** The output's data. */
export function cellOutputData({ key, text, since }: CellOutput): string {
  return JSON.stringify({ version, key, text, since });
}

/** Reads an output's data, which may be another program's or another version's; `undefined`: it cannot be read. */
export function parseCellOutput(data: string): CellOutput | undefined {
  if (data.length > mostCharacters) return undefined;
  let read: unknown;
  try {
    read = JSON.parse(data);
  } catch {
    return undefined;
  }
  if (typeof read !== "object" || read === null) return undefined;
  const { version: found, key, text, since = 0 } = read as Readonly<Record<string, unknown>>;
  if (found !== version || typeof key !== "string" || typeof text !== "string") return undefined;
  return typeof since === "number" ? { key, text, since } : undefined;
}
