import * as vscode from "vscode";
import type { QueryConnection } from "../../query/destination.ts";
import { type PlannedRun, planned, type StartedRun } from "../../query/fileRuns.ts";
import { undefinedVariables } from "../../query/planRun.ts";
import type { RunChoices, RunMode } from "../../query/run.ts";
import type { Runnable } from "../../query/runnables.ts";
import { AppError } from "../../shared/errors.ts";
import type { RunPrompts } from "./runPrompts.ts";

/** Points of the widest chart; the panel draws fewer where it is narrow. */
const maxPoints = 1000;

/** Where a connection does not say how often its server scrapes; Grafana assumes the same. */
const assumedScrapeIntervalMs = 15_000;

export interface PlanOptions {
  /** Beats the directives; `undefined`: as they say. */
  readonly mode?: RunMode | undefined;
  /** False: the plan is only looked at, and what is not sent needs no consent. */
  readonly isSent?: boolean;
}

export interface RunPlannerDeps {
  readonly prompts: RunPrompts;
  readonly defaults: () => { readonly rangeMs: number; readonly maxSeries: number };
}

/** Makes plans of queries: where each goes and with which values, after every question that is due before it is sent. */
export class RunPlanner {
  readonly #prompts: RunPrompts;
  readonly #defaults: RunPlannerDeps["defaults"];

  constructor({ prompts, defaults }: RunPlannerDeps) {
    this.#prompts = prompts;
    this.#defaults = defaults;
  }

  /** In Restricted Mode a person is asked for trust; an automatic run asks nobody. */
  async mayRun(isAutomatic = false): Promise<boolean> {
    return isAutomatic ? vscode.workspace.isTrusted : this.#prompts.confirmTrust();
  }

  /** Destinations, consents and variables of all queries of a file, before any is sent. `undefined`: the user gave up. */
  async plan(
    uri: vscode.Uri,
    runnables: readonly Runnable[],
    { mode, isSent = true }: PlanOptions = {},
  ): Promise<readonly PlannedRun[] | undefined> {
    const prompts = this.#prompts;
    const missing = new Set(runnables.flatMap(({ text, directives }) => undefinedVariables(text, directives.vars)));
    const connections: QueryConnection[] = [];
    for (const { directives } of runnables) {
      const connection = await prompts.connectionFor(directives.connection);
      if (connection === undefined) return undefined;
      if (isSent && !(await prompts.confirmSending(connection, uri))) return undefined;
      connections.push(connection);
    }
    const variables = await prompts.variablesFor([...missing]);
    if (variables === undefined) return undefined;
    if (isSent) for (const connection of connections) prompts.introduce(connection, uri);
    const defaults = this.#defaults();
    return runnables.flatMap(({ key, text, directives }, i) => {
      const connection = connections[i];
      if (connection === undefined) return [];
      const chosen = mode === undefined || mode === "both" ? directives : { ...directives, mode };
      return [planned({ key, text, directives: chosen, variables, maxPoints, defaults, ...ofConnection(connection) })];
    });
  }

  /**
   * A run once more, with other choices, on its connection as it is now. Without a consent that is due an automatic one is
   * not asked for it: the source itself refuses to send, and says why. `undefined`: it is not to be sent.
   */
  async again(
    uri: vscode.Uri,
    { input }: StartedRun,
    choices: RunChoices,
    isAutomatic: boolean,
  ): Promise<PlannedRun | undefined> {
    const { connectionId, name, origin } = input.target;
    const connection = this.#prompts.connection(connectionId);
    if (connection === undefined)
      throw new AppError({ kind: "misconfigured", what: "connectionUnknown", detail: name });
    const maySend = isAutomatic
      ? connection.target.origin === origin
      : await this.#prompts.confirmSending(connection, uri);
    return maySend ? { ...planned({ ...input, ...ofConnection(connection) }, choices), isAutomatic } : undefined;
  }
}

/** What a plan takes from the connection that it goes to. */
function ofConnection(connection: QueryConnection) {
  return {
    target: connection.target,
    minStepMs: connection.minStepMs || assumedScrapeIntervalMs,
    maxSeries: connection.maxSeries,
    source: () => connection.source(),
  };
}
