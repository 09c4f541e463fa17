import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import * as vscode from "vscode";
import { cloudQuantProvisioning } from "../support/imports.ts";
import { readEnvironment } from "./environment.ts";
import { extensionApi, forgetConnections, instead, setConnections, textOpenedBy, until } from "./insideVSCode.ts";

const { gateway } = readEnvironment();
const importCommand = "promqlWorkbench.connection.import";

interface Item extends vscode.QuickPickItem {
  readonly choice?: string;
}

/** What a person does in the dialogs of one import. */
interface Person {
  readonly source: "Files" | "Clipboard" | "Environment";
  readonly files?: readonly string[];
  /** Which of the boxes are ticked in the end; given those that are ticked already. */
  readonly tick?: (items: readonly Item[]) => readonly Item[] | undefined;
  readonly collision?: "both" | "replace" | "skip";
  readonly url?: string | undefined;
}

/** Everything that was shown on the way. */
interface Seen {
  readonly boxes: readonly Item[];
  readonly inputs: readonly vscode.InputBoxOptions[];
  readonly summary: string;
}

/** Runs the import as that person, and gives what it showed. */
async function importAs({ source, files = [], tick = ticked, collision = "skip", url }: Person): Promise<Seen> {
  let boxes: readonly Item[] = [];
  const inputs: vscode.InputBoxOptions[] = [];
  const pick = async (items: readonly Item[], options: vscode.QuickPickOptions) => {
    if (options.canPickMany === true) {
      boxes = items;
      return tick(items);
    }
    return items.find(({ label, choice }) => (choice === undefined ? label.includes(source) : choice === collision));
  };
  const ask = async (options: vscode.InputBoxOptions) => {
    inputs.push(options);
    return url;
  };
  const open = async () => files.map((path) => vscode.Uri.file(path));
  const { window } = vscode;
  await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  const summary = await textOpenedBy(() =>
    instead(window, "showQuickPick", pick as unknown as typeof window.showQuickPick, () =>
      instead(window, "showInputBox", ask as unknown as typeof window.showInputBox, () =>
        instead(window, "showOpenDialog", open as unknown as typeof window.showOpenDialog, async () => {
          await vscode.commands.executeCommand(importCommand);
        }),
      ),
    ),
  );
  return { boxes, inputs, summary };
}

const ticked = (items: readonly Item[]): readonly Item[] => items.filter(({ picked }) => picked === true);

function connections(): readonly Readonly<Record<string, unknown>>[] {
  const value = vscode.workspace.getConfiguration().inspect("promqlWorkbench.connections")?.globalValue;
  return JSON.parse(JSON.stringify(value ?? []));
}

