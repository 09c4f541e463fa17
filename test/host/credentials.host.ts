import assert from "node:assert/strict";
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import * as vscode from "vscode";
import type { Run } from "../../src/query/run.ts";
import { extensionApi, forgetConnections, instead, lastRun, setConnections, until } from "./insideVSCode.ts";

/*
 * Every way to sign in, in VS Code: a server takes each connection's own credential and nothing else, and a token server issues
 * tokens. Secrets are marked, so that they are found wherever they should not be.
 */
const mark = `m4rk${process.pid}`;
const secret = (name: string) => `${mark}-${name}`;

/** What the server wants to see of a request, by the first part of its path. */
const wanted: Readonly<Record<string, (request: IncomingMessage, url: URL) => boolean>> = {
  raw: ({ headers }) => headers.authorization === secret("raw"),
  keyHeader: ({ headers }) => headers["x-api-key"] === secret("keyHeader") && headers["x-scope-orgid"] === "team",
  keyParam: (_request, url) => url.searchParams.get("authKey") === secret("keyParam"),
  file: ({ headers }) => headers.authorization === `Bearer ${secret(`file${fileVersion}`)}`,
  command: ({ headers }) => headers.authorization === `Bearer ${secret("command")}`,
  oauth2: ({ headers }) => headers.authorization === `Bearer ${secret(`issued${issued}`)}`,
};
let fileVersion = 1;
let issued = 0;
const asked: string[] = [];

const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://x");
  const [, name = "", path = ""] = /^\/([^/]+)(.*)$/.exec(url.pathname) ?? [];
  asked.push(`${name}${path}`);
  response.setHeader("content-type", "application/json");
  if (name === "token") {
    const pair = Buffer.from(`client:${secret("client")}`).toString("base64");
    if (request.headers.authorization !== `Basic ${pair}`) {
      response.statusCode = 400;
      response.end('{"error":"invalid_client"}');
    } else response.end(`{"access_token":"${secret(`issued${++issued}`)}","expires_in":3600}`);
  } else if (wanted[name]?.(request, url) !== true) {
    response.statusCode = 401;
    // As some gateways do: what was sent comes back.
    response.end(`not ${request.headers.authorization ?? request.headers["x-api-key"] ?? request.url}`);
  } else response.end('{"status":"success","data":{"resultType":"vector","result":[]}}');
});

let base: string;
let folder: string;

const connection = (id: string, more: object) => ({
  version: 1,
  id,
  name: id,
  url: `${base}/${id}`,
  method: "GET",
  ...more,
});

/** Runs a query on a connection; secrets that are asked for are typed. */
async function run(
  id: string,
  ...typed: readonly string[]
): Promise<{ readonly run: Run; readonly prompts: readonly string[] }> {
  const document = await vscode.workspace.openTextDocument({
    language: "promql",
    content: `# @connection ${id}\n# @mode instant\nup\n`,
  });
  const editor = await vscode.window.showTextDocument(document);
  editor.selection = new vscode.Selection(2, 0, 2, 0);
  const prompts: string[] = [];
  const rest = [...typed];
  const ask = async (options?: vscode.InputBoxOptions) => {
    prompts.push(options?.prompt ?? "");
    assert.equal(options?.password, true);
    return rest.shift();
  };
  await instead(vscode.window, "showInputBox", ask, async () => {
    await vscode.commands.executeCommand("promqlWorkbench.query.run");
  });
  return { run: await lastRun(), prompts };
}

/** How an instant run ended. */
const outcome = ({ instant }: Run) => (instant?.part.state === "failed" ? instant.part.failure : instant?.part.state);

