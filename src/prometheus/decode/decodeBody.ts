import { throwIfCancelled } from "../../shared/abort.ts";
import { type DecodedBody, type DecodeLimits, QueryAnswerDecoder } from "./queryAnswerDecoder.ts";

/** The decoder works on at most this many bytes before others have their turn: under a millisecond or two. */
const sliceBytes = 64 * 1024;

/** How long the decoder may hold the event loop, in milliseconds. */
const turnMs = 8;

/**
 * Decodes a decompressed body while it arrives, giving way to other work again and again. Stops asking for more once a
 * bound is reached. Throws `malformed`, and `cancelled` once `signal` is aborted.
 */
export async function decodeBody(
  body: AsyncIterable<Uint8Array>,
  { signal, ...limits }: DecodeLimits & { readonly signal: AbortSignal },
): Promise<DecodedBody> {
  const decoder = new QueryAnswerDecoder(limits);
  let turnEnds = performance.now() + turnMs;
  for await (const chunk of body) {
    for (let at = 0; at < chunk.length; at += sliceBytes) {
      throwIfCancelled(signal);
      if (!decoder.write(chunk.subarray(at, at + sliceBytes))) return decoder.end();
      if (performance.now() > turnEnds) {
        await new Promise((resolve) => setImmediate(resolve));
        turnEnds = performance.now() + turnMs;
      }
    }
  }
  throwIfCancelled(signal);
  return decoder.end();
}
