import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { downloadAndUnzipVSCode } from "@vscode/test-electron";
import { cacheFolder, findProgram } from "../servers/binaries.ts";

/** A VS Code to run: the desktop program, or the stand-in that shows the same workbench in Chromium. */
export interface VSCode {
  readonly kind: "desktop" | "browser";
  readonly executable: string;
}

const usualPlaces: readonly string[] = [
  "/usr/share/code/code",
  "/Applications/Visual Studio Code.app/Contents/MacOS/Electron",
  `${process.env["LOCALAPPDATA"]}\\Programs\\Microsoft VS Code\\Code.exe`,
  `${process.env["ProgramFiles"]}\\Microsoft VS Code\\Code.exe`,
];

/**
 * Desktop VS Code where it is installed or can be downloaded and there is a display, else VS Code in a browser.
 * `PROMQL_WORKBENCH_VSCODE` = `desktop` or `browser` forces one of them; `PROMQL_WORKBENCH_VSCODE_VERSION` a release.
 */
export async function findVSCode(): Promise<VSCode> {
  const wanted = process.env["PROMQL_WORKBENCH_VSCODE"];
  const browser: VSCode = { kind: "browser", executable: fileURLToPath(new URL("browserCode.ts", import.meta.url)) };
  const hasDisplay = process.platform !== "linux" || process.env["DISPLAY"] !== undefined;
  if (wanted === "browser" || (wanted === undefined && !hasDisplay)) return browser;
  const version = process.env["PROMQL_WORKBENCH_VSCODE_VERSION"];
  if (version === undefined) {
    const installed = usualPlaces.find(existsSync) ?? findProgram("code");
    if (installed !== undefined) return { kind: "desktop", executable: installed };
  }
  try {
    const executable = await downloadAndUnzipVSCode({
      version: version ?? "stable",
      cachePath: cacheFolder,
      timeout: 15_000,
    });
    return { kind: "desktop", executable };
  } catch (error) {
    if (wanted === "desktop" || process.platform === "win32") throw error;
    console.log("Desktop VS Code could not be downloaded; using VS Code in a browser.");
    return browser;
  }
}
