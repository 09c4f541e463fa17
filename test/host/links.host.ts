import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import * as vscode from "vscode";
import type { ExtensionApi } from "../../src/ui/query/extensionApi.ts";
import { readEnvironment } from "./environment.ts";
import { textOpenedBy, until } from "./insideVSCode.ts";

const { prometheus, gateway } = readEnvironment();
const key = "promqlWorkbench.connections";
const local = { version: 1, id: "local", name: "Local", url: prometheus, auth: { type: "none" } };
const strange = "https://elsewhere.example/graph?g0.expr=up&g0.range_input=30m";

async function open(content: string, line = 0, character = 0): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument({ language: "promql", content });
  const editor = await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
  editor.selection = new vscode.Selection(line, character, line, character);
  return editor;
}

async function copied(command: string, ...args: readonly unknown[]): Promise<string> {
  await vscode.env.clipboard.writeText("nothing");
  await vscode.commands.executeCommand(command, ...args);
  return vscode.env.clipboard.readText();
}

describe("queries in and out as links and command lines", () => {
  before(async () => {
    const auth = { type: "basic", username: "o'me" };
    const other = { version: 1, id: "other", name: "Other", url: `${gateway.url}/basic`, auth };
    await vscode.workspace.getConfiguration().update(key, [local, other], vscode.ConfigurationTarget.Global);
    await vscode.extensions.getExtension<ExtensionApi>("promql-workbench.promql-workbench")?.activate();
  });

  after(async () => {
    await vscode.workspace.getConfiguration().update(key, undefined, vscode.ConfigurationTarget.Global);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  it("copies the block at the cursor as curl, planned as a run and without sending anything", async () => {
    const editor = await open(
      '# @connection local\n\n# %% A\nup\n\n# %% B\n# @mode range  @end 2026-01-02T12:00:00Z  @range 10m  @step 1m  @var job=node\nup{job="$job"}\n',
      7,
      2,
    );
    const text = await copied("promqlWorkbench.query.copyAsCurl");
    assert.deepEqual(text.split(" \\\n  "), [
      `curl -sS ${prometheus}/api/v1/query_range`,
      `--data-urlencode 'query=up{job="node"}'`,
      "--data-urlencode 'start=1767354600.000'",
      "--data-urlencode 'end=1767355200.000'",
      "--data-urlencode 'step=60'",
      "--data-urlencode 'limit=1000'",
      "--data-urlencode 'timeout=30'",
    ]);
    const extension = vscode.extensions.getExtension<ExtensionApi>("promql-workbench.promql-workbench");
    assert.deepEqual(await extension?.exports.runsOf(editor.document.uri.toString()), []);
  });

  it("copies it as promtool, a connection's secret left to a file", async () => {
    await open("# @connection other\n# @mode instant  @time 1767355200\nsum(up)\n", 2);
    const text = await copied("promqlWorkbench.query.copyAsPromtool");
    assert.match(text, /^# promtool sends no limit/);
    assert.ok(text.endsWith(`--time=1767355200.000 \\\n  ${gateway.url}/basic -- 'sum(up)'`), text);
    assert.match(text, /--http\.config\.file=promtool-http\.yml/);
  });

  it("copies what the last run of a block sent when the block is named", async () => {
    const editor = await open("# %% A\n# @connection local\n# @mode instant\nup\n", 3);
    await vscode.commands.executeCommand("promqlWorkbench.query.run");
    const uri = editor.document.uri.toString();
    const extension = vscode.extensions.getExtension<ExtensionApi>("promql-workbench.promql-workbench");
    const time = await until("the run", async () => {
      const [run] = (await extension?.exports.runsOf(uri)) ?? [];
      return run?.instant?.part.state === "done" ? run.instant.sentTime : undefined;
    });
    await editor.edit((edit) => edit.insert(new vscode.Position(3, 2), " + 1"));
    const text = await copied("promqlWorkbench.query.copyAsCurl", { uri, key: "title:1:A" });
    assert.ok(text.includes(`'time=${(time / 1000).toFixed(3)}'`), text);
    assert.match(text, /query=up' /);
  });

  it("copies a connection as curl without its password", async () => {
    const text = await copied("promqlWorkbench.connection.copyAsCurl", "other");
    assert.ok(
      text.startsWith(`curl -sS ${gateway.url}/basic/api/v1/query \\\n  -u 'o'\\''me:'"$PROMQL_PASSWORD" \\\n`),
      text,
    );
    assert.match(text, /--data-urlencode 'query=1\+1'/);
  });

  it("inserts the clipboard's link behind the block at the cursor, and into a new text where none is open", async () => {
    await vscode.env.clipboard.writeText(strange);
    const insert = async () => {
      const command = vscode.commands.executeCommand("promqlWorkbench.query.insertLink");
      let isDone = false;
      command.then(
        () => {
          isDone = true;
        },
        () => undefined,
      );
      await until("the input's end", async () => {
        await new Promise((resolve) => setTimeout(resolve, 200));
        if (!isDone) await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
        return isDone || undefined;
      });
    };
    const editor = await open("# %% A\na +\nb\n\n# %% B\nb\n", 1, 1);
    await insert();
    assert.equal(editor.document.getText(), "# %% A\na +\nb\n\n# %%\n# @range 30m\nup\n\n# %% B\nb\n");
    assert.equal(editor.document.lineAt(editor.selection.active.line - 1).text, "up");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    assert.equal(await textOpenedBy(insert), "# %%\n# @range 30m\nup\n");
  });
});
