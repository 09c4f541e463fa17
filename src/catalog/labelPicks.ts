import { formatMatcher, withoutVariables } from "../shared/model/labels.ts";
import { escapeRe2 } from "../shared/model/re2.ts";

/** Values that a person has picked, by label; labels in the order of their first pick. */
export type LabelPicks = ReadonlyMap<string, ReadonlySet<string>>;

/** The picks with one value picked or taken back. */
export function withPick(picks: LabelPicks, label: string, value: string, isPicked: boolean): LabelPicks {
  const values = new Set(picks.get(label));
  if (isPicked) values.add(value);
  else values.delete(value);
  const next = new Map(picks);
  if (values.size > 0) next.set(label, values);
  else next.delete(label);
  return next;
}

/** The matcher of a label's picked values, for text of a file: equality for one, else a regular expression of them taken literally. */
export function pickMatcher(label: string, values: ReadonlySet<string>): string {
  const [first = "", ...others] = values;
  if (others.length === 0) return withoutVariables(formatMatcher(label, "=", first));
  return withoutVariables(formatMatcher(label, "=~", [first, ...others].map(escapeRe2).join("|")));
}

/** The selector of all picks: `{job="api", code=~"500|503"}`; `undefined` where nothing is picked. */
export function pickSelector(picks: LabelPicks): string | undefined {
  if (picks.size === 0) return undefined;
  return `{${[...picks].map(([label, values]) => pickMatcher(label, values)).join(", ")}}`;
}
