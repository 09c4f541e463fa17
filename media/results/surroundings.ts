import { createContext } from "preact";

/** What stands around the results, as far as their parts have to know it. */
export interface SurroundingsOf {
  /** Most that a chart takes of the height, in CSS pixels; undefined: as much as suits it. */
  readonly plotHeight: number | undefined;
  /** Whether what is shown can be kept as it is. */
  readonly canKeep: boolean;
}

/** A panel, unless something else says that it is there. */
export const Surroundings = createContext<SurroundingsOf>({ plotHeight: undefined, canKeep: true });
