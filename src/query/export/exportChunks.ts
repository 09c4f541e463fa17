import { Turns } from "../../platform/turns.ts";
import { throwIfCancelled } from "../../shared/abort.ts";
import { type ExportPiece, type ExportSubject, type ExportWriter, sampleTotal } from "./exportSubject.ts";

export interface ExportChunksOptions {
  /** Told again and again how many samples are written, of how many. */
  readonly onProgress: (written: number, total: number) => void;
  readonly signal: AbortSignal;
}

/** The whole export as texts of about 64 KiB, giving way to other work in between; throws `cancelled` once `signal` is aborted. */
export function exportChunks(
  write: ExportWriter,
  subject: ExportSubject,
  options: ExportChunksOptions,
): AsyncGenerator<string, void> {
  return exportPieces(() => write(subject), sampleTotal(subject.answer.data), options);
}

/** The same of any pieces that bring `total` samples. */
export async function* exportPieces(
  write: () => Iterable<ExportPiece>,
  total: number,
  { onProgress, signal }: ExportChunksOptions,
): AsyncGenerator<string, void> {
  const turns = new Turns(signal);
  let written = 0;
  throwIfCancelled(signal);
  for (const { text, samples } of write()) {
    if (text !== "") yield text;
    written += samples;
    if (turns.isOver) {
      onProgress(written, total);
      await turns.next();
    }
    throwIfCancelled(signal);
  }
  onProgress(written, total);
}

/** The whole of some chunks; `undefined` where that is more than `mostBytes` of UTF-8. */
export async function wholeText(chunks: AsyncIterable<string>, mostBytes: number): Promise<string | undefined> {
  const parts: string[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += Buffer.byteLength(chunk);
    if (bytes > mostBytes) return undefined;
    parts.push(chunk);
  }
  return parts.join("");
}