describe("importing connections", () => {
  const folder = mkdtempSync(join(tmpdir(), "import-"));
  const path = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  before(async () => {
    await extensionApi();
    await setConnections(undefined);
  });

  after(async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await forgetConnections("cloudquant-liberator");
    rmSync(folder, { recursive: true });
  });

  it("takes over CloudQuant's provisioning as it stands, and asks for the host that it leaves open", async () => {
    const file = path("cloudquant.yaml", cloudQuantProvisioning.replace("<your-token>", "PLANTED0123"));
    const seen = await importAs({
      source: "Files",
      files: [file],
      url: "https://liberator.example/metrics-api-bearer",
    });
    assert.deepEqual(
      seen.boxes.map(({ label, description, detail, picked }) => ({ label, description, detail, picked })),
      [
        {
          label: "cloudquant-liberator",
          description: "asks for its URL",
          detail: "bearer token · 1 secret to store · from cloudquant.yaml",
          picked: true,
        },
      ],
    );
    assert.equal(seen.inputs[0]?.value, "https://<your-liberator-host>/metrics-api-bearer");
    assert.deepEqual(connections(), [
      {
        version: 1,
        id: "cloudquant-liberator",
        name: "cloudquant-liberator",
        url: "https://liberator.example/metrics-api-bearer",
        auth: { type: "bearer" },
        method: "POST",
        minStep: "30s",
      },
    ]);
    assert.match(seen.summary, /^Import of connections into PromQL Workbench\n\n1 imported\. Nothing was sent/);
    assert.match(seen.summary, /In the secret storage: bearer token\n/);
    assert.match(seen.summary, /datasources\[0\]\.jsonData\.prometheusType/);
    assert.ok(!seen.summary.includes("PLANTED"), "the summary holds the token");
    assert.ok(!JSON.stringify(connections()).includes("PLANTED"), "the settings hold the token");
  });

  it("does not overwrite it unasked: not ticked, skipped, kept beside, or replaced", async () => {
    const file = path(
      "again.yaml",
      cloudQuantProvisioning.replace("<your-liberator-host>", "other.example").replace("<your-token>", "PLANTED4567"),
    );
    const everything = (items: readonly Item[]) => items;
    const untouched = await importAs({ source: "Files", files: [file] });
    assert.match(
      untouched.boxes[0]?.detail ?? "",
      /already there as cloudquant-liberator \(https:\/\/liberator\.example/,
    );
    assert.match(untouched.summary, /It was not chosen\./);
    const skipped = await importAs({ source: "Files", files: [file], tick: everything, collision: "skip" });
    assert.match(skipped.summary, /as it was\./);
    const urls = () => connections().map(({ id, url }) => `${id} ${url}`);
    const first = "cloudquant-liberator https://liberator.example/metrics-api-bearer";
    assert.deepEqual(urls(), [first]);
    await importAs({ source: "Files", files: [file], tick: everything, collision: "both" });
    assert.deepEqual(urls(), [first, "cloudquant-liberator-2 https://other.example/metrics-api-bearer"]);
    await importAs({ source: "Files", files: [file], tick: everything, collision: "replace" });
    assert.deepEqual(urls(), [
      "cloudquant-liberator https://other.example/metrics-api-bearer",
      "cloudquant-liberator-2 https://other.example/metrics-api-bearer",
    ]);
  });

  it("changes nothing for a person who gives up on the way", async () => {
    const before = connections();
    const file = path("new.yaml", cloudQuantProvisioning.replace("name: cloud", "name: new"));
    const { summary } = await importAs({ source: "Files", files: [file], tick: () => undefined });
    assert.equal(summary, "");
    const seen = await importAs({ source: "Files", files: [file], url: undefined });
    assert.match(seen.summary, /What the file does not say was not entered\./);
    assert.deepEqual(connections(), before);
  });

  it("reads several files; one that cannot be read says why, with its line and without its text", async () => {
    const good = path(".env", `PROMETHEUS_URL=${gateway.url}/bearer\nPROMETHEUS_TOKEN=${gateway.token}\n`);
    const broken = path("broken.yaml", "apiVersion: 1\ndatasources: [PLANTED\nx: y\n");
    const bomb = path("tagged.yaml", "apiVersion: 1\ndatasources: !!js/function PLANTED\n");
    const seen = await importAs({ source: "Files", files: [good, broken, bomb, join(folder, "gone.yaml")] });
    assert.match(seen.summary, /1 imported/);
    assert.match(seen.summary, /== broken\.yaml\n\nNot read\. Line 3 is no valid YAML/);
    assert.match(seen.summary, /== tagged\.yaml\n\nNot read\. Line 2 has a YAML tag/);
    assert.match(seen.summary, /== gone\.yaml\n\nNot read\. It could not be opened/);
    assert.ok(!seen.summary.includes("PLANTED") && !seen.summary.includes(gateway.token));
  });

  it("what was imported works: the stored token is sent to its server", async () => {
    const profile = connections().find(({ url }) => url === `${gateway.url}/bearer`);
    assert.ok(profile !== undefined);
    const { runsOf } = await extensionApi();
    const content = `# @connection ${profile["id"]}\nup\n`;
    const document = await vscode.workspace.openTextDocument({ language: "promql", content });
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand("promqlWorkbench.query.runInstant");
    const part = await until("the answer", async () => {
      const [run] = await runsOf(document.uri.toString());
      return run?.instant?.part.state === "running" ? undefined : run?.instant?.part;
    });
    assert.equal(part.state, "done");
  });

  it("exports without secrets, and reads the export back", async () => {
    const { window } = vscode;
    const all = async (items: readonly Item[]) => items;
    const exported = await textOpenedBy(() =>
      instead(window, "showQuickPick", all as unknown as typeof window.showQuickPick, async () => {
        await vscode.commands.executeCommand("promqlWorkbench.connection.export");
      }),
    );
    const ids = connections().map(({ id }) => id);
    const parsed = JSON.parse(exported);
    assert.deepEqual(
      parsed.connections.map(({ id }: { id: string }) => id),
      ids,
    );
    assert.equal(Object.keys(parsed.secretsToEnter).length, ids.length);
    assert.ok(!exported.includes("PLANTED") && !exported.includes(gateway.token));
    await setConnections(undefined);
    await until("their end", () => connections().length === 0);
    await vscode.env.clipboard.writeText(exported);
    await importAs({ source: "Clipboard" });
    assert.deepEqual(
      connections().map(({ id }) => id),
      ids,
    );
  });

  it("leaves out of an export what is named like a secret in the settings, and says what that is", async () => {
    const before = connections();
    const careless = {
      ...{ version: 1, id: "careless", name: "Careless", url: gateway.url, headers: { "X-Api-Key": "PLANTED-5" } },
      auth: { type: "command", command: ["curl", "-H", "X-Vault-Token: PLANTED-6"] },
    };
    await setConnections([careless]);
    await until("the connection", () => connections()[0]?.["id"] === "careless");
    const { window } = vscode;
    const messages: string[] = [];
    const all = async (items: readonly Item[]) => items;
    const told = (async (text: string) => void messages.push(text)) as unknown as typeof window.showInformationMessage;
    const exported = await textOpenedBy(() =>
      instead(window, "showInformationMessage", told, () =>
        instead(window, "showQuickPick", all as unknown as typeof window.showQuickPick, async () => {
          await vscode.commands.executeCommand("promqlWorkbench.connection.export");
        }),
      ),
    );
    assert.deepEqual(JSON.parse(exported).secretsToEnter, { careless: ["header:X-Api-Key"] });
    assert.ok(!exported.includes("PLANTED"));
    assert.deepEqual(messages, [
      "Not exported, since it may be secret: header X-Api-Key of Careless, auth.command.2 of Careless.",
    ]);
    await setConnections(before);
  });

  it("names what the environment does not say", async () => {
    const { summary } = await importAs({ source: "Environment" });
    assert.match(summary, /== Environment\n\nNot read\. None of PROMETHEUS_URL/);
  });
});
