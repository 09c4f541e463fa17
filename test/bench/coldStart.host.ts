import { appendFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import { readEnvironment } from "../host/environment.ts";

const { reportFile } = readEnvironment();

function print(text: string): void {
  appendFileSync(reportFile, `${text}\n`);
}

/** Our bundles that this extension host has loaded. */
function loaded(): string[] {
  return Object.keys(require.cache).flatMap((path) => /[\\/]dist[\\/](\w+)\.cjs$/.exec(path)?.[1] ?? []);
}

describe("cold start", () => {
  it("is timed", async () => {
    const extension = vscode.extensions.getExtension("promql-workbench.promql-workbench");
    print(`before activation: ${loaded().join(", ") || "nothing of ours is loaded"}`);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const start = performance.now();
    await extension?.activate();
    print(`load and activate: ${(performance.now() - start).toFixed(1)} ms; loaded: ${loaded().join(", ")}`);
    const document = await vscode.workspace.openTextDocument({ language: "promql", content: "up\n" });
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("vscode.executeCodeLensProvider", document.uri);
    print(`a file with lenses: ${(performance.now() - start).toFixed(0)} ms; loaded: ${loaded().join(", ")}`);
    await new Promise((resolve) => setTimeout(resolve, 5000));
    print(`longest stall of the whole host in 5 s: ${(delay.max / 1e6).toFixed(1)} ms`);
  });
});
