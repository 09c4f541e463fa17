import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "mocha";
import * as vscode from "vscode";
import { forgetConnections, instead, rowsOf, setConnections, until } from "./insideVSCode.ts";

/* What a managed server lacks is found out once, said in one sentence, and not asked for again until somebody wants it. */

const success = (data: unknown) => JSON.stringify({ status: "success", data });
const build = { application: "Grafana Mimir", version: "2.17.0", revision: "abc" };
const answers: Readonly<Record<string, string>> = {
  "/api/v1/query": success({ resultType: "vector", result: [] }),
  "/api/v1/metadata": success({}),
  "/api/v1/labels": success([]),
  "/api/v1/label/__name__/values": success(["up"]),
  "/api/v1/query_exemplars": success([]),
  "/api/v1/status/buildinfo": success(build),
};

describe("what a server offers", () => {
  /** Paths as they were asked for. */
  const asked: string[] = [];
  /** Targets and rules appear once this is set. */
  let isUpgraded = false;
  let server: Server;
  let managed: { readonly id: string };

  const countOf = (path: string) => asked.filter((one) => one === `/api/v1/${path}`).length;
  const labels = async (view: "targets" | "rules" | "server") => (await rowsOf(view)).map(({ label }) => label);
  const select = (id: string) => vscode.commands.executeCommand("promqlWorkbench.connection.select", id);
  /** Runs a command and answers what it says at its end. */
  const said = async (command: string, ...args: unknown[]): Promise<string> => {
    const messages: string[] = [];
    const keep = (async (message: string) => void messages.push(message)) as unknown;
    await instead(
      vscode.window,
      "showInformationMessage",
      keep as typeof vscode.window.showInformationMessage,
      async () => void (await vscode.commands.executeCommand(command, ...args)),
    );
    return messages.join();
  };

  before(async () => {
    server = createServer(({ url = "" }, response) => {
      const { pathname } = new URL(url, "http://h");
      asked.push(pathname);
      const upgraded: Readonly<Record<string, string>> = isUpgraded
        ? { "/api/v1/targets": success({ activeTargets: [] }) }
        : {};
      const body = { ...answers, ...upgraded }[pathname];
      response.writeHead(body === undefined ? 404 : 200).end(body ?? "404 page not found\n");
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const one = { version: 1, id: "managed", name: "Managed", url, auth: { type: "none" } };
    managed = one;
    await setConnections([one, { ...one, id: "other", name: "Other", url: `${url}/other` }]);
    await vscode.commands.executeCommand("workbench.view.extension.promqlWorkbench");
    await select("other");
  });

  after(async () => {
    await forgetConnections("managed");
    server.closeAllConnections();
    server.close();
  });

  it("is said by the command, each endpoint asked for once", async () => {
    asked.length = 0;
    const text = await said("promqlWorkbench.connection.probe", managed.id);
    assert.equal(
      text,
      "Managed (Grafana Mimir 2.17.0) offers build, metadata, exemplars; " +
        "does not offer targets, rules, alerts, flags, process, storage, federation.",
    );
    assert.deepEqual(
      asked.toSorted(),
      [
        ...["alerts", "metadata", "query_exemplars", "rules", "status/buildinfo", "status/flags"],
        ...["status/runtimeinfo", "status/tsdb", "targets"],
      ]
        .map((path) => `/api/v1/${path}`)
        .concat("/federate"),
    );
  });

  it("is not asked for again by the views, which say it in one sentence", async () => {
    asked.length = 0;
    await select("managed");
    await until("the sentence", async () =>
      (await labels("targets"))[0]?.startsWith("This server does not tell its targets"),
    );
    assert.match((await labels("rules")).join(), /^This server does not tell its rules/);
    assert.deepEqual([countOf("targets"), countOf("rules")], [0, 0]);
    const [row] = await rowsOf("targets");
    assert.match(row?.tooltip ?? "", /\nFound out on .+\. Refresh asks the server again\.$/);
    // It has one of its four parts, so that view asks.
    await until("the server's build", async () => (await labels("server")).includes("Build"));
  });

  it("is asked for by a refresh, which corrects what was known", async () => {
    asked.length = 0;
    await vscode.commands.executeCommand("promqlWorkbench.targets.refresh");
    assert.equal(countOf("targets"), 1);
    assert.match((await labels("targets")).join(), /^This server does not tell its targets/);
    isUpgraded = true;
    await vscode.commands.executeCommand("promqlWorkbench.targets.refresh");
    await until("targets", async () => (await labels("targets")).includes("The server scrapes no targets."));
    await select("other");
    await select("managed");
    asked.length = 0;
    await until("targets", async () => (await labels("targets")).includes("The server scrapes no targets."));
    assert.equal(countOf("targets"), 1);
    assert.equal(countOf("rules"), 0);
  });

  it("is found out behind a test too", async () => {
    asked.length = 0;
    assert.match(await said("promqlWorkbench.connection.test", managed.id), /^Managed answers: /);
    await until("the probe's end", () => countOf("status/tsdb") > 0 && asked.includes("/federate"));
    assert.deepEqual([countOf("rules"), countOf("targets")], [1, 1]);
  });
});
