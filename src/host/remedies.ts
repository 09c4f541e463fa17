import * as vscode from "vscode";
import { type FailureAction, isOfNoConnection, isRunAction, type Remedy } from "../shared/failureAction.ts";

/** Carries out what a person has picked of a failure's actions. */
export async function runRemedy(remedy: Remedy): Promise<void> {
  await vscode.commands.executeCommand("promqlWorkbench.connection.remedy", { remedy });
}

/** Those of a failure's actions that can be carried out away from the query's own place; `connectionId` may be unknown. */
export function remediesOf(
  actions: readonly FailureAction[] | undefined,
  connectionId: string | undefined,
): readonly Remedy[] {
  return (actions ?? [])
    .filter((action) => !isRunAction(action) && (connectionId !== undefined || isOfNoConnection(action)))
    .map((action) => ({ connectionId: connectionId ?? "", action }));
}
