import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { TreeNode } from "../../src/catalog/treeNode.ts";
import type { Run } from "../../src/query/run.ts";
import type { ExplorerViewId } from "../../src/ui/explorer/explorerFeature.ts";
import type { RegisteredExplorer } from "../../src/ui/explorer/register.ts";
import type { NotebookRunner } from "../../src/ui/notebook/notebookRunner.ts";
import type { ExtensionApi } from "../../src/ui/query/extensionApi.ts";

type Api = ExtensionApi & {
  readonly explorer?: RegisteredExplorer["shown"];
  readonly notebooks?: () => Promise<NotebookRunner>;
  readonly logUri?: vscode.Uri;
  readonly mementos?: readonly vscode.Memento[];
};

/** What our extension answers to tests. */
export async function extensionApi(): Promise<Required<Api>> {
  const extension = vscode.extensions.getExtension<Api>("promql-workbench.promql-workbench");
  assert.ok(extension !== undefined);
  const { explorer, notebooks, logUri, mementos, ...others } = await extension.activate();
  assert.ok(explorer !== undefined && logUri !== undefined, "the extension does not know that it is tested");
  assert.ok(notebooks !== undefined && mementos !== undefined);
  return { ...others, explorer, notebooks, logUri, mementos };
}

/** A query that keeps a server busy for seconds, with little memory: one series, whose every second looks at hours of it. */
export const slowQuery = "sum(sum_over_time(quantile_over_time(0.5, vector(1)[4h:1s])[4h:1s]))";

/** Asks until there is an answer that is neither `undefined` nor false. */
export async function until<T>(what: string, ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What `act` opened as text: not what VS Code calls active, which it tells the extension host in its own time. Empty: nothing. */
export async function textOpenedBy(act: () => PromiseLike<unknown>): Promise<string> {
  const before = new Set(vscode.workspace.textDocuments);
  await act();
  const opened = vscode.workspace.textDocuments.filter((document) => !before.has(document));
  assert.ok(opened.length < 2, `opened ${opened.map(({ uri }) => uri.toString()).join(" and ")}`);
  return opened[0]?.getText() ?? "";
}

/** Writes the user's connections. */
export async function setConnections(connections: readonly unknown[] | undefined): Promise<void> {
  const key = "promqlWorkbench.connections";
  await vscode.workspace.getConfiguration().update(key, connections, vscode.ConfigurationTarget.Global);
}

/** Leaves nothing behind: removes the active connection, so that none is chosen any more, and then the others. */
export async function forgetConnections(active: string): Promise<void> {
  const confirm = (async (_message: string, _options: unknown, button: string) => button) as unknown;
  await instead(
    vscode.window,
    "showWarningMessage",
    confirm as typeof vscode.window.showWarningMessage,
    async () => void (await vscode.commands.executeCommand("promqlWorkbench.connection.remove", active)),
  );
  await setConnections(undefined);
}

/** The rows of a view, or those below the row that a path of labels leads to. */
export async function rowsOf(view: ExplorerViewId, ...path: readonly string[]): Promise<readonly TreeNode[]> {
  const { rows } = (await extensionApi()).explorer[view];
  let level = (await rows.getChildren()) ?? [];
  for (const label of path) {
    const row = level.find((one) => one.label === label);
    assert.ok(row !== undefined, `no ${label} among ${level.map((one) => one.label).join(", ")}`);
    level = (await rows.getChildren(row)) ?? [];
  }
  return level;
}

/** The row that a path of labels leads to. */
export async function rowOf(view: ExplorerViewId, ...path: readonly string[]): Promise<TreeNode> {
  const label = path.at(-1);
  const rows = await rowsOf(view, ...path.slice(0, -1));
  const row = rows.find((one) => one.label === label);
  assert.ok(row !== undefined, `no ${label} among ${rows.map((one) => one.label).join(", ")}`);
  return row;
}

/** The newest run of all open texts, once it has ended. */
export async function lastRun(): Promise<Run> {
  const { runsOf } = await extensionApi();
  return until("a run's end", async () => {
    const texts = vscode.workspace.textDocuments.filter(({ languageId }) => languageId === "promql");
    const runs = (await Promise.all(texts.map(({ uri }) => runsOf(uri.toString())))).flat();
    const newest = runs.toSorted((a, b) => b.startedAt - a.startedAt)[0];
    const parts = [newest?.range?.part, newest?.instant?.part].filter((part) => part !== undefined);
    return newest !== undefined && parts.length > 0 && parts.every(({ state }) => state !== "running")
      ? newest
      : undefined;
  });
}

/** Puts `stand` in the place of a function of VS Code while `act` runs. */
export async function instead<T extends object, K extends keyof T>(
  owner: T,
  name: K,
  stand: T[K],
  act: () => Promise<void>,
): Promise<void> {
  const original = owner[name];
  owner[name] = stand;
  try {
    await act();
  } finally {
    owner[name] = original;
  }
}

/** Lets a quick pick come up and confirms its row `index`, until what opened it has ended. */
export async function confirmPick(opened: Thenable<unknown>, index = 0): Promise<void> {
  let hasEnded = false;
  const ended = Promise.resolve(opened).then(() => {
    hasEnded = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 500));
  for (let i = 0; i < index; i++) await vscode.commands.executeCommand("workbench.action.quickOpenSelectNext");
  await until("the pick's end", async () => {
    if (!hasEnded) await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
    return hasEnded;
  });
  await ended;
}

/** Types into the filter of the metrics view and confirms, once the view follows. Answers how long it took to follow, in ms. */
export async function filterMetrics(
  text: string,
  run: (command: string) => Thenable<unknown> = (command) =>
    vscode.commands.executeCommand(`promqlWorkbench.${command}`),
): Promise<number> {
  const shown = new vscode.EventEmitter<void>();
  const changed = new vscode.EventEmitter<string>();
  const accepted = new vscode.EventEmitter<void>();
  const hidden = new vscode.EventEmitter<void>();
  const input = {
    ...{ onDidChangeValue: changed.event, onDidAccept: accepted.event, onDidHide: hidden.event },
    ...{ value: "", show: () => shown.fire(), hide: () => hidden.fire(), dispose: () => undefined },
  };
  const { view } = (await extensionApi()).explorer.metrics;
  let ms = 0;
  await instead(
    vscode.window,
    "createInputBox",
    () => input as unknown as vscode.InputBox,
    async () => {
      const isShown = new Promise<void>((resolve) => shown.event(resolve));
      const asked = run("metrics.filter");
      await isShown;
      const start = performance.now();
      input.value = text;
      changed.fire(text);
      while (!(view.message ?? "").startsWith(`"${text}"`)) await new Promise((resolve) => setTimeout(resolve, 5));
      ms = performance.now() - start;
      accepted.fire();
      await asked;
    },
  );
  return ms;
}
