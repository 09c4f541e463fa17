import type { Logger } from "../platform/ports.ts";
import type { SourceFactory } from "../shared/model/source.ts";
import type { TokenRequester } from "../shared/model/tokenRequest.ts";
import { createHttpSource } from "./httpSource.ts";
import { requestToken } from "./tokenRequest.ts";

/** Everything that speaks to servers, for programs that call themselves `userAgent`. */
export function createNetwork(options: { readonly userAgent: string; readonly log: Logger }): {
  readonly createSource: SourceFactory;
  readonly requestToken: TokenRequester;
} {
  const { userAgent } = options;
  return {
    createSource: (endpoint) => createHttpSource(endpoint, options),
    requestToken: (request, options) => requestToken(request, { ...options, userAgent }),
  };
}
