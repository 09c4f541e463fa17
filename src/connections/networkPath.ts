import { Buffer } from "node:buffer";
import type { EditorProxySettings, FileReader } from "../platform/ports.ts";
import type { ProxyChoice, RequestOptions, SourceEndpoint } from "../shared/model/source.ts";
import type { Profile } from "./profile.ts";
import { chooseProxy } from "./proxyChoice.ts";
import { isNamedProxy } from "./secretNeeds.ts";
import { readTlsMaterial } from "./tlsMaterial.ts";

export interface NetworkPathDeps {
  readonly files: FileReader;
  readonly editorProxy: EditorProxySettings;
  readonly environment: (name: string) => string | undefined;
}

/** Secrets of the way to a server, each asked for only when it is needed; `undefined`: there is none. */
export interface NetworkPathSecrets {
  /** Opens an encrypted `tls.keyFile`. */
  keyPassphrase?(options: RequestOptions): Promise<string | undefined>;
  /** The value of `Proxy-Authorization` for the proxy that the profile itself names. */
  proxyAuthorization?(options: RequestOptions): Promise<string | undefined>;
}

/** How a profile's server is reached: certificates, proxy, and who sends. */
export type ProfilePath = Required<Pick<SourceEndpoint, "transport" | "tls" | "proxy">> & {
  /** Secrets of the way to `origin` that a careless proxy may hand on, so that an answer may hold them. */
  secrets(origin: string, options: RequestOptions): Promise<readonly string[]>;
};

/** The way to a profile's server; settings and files are looked at anew each time. */
export function networkPathOf(profile: Profile, deps: NetworkPathDeps, secrets: NetworkPathSecrets = {}): ProfilePath {
  const { editorProxy, environment, files } = deps;
  const keyPassphrase = async (options: RequestOptions) => secrets.keyPassphrase?.(options);

  async function proxy(origin: string, options: RequestOptions): Promise<ProxyChoice> {
    return chooseProxy({
      origin,
      wanted: profile.proxy,
      authorization: isNamedProxy(profile.proxy) ? await secrets.proxyAuthorization?.(options) : undefined,
      editor: {
        proxy: editorProxy.read("proxy"),
        noProxy: editorProxy.read("noProxy"),
        proxySupport: editorProxy.read("proxySupport"),
        proxyAuthorization: editorProxy.read("proxyAuthorization"),
      },
      environment,
    });
  }

  return {
    transport: profile.transport,
    tls: (options) => readTlsMaterial(profile.tls, { files, keyPassphrase }, options),
    proxy,
    async secrets(origin, options) {
      const choice: ProxyChoice = profile.transport === "own" ? await proxy(origin, options) : { kind: "direct" };
      if (choice.kind === "direct" || choice.authorization === undefined) return [];
      return secretsInAuthorization(choice.authorization);
    },
  };
}

/** A value of `Proxy-Authorization`, and what whoever receives it can read in it. */
function secretsInAuthorization(value: string): readonly string[] {
  const credentials = value.replace(/^\S+\s+/, "");
  if (!/^basic\s/i.test(value)) return [value, credentials];
  const pair = Buffer.from(credentials, "base64").toString("utf8");
  const colon = pair.indexOf(":");
  return [value, credentials, pair, ...(colon < 0 ? [] : [pair.slice(colon + 1)])];
}

/** True if this profile believes whoever answers in its server's name; such a connection keeps a badge. */
export function acceptsAnyCertificate({ tls, origin }: Pick<Profile, "tls" | "origin">): boolean {
  return tls.insecureSkipVerify && origin.startsWith("https:");
}
