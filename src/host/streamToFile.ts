import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { access, type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AppError, isAppError, isCancelled, type NotWrittenCode } from "../shared/errors.ts";

const codes: Readonly<Record<string, NotWrittenCode>> = {
  ENOSPC: "diskFull",
  EDQUOT: "diskFull",
  EFBIG: "diskFull",
  EACCES: "denied",
  EPERM: "denied",
  EROFS: "denied",
  ENOENT: "folderGone",
  ENOTDIR: "folderGone",
  EBUSY: "inUse",
  ETXTBSY: "inUse",
  EISDIR: "notAFile",
};

/**
 * Writes a file from chunks as they are made: into a sibling that takes the file's name when it is whole. Whatever goes
 * wrong, or a cancellation, leaves no sibling behind and the old file as it was. Throws `notWritten`, and what `chunks` throws
 * if that is ours.
 */
export async function streamToFile(path: string, chunks: AsyncIterable<string> | Iterable<Uint8Array>): Promise<void> {
  let part: string | undefined;
  let handle: FileHandle | undefined;
  try {
    const { target, mode } = await whatIsThere(path);
    const sibling = join(dirname(target), `.${basename(target).slice(0, 60)}.${randomBytes(6).toString("hex")}.part`);
    handle = await open(sibling, "wx");
    part = sibling;
    if (mode !== undefined) await handle.chmod(mode);
    for await (const chunk of chunks) await handle.writeFile(chunk);
    await handle.close();
    handle = undefined;
    await rename(sibling, target);
  } catch (error) {
    // What follows must not hide why it failed.
    await handle?.close().catch(() => undefined);
    if (part !== undefined) await rm(part, { force: true }).catch(() => undefined);
    throw isAppError(error) || isCancelled(error) ? error : notWritten(path, error);
  }
}

/** The file that would be replaced, behind links; an old one that may not be written is not replaced either. */
async function whatIsThere(path: string): Promise<{ readonly target: string; readonly mode: number | undefined }> {
  const target = await realpath(path).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  });
  if (target === undefined) return { target: path, mode: undefined };
  const found = await stat(target);
  if (!found.isFile()) {
    throw new AppError({ kind: "notWritten", code: "notAFile", file: basename(path), detail: "" });
  }
  await access(target, constants.W_OK);
  return { target, mode: found.mode & 0o777 };
}

function notWritten(path: string, error: unknown): AppError {
  const detail = error instanceof Error ? error.message : String(error);
  const code = codes[codeOf(error) ?? ""] ?? "other";
  return new AppError({ kind: "notWritten", code, file: basename(path), detail }, { cause: error });
}

/** Node's name of a system error. */
function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
