import assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import type { Run } from "../../src/query/run.ts";
import type { ExtensionApi } from "../../src/ui/query/extensionApi.ts";
import { hostileStrings } from "../support/hostileStrings.ts";
import { readEnvironment } from "./environment.ts";
import { until } from "./insideVSCode.ts";

const { prometheus, gateway } = readEnvironment();
const key = "promqlWorkbench.connections";

async function api(): Promise<ExtensionApi> {
  const extension = vscode.extensions.getExtension<ExtensionApi>("promql-workbench.promql-workbench");
  assert.ok(extension !== undefined);
  return extension.activate();
}

async function open(content: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: "promql", content }));
}

async function lensTitles(editor: vscode.TextEditor, most = 100): Promise<string[]> {
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    "vscode.executeCodeLensProvider",
    editor.document.uri,
    most,
  );
  return lenses.map(({ command }) => command?.title ?? "");
}

/** The run of a document's first block once nothing of it is under way. */
async function finished(editor: vscode.TextEditor): Promise<Run> {
  const { runsOf } = await api();
  return until("the run's end", async () => {
    const [run] = await runsOf(editor.document.uri.toString());
    const parts = [run?.range?.part, run?.instant?.part].filter((part) => part !== undefined);
    return run !== undefined && parts.length > 0 && parts.every(({ state }) => state !== "running") ? run : undefined;
  });
}

async function setConnections(connections: readonly unknown[]): Promise<void> {
  await vscode.workspace.getConfiguration().update(key, connections, vscode.ConfigurationTarget.Global);
}

const local = { version: 1, id: "local", name: "Local", url: prometheus, auth: { type: "none" } };

