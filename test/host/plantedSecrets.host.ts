import assert from "node:assert/strict";
import { createPrivateKey } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "mocha";
import * as vscode from "vscode";
import type { TreeNode } from "../../src/catalog/treeNode.ts";
import { searchFolder } from "../support/searchFolder.ts";
import {
  awkward,
  awkwardToken,
  type PlantedSecret,
  plantSecret,
  type SecretFound,
  secretsIn,
} from "../support/secretSearch.ts";
import { type Echo, type EchoingServer, startEchoingServer } from "./echoingServer.ts";
import { plantedVariable, readEnvironment } from "./environment.ts";
import { extensionApi, forgetConnections, instead, setConnections, textOpenedBy, until } from "./insideVSCode.ts";
import { rememberMade, type Watched, watchVSCode } from "./watchVSCode.ts";

/*
 * A session with a secret of each kind: connect, test, look around, ask, fail, export, copy, import. The servers give back
 * whatever they are sent, in every form. Afterwards the secrets are nowhere but in the secret storage: neither in what the
 * extension wrote nor in what it showed. When VS Code has ended, `runHost.ts` searches all that it has left on the disk.
 */
const { profile, plantedRun } = readEnvironment();
const made = rememberMade();

const header = awkward.replace("é", "");
const plant = (name: string, middle = awkward) => plantSecret(name, plantedRun, middle);
const planted = {
  bearer: plant("bearer", awkwardToken),
  basic: plant("basic"),
  raw: plant("raw", header),
  header: plant("header", header),
  param: plant("param"),
  client: plant("client"),
  issued: plant("issued", awkwardToken),
  command: plant("command", awkwardToken),
  env: plant("env", awkwardToken),
  file: plant("file"),
  passphrase: plant("passphrase"),
  proxy: plant("proxy"),
  wrong: plant("wrong", awkwardToken),
  importedPassword: plant("importedPassword"),
  importedHeader: plant("importedHeader", header),
  importedToken: plant("importedToken", awkwardToken),
} as const;
const all: readonly PlantedSecret[] = Object.values(planted);

const echoes: readonly Echo[] = [
  ...([
    [400, "envelope"],
    [400, "json"],
    [401, "plain"],
    [401, "challenge"],
    [403, "html"],
    [404, "percent"],
  ] as const),
  ...([
    [404, "form"],
    [413, "pair"],
    [422, "envelope"],
    [429, "base64"],
    [500, "htmlOfGo"],
    [502, "html"],
  ] as const),
  ...([
    [503, "jsonOfGo"],
    [503, "jsonOfPhp"],
    [302, "location"],
    [200, "broken"],
    [200, "plain"],
  ] as const),
];

interface Kind {
  readonly id: string;
  readonly element: () => Readonly<Record<string, unknown>>;
  /** What is typed where the connection asks for it. */
  readonly typed?: string;
  /** What is entered beforehand, since a connection may do without. */
  readonly entered?: string;
}

let gate: EchoingServer;
let secureGate: EchoingServer;
/** Outside of all that is searched: what the person owns. */
let own: string;
/** In the workspace. */
let exported: string;
let watched: Watched;

const kinds: readonly Kind[] = [
  { id: "bearer", element: () => ({ auth: { type: "bearer" } }), typed: planted.bearer.value },
  { id: "basic", element: () => ({ auth: { type: "basic", username: "user" } }), typed: planted.basic.value },
  { id: "raw", element: () => ({ auth: { type: "raw" }, method: "GET" }), typed: planted.raw.value },
  { id: "header", element: () => ({ secretHeaders: ["X-Api-Key"] }), typed: planted.header.value },
  { id: "param", element: () => ({ secretQueryParams: ["authKey"] }), typed: planted.param.value },
  {
    id: "oauth2",
    element: () => ({ auth: { type: "oauth2", tokenUrl: `${gate.origin}/token`, clientId: "client" } }),
    typed: planted.client.value,
  },
  { id: "command", element: () => ({ auth: { type: "command", command: [join(own, "print token")] } }) },
  { id: "env", element: () => ({ auth: { type: "bearer", tokenRef: `$env:${plantedVariable}` } }) },
  {
    id: "file",
    element: () => ({ auth: { type: "basic", username: "user", passwordRef: `$file:${join(own, "password")}` } }),
  },
  {
    id: "key",
    element: () => ({
      url: `${secureGate.origin}/key`,
      tls: { caFile: fixture("ca.pem"), certFile: fixture("client.pem"), keyFile: join(own, "client.key.pem") },
    }),
    entered: planted.passphrase.value,
  },
  // The proxy is the gate itself: it reads what is for it, and takes it along.
  { id: "proxy", element: () => ({ proxy: gate.origin }), entered: `user:${planted.proxy.value}` },
];

