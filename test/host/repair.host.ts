import assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import type { Run } from "../../src/query/run.ts";
import type { ExtensionApi } from "../../src/ui/query/extensionApi.ts";
import { readEnvironment } from "./environment.ts";
import { until } from "./insideVSCode.ts";

const { gateway } = readEnvironment();
const key = "promqlWorkbench.connections";

const postOnly = { version: 1, id: "post", name: "Post", url: `${gateway.url}/get-only`, method: "POST" };
const basic = { version: 1, id: "basic", name: "Basic", url: `${gateway.url}/basic`, auth: { type: "none" } };

async function setConnections(connections: readonly unknown[]): Promise<void> {
  await vscode.workspace.getConfiguration().update(key, connections, vscode.ConfigurationTarget.Global);
}

async function ended(editor: vscode.TextEditor): Promise<Run> {
  const extension = vscode.extensions.getExtension<ExtensionApi>("promql-workbench.promql-workbench");
  assert.ok(extension !== undefined);
  const { runsOf } = await extension.activate();
  return until("the run's end", async () => {
    const [run] = await runsOf(editor.document.uri.toString());
    const state = run?.instant?.part.state;
    return run !== undefined && state !== undefined && state !== "running" ? run : undefined;
  });
}

/** What a notification offered, and the step of the form that was opened by the button picked there. */
async function pickInNotification(button: string, work: () => Promise<unknown>): Promise<readonly [string[], string]> {
  const { showErrorMessage, createQuickPick } = vscode.window;
  let offered: string[] = [];
  let opened = "";
  const show = (async (_text: string, ...buttons: string[]) => {
    offered = buttons;
    return button;
  }) as unknown;
  vscode.window.showErrorMessage = show as typeof showErrorMessage;
  vscode.window.createQuickPick = (<T extends vscode.QuickPickItem>() => {
    const pick = createQuickPick<T>();
    const { show: open } = pick;
    pick.show = () => {
      opened = `${pick.title}: ${pick.placeholder}`;
      open.call(pick);
      pick.hide();
    };
    return pick;
  }) as typeof createQuickPick;
  try {
    await work();
    await until("the form", () => opened !== "" || undefined);
    return [offered, opened];
  } finally {
    vscode.window.showErrorMessage = showErrorMessage;
    vscode.window.createQuickPick = createQuickPick;
  }
}

describe("what can be done about a failure", () => {
  it("changes the connection's method on a click, and the query is answered", async () => {
    await setConnections([postOnly]);
    const editor = await vscode.window.showTextDocument(
      await vscode.workspace.openTextDocument({ language: "promql", content: "# @connection post\nvector(1)\n" }),
    );
    await until("the setting", async () => {
      await vscode.commands.executeCommand("promqlWorkbench.query.runInstant");
      return (await ended(editor)).request.target.connectionId === "post" || undefined;
    });
    const { instant } = await ended(editor);
    assert.ok(instant?.part.state === "failed");
    assert.partialDeepStrictEqual(instant.part.failure, { kind: "notPrometheus", status: 405 });
    const remedy = { connectionId: "post", action: { kind: "useMethodGet" } };
    await vscode.commands.executeCommand("promqlWorkbench.connection.remedy", { remedy });
    const stored = vscode.workspace.getConfiguration().inspect<readonly object[]>(key)?.globalValue;
    assert.deepEqual(stored, [{ ...postOnly, method: "GET" }]);
    await until("the answer", async () => {
      await vscode.commands.executeCommand("promqlWorkbench.query.runInstant");
      return (await ended(editor)).instant?.part.state === "done" || undefined;
    });
  });

  it("opens the form of a connection that was not let in, out of the notification", async () => {
    await setConnections([basic]);
    const test = () => vscode.commands.executeCommand("promqlWorkbench.connection.test", "basic");
    const [offered, opened] = await pickInNotification("Enter Secret", async () => test());
    assert.deepEqual(offered, ["Enter Secret", "Show Log"]);
    assert.equal(opened, "Edit Basic: How to sign in");
  });

  it("asks for the passphrase of a client's key, which is not shown, and need not be given", async () => {
    await setConnections([{ ...basic, id: "keyed", name: "Keyed", tls: { certFile: "/c.pem", keyFile: "/k.pem" } }]);
    const { createInputBox } = vscode.window;
    const asked: unknown[] = [];
    vscode.window.createInputBox = () => {
      const input = createInputBox();
      const { show } = input;
      input.show = () => {
        const { title, prompt, placeholder, password } = input;
        asked.push({ title, prompt, placeholder, password });
        show.call(input);
        input.hide();
      };
      return input;
    };
    try {
      const remedy = { connectionId: "keyed", action: { kind: "enterSecret" } };
      await until("the form", async () => {
        await vscode.commands.executeCommand("promqlWorkbench.connection.remedy", { remedy }).then(undefined, () => {});
        return asked.length > 0 || undefined;
      });
    } finally {
      vscode.window.createInputBox = createInputBox;
    }
    assert.deepEqual(asked, [
      {
        title: "Edit Keyed",
        prompt: "Passphrase of the client's key, kept in VS Code's secret storage on this machine",
        placeholder: "Leave empty if /k.pem is not encrypted",
        password: true,
      },
    ]);
  });

  it("does nothing for an argument that proposes nothing", async () => {
    const before = vscode.workspace.getConfiguration().get(key);
    for (const node of [undefined, { remedy: { connectionId: "basic", action: { kind: "delete" } } }, "basic"]) {
      await vscode.commands.executeCommand("promqlWorkbench.connection.remedy", node);
    }
    assert.deepEqual(vscode.workspace.getConfiguration().get(key), before);
  });
});
