import { pipeline, type Readable } from "node:stream";
import { createGunzip, createInflate, type Gunzip, type Inflate } from "node:zlib";
import { AppError } from "../shared/errors.ts";

/** A response body after decompression. It can be iterated once; leaving the loop early closes the socket. */
export interface ResponseBody extends AsyncIterable<Uint8Array> {
  /** Bytes taken from the wire so far, still compressed. */
  readonly receivedBytes: number;
  /** Bytes handed out so far. */
  readonly decodedBytes: number;
}

/**
 * Undoes `Content-Encoding` `gzip` or `deflate` chunk by chunk, so that a small body which grows a thousandfold never
 * exists in memory as a whole: whoever iterates counts what comes out and stops. Throws `malformed` for a damaged
 * stream and for any other encoding, and the network's own error for everything else.
 */
export function openBody(raw: Readable, contentEncoding: string | undefined): ResponseBody {
  const encoding = (contentEncoding ?? "").trim().toLowerCase();
  const unzip = decompressor(encoding);
  let decodedBytes = 0;
  // A body that is closed early, or that nobody reads, also reports an error event; readers get theirs by throwing.
  raw.on("error", () => {});

  async function* read(): AsyncGenerator<Uint8Array> {
    if (unzip === "unknown") {
      raw.destroy();
      throw new AppError({ kind: "malformed", offset: 0, expected: "Content-Encoding gzip, deflate or none" });
    }
    const source = unzip === undefined ? raw : pipeline(raw, unzip, () => {});
    try {
      for await (const chunk of source) {
        decodedBytes += chunk.length;
        yield chunk;
      }
    } catch (error) {
      if (!isZlibError(error)) throw error;
      throw new AppError(
        { kind: "malformed", offset: decodedBytes, expected: `intact ${encoding} data` },
        { cause: error },
      );
    } finally {
      raw.destroy();
    }
  }

  const chunks = read();
  return {
    get receivedBytes() {
      return unzip === undefined || unzip === "unknown" ? decodedBytes : unzip.bytesWritten;
    },
    get decodedBytes() {
      return decodedBytes;
    },
    [Symbol.asyncIterator]: () => chunks,
  };
}

function decompressor(encoding: string): Gunzip | Inflate | "unknown" | undefined {
  const options = { chunkSize: 64 * 1024 };
  if (encoding === "" || encoding === "identity") return undefined;
  if (encoding === "gzip" || encoding === "x-gzip") return createGunzip(options);
  return encoding === "deflate" ? createInflate(options) : "unknown";
}

function isZlibError(error: unknown): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string" && /^Z_/.test(error.code);
}

/** More white space than this before the first sign of a document, in bytes, is none. */
const maxBlank = 64 * 1024;

/**
 * The first byte of `body` that is not JSON white space or part of a byte order mark, and the body without the blank chunks
 * before it; `undefined` for a body that holds nothing else, or too much of it.
 */
export async function peekBody(
  body: ResponseBody,
): Promise<{ readonly firstByte: number | undefined; readonly body: ResponseBody }> {
  const chunks = body[Symbol.asyncIterator]();
  const seen: Uint8Array[] = [];
  let firstByte: number | undefined;
  // Blank chunks are not kept: a few compressed kilobytes make gigabytes of them.
  for (let blank = 0; firstByte === undefined && blank <= maxBlank; ) {
    const { done, value } = await chunks.next();
    if (done === true) break;
    firstByte = value.find((byte) => !blankBytes.has(byte));
    if (firstByte === undefined) blank += value.length;
    else seen.push(value);
  }

  async function* replay(): AsyncGenerator<Uint8Array> {
    try {
      yield* seen;
      yield* { [Symbol.asyncIterator]: () => chunks };
    } finally {
      await chunks.return?.();
    }
  }

  const whole = replay();
  return {
    firstByte,
    body: {
      get receivedBytes() {
        return body.receivedBytes;
      },
      get decodedBytes() {
        return body.decodedBytes;
      },
      [Symbol.asyncIterator]: () => whole,
    },
  };
}

const blankBytes: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]);

/**
 * At most the first `maxBytes` of a body that explains a failure, as far as they can be read: never throws, so that the
 * caller has to ask its signal afterwards.
 */
export async function readExcerpt(body: ResponseBody, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let left = maxBytes;
  try {
    for await (const chunk of body) {
      chunks.push(chunk.subarray(0, left));
      left -= chunk.length;
      if (left <= 0) break;
    }
  } catch {
    // What was read explains more than the way in which it broke off.
  }
  return Buffer.concat(chunks)
    .toString("utf8")
    .replace(/^\ufeff/, "");
}
