import { appendFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { format } from "node:util";
import Mocha from "mocha";
import { readEnvironment } from "./environment.ts";

/** Called by VS Code's extension host: runs every `*.host` suite in order; a rejection is exit code 1. */
export async function run(): Promise<void> {
  const { suiteFolder, reportFile } = readEnvironment();
  const report = (...parts: unknown[]) => appendFileSync(reportFile, `${format(...parts)}\n`);
  Object.assign(Mocha.reporters.Base, { consoleLog: report });
  const mocha = new Mocha({ timeout: 60_000, forbidOnly: true, forbidPending: true, color: false });
  const files = readdirSync(suiteFolder).filter((name) => name.endsWith(".host.cjs"));
  if (files.length === 0) throw new Error(`No suites in ${suiteFolder}`);
  for (const file of files.sort()) mocha.addFile(join(suiteFolder, file));
  const { failures, tests } = await new Promise<{ failures: number; tests: number }>((resolve) => {
    const runner = mocha.run((failed) => resolve({ failures: failed, tests: runner.stats?.tests ?? 0 }));
  });
  if (tests === 0) throw new Error("No test ran");
  report(`${tests - failures} passed, ${failures} failed`);
  if (failures > 0) throw new Error(`${failures} host tests failed`);
}
