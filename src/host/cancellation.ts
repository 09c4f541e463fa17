import type * as vscode from "vscode";
import { AppError } from "../shared/errors.ts";

/** Runs `work` with a signal that is aborted when the token is; the subscription ends with the work. */
export async function withSignal<T>(
  token: vscode.CancellationToken,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = () => controller.abort(new AppError({ kind: "cancelled" }));
  const subscription = token.onCancellationRequested(abort);
  if (token.isCancellationRequested) abort();
  try {
    return await work(controller.signal);
  } finally {
    subscription.dispose();
  }
}
