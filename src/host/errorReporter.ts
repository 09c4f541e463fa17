import * as vscode from "vscode";
import { failureOf, isCancelled } from "../shared/errors.ts";
import { failureActionTitle } from "../shared/failureAction.ts";
import { describeFailure, type FailureContext, failureSentence } from "./failureMessage.ts";
import type { LogOutputChannel } from "./logOutputChannel.ts";
import { plainLabel } from "./plainLabel.ts";
import { remediesOf, runRemedy } from "./remedies.ts";

/** Characters of a notification; the log has the rest. */
const maxLength = 600;

const unknownServer: FailureContext = { server: "the server" };

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

  /**
   * `title` names what was tried; `connection` what it was tried with, if that is known. Offers what the failure's message
   * proposes. Does not wait for the user.
   */
  report(title: string, error: unknown, connection: FailureContext & { readonly id?: string } = unknownServer): void {
    if (isCancelled(error)) return;
    this.#log.error("host", title, error);
    const failure = failureOf(error);
    const sentence = failureSentence(failure, connection);
    const id = "connectionId" in failure ? failure.connectionId : connection.id;
    const [remedy] = remediesOf(describeFailure(failure, connection).actions, id);
    const repair = remedy === undefined ? [] : [failureActionTitle(remedy.action)];
    const showLog = "Show Log";
    const text = plainLabel(sentence.charAt(0).toUpperCase() + sentence.slice(1), maxLength);
    vscode.window.showErrorMessage(text, ...repair, showLog).then(
      (answer) => {
        if (answer === showLog) this.#log.show();
        else if (answer !== undefined && remedy !== undefined) void this.guard(answer, () => runRemedy(remedy));
      },
      () => undefined,
    );
  }
}
