/** A bound as Go reads it, which is how `le` is meant; `undefined` for any other text. */
export function readBound(text: string): number | undefined {
  if (/^[+-]?inf(?:inity)?$/i.test(text))
    return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

/** The bounds of a `vmrange`, such as `1.000e-09...1.136e-09`; `undefined` for any other text. */
export function readRange(text: string): { readonly lower: number; readonly upper: number } | undefined {
  const [from, to, ...rest] = text.split("...");
  const lower = readBound(from ?? "");
  const upper = readBound(to ?? "");
  return lower !== undefined && upper !== undefined && lower < upper && rest.length === 0
    ? { lower, upper }
    : undefined;
}
