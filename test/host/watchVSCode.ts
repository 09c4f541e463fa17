import { serialize } from "node:v8";
import * as vscode from "vscode";

/** Everything that the extension hands to VS Code to be shown while a session is watched, by where it appears. */
export interface Watched {
  readonly texts: readonly { readonly where: string; readonly content: Uint8Array }[];
  note(where: string, value: unknown): void;
  stop(): void;
}

/** Listens to VS Code's own functions in their place; what is asked of a person is answered as before. */
export function watchVSCode(): Watched {
  const texts: { where: string; content: Uint8Array }[] = [];
  const undo: (() => void)[] = [];
  const note = (where: string, value: unknown) => texts.push({ where, content: serialize(plain(value)) });
  const around = <T extends object, K extends keyof T>(owner: T, name: K, wrap: (original: T[K]) => T[K]) => {
    const original = owner[name];
    owner[name] = wrap(original);
    undo.push(() => {
      owner[name] = original;
    });
  };
  const { window } = vscode;
  for (const name of [
    ...(["showErrorMessage", "showWarningMessage", "showInformationMessage", "setStatusBarMessage"] as const),
    ...(["showInputBox", "showQuickPick", "withProgress"] as const),
  ]) {
    around(
      window,
      name,
      (original) =>
        ((...args: unknown[]) => {
          note(name, args);
          return (original as (...args: unknown[]) => unknown).apply(window, args);
        }) as never,
    );
  }
  around(window, "createWebviewPanel", (original) => (...args) => {
    const panel = original.apply(window, args);
    const { webview } = panel;
    const post = webview.postMessage.bind(webview);
    Object.defineProperty(webview, "postMessage", {
      value: (message: unknown) => {
        note("a message to the panel", message);
        return post(message);
      },
    });
    return panel;
  });
  return {
    texts,
    note,
    stop() {
      for (const one of undo) one();
    },
  };
}

/** What the extension makes once, when it is activated. */
export interface Made {
  readonly trees: ReadonlyMap<string, vscode.TreeDataProvider<unknown>>;
  readonly statusItems: readonly vscode.StatusBarItem[];
  /** Is told every message to the outputs of notebooks from now on. */
  listen(listener: (message: unknown) => void): void;
}

/** Remembers what is made from now on: to be called while the suites are loaded, before the extension is needed. */
export function rememberMade(): Made {
  const trees = new Map<string, vscode.TreeDataProvider<unknown>>();
  const statusItems: vscode.StatusBarItem[] = [];
  const { window } = vscode;
  const { createTreeView, createStatusBarItem } = window;
  const { createRendererMessaging } = vscode.notebooks;
  let listener: (message: unknown) => void = () => {};
  vscode.notebooks.createRendererMessaging = (id) => {
    const { onDidReceiveMessage, postMessage } = createRendererMessaging.call(vscode.notebooks, id);
    return {
      onDidReceiveMessage,
      postMessage(message, editor) {
        listener(message);
        return postMessage(message, editor);
      },
    };
  };
  window.createTreeView = ((id: string, options: vscode.TreeViewOptions<unknown>) => {
    trees.set(id, options.treeDataProvider);
    return createTreeView.call(window, id, options);
  }) as typeof createTreeView;
  window.createStatusBarItem = ((...args: Parameters<typeof createStatusBarItem>) => {
    const item = createStatusBarItem.apply(window, args);
    statusItems.push(item);
    return item;
  }) as typeof createStatusBarItem;
  return {
    trees,
    statusItems,
    listen(wanted) {
      listener = wanted;
    },
  };
}

/** Without functions and the objects of VS Code, which cannot be copied; their fields can. */
function plain(value: unknown, depth = 0): unknown {
  if (typeof value === "function" || typeof value === "symbol") return undefined;
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    return value;
  }
  if (depth > 12) return undefined;
  if (Array.isArray(value)) return value.map((one) => plain(one, depth + 1));
  if (value instanceof Map || value instanceof Set) return [...value].map((one) => plain(one, depth + 1));
  const fields: [string, unknown][] = [];
  for (
    let owner: object | null = value;
    owner !== null && owner !== Object.prototype;
    owner = Object.getPrototypeOf(owner)
  ) {
    for (const key of Object.getOwnPropertyNames(owner)) {
      if (key !== "constructor") fields.push([key, plain(read(value, key), depth + 1)]);
    }
  }
  return Object.fromEntries(fields);
}

function read(value: object, key: string): unknown {
  try {
    return (value as Readonly<Record<string, unknown>>)[key];
  } catch {
    return undefined;
  }
}
