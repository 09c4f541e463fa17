import * as vscode from "vscode";
import { registerCommands } from "../../host/commands.ts";
import type { ErrorReporter } from "../../host/errorReporter.ts";
import type { Disposable } from "../../shared/disposable.ts";

/** Commands that explain the extension. Nothing runs them but the person: not activation, not an update. */
export interface HelpCommands {
  "promqlWorkbench.help.getStarted"(): Promise<void>;
  "promqlWorkbench.help.openDocumentation"(): Promise<void>;
  "promqlWorkbench.help.reportIssue"(): Promise<void>;
  "promqlWorkbench.help.openSampleRunbook"(): Promise<void>;
  "promqlWorkbench.help.openSampleNotebook"(): Promise<void>;
  "promqlWorkbench.log.show"(): void;
}

export interface RegisterHelpDeps {
  readonly extension: vscode.Extension<unknown>;
  readonly reporter: ErrorReporter;
  readonly showLog: () => void;
  /** Opens a file's text as a notebook that is no file yet. */
  readonly openNotebook: (text: string) => Promise<void>;
}

/** The start of a report. It says what must not be in it, since reports are public; we put nothing of the person's in. */
const issueBody = [
  "What I did:",
  "",
  "What I expected, and what happened instead:",
  "",
  "The server and its version (Prometheus, Thanos, Mimir, VictoriaMetrics ...):",
  "",
  "<!-- Please leave out passwords, tokens and names of servers that others must not know. -->",
].join("\n");

/** The walkthrough, the documentation, a report of an issue, the sample runbook and the log. */
export function registerHelp({ extension, reporter, showLog, openNotebook }: RegisterHelpDeps): Disposable {
  const commands: HelpCommands = {
    "promqlWorkbench.help.getStarted": async () => {
      await vscode.commands.executeCommand("workbench.action.openWalkthrough", `${extension.id}#start`);
    },
    "promqlWorkbench.help.openDocumentation": async () => {
      const uri = await readme(extension.extensionUri);
      try {
        await vscode.commands.executeCommand("markdown.showPreview", uri);
      } catch {
        // The preview is an extension of its own, which can be switched off.
        await vscode.window.showTextDocument(uri);
      }
    },
    "promqlWorkbench.help.reportIssue": () => reportIssue(extension),
    "promqlWorkbench.help.openSampleRunbook": async () => {
      const content = await sampleRunbook(extension.extensionUri);
      // Untitled: it becomes a file when, and where, the person saves it.
      const document = await vscode.workspace.openTextDocument({ language: "promql", content });
      await vscode.window.showTextDocument(document, { preview: false });
    },
    "promqlWorkbench.help.openSampleNotebook": async () => openNotebook(await sampleRunbook(extension.extensionUri)),
    "promqlWorkbench.log.show": showLog,
  };
  return registerCommands(commands, reporter);
}

async function sampleRunbook(folder: vscode.Uri): Promise<string> {
  const uri = vscode.Uri.joinPath(folder, "media", "samples", "runbook.promql");
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}

/** README of the installed extension: the packager writes its name in small letters. */
async function readme(folder: vscode.Uri): Promise<vscode.Uri> {
  const names = (await vscode.workspace.fs.readDirectory(folder)).map(([name]) => name);
  const name = names.find((one) => one.toLowerCase() === "readme.md") ?? "README.md";
  return vscode.Uri.joinPath(folder, name);
}

/** VS Code's own reporter, at our extension. Not every host has one that works without an address to send to. */
async function reportIssue({ id }: vscode.Extension<unknown>): Promise<void> {
  try {
    await vscode.commands.executeCommand("workbench.action.openIssueReporter", { extensionId: id, issueBody });
  } catch {
    const showLog = "Show Log";
    const answer = await vscode.window.showInformationMessage(
      "There is no issue reporter here. Please report it where you got PromQL Workbench; its log has the details.",
      showLog,
    );
    if (answer === showLog) await vscode.commands.executeCommand("promqlWorkbench.log.show");
  }
}
