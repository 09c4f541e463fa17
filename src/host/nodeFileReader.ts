import { open, stat } from "node:fs/promises";
import type { FileReader } from "../platform/ports.ts";

/** Reads files of the machine that the extension host runs on. */
export class NodeFileReader implements FileReader {
  async read(
    path: string,
    { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
  ): Promise<Uint8Array> {
    // Opening a pipe waits for its writer, on one of the few threads that all files and names of the host share.
    if (!(await stat(path)).isFile()) throw Object.assign(new Error("This is no regular file"), { code: "EINVAL" });
    const file = await open(path, "r");
    try {
      // It may grow meanwhile: only as much is read as is wanted.
      const buffer = Buffer.alloc(maxBytes + 1);
      let length = 0;
      for (;;) {
        signal.throwIfAborted();
        const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
        if (bytesRead === 0) return buffer.subarray(0, length);
        length += bytesRead;
        if (length > maxBytes) throw Object.assign(new Error("The file is too large"), { code: "EFBIG" });
      }
    } finally {
      await file.close();
    }
  }
}
