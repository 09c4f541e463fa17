import { feed } from "./feed.ts";
import { type DecodedBody, type DecodeLimits, QueryAnswerDecoder } from "./queryAnswerDecoder.ts";

/**
 * Decodes a decompressed body while it arrives, giving way to other work again and again. Stops asking for more once a
 * bound is reached. Throws `malformed`, and `cancelled` once `signal` is aborted.
 */
export async function decodeBody(
  body: AsyncIterable<Uint8Array>,
  { signal, ...limits }: DecodeLimits & { readonly signal: AbortSignal },
): Promise<DecodedBody> {
  const decoder = new QueryAnswerDecoder(limits);
  await feed(body, (slice) => decoder.write(slice), signal);
  return decoder.end();
}
