import * as vscode from "vscode";
import { FileExporter } from "../../host/fileExporter.ts";
import { seriesOf } from "../../query/answerFacts.ts";
import { exportChunks, wholeText } from "../../query/export/exportChunks.ts";
import { counted } from "../../query/export/exportFacts.ts";
import { exportFileName } from "../../query/export/exportFileName.ts";
import { type ExportFormatId, exportFormats, formatsFor } from "../../query/export/exportFormats.ts";
import type { ExportSubject } from "../../query/export/exportSubject.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import { AppError } from "../../shared/errors.ts";

/** More is not copied: VS Code passes it through several processes as one text; in bytes. */
const mostCopied = 5 * 2 ** 20;

/** Exports whole answers to files and the clipboard. */
export class ResultExporter extends DisposableStore {
  readonly #files = this.register(new FileExporter());

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

  /** Writes to `target`, or where the person says. */
  async toFile(subject: ExportSubject, id: ExportFormatId, target?: vscode.Uri): Promise<void> {
    const { kind, extension, title, write } = exportFormats[id];
    const file = {
      fileName: exportFileName(subject.title, subject.exportedAt, subject.zone, extension),
      ...{ kind, extension, title: `Export as ${title}` },
      extent: extentOf(subject.answer.data),
      chunks: exportChunks.bind(undefined, write, subject),
    };
    await this.#files.write(file, target);
  }

  /** Puts the whole export on the clipboard and says what is there; throws `exportTooLarge`. */
  async toClipboard(subject: ExportSubject, id: ExportFormatId): Promise<string> {
    const { write, kind } = exportFormats[id];
    const chunks = exportChunks(write, subject, { onProgress: () => undefined, signal: this.#files.ended });
    const text = await wholeText(chunks, mostCopied);
    if (text === undefined) throw new AppError({ kind: "exportTooLarge", to: "clipboard", allowed: mostCopied });
    await vscode.env.clipboard.writeText(text);
    return `Copied ${extentOf(subject.answer.data)} as ${kind}.`;
  }
}

/** `1,234 series`; a scalar or string has none. */
function extentOf(data: ExportSubject["answer"]["data"]): string {
  return data.type === "scalar" || data.type === "string"
    ? "1 value"
    : counted(seriesOf(data).length, "series", "series");
}
