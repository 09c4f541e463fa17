import type * as vscode from "vscode";
import type { AnswerWindow } from "../../query/answerExemplars.ts";
import type { Run } from "../../query/run.ts";
import type { ExemplarList } from "../../shared/model/source.ts";
import type { RunPrompts } from "./runPrompts.ts";
import { sourceOfRun } from "./runSource.ts";

/** Asks for the exemplars of a run's answer; `undefined`: the person declined. */
export async function readRunExemplars(
  prompts: RunPrompts,
  uri: vscode.Uri,
  run: Run,
  window: AnswerWindow,
  signal: AbortSignal,
): Promise<ExemplarList | undefined> {
  const source = await sourceOfRun(prompts, uri, run, signal);
  return source?.exemplars({ query: run.request.query, ...window }, { signal });
}
