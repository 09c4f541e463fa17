/** A sample value as Prometheus writes it: `NaN`, `+Inf`, `-Inf`, otherwise JavaScript's shortest exact form. */
export function valueText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  if (value === Number.NEGATIVE_INFINITY) return "-Inf";
  return Object.is(value, -0) ? "-0" : String(value);
}

/** Reads `valueText` back. */
export function parseValue(text: string | number): number {
  if (typeof text === "number") return text;
  if (text === "+Inf") return Number.POSITIVE_INFINITY;
  if (text === "-Inf") return Number.NEGATIVE_INFINITY;
  return Number(text);
}

const siPrefixes = ["", "k", "M", "G", "T", "P", "E"] as const;
const smallPrefixes = ["", "m", "µ", "n", "p"] as const;

/** A short number with an SI prefix, at most `digits` significant digits; exact for whole numbers below 10,000. */
export function shortNumber(value: number, digits = 4): string {
  if (!Number.isFinite(value) || value === 0) return valueText(value);
  const size = Math.abs(value);
  if (size >= 1 && size < 10_000)
    return trimZeros(value.toPrecision(Math.max(digits, Math.ceil(Math.log10(size + 1)))));
  const step = Math.floor(Math.log10(size) / 3 + 1e-9);
  const prefix = step >= 0 ? siPrefixes[step] : smallPrefixes[-step];
  if (prefix === undefined) return value.toExponential(digits - 1);
  return trimZeros((value / 1000 ** step).toPrecision(digits)) + prefix;
}

function trimZeros(text: string): string {
  return text.includes(".") && !text.includes("e") ? text.replace(/\.?0+$/, "") : text;
}

/** A number in a unit: `s`, `percent`, `percentunit`, `bytes` (factor 1024), anything else behind a short number. */
export function unitNumber(value: number, unit: string | undefined): string {
  if (!Number.isFinite(value)) return valueText(value);
  switch (unit) {
    case undefined:
    case "":
    case "none":
    case "short":
      return shortNumber(value);
    case "percent":
      return `${shortNumber(value)}%`;
    case "percentunit":
      return `${trimZeros((value * 100).toPrecision(4))}%`;
    case "s": {
      const size = Math.abs(value);
      if (size >= 86_400) return `${trimZeros((value / 86_400).toPrecision(4))} d`;
      if (size >= 3600) return `${trimZeros((value / 3600).toPrecision(4))} h`;
      if (size >= 60) return `${trimZeros((value / 60).toPrecision(4))} min`;
      return `${shortNumber(value)}s`;
    }
    case "bytes": {
      const step = value === 0 ? 0 : Math.min(5, Math.max(0, Math.floor(Math.log2(Math.abs(value)) / 10)));
      const names = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
      return `${trimZeros((value / 1024 ** step).toPrecision(4))} ${names[step] ?? "B"}`;
    }
    default:
      return `${shortNumber(value)} ${unit}`;
  }
}