function fixture(name: string): string {
  const extension = vscode.extensions.getExtension("promql-workbench.promql-workbench");
  return join(extension?.extensionPath ?? "", "test/fixtures/tls", name);
}

const command = (id: string, ...args: readonly unknown[]) =>
  vscode.commands.executeCommand(`promqlWorkbench.${id}`, ...args);

/** Does something while whoever is asked types this, picks everything and agrees to all. */
async function answering(typed: string, work: () => Promise<void>): Promise<void> {
  const { window } = vscode;
  const type = async (options?: vscode.InputBoxOptions) => {
    watched.note("a prompt", options);
    return typed;
  };
  const agree = async (...args: readonly unknown[]) => {
    watched.note("a question", args);
    return args.findLast((arg) => typeof arg === "string");
  };
  await instead(window, "showInputBox", type, () =>
    instead(window, "showWarningMessage", agree as unknown as typeof window.showWarningMessage, work),
  );
}

async function open(content: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument({ language: "promql", content });
  await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
  return document;
}

/** Waits for the runs of a text, and notes them. */
async function runsOf(document: vscode.TextDocument, count: number) {
  const runs = await until(`${count} runs to end`, async () => {
    const found = await (await extensionApi()).runsOf(document.uri.toString());
    const parts = found
      .flatMap(({ range, instant }) => [range?.part, instant?.part])
      .filter((part) => part !== undefined);
    return found.length >= count && parts.length > 0 && parts.every(({ state }) => state !== "running")
      ? found
      : undefined;
  });
  watched.note("a run", runs);
  const lenses = await vscode.commands.executeCommand("vscode.executeCodeLensProvider", document.uri, 200);
  watched.note("a lens", lenses);
  watched.note("a problem", vscode.languages.getDiagnostics(document.uri));
  return runs;
}

/** Opens every row of a tree, as far as a person would. */
async function noteTree(where: string, rows: vscode.TreeDataProvider<never>, node?: never, depth = 0): Promise<number> {
  const children = (await rows.getChildren(node)) ?? [];
  let count = children.length;
  for (const child of children) {
    watched.note(where, child);
    watched.note(where, await rows.getTreeItem(child));
    if (depth < 4) count += await noteTree(where, rows, child, depth + 1);
  }
  return count;
}

async function noteSideBar(): Promise<void> {
  for (const [id, { rows, view }] of Object.entries((await extensionApi()).explorer)) {
    await noteTree(`the view ${id}`, rows as vscode.TreeDataProvider<TreeNode> as vscode.TreeDataProvider<never>);
    watched.note(`the view ${id}`, [view.message, view.description, view.title, view.badge]);
  }
  const connections = made.trees.get("promqlWorkbench.connections");
  assert.ok(connections !== undefined, "the extension was activated before the suites were loaded");
  await noteTree("the connections", connections as vscode.TreeDataProvider<never>);
  for (const { text, tooltip } of made.statusItems) watched.note("the status bar", [text, tooltip]);
}

async function noteClipboard(): Promise<void> {
  const text = await vscode.env.clipboard.readText();
  assert.notEqual(text, "");
  watched.note("the clipboard", text);
  await vscode.env.clipboard.writeText("");
}

/** Refreshes every view of the side bar. */
async function refresh(): Promise<void> {
  for (const view of ["metrics", "labels", "targets", "rules", "server"]) await command(`${view}.refresh`);
}

