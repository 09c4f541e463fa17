import type { UnixMs } from "../shared/model/answer.ts";
import type { Loaded, SectionState } from "./section.ts";

/** How old what stands there is, and whether reading it anew failed; `undefined` where nothing was read. */
export function ageText({ kind, loaded }: SectionState<unknown>, time: (at: UnixMs) => string): string | undefined {
  if (loaded === undefined) return undefined;
  return `as of ${time(loaded.asOf)}${kind === "failed" ? " (not the newest)" : ""}`;
}

/** What is said of a list: that it may not be whole comes first. */
export function sayPartial({ doubts }: Pick<Loaded<unknown>, "doubts">, text: string | undefined): string | undefined {
  if (doubts.length === 0) return text;
  return text === undefined ? "Partial." : `Partial. ${text}`;
}

/** What the pointer over a number in the Activity Bar is told, where the view's own heading may be out of sight. */
export function badgeText(text: string, state: SectionState<unknown>, time: (at: UnixMs) => string): string {
  const age = ageText(state, time);
  const said = age === undefined ? text : `${text}, ${age}`;
  return state.loaded === undefined ? said : (sayPartial(state.loaded, said) ?? said);
}
