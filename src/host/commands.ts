import * as vscode from "vscode";
import { type Disposable, DisposableStore } from "../shared/disposable.ts";
import type { ErrorReporter } from "./errorReporter.ts";

/** A record of command ids and what they do. Arguments come from anywhere: implementations take `unknown`. */
export type Commands<T> = { readonly [Id in keyof T]: (...args: never[]) => unknown };

/** Registers a feature's commands; what they throw goes to the reporter and not to VS Code. */
export function registerCommands<T extends Commands<T>>(commands: T, reporter: ErrorReporter): Disposable {
  const store = new DisposableStore();
  for (const [id, run] of Object.entries<(...args: never[]) => unknown>(commands)) {
    store.register(
      vscode.commands.registerCommand(id, (...args: unknown[]) => reporter.guard(id, () => run(...(args as never[])))),
    );
  }
  return store;
}