/** Enters a secret through the form that replaces one; where its test fails it is replaced all the same. */
async function enter(id: string, value: string): Promise<void> {
  const { window } = vscode;
  const input = (
    fill: (one: { value: string; items: readonly vscode.QuickPickItem[]; selectedItems: unknown[] }) => void,
  ) => {
    const accepted = new vscode.EventEmitter<void>();
    const never = new vscode.EventEmitter<never>().event;
    const one = {
      ...{ value: "", items: [] as readonly vscode.QuickPickItem[], selectedItems: [] as unknown[] },
      ...{ onDidAccept: accepted.event, onDidHide: never, onDidChangeValue: never, onDidChangeActive: never },
      ...{ onDidTriggerButton: never, onDidTriggerItemButton: never, onDidChangeSelection: never },
      dispose: () => undefined,
      show() {
        const { value: _typed, ...shown } = one;
        watched.note("a form", shown);
        fill(one);
        setTimeout(() => accepted.fire(), 10);
      },
    };
    return one as unknown as vscode.InputBox & vscode.QuickPick<vscode.QuickPickItem>;
  };
  const box = () =>
    input((one) => {
      one.value = value;
    });
  const pick = () =>
    input((one) => {
      one.selectedItems = one.items.filter(({ label }) => label.includes("Replace It Anyway"));
    });
  await instead(window, "createInputBox", box, () =>
    instead(window, "createQuickPick", pick as unknown as typeof window.createQuickPick, async () => {
      await command("connection.replaceSecret", id);
    }),
  );
}

const connectionsSetting = () =>
  vscode.workspace.getConfiguration().inspect<readonly { readonly id: string }[]>("promqlWorkbench.connections")
    ?.globalValue ?? [];

