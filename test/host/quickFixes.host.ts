import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import * as vscode from "vscode";
import { readEnvironment } from "./environment.ts";
import { extensionApi, forgetConnections, setConnections, until } from "./insideVSCode.ts";

const { victoriaMetrics } = readEnvironment();
const run = vscode.commands.executeCommand;

describe("problems of a text and what may be done about them", () => {
  before(async () => {
    await extensionApi();
  });
  after(async () => {
    await run("workbench.action.closeAllEditors");
    await forgetConnections("vm");
  });

  async function open(content: string): Promise<vscode.TextDocument> {
    const document = await vscode.workspace.openTextDocument({ language: "promql", content });
    await vscode.window.showTextDocument(document);
    return document;
  }

  const codes = ({ uri }: vscode.TextDocument) =>
    vscode.languages.getDiagnostics(uri).map(({ code, severity }) => `${String(code)} ${severity}`);

  /** What is offered at the first problem. */
  async function offered(document: vscode.TextDocument): Promise<readonly vscode.CodeAction[]> {
    const [problem] = await until("a problem", () => {
      const found = vscode.languages.getDiagnostics(document.uri);
      return found.length > 0 ? found : undefined;
    });
    assert.ok(problem !== undefined);
    return run<vscode.CodeAction[]>("vscode.executeCodeActionProvider", document.uri, problem.range);
  }

  it("offers edits at a problem's place, which settle it", async () => {
    const document = await open("# %% A\r\nrate(up offset 1h) > 0\r\n");
    const actions = await offered(document);
    assert.deepEqual(
      actions.map(({ title, isPreferred }) => [title, isPreferred]),
      [
        ["Add the range [$__rate_interval]", true],
        ["Add the range [5m]", false],
      ],
    );
    const edit = actions[1]?.edit;
    assert.ok(edit !== undefined && (await vscode.workspace.applyEdit(edit)));
    assert.equal(document.getText(), "# %% A\r\nrate(up[5m] offset 1h) > 0\r\n");
    await until("the problem's end", () => codes(document).length === 0);
  });

  it("offers to part two expressions, and the directive that was meant", async () => {
    const two = await open("# %% A\nup\ndown\n");
    assert.deepEqual(
      (await offered(two)).map(({ title }) => title),
      ["Insert a separator"],
    );
    const slip = await open("# %%\n# @rnage 5m\nup\n");
    assert.deepEqual(
      (await offered(slip)).map(({ title }) => title),
      ["Write @range"],
    );
  });

  it("does not call MetricsQL wrong where the server speaks it", async () => {
    const text = "WITH (x = up) rollup_rate(x) default 0\n";
    const document = await open(text);
    // No connection is chosen yet: a remark, since the query may go to either.
    await until(
      "the remark",
      () => codes(document).join() === `metricsqlOnly ${vscode.DiagnosticSeverity.Information}`,
    );
    await setConnections([{ version: 1, id: "vm", name: "VM", url: victoriaMetrics, auth: { type: "none" } }]);
    // Its test finds out which program it is.
    await until("its being there", async () => {
      await run("promqlWorkbench.connection.select", "vm");
      await run("promqlWorkbench.connection.test", "vm");
      return codes(document).length === 0;
    });
    const broken = await open("rollup_rate(up[1.5h]");
    await until("a bracket that is open in every dialect", () => codes(broken).length === 1);
    assert.deepEqual(codes(broken), [`unclosedBracket ${vscode.DiagnosticSeverity.Error}`]);
    assert.deepEqual(
      (await offered(broken)).map(({ title }) => title),
      ['Insert ")"'],
    );
  });

  it("remarks on what some servers have, without calling it wrong", async () => {
    const document = await open("# %%\n# @connection elsewhere\nholt_winters(up[5m], 0.5, 0.5) + xrate(up[5m])\n");
    const remarks = ["renamedFunction", "thanosOnly"].map((code) => `${code} ${vscode.DiagnosticSeverity.Information}`);
    await until("the remarks", () => codes(document).join() === remarks.join());
    assert.deepEqual(
      (await offered(document)).map(({ title, isPreferred }) => [title, isPreferred]),
      [["Write double_exponential_smoothing", false]],
    );
  });
});
