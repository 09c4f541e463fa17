/** What of an answer lies in a notebook's output. */
export const cellOutputMime = "application/vnd.promql-workbench.result+json";

/** Names a run of the host's, which has the data; `text` stands in where the host has it no more. */
export interface CellOutput {
  readonly version: 1;
  /** Of the cell among the runs of its notebook. */
  readonly key: string;
  readonly text: string;
}

export function writeCellOutput(output: CellOutput): string {
  return JSON.stringify(output);
}

/** An output's data, which anybody may have written; `undefined` for what is not ours. */
export function readCellOutput(value: unknown): CellOutput | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { version, key, text } = value as Readonly<Record<string, unknown>>;
  return version === 1 && typeof key === "string" && typeof text === "string" ? { version, key, text } : undefined;
}
