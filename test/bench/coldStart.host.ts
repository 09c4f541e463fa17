import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
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
    assert.ok(extension !== undefined);
    const start = performance.now();
    // What "Developer: Show Running Extensions" counts: loading the code, and the call of `activate`.
    const path = join(extension.extensionPath, "dist", "extension.cjs");
    const code = require(path) as { activate(context: unknown): unknown };
    const loadMs = performance.now() - start;
    let callMs = 0;
    const entry = require.cache[path];
    assert.ok(entry !== undefined);
    entry.exports = {
      ...code,
      activate(context: unknown) {
        const called = performance.now();
        const result = code.activate(context);
        callMs = performance.now() - called;
        return result;
      },
    };
    await extension.activate();
    const allMs = performance.now() - start;
    print(`load ${loadMs.toFixed(1)} ms + activate ${callMs.toFixed(1)} ms = ${(loadMs + callMs).toFixed(1)} ms`);
    print(`with VS Code's own part: ${allMs.toFixed(1)} ms; loaded: ${loaded().join(", ")}`);
    const document = await vscode.workspace.openTextDocument({ language: "promql", content: "up\n" });
    await vscode.window.showTextDocument(document);
    const lenses = () => vscode.commands.executeCommand<unknown[]>("vscode.executeCodeLensProvider", document.uri);
    while ((await lenses()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    print(`a file with lenses: ${(performance.now() - start).toFixed(0)} ms; loaded: ${loaded().join(", ")}`);
    await new Promise((resolve) => setTimeout(resolve, 5000));
    print(`longest stall of the whole host in 5 s: ${(delay.max / 1e6).toFixed(1)} ms`);
  });
});
