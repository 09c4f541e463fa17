import { Buffer } from "node:buffer";
import type { EditorProxySettings } from "../platform/ports.ts";
import type { MetricsSource, SourceFactory } from "../shared/model/source.ts";
import type { TokenRequester, TokenWay } from "../shared/model/tokenRequest.ts";
import { pagesRules } from "./backend.ts";
import { Credentials, type CredentialsDeps, type SecretDrafts } from "./credentials.ts";
import type { KnownServers } from "./knownServers.ts";
import { networkPathOf } from "./networkPath.ts";
import type { Profile } from "./profile.ts";
import { secretNeedsOf } from "./secretNeeds.ts";
import type { ConnectionSecrets } from "./secrets.ts";
import { isReadableOnTheWay } from "./serverUrl.ts";

/** The code that speaks to servers. */
export interface Network {
  readonly createSource: SourceFactory;
  readonly requestToken: TokenRequester;
}

/** Bounds of the decoder, from settings. */
export interface DecoderBounds {
  readonly maxSamples: number;
  readonly maxBytes: number;
}

export interface ProfileSourceDeps extends Omit<CredentialsDeps, "requestToken"> {
  /** Loaded on first use. */
  readonly loadNetwork: () => Promise<Network>;
  readonly bounds: () => DecoderBounds;
  /** The user's proxy settings in the editor. */
  readonly editorProxy: EditorProxySettings;
}

const noClientTls = {
  ...{ ca: undefined, cert: undefined, key: undefined, passphrase: undefined, serverName: undefined },
  rejectUnauthorized: true,
};

/** What a source is made for. */
export interface SourceUse {
  /** Throws while something has to be agreed to before a credential is sent there. */
  readonly allow: (to: "server" | "proxy") => void;
  /** What is known of the server when it is asked. */
  readonly servers: Pick<KnownServers, "backends" | "capabilities">;
  /** Aborted: none is made any more. */
  readonly signal: AbortSignal;
}

/** A source of a profile's own. */
export async function sourceOfProfile(
  profile: Profile,
  drafts: SecretDrafts,
  deps: ProfileSourceDeps,
  { allow, servers: { backends, capabilities }, signal }: SourceUse,
): Promise<MetricsSource> {
  const { bounds, loadNetwork } = deps;
  const { createSource, requestToken } = await loadNetwork();
  signal.throwIfAborted();
  const { secrets: secretsOfWay, ...way } = networkPathOf(profile, deps, {
    keyPassphrase: () => optionalSecret(profile, "keyPassphrase", drafts, deps.secrets),
    proxyAuthorization: async () => {
      // Stored as user and password with a colon between them.
      const pair = await optionalSecret(profile, "proxyPassword", drafts, deps.secrets);
      if (pair !== undefined) allow("proxy");
      return pair && `Basic ${Buffer.from(pair, "utf8").toString("base64")}`;
    },
  });
  // The token server is another one: the same proxy and authorities lead there, not the client's certificate.
  const tokenWay: TokenWay = {
    transport: way.transport,
    // A token URL of plain http is one of this machine: to a proxy elsewhere the client's secret would be readable.
    proxy: async (to, options) => (isReadableOnTheWay(to, profile.proxy) ? { kind: "direct" } : way.proxy(to, options)),
    secrets: secretsOfWay,
    tls: async (options) => ({ ...noClientTls, ca: (await way.tls(options)).ca }),
  };
  const credentials = new Credentials(profile, drafts, {
    ...deps,
    requestToken: (request, options) => requestToken(request, { ...options, way: tokenWay }),
  });
  return createSource({
    ...way,
    baseUrl: profile.baseUrl,
    method: profile.method,
    timeoutMs: profile.timeoutMs,
    async credentials(origin, options) {
      allow("server");
      const found = await credentials.for(origin, options);
      return { ...found, secrets: [...found.secrets, ...(await secretsOfWay(origin, options))] };
    },
    get pagesRules() {
      return pagesRules(backends.of(profile));
    },
    get searchesNames() {
      return capabilities.of(profile)?.offers.get("search")?.offer === "offered";
    },
    dispose: () => credentials.dispose(),
    get maxSamples() {
      return bounds().maxSamples;
    },
    get maxBytes() {
      return bounds().maxBytes;
    },
  });
}

/** A secret of the way to a server; `undefined`: there is none. Throws `originChanged` or `misconfigured`. */
async function optionalSecret(
  profile: Profile,
  purpose: "keyPassphrase" | "proxyPassword",
  { typed, confirmed }: SecretDrafts,
  secrets: ConnectionSecrets,
): Promise<string | undefined> {
  const value = typed.get(purpose);
  const need = secretNeedsOf(profile).find((one) => one.purpose === purpose);
  if (value !== undefined || need === undefined) return value;
  if ((await secrets.read(profile.id, purpose)).state === "none") return undefined;
  return secrets.valueFor(profile.id, purpose, need.origin, confirmed);
}
