import { open } from "node:fs/promises";
import type { FileReader } from "../platform/ports.ts";

/** Reads files of the machine that the extension host runs on. */
export class NodeFileReader implements FileReader {
  async read(
    path: string,
    { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
  ): Promise<Uint8Array> {
    const file = await open(path, "r");
    try {
      // A pipe or device has no size and may never end: only as much is read as is wanted.
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
