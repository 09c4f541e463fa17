import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import * as vscode from "vscode";
import type { Run } from "../../src/query/run.ts";
import { valueText } from "../../src/shared/model/numberText.ts";
import type { ExtensionApi } from "../../src/ui/query/extensionApi.ts";
import { tableOf } from "../support/exports.ts";
import { readEnvironment } from "./environment.ts";
import { until } from "./insideVSCode.ts";

const { prometheus } = readEnvironment();
const query = "scrape_duration_seconds";

/** A file system that is not this machine's. */
class Memory implements vscode.FileSystemProvider {
  readonly files = new Map<string, Uint8Array>();
  readonly onDidChangeFile = new vscode.EventEmitter<vscode.FileChangeEvent[]>().event;
  watch = () => new vscode.Disposable(() => undefined);
  stat = (uri: vscode.Uri) => {
    const file = this.files.get(uri.path);
    if (file !== undefined) return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: file.length };
    if (uri.path === "/") return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    throw vscode.FileSystemError.FileNotFound(uri);
  };
  readDirectory = () => [];
  createDirectory = () => undefined;
  readFile = (uri: vscode.Uri) => this.files.get(uri.path) ?? new Uint8Array();
  writeFile = (uri: vscode.Uri, content: Uint8Array) => {
    if (uri.path.startsWith("/locked")) throw vscode.FileSystemError.NoPermissions(uri);
    this.files.set(uri.path, content);
  };
  delete = (uri: vscode.Uri) => void this.files.delete(uri.path);
  rename = () => undefined;
}

/** The results panel's tab; VS Code puts a prefix of its own before our view type. */
function isPanel({ input }: vscode.Tab): boolean {
  return input instanceof vscode.TabInputWebview && input.viewType.endsWith("promqlWorkbench.results");
}

