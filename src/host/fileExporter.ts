import { homedir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import type { ExportChunksOptions } from "../query/export/exportChunks.ts";
import { counted } from "../query/export/exportFacts.ts";
import { DisposableStore, toDisposable } from "../shared/disposable.ts";
import { AppError } from "../shared/errors.ts";
import { withSignal } from "./cancellation.ts";
import { plainLabel } from "./plainLabel.ts";
import { writeChunks } from "./writeChunks.ts";

/** Something that can be written to a file. */
export interface FileExport {
  /** What is proposed as the file's name. */
  readonly fileName: string;
  /** Of the file's kind, as a save dialog shows it, and as its title says it. */
  readonly kind: string;
  readonly extension: string;
  readonly title: string;
  /** What was exported, such as `12 series`. */
  readonly extent: string;
  readonly chunks: (options: ExportChunksOptions) => AsyncIterable<string>;
}

/** Writes exports to files, with a progress that can be cancelled. Goes on when panels are closed; ends with the extension. */
export class FileExporter extends DisposableStore {
  readonly #ended = new AbortController();
  /** Where the last file went. */
  #folder: vscode.Uri | undefined;

  constructor() {
    super();
    this.register(toDisposable(() => this.#ended.abort(new AppError({ kind: "cancelled" }))));
  }

  /** Aborted with the extension. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** Writes to `target`, or where the person says. */
  async write(subject: FileExport, target?: vscode.Uri): Promise<void> {
    const uri = target ?? (await this.#ask(subject));
    if (uri === undefined) return;
    const name = plainLabel(uri.path.split("/").at(-1) ?? uri.path, 80);
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: `Exporting to ${name}`, cancellable: true },
      (progress, token) =>
        withSignal(token, async (cancelled) => {
          const signal = AbortSignal.any([cancelled, this.ended]);
          const onProgress = percentSteps((increment, message) => progress.report({ increment, message }));
          await writeChunks(uri, subject.chunks({ onProgress, signal }));
        }),
    );
    // Nobody waits for the buttons: they may stay for long. What fails in opening, VS Code says itself.
    announce(uri, `Exported ${subject.extent} to ${name}`).then(undefined, () => undefined);
  }

  async #ask({ fileName, kind, extension, title }: FileExport): Promise<vscode.Uri | undefined> {
    const folder = this.#folder ?? vscode.workspace.workspaceFolders?.[0]?.uri;
    const uri = await vscode.window.showSaveDialog({
      defaultUri:
        folder === undefined ? vscode.Uri.file(join(homedir(), fileName)) : vscode.Uri.joinPath(folder, fileName),
      filters: { [kind]: [extension] },
      saveLabel: "Export",
      title,
    });
    if (uri !== undefined) this.#folder = vscode.Uri.joinPath(uri, "..");
    return uri;
  }
}

/** Tells of whole percents only: VS Code draws each report. */
function percentSteps(report: (increment: number, message: string) => void): (written: number, total: number) => void {
  let last = 0;
  return (written, total) => {
    const percent = total === 0 ? 100 : Math.floor((written / total) * 100);
    if (percent === last) return;
    report(percent - last, `${percent} % of ${counted(total, "sample", "samples")}`);
    last = percent;
  };
}

/** Says quietly that a file is there, with the ways to it that there are on this machine. */
async function announce(uri: vscode.Uri, text: string): Promise<void> {
  const isLocal =
    uri.scheme === "file" && vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined;
  const inWorkspace = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  const open = "Open";
  const reveal = "Reveal";
  const answer = await vscode.window.showInformationMessage(text, open, ...(isLocal || inWorkspace ? [reveal] : []));
  if (answer === open) await vscode.commands.executeCommand("vscode.open", uri);
  if (answer === reveal) await vscode.commands.executeCommand(isLocal ? "revealFileInOS" : "revealInExplorer", uri);
}
