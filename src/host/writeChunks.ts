import * as vscode from "vscode";
import { wholeText } from "../query/export/exportChunks.ts";
import { AppError, isAppError, isCancelled, type NotWrittenCode } from "../shared/errors.ts";
import { streamToFile } from "./streamToFile.ts";

/** Other file systems take a file as one piece, which has to be in memory; in bytes. */
const mostBytes = 64 * 2 ** 20;

/** Writes chunks to a file of any file system; throws `notWritten`, `exportTooLarge`, and what `chunks` throws if that is ours. */
export async function writeChunks(target: vscode.Uri, chunks: AsyncIterable<string>): Promise<void> {
  if (target.scheme === "file") {
    await streamToFile(target.fsPath, chunks);
    return;
  }
  await inOnePiece(target, async () => {
    const text = await wholeText(chunks, mostBytes);
    if (text === undefined) throw new AppError({ kind: "exportTooLarge", to: "file", allowed: mostBytes });
    return new TextEncoder().encode(text);
  });
}

/** Writes what is in memory already to a file of any file system; throws `notWritten`. */
export async function writeBytes(target: vscode.Uri, bytes: Uint8Array): Promise<void> {
  if (target.scheme === "file") await streamToFile(target.fsPath, [bytes]);
  else await inOnePiece(target, async () => bytes);
}

async function inOnePiece(target: vscode.Uri, make: () => Promise<Uint8Array>): Promise<void> {
  try {
    await vscode.workspace.fs.writeFile(target, await make());
  } catch (error) {
    if (isAppError(error) || isCancelled(error)) throw error;
    const detail = error instanceof Error ? error.message : String(error);
    const file = target.path.split("/").at(-1) ?? target.path;
    throw new AppError({ kind: "notWritten", code: codeOf(error), file, detail }, { cause: error });
  }
}

function codeOf(error: unknown): NotWrittenCode {
  switch (error instanceof vscode.FileSystemError ? error.code : "") {
    case "NoPermissions":
      return "denied";
    case "FileNotFound":
    case "FileNotADirectory":
      return "folderGone";
    case "FileIsADirectory":
      return "notAFile";
    default:
      return "other";
  }
}
