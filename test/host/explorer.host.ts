import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "mocha";
import * as vscode from "vscode";
import type { TreeNode } from "../../src/catalog/treeNode.ts";
import { readEnvironment } from "./environment.ts";
import {
  confirmPick,
  extensionApi,
  filterMetrics,
  forgetConnections,
  instead,
  lastRun,
  rowOf,
  rowsOf,
  setConnections,
  textOpenedBy,
  until,
} from "./insideVSCode.ts";

/*
 * Every view of the side bar and every command of its rows, in VS Code, on a real Prometheus (with rules, an Alertmanager
 * and a target that is down) and a real VictoriaMetrics as another connection.
 */
const { prometheus, victoriaMetrics, alertmanager, exporter } = readEnvironment();
const none = { type: "none" };
const prom = { version: 1, id: "prom", name: "Prom", url: prometheus, auth: none };
const vm = { version: 1, id: "vm", name: "VM", url: victoriaMetrics, auth: none };

const ran = new Set<string>();

/** Runs a command of ours by the rest of its id. */
async function run(command: string, ...args: unknown[]): Promise<void> {
  const id = `promqlWorkbench.${command}`;
  ran.add(id);
  await vscode.commands.executeCommand(id, ...args);
}

const labelsOf = (rows: readonly TreeNode[]) => rows.map(({ label }) => label);
const clipboard = () => vscode.env.clipboard.readText();

/** An empty text in front, as a place for what is inserted. */
async function emptyText(): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument({ language: "plaintext", content: "" });
  await vscode.window.showTextDocument(document, { preview: false });
  return document;
}

/** The rows of the last run's instant answer, and where it went. */
async function answered(): Promise<{ readonly query: string; readonly connection: string; readonly series: number }> {
  const { request, instant } = await lastRun();
  assert.ok(instant?.part.state === "done", JSON.stringify(instant?.part));
  const { data } = instant.part.answer;
  const series = data.type === "vector" || data.type === "matrix" ? data.series.length : -1;
  return { query: request.query, connection: request.target.connectionId, series };
}

const select = (id: string) => run("connection.select", id);
const metric = (name: string): TreeNode => ({ id: name, label: name, subject: { kind: "metric", name } });

