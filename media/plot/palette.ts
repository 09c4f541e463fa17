/**
 * Series colours that people with colour-blindness can tell apart (after Okabe and Ito 2008), lightened or darkened until
 * each has a contrast of 3:1 or more to the editor's background.
 */
const dark = ["#56b4e9", "#e69f00", "#2fc796", "#f0e442", "#cc79a7", "#ff7a3d", "#8fa8ff", "#c8c8c8"] as const;
const light = ["#0072b2", "#b36b00", "#00795a", "#806800", "#a8467f", "#c24a00", "#4450c8", "#555555"] as const;

/** Dash patterns for high contrast, where colour alone is not enough. */
const dashes: readonly (readonly number[])[] = [[], [8, 4], [2, 3], [12, 3, 2, 3], [5, 2], [1, 4]];

/** What the page's theme asks of a drawing. */
export interface ChartTheme {
  readonly colors: readonly string[];
  readonly usesDashes: boolean;
  readonly isLight: boolean;
  readonly foreground: string;
  readonly background: string;
  readonly grid: string;
  readonly font: string;
}

/** Reads the theme that VS Code wrote on the page. */
export function readTheme(): ChartTheme {
  const { classList } = document.body;
  const style = getComputedStyle(document.body);
  const variable = (name: string, otherwise: string) => style.getPropertyValue(name).trim() || otherwise;
  const isLight = classList.contains("vscode-light") || classList.contains("vscode-high-contrast-light");
  const usesDashes = classList.contains("vscode-high-contrast");
  return {
    colors: isLight ? light : dark,
    usesDashes,
    isLight,
    foreground: variable("--vscode-foreground", isLight ? "#333" : "#ccc"),
    background: variable("--vscode-editor-background", isLight ? "#fff" : "#1e1e1e"),
    grid: usesDashes
      ? variable("--vscode-contrastBorder", "#6fc3df")
      : // A colour of lines in text is invisible in some themes; a part of the foreground never is.
        `color-mix(in srgb, ${variable("--vscode-foreground", isLight ? "#333" : "#ccc")} 25%, transparent)`,
    font: `11px ${variable("--vscode-font-family", "sans-serif")}`,
  };
}

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
