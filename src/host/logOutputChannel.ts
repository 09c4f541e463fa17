import * as vscode from "vscode";
import type { LogArea, Logger } from "../platform/ports.ts";
import { isAppError } from "../shared/errors.ts";

/** The log as an output channel, made when something is first written or shown. */
export class LogOutputChannel implements Logger, vscode.Disposable {
  #channel: vscode.LogOutputChannel | undefined;
  #isDisposed = false;

  #open(): vscode.LogOutputChannel | undefined {
    if (!this.#isDisposed) this.#channel ??= vscode.window.createOutputChannel("PromQL Workbench", { log: true });
    return this.#channel;
  }

  trace(area: LogArea, message: string): void {
    this.#open()?.trace(`[${area}] ${message}`);
  }

  info(area: LogArea, message: string): void {
    this.#open()?.info(`[${area}] ${message}`);
  }

  warn(area: LogArea, message: string): void {
    this.#open()?.warn(`[${area}] ${message}`);
  }

  error(area: LogArea, message: string, error?: unknown): void {
    const parts = [`[${area}] ${message}`];
    // A failure of ours is data without secrets; what else was thrown is a bug, whose stack is wanted.
    if (isAppError(error)) parts.push(JSON.stringify(error.failure));
    else if (error instanceof Error) parts.push(error.stack ?? error.message);
    else if (error !== undefined) parts.push(String(error));
    this.#open()?.error(parts.join("\n"));
  }

  show(): void {
    this.#open()?.show(true);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#channel?.dispose();
  }
}
