#!/usr/bin/env -S node
/**
 * Stands in for the desktop executable where only VS Code in a browser is to be had: `@vscode/test-electron` starts it
 * with the same arguments and waits for the same exit code.
 */
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { chromiumArguments, ensureChromium, startCodeServer, workbenchUrl } from "./codeServer.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: {
    extensionDevelopmentPath: { type: "string" },
    extensionTestsPath: { type: "string" },
    "user-data-dir": { type: "string" },
    "extensions-dir": { type: "string" },
  },
});

function required(name: string): string {
  const value = values[name];
  if (typeof value !== "string") throw new Error(`--${name} is missing`);
  return value;
}

const [folder] = positionals;
if (folder === undefined) throw new Error("The folder to open is missing");
const server = await startCodeServer({
  userDataDir: required("user-data-dir"),
  extensionsDir: required("extensions-dir"),
});
const browser = await chromium.launch({ executablePath: ensureChromium(), args: [...chromiumArguments] });
const page = await browser.newPage({
  viewport: { width: 1280, height: 900 },
  // What desktop VS Code may do anyway.
  permissions: ["clipboard-read", "clipboard-write"],
});
const finished = new Promise<number>((resolve) => {
  // Mostly the workbench's own look-ups that find no network; the suites report into a file.
  void page.exposeFunction("codeAutomationLog", (type: string, args: unknown[]) => {
    if (process.env["PROMQL_WORKBENCH_TEST_VERBOSE"] !== undefined) console.error(`[${type}]`, ...args);
  });
  void page.exposeFunction("codeAutomationExit", (code: number) => resolve(code));
  page.on("crash", () => resolve(70));
});
await page.goto(
  workbenchUrl(server, {
    folder,
    extensionDevelopmentPath: required("extensionDevelopmentPath"),
    extensionTestsPath: required("extensionTestsPath"),
  }),
);
const timeout = new Promise<number>((resolve) => setTimeout(() => resolve(75), 10 * 60_000).unref());
const code = await Promise.race([finished, timeout]);
if (code !== 0) await page.screenshot({ path: `${required("user-data-dir")}/failure.png` }).catch(() => undefined);
if (code === 75) console.error("The tests did not end within ten minutes.");
await browser.close();
await server.stop();
process.exit(code);
