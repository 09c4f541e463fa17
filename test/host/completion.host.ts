import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "mocha";
import * as vscode from "vscode";
import { type RecordingProxy, startRecordingProxy } from "../servers/recordingProxy.ts";
import { cursorIn } from "../support/completions.ts";
import { readEnvironment } from "./environment.ts";
import { extensionApi, forgetConnections, instead, setConnections, until } from "./insideVSCode.ts";

const { prometheus } = readEnvironment();

describe("completion in VS Code", () => {
  const folder = mkdtempSync(join(tmpdir(), "completion-"));
  let proxy: RecordingProxy;
  let utf8: { readonly url: string; stop(): void };

  before(async () => {
    await extensionApi();
    proxy = await startRecordingProxy(prometheus, { holdMs: 1000 });
    utf8 = await startUtf8Names();
    const of = (id: string, url: string) => ({ version: 1, id, name: `Name of ${id}`, url, auth: { type: "none" } });
    await setConnections([
      ...[of("local", proxy.url), of("utf8", utf8.url), of("dead", "http://127.0.0.1:1")],
      // Its token was never stored.
      { ...of("locked", proxy.url), auth: { type: "bearer" } },
    ]);
    await vscode.commands.executeCommand("promqlWorkbench.connection.select", "local");
  });

  afterEach(async () => {
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });

  after(async () => {
    await forgetConnections("local");
    await proxy.stop();
    utf8.stop();
    rmSync(folder, { recursive: true });
  });

  /** What VS Code is offered at the cursor of a new text, with the sign that was typed last. */
  async function offered(marked: string, trigger?: string): Promise<readonly vscode.CompletionItem[]> {
    const { text, offset } = cursorIn(marked);
    const document = await vscode.workspace.openTextDocument({ language: "promql", content: text });
    return ours(document, document.positionAt(offset), trigger);
  }

  /** Without what the contributed snippets add. */
  async function ours(document: vscode.TextDocument, position: vscode.Position, trigger?: string) {
    const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
      "vscode.executeCompletionItemProvider",
      ...[document.uri, position, trigger, 20],
    );
    return items.filter(({ kind }) => kind !== vscode.CompletionItemKind.Snippet);
  }

  const labels = (items: readonly vscode.CompletionItem[]) => items.map(({ label }) => label);

  /** Asks until the server's names are among what is offered, as typing would. */
  async function named(marked: string, label: string): Promise<readonly vscode.CompletionItem[]> {
    return until(`${label} at ${marked}`, async () => {
      const items = await offered(marked);
      return labels(items).includes(label) ? items : undefined;
    });
  }

  const insertOf = (item: vscode.CompletionItem | undefined) =>
    item?.insertText instanceof vscode.SnippetString ? item.insertText.value : item?.insertText;

  it("offers the server's metrics with their types, and functions that ask for their arguments", async () => {
    const items = await named("node_cpu|", "node_cpu_seconds_total");
    const typed = await until("the metric's type", async () => {
      const found = (await offered("node_cpu|")).find(({ label }) => label === "node_cpu_seconds_total");
      return found?.detail === "counter" ? found : undefined;
    });
    assert.equal(insertOf(typed), "node_cpu_seconds_total");
    const text = typed.documentation;
    assert.ok(text instanceof vscode.MarkdownString && text.value.includes("counter"), JSON.stringify(text));
    assert.ok(!labels(items).includes("up"));
    const rate = (await offered("ra|")).find(({ label }) => label === "rate");
    assert.equal(insertOf(rate), "rate($0)");
    assert.match(rate?.detail ?? "", /^rate\(/);
    assert.equal(rate?.command?.command, "editor.action.triggerParameterHints");
  });

  it("offers the labels of that metric alone, and their values", async () => {
    const items = await named("node_cpu_seconds_total{|}", "mode");
    assert.ok(labels(items).includes("cpu"));
    assert.ok(!labels(items).includes("handler"), "a label of other metrics");
    assert.equal(insertOf(items.find(({ label }) => label === "mode")), 'mode="$1"');
    const values = await named('node_cpu_seconds_total{mode="|"}', "idle");
    assert.ok(labels(values).includes("system"));
    const others = await named('up{job=~"node‖|"}', "prometheus");
    assert.ok(labels(others).includes("dead"));
    const grouped = await named('sum by (|) (rate(node_cpu_seconds_total{mode="idle"}[5m]))', "cpu");
    assert.ok(!labels(grouped).includes("handler"));
  });

  it("offers UTF-8 names in the only way that they may be written", async () => {
    const metrics = await named("# @connection utf8\nmy.m|", "my.metric");
    assert.equal(insertOf(metrics.find(({ label }) => label === "my.metric")), '{"my.metric"}');
    const found = await named('# @connection utf8\n{"my.metric", |}', "label.name");
    assert.equal(insertOf(found.find(({ label }) => label === "label.name")), '"label.name"="$1"');
  });

  it("offers directives, and connections as their values", async () => {
    assert.ok(labels(await offered("# @|\nup", "@")).includes("@connection"));
    assert.deepEqual(labels(await offered("# @connection |\nup")), ["local", "utf8", "dead", "locked"]);
    assert.ok(labels(await offered("# @unit |\nup")).includes("percentunit"));
    assert.deepEqual(labels(await offered("# just wo|rds\nup")), []);
    assert.deepEqual(labels(await offered("# %% [markdown]\n# up|\nup")), []);
  });

  it("offers something after a sign only where it belongs", async () => {
    assert.deepEqual(labels(await offered("up ==|", "=")), []);
    assert.deepEqual(labels(await offered('vector("|")', '"')), []);
    assert.ok(labels(await offered("up[|]", "[")).includes("$__rate_interval"));
    assert.ok(labels(await offered("# @var job=x\nup{job='$|'}", "$")).includes("$job"));
  });

  it("takes an offer as a person does: with its key, in an editor", async () => {
    await named("node_cpu_seconds_total{|}", "mode");
    const document = await vscode.workspace.openTextDocument({
      language: "promql",
      content: "node_cpu_seconds_total{}",
    });
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(0, 23, 0, 23);
    await until("the label", async () => {
      if (document.getText().includes("mode=")) return true;
      await vscode.commands.executeCommand("editor.action.triggerSuggest");
      await new Promise((resolve) => setTimeout(resolve, 300));
      if (document.getText() === "node_cpu_seconds_total{}") {
        await vscode.commands.executeCommand("default:type", { text: "mod" });
      }
      await new Promise((resolve) => setTimeout(resolve, 300));
      await vscode.commands.executeCommand("acceptSelectedSuggestion");
      return undefined;
    });
    assert.equal(document.getText(), 'node_cpu_seconds_total{mode=""}');
  });

  it("puts a name that needs quotes into the braces that stand there, and a variable into its own", async () => {
    await named("# @connection utf8\nmy.m|", "my.metric");
    const takings = [
      { line: 'my.m|{a="b"}', taken: '{"my.metric", a="b"}' },
      { line: `up{a="\${__rate|}"}`, taken: `up{a="\${__rate_interval}"}` },
      { line: "rat| (up[5m])", taken: "rate (up[5m])" },
    ];
    for (const { line, taken } of takings) {
      const { text, offset } = cursorIn(`# @connection utf8\n${line}`);
      const document = await vscode.workspace.openTextDocument({ language: "promql", content: text });
      const editor = await vscode.window.showTextDocument(document);
      const cursor = document.positionAt(offset);
      editor.selection = new vscode.Selection(cursor, cursor);
      await vscode.commands.executeCommand("editor.action.triggerSuggest");
      await until(taken, async () => {
        await new Promise((resolve) => setTimeout(resolve, 200));
        await vscode.commands.executeCommand("acceptSelectedSuggestion");
        return document.getText() !== text;
      });
      assert.equal(document.lineAt(1).text, taken);
    }
  });

  it("shows names that come late by itself", async () => {
    // The proxy holds back whatever is slow.
    const content = 'up{job=~"slow|node"}';
    const document = await vscode.workspace.openTextDocument({ language: "promql", content });
    const editor = await vscode.window.showTextDocument(document);
    const cursor = new vscode.Position(0, content.length - 1);
    editor.selection = new vscode.Selection(cursor, cursor);
    await vscode.commands.executeCommand("default:type", { text: "," });
    const asked = await until("the question", () =>
      proxy.requests.find(({ path, body }) => `${path}${body}`.includes("slow")),
    );
    await until("a label, taken with Enter alone", async () => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      await vscode.commands.executeCommand("acceptSelectedSuggestion");
      return document.getText() !== 'up{job=~"slow|node",}';
    });
    assert.match(document.getText(), /^up\{job=~"slow\|node",\w+=""\}$/);
    assert.equal(asked.abandoned, false);
  });

  it("works in a cell of a notebook, whose first cell names the connection", async () => {
    const uri = vscode.Uri.file(join(folder, "cells.promql"));
    writeFileSync(uri.fsPath, "# @connection utf8\n\n# %% One\nmy.m\n");
    await vscode.commands.executeCommand("vscode.openWith", uri, "promql-workbench.notebook");
    const notebook = await until("the notebook", () =>
      vscode.workspace.notebookDocuments.find((one) => one.uri.toString() === uri.toString()),
    );
    const cell = notebook.getCells().find(({ document }) => document.getText().includes("my.m"));
    assert.ok(cell !== undefined);
    await until("the metric in the cell", async () => {
      const items = await ours(cell.document, new vscode.Position(0, 4));
      return labels(items).includes("my.metric");
    });
  });

  it("helps without a server where it cannot be reached, or is not set up here", async () => {
    for (const id of ["dead", "unheard-of"]) {
      const text = `# @connection ${id}\nnode_load1 + ra|`;
      for (let i = 0; i < 2; i++) {
        const found = labels(await offered(text));
        assert.ok(found.includes("rate") && found.includes("rad"), `${id}: ${found.join()}`);
        assert.ok(!found.includes("process_open_fds"));
      }
      const used = labels(await offered(`# @connection ${id}\nnode_load1 + no|`));
      assert.ok(used.includes("node_load1"), `${id}: ${used.join()}`);
      assert.deepEqual(labels(await offered(`# @connection ${id}\nnode_load1{|}`)), []);
    }
  });

  it("asks nobody for a token that is not there", async () => {
    const asked: string[] = [];
    const noted = (async (message: unknown) => void asked.push(String(message))) as unknown;
    const before = proxy.requests.length;
    const { window } = vscode;
    await instead(window, "showInputBox", noted as typeof window.showInputBox, () =>
      instead(window, "showWarningMessage", noted as typeof window.showWarningMessage, async () => {
        for (let i = 0; i < 2; i++) {
          assert.ok(labels(await offered("# @connection locked\nra|")).includes("rate"));
          assert.deepEqual(labels(await offered("# @connection locked\nup{|}")), []);
        }
      }),
    );
    assert.deepEqual([asked, proxy.requests.length], [[], before]);
  });

  it("asks no server where the user says so", async () => {
    const setting = vscode.workspace.getConfiguration("promqlWorkbench");
    await setting.update("completion.fromServer", false, vscode.ConfigurationTarget.Global);
    try {
      const before = proxy.requests.length;
      assert.deepEqual(labels(await offered("node_load5{|}")), []);
      assert.ok(labels(await offered("ra|")).includes("rate"));
      assert.equal(proxy.requests.length, before);
    } finally {
      await setting.update("completion.fromServer", undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it("has asked for names, labels and values only, each list once", () => {
    const paths = proxy.requests.map(({ path, body }) => `${path} ${body}`);
    assert.ok(paths.length > 4);
    assert.deepEqual(
      paths.filter((path) => !/^\/api\/v1\/(?:labels|label\/\w+\/values|metadata)\b/.test(path)),
      [],
    );
    const lists = paths.map((path) => path.replace(/(?:start|end)=[^&]*/g, ""));
    // The metrics of the side bar, where it is open, are read for it too: names and what is known of them, once.
    const ofView = (list: string) => /\/(?:label\/__name__\/values\?&&limit=100000 $|metadata )/.test(list);
    const again = lists.filter((list, i) => lists.indexOf(list) !== i);
    assert.deepEqual(
      again.filter((list, i) => !ofView(list) || again.indexOf(list) !== i),
      [],
    );
  });
});

/** A server with names that need quotes. */
async function startUtf8Names(): Promise<{ readonly url: string; stop(): void }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://stub");
    const data = pathname.endsWith("/label/__name__/values")
      ? ["my.metric", "up"]
      : pathname.endsWith("/labels")
        ? ["__name__", "label.name"]
        : pathname.endsWith("/metadata")
          ? {}
          : undefined;
    response.writeHead(data === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify({ status: "success", data }));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
