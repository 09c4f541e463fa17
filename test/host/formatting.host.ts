import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import * as vscode from "vscode";
import { extensionApi, until } from "./insideVSCode.ts";

describe("laying PromQL out with VS Code's own commands", () => {
  const folder = mkdtempSync(join(tmpdir(), "formatting-"));
  const run = vscode.commands.executeCommand;

  async function open(content: string): Promise<vscode.TextEditor> {
    return vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: "promql", content }));
  }

  /** The text once it is as wanted; what it is where that never comes. */
  async function assertText(document: vscode.TextDocument, wanted: string): Promise<void> {
    await until("the text", () => (document.getText() === wanted ? true : undefined)).catch(() => undefined);
    assert.equal(document.getText(), wanted);
  }

  before(async () => {
    await extensionApi();
  });
  after(async () => {
    // Not after each test: an untitled text that is closed gives its name, and for a while its words, to the next one.
    await run("workbench.action.closeAllEditors");
    rmSync(folder, { recursive: true });
  });

  it("Format Document lays out every query that can be, and nothing else", async () => {
    const { document } = await open(
      '# @connection  prod-eu\n\n# %%  Errors\nsum( x{a="1",b="$v"} ) # now\n/  on(a)y\n\n# %% Broken\nsum(  \n\n# %% [markdown]\n# a+b\n',
    );
    await run("editor.action.formatDocument");
    await assertText(
      document,
      '# @connection  prod-eu\n\n# %%  Errors\n  sum(x{a="1", b="$v"}) # now\n/ on (a)\n  y\n\n# %% Broken\nsum(  \n\n# %% [markdown]\n# a+b\n',
    );
  });

  it("Format Selection takes the queries that it touches, and the cursor stays at its word", async () => {
    const editor = await open("# %%\na+b\n# %%\nc+d\n");
    editor.selection = new vscode.Selection(3, 1, 3, 3);
    await run("editor.action.formatSelection");
    await assertText(editor.document, "# %%\na+b\n# %%\nc + d\n");
    assert.equal(editor.document.getText(editor.selection).trim(), "+ d");
  });

  it("a cell of a notebook is one query", async () => {
    const uri = vscode.Uri.file(join(folder, "cells.promql"));
    writeFileSync(uri.fsPath, "# %% One\nsum( a )\n# %% Two\nb+c\n");
    await run("vscode.openWith", uri, "promql-workbench.notebook");
    const editor = await until("the notebook", () => {
      const { activeNotebookEditor } = vscode.window;
      return activeNotebookEditor?.notebook.uri.toString() === uri.toString() ? activeNotebookEditor : undefined;
    });
    const texts = () => editor.notebook.getCells().map((cell) => cell.document.getText());
    assert.deepEqual(texts(), ["sum( a )", "b+c"]);
    await run("notebook.focusTop");
    await run("notebook.cell.edit");
    await run("notebook.formatCell");
    await until("the cell", () => (texts()[0] === "sum(a)" ? true : undefined)).catch(() => undefined);
    assert.deepEqual(texts(), ["sum(a)", "b+c"]);
    await run("notebook.format");
    await until("the notebook's cells", () => (texts()[1] === "b + c" ? true : undefined)).catch(() => undefined);
    assert.deepEqual(texts(), ["sum(a)", "b + c"]);
  });
});
