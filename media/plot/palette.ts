import { seriesColors } from "../../src/shared/model/strokes.ts";

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
    colors: isLight ? seriesColors.light : seriesColors.dark,
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
