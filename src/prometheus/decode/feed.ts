import { Turns } from "../../platform/turns.ts";
import { throwIfCancelled } from "../../shared/abort.ts";

/** The decoder works on at most this many bytes before others have their turn: under a millisecond or two. */
const sliceBytes = 64 * 1024;

/**
 * Hands a body that is arriving to `write` in small slices, giving way to other work again and again, until `write`
 * answers false or the body ends. Throws `cancelled` once `signal` is aborted, and what reading and `write` throw.
 */
export async function feed(
  body: AsyncIterable<Uint8Array>,
  write: (slice: Uint8Array) => boolean,
  signal: AbortSignal,
): Promise<void> {
  const turns = new Turns(signal);
  for await (const chunk of body) {
    for (let at = 0; at < chunk.length; at += sliceBytes) {
      throwIfCancelled(signal);
      if (!write(chunk.subarray(at, at + sliceBytes))) return;
      if (turns.isOver) await turns.next();
    }
  }
  throwIfCancelled(signal);
}
