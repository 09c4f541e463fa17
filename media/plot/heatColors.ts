/**
 * Colours of a heatmap from few to many, made after viridis: one hue after another with lightness that only rises (on dark
 * pages) or only falls (on light ones), so that they are in the same order for everybody, in print too. The faintest is
 * still apart from the page, which is the colour of zero.
 */
const dark = [
  "#454a8c",
  "#3e6394",
  "#337c98",
  "#2b9598",
  "#37ad8c",
  "#62c374",
  "#9dd655",
  "#d6e338",
  "#fdf06b",
] as const;
const light = [
  "#e0d64a",
  "#b3cb4c",
  "#7fbb5c",
  "#4fa86f",
  "#32927d",
  "#2b7a85",
  "#2f6085",
  "#39447c",
  "#43145e",
] as const;

/** Shades that can be told apart at most, with room. */
const shades = 64;

/** Counts differ by magnitudes: with their square root few are seen beside many. */
const exponent = 0.5;

/** The shades for a page, from the faintest. */
export function heatColors(isLight: boolean): readonly string[] {
  const stops = isLight ? light : dark;
  return Array.from({ length: shades }, (_, i) => {
    const at = (i / (shades - 1)) * (stops.length - 1);
    const below = Math.min(stops.length - 2, Math.floor(at));
    return mixed(stops[below] ?? "", stops[below + 1] ?? "", at - below);
  });
}

/** The shade of a count; `undefined` for nothing, which has the colour of the page. */
export function heatColor(colors: readonly string[], count: number, most: number): string | undefined {
  if (!(count > 0)) return undefined;
  const part = most > 0 ? Math.min(1, count / most) ** exponent : 1;
  return colors[Math.min(colors.length - 1, Math.floor(part * colors.length))];
}

/** The count at a place of the scale, 0 to 1. */
export function countAt(part: number, most: number): number {
  return most * part ** (1 / exponent);
}

function mixed(a: string, b: string, part: number): string {
  const channel = (color: string, at: number) => Number.parseInt(color.slice(at, at + 2), 16);
  const mix = (at: number) => Math.round(channel(a, at) * (1 - part) + channel(b, at) * part);
  return `rgb(${mix(1)}, ${mix(3)}, ${mix(5)})`;
}
