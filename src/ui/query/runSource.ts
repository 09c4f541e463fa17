import type * as vscode from "vscode";
import type { Run } from "../../query/run.ts";
import { throwIfCancelled, untilCancelled } from "../../shared/abort.ts";
import { AppError } from "../../shared/errors.ts";
import type { MetricsSource } from "../../shared/model/source.ts";
import type { RunPrompts } from "./runPrompts.ts";

/**
 * The way to the server that a run's answer came from, after the same questions as running it again. Throws `connectionMoved`
 * where the connection leads to another server by now: what that one says would belong to no answer shown.
 */
export async function sourceOfRun(
  prompts: RunPrompts,
  uri: vscode.Uri,
  { request }: Run,
  signal: AbortSignal,
): Promise<MetricsSource | undefined> {
  if (!(await prompts.confirmTrust())) return undefined;
  const { connectionId, name, origin } = request.target;
  const connection = prompts.connection(connectionId);
  if (connection === undefined) throw new AppError({ kind: "misconfigured", what: "connectionUnknown", detail: name });
  if (connection.target.origin !== origin) {
    throw new AppError({ kind: "misconfigured", what: "connectionMoved", detail: connection.target.origin });
  }
  if (!(await prompts.confirmSending(connection, uri))) return undefined;
  throwIfCancelled(signal);
  return untilCancelled(connection.source(), signal);
}