describe("running queries against a real Prometheus", () => {
  it("activates without a connection, and offers lenses that say so", async () => {
    await api();
    const editor = await open("# %% Targets\nup\n\n# %% Window\nup[1m]\n\n# %% Elsewhere\n# @connection prod-eu\nup\n");
    const titles = await until("lenses", async () => {
      const found = await lensTitles(editor);
      return found.length > 0 ? found : undefined;
    });
    assert.deepEqual(titles.filter((title) => title.includes("Run")).length, 3);
    assert.ok(titles.includes("$(plug) No connection"), titles.join());
    assert.ok(titles.includes("$(play) Run (instant only)"));
    assert.ok(titles.includes("$(warning) prod-eu is not set up here"));
  });

  it("takes a connection from the user's settings and names it above each query", async () => {
    await setConnections([local]);
    await setConnections([local]);
    const editor = await open("up\n");
    await until("the connection's lens", async () => (await lensTitles(editor)).includes("$(server) Local"));
  });

  it("runs the block under the cursor both ways, and the values are the server's", async () => {
    const editor = await open('# %% A\nup\n\n# %% B\nprocess_start_time_seconds{job="prometheus"}\n');
    editor.selection = new vscode.Selection(4, 3, 4, 3);
    await vscode.commands.executeCommand("promqlWorkbench.query.run");
    const run = await finished(editor);
    assert.equal(run.request.query, 'process_start_time_seconds{job="prometheus"}');
    assert.ok(run.range?.part.state === "done" && run.instant?.part.state === "done");
    const { data } = run.instant.part.answer;
    assert.ok(data.type === "vector");
    const response = await fetch(`${prometheus}/api/v1/query?query=${encodeURIComponent(run.request.query)}`);
    const body = (await response.json()) as { data: { result: [{ value: [number, string] }] } };
    assert.equal(data.series[0]?.values[0], Number(body.data.result[0].value[1]));
    assert.equal(run.range.part.answer.data.type, "matrix");
    assert.ok((await lensTitles(editor)).some((title) => title.startsWith("$(check) 1 series")));
  });

  it("runs as range, as instant, a selection, and variables filled in", async () => {
    const editor = await open('# @var job=node\nrate(node_cpu_seconds_total{job="$job"}[$__rate_interval])\n');
    await vscode.commands.executeCommand("promqlWorkbench.query.runRange");
    const range = await finished(editor);
    assert.ok(range.range !== undefined && range.instant === undefined);
    assert.equal(range.request.query, 'rate(node_cpu_seconds_total{job="node"}[1m])');
    const another = await open("1 + 1 + 40\n");
    another.selection = new vscode.Selection(0, 0, 0, 5);
    await vscode.commands.executeCommand("promqlWorkbench.query.runInstant");
    const instant = await finished(another);
    assert.equal(instant.request.query, "1 + 1");
    assert.deepEqual(instant.instant?.part.state === "done" && instant.instant.part.answer.data.type, "scalar");
  });

  it("puts the server's error at its place, through a variable and letters of several bytes, and takes it back", async () => {
    const text = '# @var text=äöü\nlabel_replace(up, "a", "$text", "b", "") + )\n';
    const editor = await open(text);
    await vscode.commands.executeCommand("promqlWorkbench.query.run");
    const run = await finished(editor);
    assert.equal(run.range?.part.state, "failed");
    const diagnostic = await until("the diagnostic", () =>
      vscode.languages.getDiagnostics(editor.document.uri).find(({ source }) => source === "Local"),
    );
    assert.equal(diagnostic.severity, vscode.DiagnosticSeverity.Error);
    assert.match(diagnostic.message, /parse error/);
    assert.equal(editor.document.getText(diagnostic.range), ")", diagnostic.message);
    await editor.edit((edit) => edit.replace(diagnostic.range, "up"));
    await until("the diagnostic's end", () =>
      vscode.languages.getDiagnostics(editor.document.uri).every(({ source }) => source !== "Local"),
    );
  });

  it("reports problems of the text at their place", async () => {
    const editor = await open("# @rnage 5m\nup\n");
    const [diagnostic] = await until("a diagnostic", () => {
      const found = vscode.languages.getDiagnostics(editor.document.uri);
      return found.length > 0 ? found : undefined;
    });
    assert.equal(diagnostic?.code, "unknownDirective");
    assert.equal(diagnostic.range.start.line, 0);
  });

  it("says what a server will refuse before it is asked, and leaves the word to the server when it was", async () => {
    const editor = await open("# %% A\nsum(rate(up)) > 1\n\n# %% B\nup ==\n");
    const problems = (source: string) =>
      vscode.languages
        .getDiagnostics(editor.document.uri)
        .filter((one) => one.source === source)
        .map(({ code, range }) => [code, editor.document.getText(range), range.start.line]);
    await until("both problems", () => problems("PromQL").length === 2);
    assert.deepEqual(problems("PromQL"), [
      ["wrongType", "up", 1],
      ["unexpectedEnd", "", 4],
    ]);
    await vscode.commands.executeCommand("promqlWorkbench.query.runInstant");
    await finished(editor);
    await until("the server's word", () => problems("Local").length === 1);
    assert.deepEqual(problems("Local"), [[undefined, "up", 1]]);
    assert.deepEqual(problems("PromQL"), [["unexpectedEnd", "", 4]]);
    await editor.edit((edit) => edit.replace(editor.document.lineAt(1).range, "sum(rate(up[5m])) > 1"));
    await until("the end of both", () => problems("Local").length === 0);
    assert.deepEqual(problems("PromQL"), [["unexpectedEnd", "", 4]]);
  });

  it("runs every block of a file in order", async () => {
    const editor = await open('# %% A\n1\n\n# %% B\n2\n\n# %% [markdown]\n# text\n\n# %% C\n"three"\n');
    await vscode.commands.executeCommand("promqlWorkbench.query.runAll");
    const runs = await (await api()).runsOf(editor.document.uri.toString());
    assert.deepEqual(
      runs.map(({ request }) => request.title),
      ["A", "B", "C"],
    );
    const third = runs[2]?.instant?.part;
    assert.ok(third?.state === "done" && third.answer.data.type === "string");
    assert.equal(third.answer.data.value, "three");
  });

  it("says 401 of a wrong sign-in, and never sends a file's query elsewhere", async () => {
    await setConnections([
      local,
      { version: 1, id: "basic", name: "Basic", url: `${gateway.url}/basic`, auth: { type: "none" } },
    ]);
    const editor = await open("# @connection basic\nup\n");
    await until("the connection's lens", async () => (await lensTitles(editor)).includes("$(server) Basic"));
    await vscode.commands.executeCommand("promqlWorkbench.query.runInstant");
    const run = await finished(editor);
    assert.equal(run.request.target.connectionId, "basic");
    assert.ok(run.instant?.part.state === "failed");
    assert.deepEqual(run.instant.part.failure.kind, "unauthorized");
  });

  it("falls back to GET where POST is refused", async () => {
    await setConnections([{ ...local, id: "get", name: "Get", url: `${gateway.url}/get-only` }]);
    const editor = await open("# @connection get\nup\n");
    await until("the connection's lens", async () => (await lensTitles(editor)).includes("$(server) Get"));
    await vscode.commands.executeCommand("promqlWorkbench.query.runInstant");
    const run = await finished(editor);
    assert.equal(run.instant?.part.state, "done");
  });

  it("names what is wrong with a profile, and uses the others", async () => {
    await setConnections([local, { ...local, id: "bad", name: "Bad", colour: "red" }]);
    const editor = await open("# @connection bad\nup\n");
    await until("the disabled connection's lens", async () =>
      (await lensTitles(editor)).includes("$(error) Bad cannot be used"),
    );
    const other = await open("# @connection local\nup\n");
    await until("the other connection's lens", async () => (await lensTitles(other)).includes("$(server) Local"));
  });

  it("shows the newer of two runs of one block, not that the older one was given up", async () => {
    await setConnections([local]);
    const editor = await open("# %% A\nup\n");
    await until("the connection's lens", async () => (await lensTitles(editor)).includes("$(server) Local"));
    const run = () => vscode.commands.executeCommand("promqlWorkbench.query.run");
    await Promise.all([run(), run()]);
    const last = await finished(editor);
    assert.deepEqual([last.range?.part.state, last.instant?.part.state], ["done", "done"]);
  });

  it("shows no icon that a connection's name asks for, in a lens or anywhere a name of it stands", async () => {
    const names = hostileStrings.filter(
      (text) => text.trim() !== "" && text.length <= 100 && !/[\p{Cc}\p{Cs}]/u.test(text),
    );
    assert.ok(names.length >= 100);
    await setConnections(names.map((name, i) => ({ ...local, id: `hostile-${i}`, name })));
    const editor = await open(names.map((_, i) => `# %% ${i}\n# @connection hostile-${i}\nup\n`).join("\n"));
    const titles = await until("all lenses", async () => {
      const found = (await lensTitles(editor, 1000)).filter((title) => /^\$\((server|error|warning)\)/.test(title));
      return found.length === names.length && found.some((title) => title.startsWith("$(server)")) ? found : undefined;
    });
    for (const title of titles) {
      assert.equal(title.match(/\$\(/g)?.length, 1, title);
      assert.doesNotMatch(title, /\n/);
    }
  });

  it("runs a selected line with the directives of its own block, and a selection of several blocks as blocks", async () => {
    await setConnections([local, { ...local, id: "other", name: "Other" }]);
    const text = "# %% A\n# @connection local\nup\n# %% B\n# @connection other\n1 + 1\n";
    const editor = await open(text);
    await until("the connections' lenses", async () => (await lensTitles(editor)).includes("$(server) Other"));
    // From the line's beginning to the next line's, as Shift+Down selects it.
    editor.selection = new vscode.Selection(2, 0, 3, 0);
    await vscode.commands.executeCommand("promqlWorkbench.query.run");
    assert.equal((await finished(editor)).request.target.connectionId, "local");
    await vscode.commands.executeCommand("editor.action.selectAll");
    await vscode.commands.executeCommand("promqlWorkbench.query.run");
    const runs = await until("both runs", async () => {
      const found = await (await api()).runsOf(editor.document.uri.toString());
      return found.length === 2 ? found : undefined;
    });
    assert.deepEqual(
      runs.map(({ request }) => `${request.title} ${request.target.connectionId} ${request.query}`),
      ["A local up", "B other 1 + 1"],
    );
  });

  it("does not show one query's outcome above another that took its place", async () => {
    await setConnections([local]);
    const editor = await open("up\n");
    await until("the connection's lens", async () => (await lensTitles(editor)).includes("$(server) Local"));
    await vscode.commands.executeCommand("promqlWorkbench.query.run");
    await finished(editor);
    await until("the outcome", async () => (await lensTitles(editor)).some((title) => title.startsWith("$(check)")));
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), "vector(1)\n\n"));
    const titles = await lensTitles(editor);
    assert.ok(!titles.some((title) => title.startsWith("$(check)")), titles.join());
    assert.ok(titles.includes("$(history) Edited since its run"), titles.join());
  });

  it("shows results beside the text they belong to, not over it, wherever other results stand", async () => {
    await setConnections([local]);
    const ours = ({ tabs }: vscode.TabGroup) => tabs.some(({ input }) => input instanceof vscode.TabInputWebview);
    const group = await until("a group with results", () => vscode.window.tabGroups.all.find(ours));
    const document = await vscode.workspace.openTextDocument({ language: "promql", content: "up\n" });
    const editor = await vscode.window.showTextDocument(document, { viewColumn: group.viewColumn, preview: false });
    await until("the connection's lens", async () => (await lensTitles(editor)).includes("$(server) Local"));
    await vscode.commands.executeCommand("promqlWorkbench.query.run");
    await finished(editor);
    const panels = () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.filter(({ label }) => label !== ""));
    await until("the panel", () =>
      panels().some(({ input, isActive }) => isActive && input instanceof vscode.TabInputWebview),
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.ok(vscode.window.visibleTextEditors.includes(editor), "the results cover the text");
  });

  it("keeps runs and their panel with a text that is saved for the first time, and with a file that is renamed", async () => {
    await setConnections([local]);
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? assert.fail();
    const [first, second] = ["first saved.promql", "then renamed.promql"].map((name) =>
      vscode.Uri.joinPath(folder, name),
    );
    assert.ok(first !== undefined && second !== undefined);
    const untitled = first.with({ scheme: "untitled" });
    const document = await vscode.workspace.openTextDocument(untitled);
    const editor = await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    // Another text alike stays what it is.
    const twin = await vscode.workspace.openTextDocument({ language: "promql", content: "# %% Here\nup\n" });
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), "# %% Here\nup\n"));
    await until("the connection's lens", async () => (await lensTitles(editor)).includes("$(server) Local"));
    await vscode.commands.executeCommand("promqlWorkbench.query.run");
    const run = await finished(editor);
    const labels = () =>
      vscode.window.tabGroups.all.flatMap(({ tabs }) =>
        tabs.flatMap(({ input, label }) => (input instanceof vscode.TabInputWebview ? [label] : [])),
      );
    await until("the panel", () => labels().includes("Results: first saved.promql"));
    const { runsOf } = await api();
    const runsAt = async (uri: vscode.Uri) => (await runsOf(uri.toString())).map(({ startedAt }) => startedAt);

    assert.ok(await document.save());
    await until("the runs of the saved file", async () => (await runsAt(first)).length === 1);
    assert.deepEqual(await runsAt(first), [run.startedAt]);
    assert.deepEqual(await runsAt(untitled), []);
    assert.deepEqual(await runsAt(twin.uri), []);

    const rename = new vscode.WorkspaceEdit();
    rename.renameFile(first, second);
    assert.ok(await vscode.workspace.applyEdit(rename));
    await until("the panel's new name", () => labels().includes("Results: then renamed.promql"));
    assert.ok(!labels().includes("Results: first saved.promql"));
    assert.deepEqual(await runsAt(second), [run.startedAt]);
    assert.deepEqual(await runsAt(first), []);
    // A new run shows in the same panel.
    const before = labels().length;
    const renamed = await vscode.window.showTextDocument(second, { viewColumn: vscode.ViewColumn.One });
    await vscode.commands.executeCommand("promqlWorkbench.query.run");
    await until("a newer run", async () => (await runsAt(second))[0] !== run.startedAt);
    await finished(renamed);
    assert.equal(labels().length, before);
    await vscode.workspace.fs.delete(second);
  });

  it("leaves VS Code's own fetch alone", async () => {
    const response = await fetch(`${prometheus}/api/v1/query?query=1`);
    assert.equal(response.status, 200);
  });
});
