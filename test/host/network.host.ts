import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { join } from "node:path";
import { afterEach, describe, it } from "mocha";
import * as vscode from "vscode";
import type { Run } from "../../src/query/run.ts";
import type { ExtensionApi } from "../../src/ui/query/extensionApi.ts";
import { startProxy } from "../support/proxyServer.ts";
import { readEnvironment } from "./environment.ts";

const { prometheus } = readEnvironment();

function extension(): vscode.Extension<ExtensionApi> {
  const found = vscode.extensions.getExtension<ExtensionApi>("promql-workbench.promql-workbench");
  assert.ok(found !== undefined);
  return found;
}

/** A path below `test/fixtures/tls`: what runs here is bundled elsewhere. */
const fixture = (name: string) => join(extension().extensionPath, "test/fixtures/tls", name);

async function setUser(key: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration().update(key, value, vscode.ConfigurationTarget.Global);
}

/** Runs one query on a connection with these keys and answers it once it has ended. */
async function run(keys: Readonly<Record<string, unknown>>): Promise<Run> {
  const id = `network${Date.now()}`;
  await setUser("promqlWorkbench.connections", [{ version: 1, id, name: id, auth: { type: "none" }, ...keys }]);
  const document = await vscode.workspace.openTextDocument({ language: "promql", content: "# @mode instant\n1+1\n" });
  await vscode.window.showTextDocument(document);
  const { runsOf } = await extension().activate();
  await vscode.commands.executeCommand("promqlWorkbench.query.run");
  for (;;) {
    const [last] = await runsOf(document.uri.toString());
    const part = last?.instant?.part;
    if (last !== undefined && part !== undefined && part.state !== "running") return last;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** As a text, so that a failure says why. */
function outcome({ instant }: Run): string {
  const part = instant?.part;
  return part?.state === "failed" ? JSON.stringify(part.failure) : String(part?.state);
}

async function secureServer(): Promise<Server & { readonly port: number }> {
  const files = { cert: readFileSync(fixture("named.pem")), key: readFileSync(fixture("named.key.pem")) };
  const server = createServer(files, (_, response) =>
    response.end('{"status":"success","data":{"resultType":"scalar","result":[1,"2"]}}'),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  return Object.assign(server, { port: address.port });
}

describe("the way to a server", () => {
  afterEach(async () => {
    await setUser("http.proxy", undefined);
    await setUser("http.noProxy", undefined);
    await setUser("promqlWorkbench.connections", undefined);
  });

  it("is VS Code's where the connection says so", async () => {
    assert.equal(outcome(await run({ url: prometheus, transport: "vscode" })), "done");
  });

  it("is the proxy of the user's settings, around which an exemption leads, and a certificate of one's own", async () => {
    const server = await secureServer();
    const proxy = await startProxy({ leadsTo: server.port });
    try {
      const connection = { url: "https://prometheus.internal", tls: { caFile: fixture("ca.pem") } };
      assert.match(outcome(await run(connection)), /"code":"(?:dns|network)"/);
      await setUser("http.proxy", proxy.origin);
      assert.equal(outcome(await run(connection)), "done");
      // The query's own, and maybe more: a first answer also has the server asked for what it offers.
      assert.ok(proxy.tunnels.some(({ target }) => target.startsWith("prometheus.internal")));
      await setUser("http.noProxy", ["internal"]);
      assert.match(outcome(await run(connection)), /"code":"(?:dns|network)"/);
      await setUser("http.noProxy", undefined);
      assert.match(outcome(await run({ ...connection, proxy: "none" })), /"code":"(?:dns|network)"/);
      assert.match(outcome(await run({ url: "https://prometheus.internal" })), /"code":"tls"/);
    } finally {
      await proxy[Symbol.asyncDispose]();
      server.close();
    }
  });
});