describe("a session with planted secrets", function () {
  this.timeout(180_000);

  before(async () => {
    watched = watchVSCode();
    made.listen((message) => watched.note("a message to an output", message));
    own = await mkdtemp(join(tmpdir(), "promql-own-"));
    exported = join(profile, "workspace", "exported");
    await mkdir(exported, { recursive: true });
    await writeFile(join(own, "token"), `${planted.command.value}\nnot this\n`);
    await writeFile(
      join(own, "print token"),
      `#!/bin/sh\necho "failed for $(cat "$(dirname "$0")/token")" >&2\ncat "$(dirname "$0")/token"\n`,
    );
    await chmod(join(own, "print token"), 0o700);
    await writeFile(join(own, "password"), `${planted.file.value}\n`);
    const key = createPrivateKey(await readFile(fixture("client.key.pem"), "utf8"));
    const encryption = { cipher: "aes-256-cbc", passphrase: planted.passphrase.value } as const;
    await writeFile(join(own, "client.key.pem"), key.export({ type: "pkcs8", format: "pem", ...encryption }));
    const token = () => planted.issued.value;
    gate = await startEchoingServer({ planted: all, token });
    const [cert, serverKey, ca] = await Promise.all(
      ["server.pem", "server.key.pem", "ca.pem"].map((name) => readFile(fixture(name), "utf8")),
    );
    const tls = { cert, key: serverKey, ca, requestCert: true, rejectUnauthorized: true };
    secureGate = await startEchoingServer({ planted: all, token, tls });
    await setConnections(
      kinds.map(({ id, element }) => ({ version: 1, id, name: id, url: `${gate.origin}/${id}`, ...element() })),
    );
    await vscode.commands.executeCommand("workbench.view.extension.promqlWorkbench");
    await vscode.env.clipboard.writeText("");
  });

  after(async () => {
    watched.stop();
    made.listen(() => {});
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    for (const { id } of connectionsSetting()) {
      await answering("", async () => void (await command("connection.remove", id)));
    }
    await forgetConnections("bearer");
    gate.stop();
    secureGate.stop();
    await rm(own, { recursive: true, force: true });
    await rm(exported, { recursive: true, force: true });
  });

  for (const { id, typed = "", entered } of kinds) {
    it(`connects, tests, looks around, asks, fails, exports and copies: ${id}`, async () => {
      if (entered !== undefined) await enter(id, entered);
      // Asked, and answered with a warning that holds it.
      const document = await open(`# @connection ${id}\n# @range 5m\necho_200_warning\n`);
      await answering(typed, async () => void (await command("query.run")));
      const [run] = await runsOf(document, 1);
      assert.equal(run?.instant?.part.state, "done", JSON.stringify(run?.instant?.part));
      await command("results.show");
      for (const format of ["csv", "csvWide", "json", "markdown"]) {
        const target = vscode.Uri.file(join(exported, `${id}.${format}`));
        await until("the export", async () => {
          await command("results.export", { format, target });
          return existsSync(target.fsPath);
        });
      }
      await command("query.copyAsCurl");
      await noteClipboard();
      await command("query.copyAsPromtool");
      await noteClipboard();
      await command("connection.copyAsCurl", id);
      await noteClipboard();
      // Failures that hold it, of queries,
      const failing = await open(
        `# @connection ${id}\n\n${echoes.map(([status, form], i) => `# %% ${i}\n# @mode instant\necho_${status}_${form}\n`).join("\n")}`,
      );
      await command("query.runAll");
      const failed = await runsOf(failing, echoes.length);
      for (const [i, { instant }] of failed.entries()) {
        assert.equal(instant?.part.state, "failed", `${echoes[i]}`);
      }
      // and of everything else.
      await command("connection.select", id);
      await answering("", async () => void (await command("connection.test", id)));
      await noteSideBar();
      const moods: readonly Echo[] = [
        [401, "json"],
        // Asked for again and again: of one that the server is sent and one that the proxy is sent it is enough.
        ...(id === "bearer" || id === "proxy"
          ? ([
              [200, "warning"],
              [502, "html"],
            ] as const)
          : []),
      ];
      for (const mood of moods) {
        gate.mood = mood;
        secureGate.mood = mood;
        await answering("", async () => void (await command("connection.test", id)));
        await answering("", async () => void (await command("connection.probe", id)));
        await refresh();
        await noteSideBar();
      }
      gate.mood = undefined;
      secureGate.mood = undefined;
    });
  }

  it("is refused by a token server that says with which secret", async () => {
    await enter("oauth2", planted.client.value);
    for (const mood of [
      [400, "json"],
      [401, "plain"],
      [500, "html"],
      [302, "location"],
    ] as const) {
      gate.mood = mood;
      await command("connection.test", "oauth2");
    }
    gate.mood = undefined;
  });

  it("enters a wrong token, a wrong passphrase, and takes the right ones again", async () => {
    for (const [id, right] of [
      ["bearer", planted.bearer.value],
      ["key", planted.passphrase.value],
    ] as const) {
      gate.mood = [401, "plain"];
      await enter(id, planted.wrong.value);
      await command("connection.test", id);
      gate.mood = undefined;
      await enter(id, right);
      await command("connection.test", id);
    }
  });

  it("imports connections with their secrets, uses them, and exports them without", async () => {
    const grafana = `apiVersion: 1
datasources:
  - name: imported
    type: prometheus
    url: ${gate.origin}/imported
    basicAuth: true
    basicAuthUser: user
    jsonData:
      httpHeaderName1: X-Api-Key
    secureJsonData:
      basicAuthPassword: ${JSON.stringify(planted.importedPassword.value)}
      httpHeaderValue1: ${JSON.stringify(planted.importedHeader.value)}
`;
    await writeFile(join(own, "grafana.yaml"), grafana);
    const variables = `PROMETHEUS_URL=${gate.origin}/dotenv\nPROMETHEUS_TOKEN='${planted.importedToken.value}'\n`;
    await writeFile(join(own, ".env"), variables);
    // Broken where the secret stands.
    await writeFile(join(own, "broken.yaml"), `datasources: [${planted.importedToken.value}\nx: y\n`);
    const files = ["grafana.yaml", ".env", "broken.yaml"].map((name) => vscode.Uri.file(join(own, name)));
    const { window } = vscode;
    const pick = async (items: readonly vscode.QuickPickItem[], options: vscode.QuickPickOptions) => {
      // What stands for a row in the extension is not shown, and does not leave it.
      watched.note("a pick", [items.map(({ label, description, detail }) => [label, description, detail]), options]);
      return options.canPickMany === true ? items : items.find(({ label }) => label.includes("Files"));
    };
    const before = connectionsSetting().length;
    const summary = await textOpenedBy(() =>
      instead(window, "showQuickPick", pick as unknown as typeof window.showQuickPick, () =>
        instead(
          window,
          "showOpenDialog",
          async () => files,
          async () => {
            await answering("", async () => void (await command("connection.import")));
          },
        ),
      ),
    );
    watched.note("the import's summary", summary);
    const imported = connectionsSetting().slice(before);
    assert.equal(imported.length, 2, summary);
    for (const { id } of imported) {
      const document = await open(`# @connection ${id}\n# @mode instant\necho_400_envelope\n`);
      await command("query.run");
      const [run] = await runsOf(document, 1);
      assert.equal(run?.instant?.part.state, "failed");
    }
    const text = await textOpenedBy(() =>
      instead(window, "showQuickPick", pick as unknown as typeof window.showQuickPick, async () => {
        await command("connection.export");
      }),
    );
    assert.match(text, /"secretsToEnter"/);
    await writeFile(join(exported, "connections.json"), text);
  });

  it("runs in a notebook, whose file is saved without its answers", async () => {
    const file = join(exported, "runbook.promql");
    const cells = kinds.map(({ id }) => `# %% ${id}\n# @connection ${id}\n# @mode instant\n`);
    const text = ["echo_200_warning", "echo_400_envelope"].flatMap((query) => cells.map((cell) => `${cell}${query}\n`));
    await writeFile(file, text.join("\n"));
    const uri = vscode.Uri.file(file);
    await vscode.commands.executeCommand("vscode.openWith", uri, "promql-workbench.notebook");
    const notebook = await until("the notebook", () =>
      vscode.workspace.notebookDocuments.find((one) => one.uri.toString() === uri.toString()),
    );
    const ends = () => notebook.getCells().map(({ executionSummary }) => executionSummary?.success);
    await answering("", async () => void (await vscode.commands.executeCommand("notebook.execute")));
    await until("the last cell's end", () => ends().length === text.length && !ends().includes(undefined));
    assert.deepEqual(ends(), [...kinds.map(() => true), ...kinds.map(() => false)]);
    for (const { outputs, metadata } of notebook.getCells()) {
      watched.note("a cell's output", [
        metadata,
        outputs.map(({ items, metadata }) => [metadata, items.map(({ data }) => data)]),
      ]);
    }
    await notebook.save();
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
  });

  it("opens and copies what it remembers of the runs", async () => {
    const { rows } = (await extensionApi()).explorer.history;
    const [row] = (await rows.getChildren()) ?? [];
    assert.ok(row !== undefined);
    await command("row.copy", row);
    await noteClipboard();
    await command("history.open", row);
  });

  it("has shown and written none of them anywhere", async () => {
    // Else nothing would be said by their absence: each was sent, and came back.
    const neverSent = new Set(["passphrase"]);
    const unseen = all.map(({ name }) => name).filter((name) => !gate.echoed.has(name) && !neverSent.has(name));
    assert.deepEqual(unseen, []);
    const { logUri, mementos } = await extensionApi();
    for (const [i, memento] of mementos.entries()) {
      for (const key of memento.keys()) watched.note(`memento ${i}: ${key}`, memento.get(key));
    }
    for (const { uri, getText } of vscode.workspace.textDocuments.map((one) => ({
      uri: one.uri,
      getText: () => one.getText(),
    }))) {
      // The settings, exports and summaries that are open; a file of the person's own is theirs.
      if (!uri.fsPath.startsWith(own)) watched.note(`the text ${uri}`, getText());
    }
    watched.note("the settings", connectionsSetting());
    const log = await until("the log", async () => {
      const { found, files } = await searchFolder(logUri.fsPath, [
        { name: "", value: "", marks: ["/oauth2/api/v1/query"] },
      ]);
      return found.length > 0 ? files : undefined;
    });
    assert.ok(log > 0);
    const places = new Set(watched.texts.map(({ where }) => where));
    for (const place of [
      ...[
        "a message to the panel",
        "a message to an output",
        "a cell's output",
        "a run",
        "the clipboard",
        "the connections",
        "the status bar",
        "the settings",
      ],
      ...[
        "showErrorMessage",
        "a prompt",
        "a form",
        "a pick",
        "the view metrics",
        "the view targets",
        "the view history",
      ],
    ]) {
      assert.ok(places.has(place), `nothing was seen of ${place}`);
    }
    const found: SecretFound[] = watched.texts.flatMap(({ where, content }) => secretsIn(content, where, all));
    const onDisk = await searchFolder(profile, all);
    assert.ok(onDisk.files > 20, `${onDisk.files}`);
    assert.ok(existsSync(join(exported, "proxy.json")) && dirname(logUri.fsPath).startsWith(profile));
    const lines = [...found, ...onDisk.found].map(({ where, name, form }) => `${name} (${form}): ${where}`);
    assert.deepEqual([...new Set(lines)], []);
  });
});
