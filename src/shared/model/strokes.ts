/**
 * Series colours that people with colour-blindness can tell apart (after Okabe and Ito 2008), lightened or darkened until
 * each has a contrast of 3:1 or more to the background of a dark or light page.
 */
export const seriesColors = {
  dark: ["#56b4e9", "#e69f00", "#2fc796", "#f0e442", "#cc79a7", "#ff7a3d", "#8fa8ff", "#c8c8c8"],
  light: ["#0072b2", "#b36b00", "#00795a", "#806800", "#a8467f", "#c24a00", "#4450c8", "#555555"],
} as const;

/** Dash patterns, for where colour alone is not enough: in high contrast, and once all colours are taken. */
export const dashes: readonly (readonly number[])[] = [[], [8, 4], [2, 3], [12, 3, 2, 3], [5, 2], [1, 4]];

/** A number that belongs to a text for ever (FNV-1a). */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

/** How a line is told from others: a colour of the theme, and a dash pattern once all colours are taken. */
export interface Stroke {
  readonly color: number;
  /** 0: solid. */
  readonly dash: number;
}

/** A stroke for each name: by its hash, so that a series keeps its colour, moved on where another has taken it. */
export function strokesOf(names: readonly string[], colors: number): readonly Stroke[] {
  const uses = new Array<number>(colors).fill(0);
  return names.map((name) => {
    const fewest = Math.min(...uses);
    let index = hash(name) % colors;
    while ((uses[index] ?? 0) > fewest) index = (index + 1) % colors;
    uses[index] = fewest + 1;
    return { color: index, dash: fewest };
  });
}

/** The dash pattern of the n-th line. */
export function dashOf(index: number): readonly number[] {
  return dashes[index % dashes.length] ?? [];
}