describe("the side bar on a real Prometheus and a real VictoriaMetrics", () => {
  before(async () => {
    await setConnections([prom, vm]);
    await vscode.commands.executeCommand("workbench.view.extension.promqlWorkbench");
    await until("both connections", async () => {
      await select("prom");
      return (await rowsOf("metrics")).length > 0;
    });
  });

  after(async () => {
    await forgetConnections("silent");
  });

  it("shows metrics in groups, with type and help", async () => {
    const rows = await rowsOf("metrics");
    assert.ok(rows.length <= 500);
    const { view } = (await extensionApi()).explorer.metrics;
    assert.match(view.description ?? "", /^Prom · as of /);
    const up = await rowOf("metrics", "up");
    assert.deepEqual(up.subject, { kind: "metric", name: "up" });
    const group = rows.find(({ label, children }) => label === "node_" && children !== undefined);
    const below = (await group?.children?.()) ?? [];
    assert.ok(below.length > 10 && below.every(({ label }) => label.startsWith("node_")));
    const filesystem = await rowOf("metrics", "node_", "node_filesystem_", "node_filesystem_avail_bytes");
    assert.match(filesystem.tooltip ?? "", /\ngauge\nFilesystem space available/);
  });

  it("runs, lists, counts, copies, inserts and opens metrics", async () => {
    const up = await rowOf("metrics", "up");
    await run("metric.run", up);
    assert.deepEqual(await answered(), { query: "up", connection: "prom", series: 3 });
    await confirmPick(run("metric.runAs", up), 1);
    assert.deepEqual(await answered(), { query: "avg(up)", connection: "prom", series: 1 });
    await run("metric.countSeries", up);
    assert.deepEqual(await answered(), { query: "count(up)", connection: "prom", series: 1 });
    const both = [up, metric("my.metric")];
    await run("metric.copyName", up, both);
    assert.equal(await clipboard(), "up\nmy.metric");
    await run("metric.copySelector", up, both);
    assert.equal(await clipboard(), 'up{}\n{__name__="my.metric"}');
    const text = await emptyText();
    await run("metric.insert", up, both);
    assert.equal(text.getText(), 'up\n{__name__="my.metric"}');
    const before = await lastRun();
    const opened = await textOpenedBy(() => run("metric.newFile", up));
    assert.equal(opened.match(/^# %% /gm)?.length, 3);
    await until("the new file", () => vscode.window.activeTextEditor?.document.getText() === opened);
    assert.equal(vscode.window.activeTextEditor?.document.languageId, "promql");
    assert.equal((await lastRun()).startedAt, before.startedAt, "a new file runs nothing");
  });

  it("filters metrics while they are typed, and forgets the filter", async () => {
    await filterMetrics("HTTP req total", run);
    const { view } = (await extensionApi()).explorer.metrics;
    assert.match(view.message ?? "", /^"HTTP req total": \d+ of \d+/);
    assert.ok(labelsOf(await rowsOf("metrics")).includes("prometheus_http_requests_total"));
    assert.ok(!labelsOf(await rowsOf("metrics")).includes("up"));
    await filterMetrics("nobody has this", run);
    assert.deepEqual(labelsOf(await rowsOf("metrics")), [
      "No metric of the last hour has such a name.",
      "Look in the last 24 hours",
    ]);
    await run("metrics.lookFurtherBack");
    assert.deepEqual(labelsOf(await rowsOf("metrics")), ["No metric of the last 24 hours has such a name."]);
    assert.equal(view.message, '"nobody has this": 0 searched at the server in the last 24 hours');
    await run("metrics.clearFilter");
    assert.equal(view.message, "");
    assert.ok(labelsOf(await rowsOf("metrics")).includes("up"));
    await run("metrics.refresh");
    assert.ok(labelsOf(await rowsOf("metrics")).includes("up"));
  });

  it("shows labels with their values and metrics", async () => {
    const rows = labelsOf(await rowsOf("labels"));
    assert.ok(rows.includes("job") && rows.includes("instance") && !rows.includes("__name__"));
    assert.deepEqual(labelsOf(await rowsOf("labels", "job")), [
      "Metrics with this label",
      "dead",
      "node",
      "prometheus",
    ]);
    const carrying = labelsOf(await rowsOf("labels", "severity", "Metrics with this label"));
    assert.deepEqual(carrying, ["ALERTS", "ALERTS_FOR_STATE"]);
    await run("labels.refresh");
    assert.deepEqual(labelsOf(await rowsOf("labels")), rows);
  });

  it("finds a value of a label, and makes a selector of what is picked", async () => {
    const job = await rowOf("labels", "job");
    await confirmPick(run("label.findValue", job));
    const { view } = (await extensionApi()).explorer.labels;
    assert.equal(view.message, '{job="dead"}');
    const dead = await rowOf("labels", "job", "dead");
    assert.deepEqual([dead.isChecked, (await rowOf("labels", "job")).description], [true, "1 picked"]);
    await run("labels.copySelector");
    assert.equal(await clipboard(), '{job="dead"}');
    const text = await emptyText();
    await run("labels.insertSelector");
    assert.equal(text.getText(), '{job="dead"}');
    await run("labels.runSelector");
    const { query, series } = await answered();
    assert.equal(query, 'count by (__name__) ({job="dead"})');
    // `up`, five facts of each scrape, and what rules and alerts make of it.
    assert.ok(series >= 6, String(series));
    await run("labels.clearPicks");
    assert.deepEqual([view.message, (await rowOf("labels", "job", "dead")).isChecked], ["", false]);
  });

  it("counts, inserts and copies labels and values", async () => {
    const job = await rowOf("labels", "job");
    await run("label.countSeries", job);
    assert.deepEqual(await answered(), { query: 'count by (job) ({job!=""})', connection: "prom", series: 3 });
    const text = await emptyText();
    await run("label.insert", job);
    await run("label.insert", await rowOf("labels", "job", "node"));
    assert.equal(text.getText(), 'jobjob="node"');
    await run("row.copy", await rowOf("labels", "job", "node"));
    assert.equal(await clipboard(), 'job="node"');
  });

  it("shows targets, those that are down first", async () => {
    const { view } = (await extensionApi()).explorer.targets;
    const all = ["dead", "node", "prometheus", "Dropped targets…"];
    assert.deepEqual(labelsOf(await rowsOf("targets")), all);
    assert.equal(view.badge?.value, 1);
    const dead = await rowOf("targets", "dead", "127.0.0.1:1");
    assert.match(dead.description ?? "", /^down · .*connection refused/);
    await run("targets.onlyUnhealthy");
    assert.deepEqual(labelsOf(await rowsOf("targets")), ["dead"]);
    assert.equal(view.message, "1 of 3 targets: those not up.");
    await run("targets.showAll");
    await run("targets.refresh");
    assert.deepEqual(labelsOf(await rowsOf("targets")), all);
    assert.deepEqual(labelsOf(await rowsOf("targets", "Dropped targets…")), ["shed"]);
    assert.deepEqual(labelsOf(await rowsOf("targets", "Dropped targets…", "shed")), ["drop-a:9100"]);
    await run("targets.refreshDropped");
    assert.deepEqual(labelsOf(await rowsOf("targets", "Dropped targets…")), ["shed"]);
  });

  it("runs, copies and opens a target; an address that is no page is not opened", async () => {
    const node = await rowOf("targets", "node", exporter);
    await run("target.run", node);
    const query = `up{instance="${exporter}", job="node"}`;
    assert.deepEqual(await answered(), { query, connection: "prom", series: 1 });
    await run("row.copy", node);
    assert.equal(await clipboard(), `http://${exporter}/metrics`);
    const opened: unknown[] = [];
    const { executeCommand } = vscode.commands;
    const execute = async (id: string, ...args: unknown[]): Promise<unknown> =>
      id === "vscode.open" ? opened.push(args[0]) : executeCommand(id, ...args);
    const said: string[] = [];
    const say = async (message: string) => void said.push(message);
    const open = (url: string) => run("target.open", { subject: { kind: "target", url, labels: [] } });
    await instead(vscode.commands, "executeCommand", execute as typeof executeCommand, async () => {
      await run("target.open", node);
      await open(`http://${exporter}/probe?target=a%2Bb&module=c+d`);
      await instead(vscode.window, "showErrorMessage", say, () => open("command:workbench.action.quit"));
    });
    // As the person's browser reaches it, which may be through a forwarded port.
    const reachable = await vscode.env.asExternalUri(vscode.Uri.parse(`http://${exporter}/`));
    const base = reachable.toString(true).replace(/\/$/, "");
    assert.deepEqual(opened, [`${base}/metrics`, `${base}/probe?target=a%2Bb&module=c+d`]);
    assert.equal(said.length, 1);
  });

  it("shows what fires, as it reached the Alertmanager, and every rule", async () => {
    const { view } = (await extensionApi()).explorer.rules;
    const rows = await rowsOf("rules");
    assert.deepEqual(labelsOf(rows), ["Active alerts", "rules.yml"]);
    assert.equal(rows[0]?.description, "1 firing, 1 pending");
    assert.equal(view.badge?.value, 1);
    const firing = await rowOf("rules", "Active alerts", "TargetDown");
    assert.match(firing.tooltip ?? "", /summary: 127\.0\.0\.1:1 does not answer/);
    const received = await until("the alert at the Alertmanager", async () => {
      const alerts = (await (await fetch(`${alertmanager}/api/v2/alerts`)).json()) as {
        labels: { alertname: string };
      }[];
      return alerts.length > 0 ? alerts.map(({ labels }) => labels.alertname) : undefined;
    });
    assert.deepEqual(received, ["TargetDown"]);
    const group = await rowsOf("rules", "rules.yml", "availability");
    assert.deepEqual(
      group.map(({ label, description }) => [label, description?.split(" · ")[0]]),
      [
        ["TargetDown", "firing (1)"],
        ["TargetDownLong", "pending (1)"],
        ["NeverFires", "inactive"],
      ],
    );
    await until("the error of the rule that cannot be evaluated", async () => {
      await run("rules.refresh");
      const recording = await rowsOf("rules", "rules.yml", "recording");
      assert.deepEqual(labelsOf(recording), ["job:up:sum", "broken:sum"]);
      return recording[0]?.icon === "record" && recording[1]?.icon === "error";
    });
    const broken = await rowOf("rules", "rules.yml", "recording", "broken:sum");
    assert.match(broken.description ?? "", /duplicate series/);
  });

  it("runs, opens and copies a rule's expression", async () => {
    const rule = await rowOf("rules", "rules.yml", "availability", "TargetDown");
    await run("rule.run", rule);
    assert.deepEqual(await answered(), { query: "up == 0", connection: "prom", series: 1 });
    const before = await lastRun();
    const recording = await rowOf("rules", "rules.yml", "recording", "job:up:sum");
    const opened = await textOpenedBy(() => run("rule.open", recording));
    assert.equal(opened, "# %% job:up:sum\nsum by (job) (up)\n");
    assert.equal((await lastRun()).startedAt, before.startedAt);
    await run("row.copy", rule);
    assert.equal(await clipboard(), "up == 0");
    await run("explorer.openNotebook", await rowOf("rules", "rules.yml", "availability"));
    const cells = vscode.window.activeNotebookEditor?.notebook.getCells() ?? [];
    assert.match(cells[0]?.document.getText() ?? "", /availability/);
    assert.ok(cells.some(({ document }) => document.getText() === "up == 0"));
    assert.equal((await lastRun()).startedAt, before.startedAt);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });

  it("shows what the server says of itself, and runs the query behind a row", async () => {
    await run("server.refresh");
    assert.deepEqual(labelsOf(await rowsOf("server")), ["Build", "Process", "Storage and cardinality", "Flags"]);
    const version = await rowOf("server", "Build", "Version");
    assert.match(version.description ?? "", /^\d+\.\d+/);
    await run("row.copy", version);
    assert.equal(await clipboard(), version.description);
    const largest = await rowsOf("server", "Storage and cardinality", "Series by metric");
    const [first] = largest;
    await run("row.run", first);
    const { query, series } = await answered();
    assert.deepEqual([query, series], [`count by (job) (${first?.label})`, 1]);
  });

  it("reads every view anew for another server, and says what VictoriaMetrics does not offer", async () => {
    await confirmPick(run("label.findValue", await rowOf("labels", "job")));
    await select("vm");
    const { explorer } = await extensionApi();
    const groups = labelsOf(await rowsOf("metrics"));
    assert.ok(groups.includes("vm_") && groups.includes("node_") && !groups.includes("prometheus_"), groups.join());
    assert.match(explorer.metrics.view.message ?? "", /tells no types/);
    assert.deepEqual(labelsOf(await rowsOf("labels", "job")).slice(1), ["dead", "node", "victoria-metrics"]);
    assert.equal(explorer.labels.view.message, "", "picks belong to a server");
    assert.deepEqual(labelsOf(await rowsOf("targets")), ["dead", "node", "victoria-metrics", "Dropped targets…"]);
    assert.deepEqual(labelsOf(await rowsOf("targets", "Dropped targets…")), ["Relabelling dropped no target."]);
    assert.equal(explorer.targets.view.badge?.value, 1);
    assert.deepEqual(labelsOf(await rowsOf("rules")), ["The server has no rules."]);
    assert.equal(explorer.rules.view.badge, undefined);
    const parts = (await rowsOf("server")).map(({ label, description }) => `${label}: ${description ?? ""}`);
    assert.deepEqual(parts, [
      "Build: ",
      "Process: not offered by this server",
      "Storage and cardinality: ",
      "Flags: not offered by this server",
    ]);
    for (const id of ["metrics", "labels", "targets", "rules", "server"] as const) {
      assert.match(explorer[id].view.description ?? "", /^VM · as of /, id);
    }
    await run("metric.run", await rowOf("metrics", "up"));
    assert.deepEqual(await answered(), { query: "up", connection: "vm", series: 3 });
    await run("label.countSeries", await rowOf("labels", "job"));
    assert.deepEqual(await answered(), { query: 'count by (job) ({job!=""})', connection: "vm", series: 3 });
    await run("target.run", await rowOf("targets", "node", exporter));
    assert.equal((await answered()).series, 1);
    await run("row.run", (await rowsOf("server", "Storage and cardinality", "Series by label and value"))[0]);
    assert.equal((await answered()).connection, "vm");
  });

  it("remembers every run with its server, and runs it there again", async () => {
    const entries = await rowsOf("history");
    assert.ok(entries.length >= 10);
    assert.match(entries[0]?.description ?? "", / · VM · /);
    const old = entries.find(({ label }) => label === "avg(up)");
    assert.match(old?.description ?? "", / · Prom · 1 series · /);
    await run("history.run", old);
    assert.deepEqual(await answered(), { query: "avg(up)", connection: "prom", series: 1 });
    const text = await emptyText();
    await run("history.insert", old);
    assert.equal(text.getText(), "avg(up)");
    const before = await lastRun();
    const opened = await textOpenedBy(() => run("history.open", old));
    assert.deepEqual(opened.split("\n").slice(1), ["# @connection prom", "avg(up)", ""]);
    assert.equal((await lastRun()).startedAt, before.startedAt);
    await run("row.copy", old);
    assert.equal(await clipboard(), "avg(up)");
    const [newest, ...others] = await rowsOf("history");
    await run("history.remove", newest, [newest]);
    assert.deepEqual(
      (await rowsOf("history")).map(({ id }) => id),
      others.map(({ id }) => id),
    );
    const keep = async () => undefined;
    await instead(vscode.window, "showWarningMessage", keep, () => run("history.clear"));
    assert.equal((await rowsOf("history")).length, others.length);
    const clear = (async (_message: string, _options: unknown, button: string) => button) as unknown;
    const stand = clear as typeof vscode.window.showWarningMessage;
    await instead(vscode.window, "showWarningMessage", stand, () => run("history.clear"));
    assert.deepEqual(await rowsOf("history"), []);
  });

  it("goes back to the first server, and shows its data and nothing of the other's", async () => {
    await select("prom");
    assert.ok(!labelsOf(await rowsOf("metrics")).includes("vm_"));
    assert.deepEqual(labelsOf(await rowsOf("targets")), ["dead", "node", "prometheus", "Dropped targets…"]);
    assert.equal((await rowsOf("rules"))[0]?.description, "1 firing, 1 pending");
  });

  it("gives a reading up, says so, and reads again", async () => {
    let asked = 0;
    const silent = createServer(() => {
      asked += 1;
    }).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    await setConnections([prom, { ...vm, id: "silent", name: "Silent", url }]);
    await until("the silent server", async () => {
      await select("silent");
      void rowsOf("targets");
      return asked > 0;
    });
    await run("explorer.cancel");
    assert.deepEqual(labelsOf(await rowsOf("targets")), ["Cancelled", "Retry"]);
    const [, retry] = await rowsOf("targets");
    assert.equal(retry?.command, "promqlWorkbench.targets.refresh");
    silent.closeAllConnections();
    await new Promise((resolve) => silent.close(resolve));
    await vscode.commands.executeCommand(retry?.command ?? "");
    assert.deepEqual(labelsOf(await rowsOf("targets")).at(-1), "Retry");
    assert.match((await rowsOf("targets"))[0]?.label ?? "", /Silent/);
  });

  it("has run every command of the side bar", async () => {
    const extension = vscode.extensions.getExtension("promql-workbench.promql-workbench");
    const commands: { readonly command: string }[] = extension?.packageJSON.contributes.commands;
    const own = /^promqlWorkbench\.(?:explorer|metrics?|labels?|targets?|rules?|server|history|row)\./;
    const all = commands.map(({ command }) => command).filter((command) => own.test(command));
    assert.ok(all.length >= 30);
    assert.deepEqual(
      all.filter((command) => !ran.has(command)),
      [],
    );
  });
});
