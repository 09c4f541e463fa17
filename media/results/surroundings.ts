import { createContext } from "preact";

/** What stands around the results, as far as their parts have to know it. */
export interface SurroundingsOf {
  /** Most that a chart takes of the height, in CSS pixels; undefined: as much as suits it. */
  readonly plotHeight: number | undefined;
  /** Whether what is shown can be kept as it is. */
  readonly canKeep: boolean;
  /** Whether the controls of what is asked for come out on a click only, since they stand elsewhere too. */
  readonly foldsControls: boolean;
}

/** A panel, unless something else says that it is there. */
export const Surroundings = createContext<SurroundingsOf>({
  plotHeight: undefined,
  canKeep: true,
  foldsControls: false,
});
