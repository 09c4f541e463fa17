import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "mocha";
import * as vscode from "vscode";
import { PromqlDocuments } from "../../src/host/promqlDocuments.ts";
import { cellOutputMime } from "../../src/shared/protocol/cellOutput.ts";
import { CellStatusItems } from "../../src/ui/notebook/cellStatusItems.ts";
import { setDefault, setDirectives, setTitle } from "../../src/ui/notebook/notebookEdits.ts";
import type { NotebookQueries } from "../../src/ui/notebook/notebookRunner.ts";
import { dataOf, notebookBytes, notebookData } from "../../src/ui/notebook/notebookSerializer.ts";
import { readEnvironment } from "./environment.ts";
import { extensionApi, forgetConnections, instead, setConnections, slowQuery, until } from "./insideVSCode.ts";

const { prometheus } = readEnvironment();

describe("the cells of a notebook", () => {
  const folder = mkdtempSync(join(tmpdir(), "cells-"));
  const run = vscode.commands.executeCommand;
  let files = 0;

  /** A file of this text, opened as a notebook. */
  async function opened(text: string, name = `cells${++files}.promql`): Promise<vscode.NotebookDocument> {
    const uri = vscode.Uri.file(join(folder, name));
    writeFileSync(uri.fsPath, text);
    await run("vscode.openWith", uri, "promql-workbench.notebook");
    return until("the notebook", () => {
      const { notebook } = vscode.window.activeNotebookEditor ?? {};
      return notebook?.uri.toString() === uri.toString() ? notebook : undefined;
    });
  }

  const pathOf = ({ uri }: vscode.NotebookDocument) => uri.fsPath;
  const texts = (notebook: vscode.NotebookDocument) => notebook.getCells().map(({ document }) => document.getText());
  const cellRange = ({ uri }: vscode.NotebookDocument, start: number) => ({
    ranges: [{ start, end: start + 1 }],
    document: uri,
  });

  before(async () => {
    const one = { version: 1, name: "Local", url: prometheus, auth: { type: "none" } };
    await setConnections([
      { ...one, id: "local" },
      { ...one, id: "other", name: "Other" },
    ]);
  });
  afterEach(async () => {
    while (vscode.window.activeNotebookEditor !== undefined) await run("workbench.action.revertAndCloseActiveEditor");
  });
  after(async () => {
    await forgetConnections("local");
    rmSync(folder, { recursive: true });
  });

  describe("are written so that they are read again as they are", () => {
    const file = `# @connection local

# %% One
# @range 5m
sum by (job) (up)

# %% [markdown]
# Some words
# %% Two
rate(a[5m])

  rate(b[5m])
`;
    /** What VS Code itself does to cells, with the commands that a person gives. */
    const commands = [
      ...["insertCodeCellBelow", "insertMarkdownCellAbove", "moveDown", "moveUp", "copyDown", "copyUp", "delete"],
      ...["split", "joinAbove", "joinBelow", "changeToMarkdown", "changeToCode", "copy", "cut", "paste"],
    ];
    const awkward = ["# %%", "# %% [markdown] x\ny", "\n\n", "up # a\n", "# @title t\nup", "\\%%", "<<<<<<<", "{"];

    for (const seed of [1, 2]) {
      it(`after edits in VS Code (${seed})`, async () => {
        const notebook = await opened(file);
        const editor = vscode.window.activeNotebookEditor;
        assert.ok(editor !== undefined);
        const random = randomFrom(seed);
        const done: string[] = [];
        const changed = new Set<string>();
        for (let i = 0; i < 40; i++) {
          const index = random(notebook.cellCount);
          const name = random(4) === 0 ? "type" : random(8) === 0 ? "undo" : (commands[random(commands.length)] ?? "");
          done.push(`${name} at ${index} of ${notebook.cellCount}`);
          const before = JSON.stringify(dataOf(notebook).cells);
          if (notebook.cellCount > 0) editor.selection = new vscode.NotebookRange(index, index + 1);
          if (name === "type" && notebook.cellCount > 0) {
            const { document } = notebook.cellAt(index);
            const change = new vscode.WorkspaceEdit();
            const line = random(document.lineCount + 1);
            change.insert(document.uri, new vscode.Position(line, 0), awkward[random(awkward.length)] ?? "");
            await vscode.workspace.applyEdit(change);
          } else if (name === "split" && notebook.cellCount > 0) {
            await run("notebook.cell.edit");
            await run("cursorBottom");
            await run("cursorUp");
            await run("notebook.cell.split");
            await run("notebook.cell.quitEdit");
          } else if (name === "undo") await run("undo");
          else if (name !== "type") await run(`notebook.cell.${name}`);
          if (JSON.stringify(dataOf(notebook).cells) !== before) changed.add(name);
          const now = dataOf(notebook);
          const again = notebookData(notebookBytes(now));
          assert.deepEqual(again.cells.map(whatCounts), now.cells.map(whatCounts), done.join("\n"));
        }
        await notebook.save();
        assert.deepEqual(new Uint8Array(readFileSync(pathOf(notebook))), notebookBytes(dataOf(notebook)));
        // What never did anything was not tested.
        assert.ok(changed.size > 7, [...changed].join(", "));
      });
    }
  });

  it("take a copy's output away, which was of the other cell", async () => {
    const notebook = await opened("# @connection local\n\n# %%\nup\n");
    await run("notebook.cell.execute", cellRange(notebook, 1));
    await until("the output", () => notebook.cellAt(1).outputs.length > 0 || undefined);
    const editor = vscode.window.activeNotebookEditor;
    assert.ok(editor !== undefined);
    editor.selection = new vscode.NotebookRange(1, 2);
    await run("notebook.cell.copyDown");
    await until("the copy", () => notebook.cellCount === 3 || undefined);
    const withOutput = () => notebook.getCells().filter(({ outputs }) => outputs.length > 0);
    await until("one output", () => withOutput().length === 1 || undefined);
    const runner = await (await extensionApi()).notebooks();
    const [shown] = withOutput();
    assert.ok(shown !== undefined && runner.runOf(shown) !== undefined, "the output is of a run");
    assert.equal(shown.outputs[0]?.items[0]?.mime, cellOutputMime);
    // The copy has its own when it is run.
    const copy = notebook.getCells().findIndex((one, i) => i > 0 && one !== shown);
    await run("notebook.cell.execute", cellRange(notebook, copy));
    await until("two outputs", () => withOutput().length === 2 || undefined);
  });

  it("run again from their output while others run", async () => {
    const notebook = await opened(
      `# @connection local\n# @mode instant\n\n# %%\nup\n\n# %%\n${slowQuery}\n\n# %%\nsum(up)\n`,
    );
    const runner = await (await extensionApi()).notebooks();
    const all = run("notebook.execute");
    const [, first, second, third] = notebook.getCells();
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    await until("the second cell's begin", () => second.executionSummary?.executionOrder === 2 || undefined);
    const before = runner.runOf(first);
    assert.ok(before !== undefined);
    const { key, text } = before.request;
    const choices = { ...before.request.choices, instantAt: undefined };
    // The first is over and may run beside the others; the third waits for its turn, which this takes.
    const again = await runner.rerun(notebook.uri, { key, text, choices }, false);
    assert.notEqual(again, before);
    assert.equal(again?.instant?.part.state, "done");
    assert.equal(runner.runOf(first), again);
    assert.equal(second.executionSummary?.executionOrder, 2, "it goes on");
    runner.cancel(notebook.uri, second.document.uri.toString());
    await all;
    await until("the third cell's end", () => third.executionSummary?.success);
    assert.equal(first.executionSummary?.success, true);
    assert.equal(second.executionSummary?.success, undefined);
    const orders = [first, second, third].map(({ executionSummary }) => executionSummary?.executionOrder);
    assert.deepEqual(orders, [3, 2, 4]);
  });

  it("keep their answers in a notebook that is renamed while it is open", async () => {
    const notebook = await opened("# @connection local\n\n# %%\nup\n\n# %%\nsum(up)\n", "before.promql");
    const runner = await (await extensionApi()).notebooks();
    await run("notebook.cell.execute", cellRange(notebook, 1));
    await until("the output", () => notebook.cellAt(1).executionSummary?.success);
    const [, first] = notebook.getCells();
    const before = first && runner.runOf(first);
    assert.ok(first !== undefined && before !== undefined);
    const change = new vscode.WorkspaceEdit();
    change.insert(notebook.cellAt(2).document.uri, new vscode.Position(0, 0), "1 + ");
    assert.ok(await vscode.workspace.applyEdit(change));
    const target = vscode.Uri.file(join(folder, "after.promql"));
    const rename = new vscode.WorkspaceEdit();
    rename.renameFile(notebook.uri, target);
    assert.ok(await vscode.workspace.applyEdit(rename));
    const renamed = await until("the notebook in its editor", () => {
      const editor = vscode.window.activeNotebookEditor;
      return editor?.notebook.uri.toString() === target.toString() ? editor.notebook : undefined;
    });
    assert.deepEqual(texts(renamed), ["# @connection local", "up", "1 + sum(up)"], "what was not saved is not lost");
    const tabs = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ input }) => input));
    await until("the end of the text that VS Code has opened", () =>
      tabs().every((input) => !(input instanceof vscode.TabInputText) || input.uri.fsPath !== target.fsPath),
    );
    await until("the answer", () => renamed.cellAt(1).outputs.length > 0 || undefined);
    await until("its end", () => renamed.cellAt(1).executionSummary?.success);
    assert.deepEqual(runner.runOf(renamed.cellAt(1))?.instant, before.instant);
    assert.equal(runner.isStale(renamed.cellAt(1)), false);
    assert.equal(renamed.cellAt(2).outputs.length, 0);
    await run("notebook.cell.execute", cellRange(renamed, 2));
    await until("the other's run", () => renamed.cellAt(2).executionSummary?.success);
    await renamed.save();
    await until("the saved text", () => readFileSync(target.fsPath, "utf8").includes("1 + sum(up)"));
    assert.equal(renamed.isClosed, false);
  });

  it("give up an answer that is cleared away, and what would go on below it", async () => {
    const notebook = await opened("# @connection local\n\n# %%\nup\n");
    const runner = await (await extensionApi()).notebooks();
    await run("notebook.cell.execute", cellRange(notebook, 1));
    await until("its end", () => notebook.cellAt(1).executionSummary?.success);
    assert.ok(runner.runOf(notebook.cellAt(1)) !== undefined);
    await run("notebook.clearAllCellsOutputs");
    await until("the end of the run", () => runner.runOf(notebook.cellAt(1)) === undefined);
    await run("notebook.cell.execute", cellRange(notebook, 1));
    await until("another output", () => notebook.cellAt(1).outputs.length > 0 || undefined);
    assert.ok(runner.runOf(notebook.cellAt(1)) !== undefined);
  });

  it("run as instant by the command, whatever their text says", async () => {
    const notebook = await opened("# @connection local\n\n# %%\nup\n");
    const runner = await (await extensionApi()).notebooks();
    const [, cell] = notebook.getCells();
    assert.ok(cell !== undefined);
    await runner.run(cell, "instant");
    const asked = await until("its end", () => (cell.executionSummary?.success ? runner.runOf(cell) : undefined));
    assert.equal(asked.range, undefined);
    await runner.run(cell, undefined);
    await until("the next", () => runner.runOf(cell)?.range?.part.state === "done" || undefined);
  });

  it("say so where something is put above those that set defaults", async () => {
    const notebook = await opened("# @connection local\n# @range 5m\n\n# %%\nup\n");
    const told: string[] = [];
    const tell = (async (text: string, button: string) => {
      told.push(text);
      return button;
    }) as never;
    await instead(vscode.window, "showWarningMessage", tell, async () => {
      const change = new vscode.WorkspaceEdit();
      const heading = new vscode.NotebookCellData(vscode.NotebookCellKind.Markup, "# A heading", "markdown");
      change.set(notebook.uri, [vscode.NotebookEdit.insertCells(0, [heading])]);
      assert.ok(await vscode.workspace.applyEdit(change));
      await until("the defaults on top", () => texts(notebook)[0]?.startsWith("# @connection") || undefined);
    });
    assert.deepEqual(told, [
      "The cell with the notebook's defaults (@connection, @range) is not the first one any more, so it sets nothing.",
    ]);
    assert.deepEqual(texts(notebook), ["# @connection local\n# @range 5m", "# A heading", "up"]);
  });

  describe("say below them how they ask", () => {
    const documents = new PromqlDocuments();
    const queries = {
      documents,
      prompts: { titleOf: (name: string | undefined) => ({ title: `to ${name}`, tooltip: "" }) },
    };
    const items = (cell: vscode.NotebookCell, isStale = false) => {
      const status = new CellStatusItems({
        queries: () => queries as unknown as NotebookQueries & typeof queries,
        runOf: () => undefined,
        isStale: () => isStale,
        windowOf: () => undefined,
        defaultRangeMs: () => 3_600_000,
      });
      const shown = status.provideCellStatusBarItems(cell).map(({ text }) => text);
      status.dispose();
      return shown;
    };
    after(() => documents.dispose());

    it("title, connection, mode, time and step, and what is inherited", async () => {
      const notebook = await opened(
        [
          "# @connection local\n# @end now-5m\n",
          "# %% A\nup\n",
          "# %%\n# @connection other @mode instant\nup\n",
          "# %%\n# @start 2026-01-02T03:00:00Z @end now @step 1m @mode range\nup\n",
          "# %%\n# @range 5m\n",
          "# %% [markdown]\n# a\n",
        ].join("\n"),
      );
      assert.deepEqual(
        notebook.getCells().map((cell) => items(cell)),
        [
          ["$(settings-gear) Defaults of this notebook"],
          ["$(tag) A", "to local", "range and instant", "$(clock) last 1h until now-5m", "step automatic"],
          ["$(tag) Untitled", "to other", "instant", "$(clock) at now-5m"],
          ["$(tag) Untitled", "to local", "range", "$(clock) 2026-01-02T03:00:00Z to now", "step 1m"],
          ["$(warning) No query here: sets nothing"],
          [],
        ],
      );
    });

    it("are changed from there in their text", async () => {
      const notebook = await opened("# %% A\n# note\n# @range 5m\nup\n");
      const [cell] = notebook.getCells();
      assert.ok(cell !== undefined);
      await setDirectives(cell, [
        ["range", undefined],
        ["start", "now-2h"],
        ["end", "now-1h"],
      ]);
      assert.deepEqual(texts(notebook), ["# note\n# @start now-2h\n# @end now-1h\nup"]);
      await setTitle(cell, "B");
      assert.equal(cell.metadata["title"], "B");
      await setDirectives(cell, [["title", "in the text"]]);
      await setTitle(cell, "C");
      assert.match(cell.document.getText(), /^# @title C$/m, "the title that is read is the one that is set");
      assert.equal(cell.metadata["title"], "B");
      await setDefault(notebook, "connection", "local");
      assert.equal(texts(notebook)[0], "# @connection local");
      await setDefault(notebook, "connection", "other");
      assert.deepEqual(texts(notebook).slice(0, 1), ["# @connection other"]);
      assert.equal(notebook.cellCount, 2);
      await notebook.save();
      assert.equal(
        readFileSync(pathOf(notebook), "utf8"),
        "# @connection other\n\n# %% B\n# note\n# @start now-2h\n# @end now-1h\n# @title C\nup\n",
      );
    });
  });
});

/** Of a cell, what the file has to keep. */
function whatCounts({ kind, value, metadata }: vscode.NotebookCellData) {
  return { kind, value: value.replace(/\r\n?/g, "\n"), title: metadata?.["title"] };
}

/** The same numbers for the same seed: whole ones from 0 up to, but not including, the limit. */
function randomFrom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
