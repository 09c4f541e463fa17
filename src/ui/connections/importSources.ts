import { dirname } from "node:path";
import * as vscode from "vscode";
import { environmentNames, readEnvironmentNames } from "../../connections/import/environmentNames.ts";
import type { ReadOutcome } from "../../connections/import/importResult.ts";
import { mostImportBytes, readImport } from "../../connections/import/readImport.ts";
import type { Environment } from "../../connections/profileStore.ts";

/** A text that connections were read from. */
export interface ReadSource {
  /** A file's name, `Clipboard` or `Environment`. */
  readonly title: string;
  readonly outcome: ReadOutcome;
}

/** More files at once are a mistake in the dialog. */
const mostFiles = 50;

/**
 * Asks where connections are, and reads them. Nothing is looked for: only files that the person picks are opened. That is why
 * Restricted Mode does not keep anybody from it; what a file would make us do is shown before anything is saved. `undefined`:
 * the person gave up.
 */
export async function askSources(environment: Environment): Promise<readonly ReadSource[] | undefined> {
  const isSet = Object.values(environmentNames).some((name) => (environment(name) ?? "") !== "");
  const chosen = await vscode.window.showQuickPick(
    [
      {
        label: "$(files) Files…",
        detail: "Grafana's provisioning of data sources, promtool's HTTP configuration, .env, or an export",
        read: readFiles,
      },
      { label: "$(clippy) Clipboard", detail: "The same as text", read: readClipboard },
      {
        label: "$(terminal) Environment",
        description: isSet ? "" : `${environmentNames.url} is not set`,
        detail: `${Object.values(environmentNames).join(", ")}, as the extension host was started with`,
        read: async () => readEnvironment(environment),
      },
    ],
    { title: "Import Connections", placeHolder: "Where are they? Nothing is sent to any server." },
  );
  return chosen?.read();
}

async function readFiles(): Promise<readonly ReadSource[] | undefined> {
  const files = await vscode.window.showOpenDialog({
    title: "Import Connections",
    openLabel: "Read",
    canSelectMany: true,
  });
  return files === undefined ? undefined : Promise.all(files.slice(0, mostFiles).map(readFile));
}

async function readFile(uri: vscode.Uri): Promise<ReadSource> {
  const fileName = uri.path.split("/").at(-1) ?? "";
  const folder = uri.scheme === "file" ? dirname(uri.fsPath) : undefined;
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size > mostImportBytes) return { title: fileName, outcome: { ok: false, problem: { code: "tooLarge" } } };
    const bytes = await vscode.workspace.fs.readFile(uri);
    return { title: fileName, outcome: readImport({ bytes, fileName, folder }) };
  } catch (error) {
    if (!(error instanceof vscode.FileSystemError)) throw error;
    return { title: fileName, outcome: { ok: false, problem: { code: "unreadable" } } };
  }
}

async function readClipboard(): Promise<readonly ReadSource[]> {
  const bytes = new TextEncoder().encode(await vscode.env.clipboard.readText());
  return [{ title: "Clipboard", outcome: readImport({ bytes, fileName: "", folder: undefined }) }];
}

function readEnvironment(environment: Environment): readonly ReadSource[] {
  const outcome = readEnvironmentNames({ get: environment, secrets: "refer" });
  return [{ title: "Environment", outcome }];
}