describe("exporting a real server's answer", () => {
  const folder = mkdtempSync(join(tmpdir(), "export-"));
  const settings = () => vscode.workspace.getConfiguration();
  let run: Run;

  /** Exports what the panel shows; commands show their failures and do not throw. */
  const exportTo = async (format: string, target: vscode.Uri | string) => {
    await vscode.commands.executeCommand("promqlWorkbench.results.export", { format, target });
  };

  before(async () => {
    const extension = vscode.extensions.getExtension<ExtensionApi>("promql-workbench.promql-workbench");
    const api = await extension?.activate();
    assert.ok(api !== undefined);
    const local = { version: 1, id: "local", name: "Local", url: prometheus, auth: { type: "none" } };
    await settings().update("promqlWorkbench.connections", [local], vscode.ConfigurationTarget.Global);
    await settings().update("promqlWorkbench.results.timeZone", "utc", vscode.ConfigurationTarget.Global);
    await settings().update("files.simpleDialog.enable", true, vscode.ConfigurationTarget.Global);
    const content = `# %% Scrapes\n# @connection local\n# @range 5m\n${query}\n`;
    const document = await vscode.workspace.openTextDocument({ language: "promql", content });
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("promqlWorkbench.query.run");
    run = await until("the answers", async () => {
      const [one] = await api.runsOf(document.uri.toString());
      return one?.range?.part.state === "done" && one.instant?.part.state === "done" ? one : undefined;
    });
    await vscode.commands.executeCommand("promqlWorkbench.results.show");
    // The page has to have said what it shows.
    const probe = join(folder, "probe.csv");
    await until("the panel", async () => {
      await exportTo("csv", vscode.Uri.file(probe));
      return existsSync(probe) || undefined;
    });
    rmSync(probe);
  });

  after(async () => {
    await settings().update("files.simpleDialog.enable", undefined, vscode.ConfigurationTarget.Global);
    await settings().update("promqlWorkbench.results.timeZone", undefined, vscode.ConfigurationTarget.Global);
    rmSync(folder, { recursive: true });
  });

  const samples = () => {
    assert.ok(run.range?.part.state === "done" && run.range.part.answer.data.type === "matrix");
    return run.range.part.answer.data.series;
  };

  it("as CSV, one row per sample, each value just as it came", async () => {
    const path = join(folder, "long.csv");
    writeFileSync(path, "old");
    await exportTo("csv", vscode.Uri.file(path));
    const [titles, ...rows] = tableOf(readFileSync(path, "utf8"));
    assert.deepEqual(titles, ["time", "unix_seconds", "__name__", "instance", "job", "value"]);
    const expected = samples().flatMap(({ labels, times, values }) =>
      Array.from(times, (time, i) => [
        new Date(time).toISOString().replace(".000Z", "Z"),
        String(time / 1000),
        query,
        ...["instance", "job"].map((name) => labels.find(([one]) => one === name)?.[1] ?? ""),
        valueText(values[i] ?? Number.NaN),
      ]),
    );
    assert.ok(expected.length > 1);
    assert.deepEqual(rows, expected);
    assert.match(
      readFileSync(path, "utf8"),
      /^# title,Scrapes\r\n# query,scrape_duration_seconds\r\n# server,Local\r\n/,
    );
    assert.deepEqual(readdirSync(folder), ["long.csv"]);
  });

  it("as CSV with a column per series, as JSON and as Markdown; the target may be text", async () => {
    const at = (name: string) => vscode.Uri.file(join(folder, name)).toString();
    await exportTo("csvWide", at("wide.csv"));
    const [titles] = tableOf(readFileSync(join(folder, "wide.csv"), "utf8"));
    assert.equal(titles?.length, 2 + samples().length);
    await exportTo("json", at("x.json"));
    const json = JSON.parse(readFileSync(join(folder, "x.json"), "utf8"));
    assert.equal(json.promqlWorkbench.query, query);
    assert.equal(json.data.result.length, samples().length);
    await exportTo("markdown", at("x.md"));
    assert.match(readFileSync(join(folder, "x.md"), "utf8"), /^# Scrapes\n[\s\S]*\| Series \| Last \|/);
  });

  it("to a file system that is not this machine's", async () => {
    const memory = new Memory();
    const registration = vscode.workspace.registerFileSystemProvider("exporttest", memory);
    await exportTo("csv", vscode.Uri.parse("exporttest:/x.csv"));
    await exportTo("csv", vscode.Uri.parse("exporttest:/locked.csv"));
    registration.dispose();
    assert.deepEqual([...memory.files.keys()], ["/x.csv"]);
    const text = new TextDecoder().decode(memory.files.get("/x.csv"));
    assert.ok(tableOf(text).length > 2);
  });

  it("leaves nothing behind where it cannot write, nor for what is no format", async () => {
    const all = readdirSync(folder);
    await exportTo("csv", vscode.Uri.file(join(folder, "gone", "x.csv")));
    await exportTo("xml", vscode.Uri.file(join(folder, "x.xml")));
    assert.deepEqual(readdirSync(folder), all);
  });

  it("to where VS Code's own dialog says, by a name of title and time", async () => {
    const [workspace] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(workspace !== undefined);
    const form = /^Scrapes-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.md$/;
    const written = () => readdirSync(workspace.uri.fsPath).find((name) => form.test(name));
    const done = vscode.commands.executeCommand("promqlWorkbench.results.export", { format: "markdown" });
    const name = await until("the file", async () => {
      await vscode.commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
      return written();
    });
    await done;
    const path = join(workspace.uri.fsPath, name);
    assert.match(readFileSync(path, "utf8"), /^# Scrapes/);
    rmSync(path);
  });

  it("goes on for an answer whose panel was closed, and says so where there is none", async () => {
    const path = join(folder, "closed.csv");
    const begun = exportTo("csv", vscode.Uri.file(path));
    // By its tab: which editor is the active one is up to what the dialog before left.
    const panels = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.filter(isPanel));
    assert.ok(await vscode.window.tabGroups.close(panels));
    await begun;
    assert.ok(existsSync(path));
    await exportTo("csv", vscode.Uri.file(join(folder, "none.csv")));
    assert.equal(existsSync(join(folder, "none.csv")), false);
  });
});