describe("signing in", () => {
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    folder = await mkdtemp(join(tmpdir(), "promql-host-"));
    const program = join(folder, "print token");
    await writeFile(program, `#!/bin/sh\nprintf '%s\\nnot this\\n' '${secret("command")}'\n`);
    await chmod(program, 0o700);
    await writeFile(join(folder, "token"), `${secret("file1")}\n`);
    await setConnections([
      connection("raw", { auth: { type: "raw" } }),
      connection("keyHeader", { headers: { "X-Scope-OrgID": "team" }, secretHeaders: ["X-Api-Key"] }),
      connection("keyParam", { secretQueryParams: ["authKey"] }),
      connection("file", { auth: { type: "bearer", tokenRef: `$file:${join(folder, "token")}` } }),
      connection("command", { auth: { type: "command", command: [program, "$(id)"] } }),
      connection("oauth2", { auth: { type: "oauth2", tokenUrl: `${base}/token`, clientId: "client" } }),
      connection("unset", { auth: { type: "bearer", tokenRef: "$env:PROMQL_WORKBENCH_NOWHERE" } }),
    ]);
  });

  after(async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    for (const id of ["raw", "keyHeader", "keyParam", "oauth2"]) await forgetConnections(id);
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true, force: true });
  });

  for (const [id, noun] of [
    ["raw", "value of the Authorization header"],
    ["keyHeader", "value of the header X-Api-Key"],
    ["keyParam", "value of the parameter authKey"],
  ] as const) {
    it(`asks once for what ${id} needs and has not, and sends it`, async () => {
      const first = await run(id, secret(id));
      assert.deepEqual(first.prompts, [
        `The ${noun} is not stored on this machine. It goes to ${base} and is kept in VS Code's secret storage`,
      ]);
      assert.equal(outcome(first.run), "done");
      const second = await run(id);
      assert.deepEqual([second.prompts, outcome(second.run)], [[], "done"]);
    });
  }

  it("reads a token from a file, also from one that was replaced", async () => {
    assert.equal(outcome((await run("file")).run), "done");
    fileVersion = 2;
    await writeFile(join(folder, "token"), secret("file2"));
    assert.equal(outcome((await run("file")).run), "done");
    await rm(join(folder, "token"));
    const failure = outcome((await run("file")).run);
    assert.ok(typeof failure === "object" && failure.kind === "credential" && failure.problem === "notFound");
  });

  it("takes a token from a program's first line", async () => {
    assert.equal(outcome((await run("command")).run), "done");
  });

  it("exchanges a client's secret for a token, once, and again when the token is refused", async () => {
    assert.equal(outcome((await run("oauth2", secret("client"))).run), "done");
    assert.equal(outcome((await run("oauth2")).run), "done");
    assert.equal(asked.filter((path) => path === "token").length, 1);
    // The server forgets its tokens: only the next one counts. One that is refused at once would not be replaced.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    issued++;
    assert.equal(outcome((await run("oauth2")).run), "done");
    assert.equal(asked.filter((path) => path === "token").length, 2);
  });

  it("does not use a connection whose variable is not set", async () => {
    const before = asked.length;
    const warn = (async () => undefined) as unknown as typeof vscode.window.showWarningMessage;
    const document = await vscode.workspace.openTextDocument({
      language: "promql",
      content: "# @connection unset\nup\n",
    });
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(1, 0, 1, 0);
    await instead(vscode.window, "showWarningMessage", warn, async () => {
      await Promise.race([
        vscode.commands.executeCommand("promqlWorkbench.query.run"),
        new Promise((resolve) => setTimeout(resolve, 1500)),
      ]);
    });
    await vscode.commands.executeCommand("workbench.action.closeQuickOpen");
    assert.equal(asked.length, before);
  });

  it("leaves no secret in settings, in runs or in the log", async () => {
    // A wrong one comes back in the server's answer.
    await setSecretWrong();
    const failed = (await run("raw")).run;
    const failure = outcome(failed);
    assert.ok(typeof failure === "object" && failure.kind === "unauthorized", JSON.stringify(failure));
    assert.equal(JSON.stringify(failed).includes(mark), false);
    const settings = JSON.stringify(vscode.workspace.getConfiguration("promqlWorkbench").get("connections"));
    assert.equal(settings.includes(mark), false);
    const logs = await until("the log", async () => {
      const texts = await logTexts();
      return texts.some((text) => text.includes("/raw/api/v1/query")) ? texts : undefined;
    });
    for (const text of logs) assert.equal(text.includes(mark), false);
  });
});

/** Replaces the raw connection's value by a wrong one, through the form: the test fails, and it is replaced all the same. */
async function setSecretWrong(): Promise<void> {
  const accept = new vscode.EventEmitter<void>();
  const input = Object.assign(anInput(accept), {
    value: "",
    show: () => {
      input.value = secret("wrong");
      setTimeout(() => accept.fire(), 10);
    },
  });
  await instead(
    vscode.window,
    "createInputBox",
    () => input as unknown as vscode.InputBox,
    async () => {
      const chosen = new vscode.EventEmitter<void>();
      const pick = { ...anInput(chosen), selectedItems: [] as unknown[], items: [] as { label: string }[] };
      await instead(
        vscode.window,
        "createQuickPick",
        (() =>
          Object.assign(pick, {
            show: () =>
              setTimeout(() => {
                pick.selectedItems = pick.items.filter(({ label }) => label.includes("Replace It Anyway"));
                chosen.fire();
              }, 10),
          })) as unknown as typeof vscode.window.createQuickPick,
        async () => void (await vscode.commands.executeCommand("promqlWorkbench.connection.replaceSecret", "raw")),
      );
    },
  );
}

function anInput(accepted: vscode.EventEmitter<void>) {
  const never = new vscode.EventEmitter<never>().event;
  return {
    ...{ onDidAccept: accepted.event, onDidHide: never, onDidChangeValue: never },
    ...{ onDidTriggerButton: never, onDidTriggerItemButton: never, dispose: () => undefined },
  };
}

/** Everything that our extension wrote to its logs. */
async function logTexts(): Promise<readonly string[]> {
  const folder = (await extensionApi()).logUri.fsPath;
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".log"));
  return Promise.all(files.map((name) => readFile(join(folder, name), "utf8")));
}
