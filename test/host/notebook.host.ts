import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import * as vscode from "vscode";
import { cellOutputMime, parseCellOutput } from "../../src/shared/protocol/cellOutput.ts";
import { readEnvironment } from "./environment.ts";
import { forgetConnections, instead, setConnections, slowQuery, until } from "./insideVSCode.ts";

const { prometheus } = readEnvironment();
const type = "promql-workbench.notebook";

const file = `# A runbook
# @connection local
# @var job=prometheus

# %%  Up  
# @range 5m
up{job="$job"}


# %% [markdown] Why
# **Is it there?**
#
# \\%% done
# %%
# @mode instant
sum(up)\r
# %% Wrong
up +* 1
`;

describe("a notebook of a real file", () => {
  const folder = mkdtempSync(join(tmpdir(), "notebook-"));
  const path = join(folder, "runbook.promql");
  const uri = vscode.Uri.file(path);
  let notebook: vscode.NotebookDocument;

  const texts = () => notebook.getCells().map(({ document }) => document.getText());
  const outputOf = (index: number) =>
    notebook
      .cellAt(index)
      .outputs.flatMap(({ items }) => items.map(({ mime, data }) => ({ mime, text: decode(data) })));
  const edit = async (change: vscode.NotebookEdit | { readonly cell: number; readonly text: string }) => {
    const made = new vscode.WorkspaceEdit();
    if (change instanceof vscode.NotebookEdit) made.set(uri, [change]);
    else {
      const { document } = notebook.cellAt(change.cell);
      made.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), change.text);
    }
    assert.ok(await vscode.workspace.applyEdit(made));
  };

  before(async () => {
    writeFileSync(path, file);
    await setConnections([{ version: 1, id: "local", name: "Local", url: prometheus, auth: { type: "none" } }]);
    await vscode.commands.executeCommand("vscode.openWith", uri, type);
    notebook = await until("the notebook", () =>
      vscode.workspace.notebookDocuments.find((one) => one.uri.toString() === uri.toString()),
    );
  });

  after(async () => {
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    await forgetConnections("local");
    rmSync(folder, { recursive: true });
  });

  it("opens with its comments, queries and Markdown as cells", () => {
    assert.equal(notebook.notebookType, type);
    assert.deepEqual(texts(), [
      "# A runbook\n# @connection local\n# @var job=prometheus",
      '# @range 5m\nup{job="$job"}\n',
      "**Is it there?**\n\n%% done",
      "# @mode instant\nsum(up)",
      "up +* 1",
    ]);
    assert.deepEqual(
      notebook.getCells().map(({ metadata }) => metadata["title"]),
      [undefined, "Up", "Why", undefined, "Wrong"],
    );
  });

  it("runs all cells in order: answers below them, a wrong query as the cell's error at its place", async () => {
    await vscode.commands.executeCommand("notebook.execute");
    await until("the last cell's end", () => notebook.cellAt(4).executionSummary?.timing !== undefined || undefined);
    const summaries = notebook.getCells().map(({ executionSummary: one }) => [one?.executionOrder, one?.success]);
    assert.deepEqual(summaries, [
      [undefined, undefined],
      [1, true],
      [undefined, undefined],
      [2, true],
      [3, false],
    ]);
    assert.deepEqual(outputOf(0), []);
    const [data, plain] = outputOf(1);
    assert.equal(data?.mime, cellOutputMime);
    assert.equal(parseCellOutput(data?.text ?? "")?.key, notebook.cellAt(1).document.uri.toString());
    assert.match(plain?.text ?? "", /^1 series · \S+ · Local \(http:\/\/\S+\)\nup\{.*job="prometheus".*\} 1$/);
    const [, error] = outputOf(4);
    assert.equal(error?.mime, "application/vnd.code.notebook.error");
    assert.match(error?.text ?? "", /parse error/);
    const [problem] = await until("the problem in the cell", () => {
      const all = vscode.languages.getDiagnostics(notebook.cellAt(4).document.uri);
      return all.length > 0 ? all : undefined;
    });
    assert.equal(problem?.source, "Local");
    assert.deepEqual([problem?.range.start.line, problem?.range.start.character], [0, 4]);
    assert.equal(notebook.isDirty, false, "answers are none of the file's business");
  });

  it("is exported with its results, as HTML and as Markdown", async () => {
    for (const format of ["html", "markdown"]) {
      const target = join(folder, `out.${format}`);
      await vscode.commands.executeCommand("promqlWorkbench.notebook.export", { format, target: `file://${target}` });
      const text = readFileSync(target, "utf8");
      for (const part of ["Local", "job=", "Is it there?", "parse error"]) assert.ok(text.includes(part), part);
      assert.match(text, /5m|300/);
    }
    assert.doesNotMatch(readFileSync(join(folder, "out.html"), "utf8"), /<script|<img|href="(?!http)/);
  });

  it("asks for one time in all cells while the toolbar says so, and leaves the text alone", async () => {
    const pick = (label: string) =>
      (async (items: readonly vscode.QuickPickItem[]) => items.find((one) => one.label.endsWith(label))) as never;
    const set = (label: string) =>
      instead(vscode.window, "showQuickPick", pick(label), async () =>
        vscode.commands.executeCommand("promqlWorkbench.notebook.setTimeRange"),
      );
    const cells = { ranges: [{ start: 1, end: 2 }], document: uri };
    const exported = async () => {
      await vscode.commands.executeCommand("notebook.cell.execute", cells);
      const target = join(folder, "window.md");
      await vscode.commands.executeCommand("promqlWorkbench.notebook.export", {
        format: "markdown",
        target: `file://${target}`,
      });
      // When it was exported, then the first query's times.
      const [, from, to] = [
        ...readFileSync(target, "utf8").matchAll(/\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)/g),
      ].map(([time]) => Date.parse(time));
      return Math.abs((to ?? 0) - (from ?? 0));
    };
    const before = await exported();
    await set("Last 1h");
    const inWindow = await exported();
    await set("As the cells say");
    assert.deepEqual([before, inWindow, await exported()], [300_000, 3_600_000, 300_000]);
    assert.equal(notebook.isDirty, false);
  });

  it("cancels a cell", async () => {
    await edit({ cell: 3, text: `# @mode instant\n${slowQuery}` });
    const order = notebook.cellAt(3).executionSummary?.executionOrder ?? 0;
    const third = { ranges: [{ start: 3, end: 4 }], document: uri };
    const executed = vscode.commands.executeCommand("notebook.cell.execute", third);
    const summary = () => notebook.cellAt(3).executionSummary;
    await until("the run's begin", () => (summary()?.executionOrder ?? 0) > order || undefined);
    await vscode.commands.executeCommand("notebook.cell.cancelExecution", third);
    await until("its end", () => outputOf(3).find(({ text }) => text.includes("Cancelled")));
    await executed;
    assert.equal(summary()?.success, undefined, "neither a success nor an error");
    await edit({ cell: 3, text: "# @mode instant\nsum(up)" });
  });

  it("is saved byte for byte, but for the lines of a changed cell", async () => {
    await notebook.save();
    assert.equal(readFileSync(path, "utf8"), file, "an edit that was taken back");
    await edit({ cell: 1, text: "# @range 10m\nup\n" });
    await edit(vscode.NotebookEdit.updateCellMetadata(4, { ...notebook.cellAt(4).metadata, title: "Still wrong" }));
    await notebook.save();
    const expected = file
      .replace('# @range 5m\nup{job="$job"}', "# @range 10m\nup")
      .replace("# %% Wrong", "# %% Still wrong");
    assert.equal(readFileSync(path, "utf8"), expected);
  });

  it("takes new, moved and deleted cells back into the text", async () => {
    const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, "new", "promql");
    await edit(vscode.NotebookEdit.insertCells(2, [cell]));
    await edit(vscode.NotebookEdit.deleteCells(new vscode.NotebookRange(4, 6)));
    await notebook.save();
    assert.equal(
      readFileSync(path, "utf8"),
      "# A runbook\n# @connection local\n# @var job=prometheus\n\n# %%  Up  \n# @range 10m\nup\n\n\n# %%\nnew\n\n# %% [markdown] Why\n# **Is it there?**\n#\n# \\%% done\n",
    );
  });

  it("opens as text in its place, and as a notebook again", async () => {
    const tabs = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ input }) => input));
    await vscode.commands.executeCommand("promqlWorkbench.notebook.openAsText");
    await until("the text", () => tabs().some((one) => one instanceof vscode.TabInputText) || undefined);
    await until("its editor", () => vscode.window.activeTextEditor?.document.uri.toString() === uri.toString());
    assert.equal(
      tabs().some((one) => one instanceof vscode.TabInputNotebook),
      false,
    );
    await vscode.commands.executeCommand("promqlWorkbench.notebook.openAsNotebook");
    await until("the notebook", () => tabs().some((one) => one instanceof vscode.TabInputNotebook) || undefined);
    assert.equal(
      tabs().some((one) => one instanceof vscode.TabInputText && one.uri.path === uri.path),
      false,
    );
  });

  it("is written as its cells are, whatever VS Code does to them on saving", async () => {
    const before = [
      ["files", "trimTrailingWhitespace"],
      ["files", "trimFinalNewlines"],
      ["notebook", "insertFinalNewline"],
    ] as const;
    const settings = (section: string) => vscode.workspace.getConfiguration(section);
    notebook = await until("the notebook", () =>
      vscode.workspace.notebookDocuments.find((one) => one.uri.toString() === uri.toString()),
    );
    try {
      for (const [section, name] of before)
        await settings(section).update(name, true, vscode.ConfigurationTarget.Global);
      await edit({ cell: 1, text: "up  \n+ 1\t\n\n\n" });
      await notebook.save();
      const shown = texts();
      const bytes = readFileSync(path);
      await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
      await until("the notebook's end", () => notebook.isClosed || undefined);
      notebook = await vscode.workspace.openNotebookDocument(uri);
      assert.deepEqual(texts(), shown);
      assert.deepEqual(readFileSync(path), bytes);
      assert.equal(shown[1], "up\n+ 1\n", "VS Code has trimmed and ended the cell");
    } finally {
      for (const [section, name] of before)
        await settings(section).update(name, undefined, vscode.ConfigurationTarget.Global);
    }
  });

  describe("while cells run or wait for their turn", () => {
    const waiting = vscode.Uri.file(join(folder, "waiting.promql"));
    const cells = (start: number, end: number) => ({ ranges: [{ start, end }], document: waiting });
    const opened = async () => {
      await vscode.commands.executeCommand("vscode.openWith", waiting, type);
      return until("the notebook", () =>
        vscode.workspace.notebookDocuments.find((one) => one.uri.toString() === waiting.toString()),
      );
    };
    const summary = (of: vscode.NotebookDocument, index: number) => of.cellAt(index).executionSummary;
    const begun = (of: vscode.NotebookDocument) =>
      until("the first cell's begin", () => summary(of, 1)?.executionOrder !== undefined || undefined);

    before(() => {
      const queries = [slowQuery, "up", "up"].map((query) => `# %%\n# @mode instant\n${query}\n`);
      writeFileSync(waiting.fsPath, ["# @connection local\n", ...queries].join("\n"));
    });

    it("one that waits is cancelled for itself, and the others go on", async () => {
      const one = await opened();
      const all = vscode.commands.executeCommand("notebook.execute");
      await begun(one);
      await vscode.commands.executeCommand("notebook.cell.cancelExecution", cells(3, 4));
      await vscode.commands.executeCommand("notebook.cell.cancelExecution", cells(1, 2));
      await until("the second cell's end", () => summary(one, 2)?.success);
      await all;
      assert.equal(summary(one, 3)?.executionOrder, undefined, "it was never begun");
      assert.equal(summary(one, 1)?.success, undefined);
    });

    it("a notebook that is closed meanwhile runs when it is opened again", async () => {
      const one = await opened();
      const all = vscode.commands.executeCommand("notebook.execute");
      await until("the first cell's second run", () => (summary(one, 1)?.executionOrder ?? 0) > 1 || undefined);
      await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
      await until("the notebook's end", () => one.isClosed || undefined);
      await all;
      const again = await opened();
      await vscode.commands.executeCommand("notebook.cell.execute", cells(2, 4));
      await until("both cells' ends", () => summary(again, 2)?.success && summary(again, 3)?.success);
      await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
    });
  });

  for (const extension of ["promql", "promqlnb"]) {
    it(`differences of .${extension} files are shown as text`, async () => {
      const [a, b] = ["a", "b"].map((name) => join(folder, `${name}.${extension}`));
      assert.ok(a !== undefined && b !== undefined);
      writeFileSync(a, "up\n");
      writeFileSync(b, "down\n");
      await vscode.commands.executeCommand("vscode.diff", vscode.Uri.file(a), vscode.Uri.file(b));
      const { activeTab } = vscode.window.tabGroups.activeTabGroup;
      assert.ok(activeTab?.input instanceof vscode.TabInputTextDiff);
      await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
    });
  }

  it("a .promqlnb file opens as a notebook by itself", async () => {
    const other = join(folder, "own.promqlnb");
    writeFileSync(other, "# %% A\nup\n");
    await vscode.commands.executeCommand("vscode.open", vscode.Uri.file(other));
    assert.equal(vscode.window.activeNotebookEditor?.notebook.notebookType, "promql-workbench.notebook-file");
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
  });

  it("a group of rules and the sample open as notebooks that are no files yet", async () => {
    const rules = [
      { name: "job:up:sum", query: "sum by (job) (up)" },
      { name: "[markdown] x\n# %% y", query: "up == 0" },
    ];
    const shown = async (command: string, ...given: readonly unknown[]) => {
      await vscode.commands.executeCommand(`promqlWorkbench.${command}`, ...given);
      const { notebook: opened } = vscode.window.activeNotebookEditor ?? {};
      assert.ok(opened?.isUntitled === true);
      const cells = opened.getCells().map(({ document, metadata }) => [metadata["title"], document.getText()]);
      await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
      return cells;
    };
    const row = { subject: { kind: "ruleGroup", name: "a *group*", rules } };
    assert.deepEqual(await shown("explorer.openNotebook", row), [
      [undefined, "## a &#42;group&#42;"],
      ["job:up:sum", "sum by (job) (up)"],
      ["[markdown] x # %% y", "up == 0"],
    ]);
    const sample = await shown("help.openSampleNotebook");
    assert.ok(sample.length > 5);
    assert.ok(sample.some(([title]) => title === "Targets that are down, by job"));
  });

  for (const [what, bytes, says] of [
    ["what is not UTF-8", Uint8Array.of(0x75, 0x70, 0xff), /not UTF-8 \(byte 2 /],
    ["an unfinished merge", new TextEncoder().encode("up\n<<<<<<< HEAD\n"), /Line 2 is the mark of a merge conflict/],
  ] as const) {
    it(`does not open ${what}, and leaves it alone`, async () => {
      const other = join(folder, "other.promql");
      writeFileSync(other, bytes);
      await assert.rejects(async () => vscode.workspace.openNotebookDocument(vscode.Uri.file(other)));
      // By the command the text stays where it is, and a sentence says why.
      await vscode.commands.executeCommand("vscode.openWith", vscode.Uri.file(other), "default");
      const told: string[] = [];
      const tell = (async (_title: string, { detail = "" }: vscode.MessageOptions) => void told.push(detail)) as never;
      await instead(vscode.window, "showWarningMessage", tell, async () => {
        await vscode.commands.executeCommand("promqlWorkbench.notebook.openAsNotebook", vscode.Uri.file(other));
      });
      assert.equal(told.length, 1);
      assert.match(told[0] ?? "", says);
      const { activeTab } = vscode.window.tabGroups.activeTabGroup;
      assert.ok(activeTab?.input instanceof vscode.TabInputText && activeTab.input.uri.fsPath === other);
      await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
      assert.deepEqual(new Uint8Array(readFileSync(other)), bytes);
    });
  }
});

function decode(data: Uint8Array): string {
  return new TextDecoder().decode(data);
}
