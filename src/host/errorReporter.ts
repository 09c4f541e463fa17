import * as vscode from "vscode";
import { failureOf, isCancelled } from "../shared/errors.ts";
import { failureSentence } from "./failureMessage.ts";
import type { LogOutputChannel } from "./logOutputChannel.ts";
import { plainLabel } from "./plainLabel.ts";

/** Characters of a notification; the log has the rest. */
const maxLength = 600;

/** Shows failures that have no surface of their own, once, with the way to the log. Nobody else calls `showErrorMessage`. */
export class ErrorReporter {
  readonly #log: LogOutputChannel;

  constructor(log: LogOutputChannel) {
    this.#log = log;
  }

  /** Runs a command's work; what it throws is logged and shown. A cancellation is neither. */
  async guard<T>(title: string, work: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.report(title, error);
      return undefined;
    }
  }

  /** `title` names what was tried; `server` the connection, if there is one. Does not wait for the user. */
  report(title: string, error: unknown, server = "the server"): void {
    if (isCancelled(error)) return;
    this.#log.error("host", title, error);
    const sentence = failureSentence(failureOf(error), { server });
    const showLog = "Show Log";
    const text = plainLabel(sentence.charAt(0).toUpperCase() + sentence.slice(1), maxLength);
    vscode.window.showErrorMessage(text, showLog).then(
      (answer) => {
        if (answer === showLog) this.#log.show();
      },
      () => undefined,
    );
  }
}
