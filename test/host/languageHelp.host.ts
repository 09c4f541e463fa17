import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import * as vscode from "vscode";
import { type RecordingProxy, startRecordingProxy } from "../servers/recordingProxy.ts";
import { startHostileMetrics } from "../support/hostileMetrics.ts";
import { readEnvironment } from "./environment.ts";
import { extensionApi, forgetConnections, setConnections, until } from "./insideVSCode.ts";

const { prometheus } = readEnvironment();
const run = vscode.commands.executeCommand;

/** A text with `|` at the cursor, opened without it. */
async function opened(marked: string): Promise<{ document: vscode.TextDocument; position: vscode.Position }> {
  const offset = marked.indexOf("|");
  const content = marked.replace("|", "");
  const document = await vscode.workspace.openTextDocument({ language: "promql", content });
  return { document, position: document.positionAt(Math.max(0, offset)) };
}

async function hoversAt(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.MarkdownString[]> {
  const hovers = await run<vscode.Hover[]>("vscode.executeHoverProvider", document.uri, position);
  return hovers.flatMap(({ contents }) =>
    contents.map((content) => (content instanceof vscode.MarkdownString ? content : new vscode.MarkdownString())),
  );
}

/** What a hover at `|` says, as Markdown. */
async function hover(marked: string): Promise<string> {
  const { document, position } = await opened(marked);
  return (await hoversAt(document, position)).map(({ value }) => value).join("\n");
}

/** The same of a metric once its server has told of it: help does not wait for a slow one, and has it the next time. */
async function metricHover(marked: string): Promise<string> {
  return until("the server's words", async () => {
    const said = await hover(marked);
    return said.includes("says LOCAL") ? said : undefined;
  });
}

function connection(id: string, url: string) {
  return { version: 1, id, name: id.toUpperCase(), url, auth: { type: "none" } };
}

describe("help about a text", () => {
  let proxy: RecordingProxy;

  before(async () => {
    await extensionApi();
    proxy = await startRecordingProxy(prometheus);
    await setConnections([connection("local", proxy.url)]);
    const { document } = await opened("up");
    await until("the connection", async () => {
      const lenses = await run<vscode.CodeLens[]>("vscode.executeCodeLensProvider", document.uri, 10);
      return lenses.some(({ command }) => command?.title === "$(server) LOCAL");
    });
  });
  after(async () => {
    await forgetConnections("local");
    await proxy.stop();
  });

  it("tells of a metric what its server says, asks for nothing else, and only once", async () => {
    const before = proxy.requests.length;
    for (let i = 0; i < 2; i++) {
      const said = await metricHover("# %% Memory\nsum by (job) (process_resident|_memory_bytes)");
      assert.match(said, /process_resident_memory_bytes/);
      assert.match(said, /gauge, says LOCAL/);
      assert.match(said, /Resident memory size in bytes\./);
      assert.match(said, /Unit: bytes/);
    }
    const asked = proxy.requests.slice(before).map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual(asked, ["GET /api/v1/metadata?metric=process_resident_memory_bytes"]);
  });

  it("tells of a histogram's part what its family is", async () => {
    const said = await metricHover("rate(prometheus_http_request_duration|_seconds_bucket[5m])");
    assert.match(said, /histogram, says LOCAL/);
    assert.match(said, /Bounds in seconds/);
  });

  it("remarks that a gauge is no counter", async () => {
    assert.match(await metricHover("rate(|process_resident_memory_bytes[5m])"), /Remark: it is a gauge/);
    assert.doesNotMatch(await metricHover("rate(|process_cpu_seconds_total[5m])"), /Remark/);
    assert.match(await metricHover("|process_cpu_seconds_total"), /Remark: it is a counter/);
  });

  it("tells what functions, words, values, directives and variables are", async () => {
    assert.match(await hover("ra|te(up[5m])"), /rate\(v range-vector\) instant-vector/);
    assert.match(await hover("sum |by (job) (up)"), /```promql\nby\n```/);
    assert.match(await hover("rate(up[9|0m])"), /`90m` is `1h30m`, 5,400 seconds\./);
    assert.match(await hover("up > |1e9"), /1,000,000,000/);
    assert.match(await hover("# @ra|nge 6h\nup"), /```promql\n# @range\n```/);
    assert.match(
      await hover('# @var job=node\n\n# %%\nup{job="$jo|b"}'),
      /Value: node.*for the whole file, in line 1/s,
    );
    assert.match(await hover("up[$__rate|_interval]"), /each run computes/);
    assert.equal(await hover("up # |up"), "");
  });

  it("shows the parameters of a call, and which one is being written", async () => {
    const at = async (marked: string, trigger?: string) => {
      const { document, position } = await opened(marked);
      const command = "vscode.executeSignatureHelpProvider";
      const help = await run<vscode.SignatureHelp | undefined>(command, document.uri, position, trigger);
      const [signature] = help?.signatures ?? [];
      const label = signature?.parameters[help?.activeParameter ?? 0]?.label;
      const name = Array.isArray(label) ? signature?.label.slice(...label) : label;
      return help === undefined ? undefined : `${signature?.label}: ${name}`;
    };
    assert.equal(await at("topk(|", "("), "topk(k scalar, v instant-vector): k scalar");
    assert.equal(await at("topk(5, x|) by (y)"), "topk(k scalar, v instant-vector): v instant-vector");
    assert.equal(
      await at('clamp(rate(x{a="1,2"}[5m]), |', ","),
      "clamp(v instant-vector, min scalar, max scalar) instant-vector: min scalar",
    );
    assert.equal(await at("topk(5, x) |"), undefined);
  });

  it("outlines, folds and selects", async () => {
    const { document, position } = await opened(
      '# @var job=node\n\n# %% First\nsum by (instance) (\n  rate(\n    x{a="b|"}[5m]\n  )\n)\n\n# %% [markdown] Why\n# Because\n',
    );
    const symbols = await run<vscode.DocumentSymbol[]>("vscode.executeDocumentSymbolProvider", document.uri);
    assert.deepEqual(
      symbols.map(({ name, children }) => [name, ...children.map((child) => child.name)]),
      [["Defaults", "$job"], ["First"], ["Why"]],
    );
    const folds = await run<vscode.FoldingRange[]>("vscode.executeFoldingRangeProvider", document.uri);
    assert.deepEqual(
      folds.map(({ start, end }) => [start, end]),
      [
        [2, 7],
        [3, 6],
        [4, 5],
        [9, 10],
      ],
    );
    const [selection] = await run<vscode.SelectionRange[]>("vscode.executeSelectionRangeProvider", document.uri, [
      position,
    ]);
    const texts: string[] = [];
    for (let at = selection; at !== undefined; at = at.parent as vscode.SelectionRange)
      texts.push(document.getText(at.range));
    for (const text of ['a="b"', 'x{a="b"}[5m]', document.getText()])
      assert.ok(texts.includes(text), `${text}: ${texts.join(" | ")}`);
  });

  it("leads from a variable to its definition and back, and renames both", async () => {
    const { document, position } = await opened(
      `# @var job=node\n\n# %% A\nup{job="$jo|b", x=~"\${job:regex}"} + [[job]]\n\n# %% B\n# @var job=other\n$job\n`,
    );
    const at = [document.uri, position] as const;
    const definitions = await run<vscode.LocationLink[]>("vscode.executeDefinitionProvider", ...at);
    assert.deepEqual(
      definitions.map(({ targetSelectionRange }) => targetSelectionRange && document.getText(targetSelectionRange)),
      ["job"],
    );
    const references = await run<vscode.Location[]>("vscode.executeReferenceProvider", ...at);
    assert.deepEqual(references.map(({ range }) => range.start.line).sort(), [0, 3, 3, 3]);
    const highlights = await run<vscode.DocumentHighlight[]>("vscode.executeDocumentHighlights", ...at);
    assert.equal(highlights.length, 4);
    const prepared = await run<{ placeholder: string }>("vscode.prepareRename", ...at);
    assert.equal(prepared.placeholder, "job");
    const edit = await run<vscode.WorkspaceEdit>("vscode.executeDocumentRenameProvider", ...at, "$task");
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.equal(
      document.getText(),
      `# @var task=node\n\n# %% A\nup{job="$task", x=~"\${task:regex}"} + [[task]]\n\n# %% B\n# @var job=other\n$job\n`,
    );
  });

  it("refuses to rename what has a fixed name, with a sentence", async () => {
    for (const [marked, sentence] of [
      ["up[$__in|terval]", /computed by every run/],
      ["u|p", /Only variables/],
    ] as const) {
      const { document, position } = await opened(marked);
      await assert.rejects(async () => run("vscode.prepareRename", document.uri, position), sentence);
    }
  });

  it("works in cells, whose defaults stand in the first one", async () => {
    const cell = (text: string) => new vscode.NotebookCellData(vscode.NotebookCellKind.Code, text, "promql");
    const data = new vscode.NotebookData([
      cell("# @var job=node"),
      cell('process_resident_memory_bytes{job="$job"}'),
      cell("$job"),
    ]);
    const notebook = await vscode.workspace.openNotebookDocument("promql-workbench.notebook", data);
    await vscode.window.showNotebookDocument(notebook);
    const [, { document }] = notebook.getCells() as [vscode.NotebookCell, vscode.NotebookCell];
    await until("the server's words", async () => {
      const said = await hoversAt(document, new vscode.Position(0, 3));
      return said.some(({ value }) => value.includes("gauge, says LOCAL"));
    });
    const variable = document.positionAt(document.getText().indexOf("$job") + 1);
    const about = (await hoversAt(document, variable)).map(({ value }) => value).join();
    assert.match(about, /Value: node.*in the cell that sets defaults/s);
    const edit = await run<vscode.WorkspaceEdit>(
      "vscode.executeDocumentRenameProvider",
      document.uri,
      variable,
      "task",
    );
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.deepEqual(
      notebook.getCells().map((one) => one.document.getText()),
      ["# @var task=node", 'process_resident_memory_bytes{job="$task"}', "$task"],
    );
    await run("workbench.action.revertAndCloseActiveEditor");
  });

  it("shows a hostile server's words as words", async () => {
    const hostile = await startHostileMetrics();
    try {
      await setConnections([connection("local", proxy.url), connection("hostile", hostile.url)]);
      const { document, position } = await opened('# @connection hostile\n{"https://|example.invalid/bare"}');
      const [said] = await until("the hostile server", async () => {
        const found = await hoversAt(document, position);
        return found.some(({ value }) => value.includes("says HOSTILE")) ? found : undefined;
      });
      assert.ok(said !== undefined);
      assert.ok(said.isTrusted !== true && said.supportHtml !== true && said.supportThemeIcons !== true);
      const words = said.value.replace(/^```.*?^```/gms, "");
      assert.ok(words.length > 1000);
      assert.doesNotMatch(words, /https?:|www\.|[[\]<>$`*_|\\]|\w@/);
      assert.deepEqual([...new Set(hostile.asked)], ["metadata"]);
    } finally {
      await setConnections([connection("local", proxy.url)]);
      await hostile.stop();
    }
  });

  it("has what needs no server where there is none that answers", async () => {
    await setConnections([connection("local", proxy.url), connection("dead", "http://127.0.0.1:1")]);
    const said = await until("the connection", async () => {
      const found = await hover("# @connection dead\nprocess_cpu_|seconds_total");
      return found.includes("DEAD") ? found : undefined;
    });
    assert.match(said, /By its name a counter\..*DEAD/s);
    assert.match(await hover("# @connection dead\nra|te(x[5m])"), /rate\(v range-vector\)/);
    assert.match(await hover("# @connection nowhere\nprocess_cpu_|seconds_total"), /By its name a counter\./);
    await setConnections([connection("local", proxy.url)]);
  });

  it("has sent no query", () => {
    const paths = new Set(proxy.requests.map(({ path }) => path.replace(/\?.*/, "")));
    // The metrics of the side bar are read where it is open.
    paths.delete("/api/v1/label/__name__/values");
    assert.deepEqual([...paths], ["/api/v1/metadata"]);
  });
});
