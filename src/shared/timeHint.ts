import { smallerUnitOf } from "./model/time.ts";

/** What to write in the place of a time that cannot be read, as far as that can be told: a sentence. */
export function timeHint(text: string): string | undefined {
  const meant = smallerUnitOf(text);
  return meant && `That looks like ${meant.unit}: write ${meant.seconds}.`;
}
