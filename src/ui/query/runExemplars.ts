import type * as vscode from "vscode";
import type { AnswerWindow } from "../../query/answerExemplars.ts";
import type { Run } from "../../query/run.ts";
import { throwIfCancelled, untilCancelled } from "../../shared/abort.ts";
import { AppError } from "../../shared/errors.ts";
import type { ExemplarList } from "../../shared/model/source.ts";
import type { RunPrompts } from "./runPrompts.ts";

/**
 * Asks for the exemplars of a run's answer, on its connection, after the same questions as running it again. Throws
 * `connectionMoved` where the connection leads to another server by now: its exemplars would belong to no line of the chart.
 */
export async function readRunExemplars(
  prompts: RunPrompts,
  uri: vscode.Uri,
  { request }: Run,
  window: AnswerWindow,
  signal: AbortSignal,
): Promise<ExemplarList | undefined> {
  if (!(await prompts.confirmTrust())) return undefined;
  const { connectionId, name, origin } = request.target;
  const connection = prompts.connection(connectionId);
  if (connection === undefined) throw new AppError({ kind: "misconfigured", what: "connectionUnknown", detail: name });
  if (connection.target.origin !== origin) {
    throw new AppError({ kind: "misconfigured", what: "connectionMoved", detail: connection.target.origin });
  }
  if (!(await prompts.confirmSending(connection, uri))) return undefined;
  throwIfCancelled(signal);
  const source = await untilCancelled(connection.source(), signal);
  return source.exemplars({ query: request.query, ...window }, { signal });
}
