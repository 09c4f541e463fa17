import { homedir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import { withSignal } from "../../host/cancellation.ts";
import { plainLabel } from "../../host/plainLabel.ts";
import { writeChunks } from "../../host/writeChunks.ts";
import { seriesOf } from "../../query/answerFacts.ts";
import { exportChunks, wholeText } from "../../query/export/exportChunks.ts";
import { counted } from "../../query/export/exportFacts.ts";
import { exportFileName } from "../../query/export/exportFileName.ts";
import { type ExportFormatId, exportFormats, formatsFor } from "../../query/export/exportFormats.ts";
import type { ExportSubject } from "../../query/export/exportSubject.ts";
import { DisposableStore, toDisposable } from "../../shared/disposable.ts";
import { AppError } from "../../shared/errors.ts";

/** More is not copied: VS Code passes it through several processes as one text; in bytes. */
const mostCopied = 5 * 2 ** 20;

/** Exports whole answers to files and the clipboard. Goes on when the panel is closed; ends with the extension. */
export class ResultExporter extends DisposableStore {
  readonly #ended = new AbortController();
  /** Where the last file went. */
  #folder: vscode.Uri | undefined;

  constructor() {
    super();
    this.register(toDisposable(() => this.#ended.abort(new AppError({ kind: "cancelled" }))));
  }

  /** Asks for a format among those that fit the answer. */
  async pickFormat({ answer }: ExportSubject): Promise<ExportFormatId | undefined> {
    const items = formatsFor(answer.data).map((id) => ({
      id,
      label: exportFormats[id].title,
      description: exportFormats[id].detail,
    }));
    const title = `Export ${extentOf(answer.data)}`;
    return (await vscode.window.showQuickPick(items, { title, placeHolder: "Format of the file" }))?.id;
  }

  /** Writes to `target`, or where the person says, with a progress that can be cancelled. */
  async toFile(subject: ExportSubject, id: ExportFormatId, target?: vscode.Uri): Promise<void> {
    const uri = target ?? (await this.#ask(subject, id));
    if (uri === undefined) return;
    const name = fileNameOf(uri);
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: `Exporting to ${name}`, cancellable: true },
      (progress, token) =>
        withSignal(token, async (cancelled) => {
          const signal = AbortSignal.any([cancelled, this.#ended.signal]);
          const onProgress = percentSteps((increment, message) => progress.report({ increment, message }));
          await writeChunks(uri, exportChunks(exportFormats[id].write, subject, { onProgress, signal }));
        }),
    );
    // Nobody waits for the buttons: they may stay for long. What fails in opening, VS Code says itself.
    announce(uri, `Exported ${extentOf(subject.answer.data)} to ${name}`).then(undefined, () => undefined);
  }

  /** Puts the whole export on the clipboard and says what is there; throws `exportTooLarge`. */
  async toClipboard(subject: ExportSubject, id: ExportFormatId): Promise<string> {
    const { write, kind } = exportFormats[id];
    const chunks = exportChunks(write, subject, { onProgress: () => undefined, signal: this.#ended.signal });
    const text = await wholeText(chunks, mostCopied);
    if (text === undefined) throw new AppError({ kind: "exportTooLarge", to: "clipboard", allowed: mostCopied });
    await vscode.env.clipboard.writeText(text);
    return `Copied ${extentOf(subject.answer.data)} as ${kind}.`;
  }

  async #ask({ title, exportedAt, zone }: ExportSubject, id: ExportFormatId): Promise<vscode.Uri | undefined> {
    const { kind, extension } = exportFormats[id];
    const name = exportFileName(title, exportedAt, zone, extension);
    const folder = this.#folder ?? vscode.workspace.workspaceFolders?.[0]?.uri;
    const uri = await vscode.window.showSaveDialog({
      defaultUri: folder === undefined ? vscode.Uri.file(join(homedir(), name)) : vscode.Uri.joinPath(folder, name),
      filters: { [kind]: [extension] },
      saveLabel: "Export",
      title: `Export as ${exportFormats[id].title}`,
    });
    if (uri !== undefined) this.#folder = vscode.Uri.joinPath(uri, "..");
    return uri;
  }
}

/** `1,234 series`; a scalar or string has none. */
function extentOf(data: ExportSubject["answer"]["data"]): string {
  return data.type === "scalar" || data.type === "string"
    ? "1 value"
    : counted(seriesOf(data).length, "series", "series");
}

function fileNameOf(uri: vscode.Uri): string {
  return plainLabel(uri.path.split("/").at(-1) ?? uri.path, 80);
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
