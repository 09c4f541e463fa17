import { isSensitiveName } from "../../shared/model/sensitiveName.ts";
import { isRecord } from "../strictObject.ts";
import { withoutSecretWords } from "./commandSecrets.ts";
import { decoded } from "./connectionBuilder.ts";
import type { ImportedSecret } from "./importResult.ts";

/** An element of the setting without what may be a secret by its name, and what that was. */
export interface WithoutSecrets {
  readonly element: Readonly<Record<string, unknown>>;
  /** What has a place in the secret storage; the element names it there. */
  readonly secrets: readonly ImportedSecret[];
  /** Paths of what has none. */
  readonly leftOut: readonly string[];
}

/** Takes values out that were written into plain keys by hand. What has another form than expected stays as it is. */
export function withoutPlainSecrets(element: Readonly<Record<string, unknown>>): WithoutSecrets {
  const secrets: ImportedSecret[] = [];
  const leftOut: string[] = [];
  const proxy = withoutProxyUser(element["proxy"], secrets);
  const auth = withoutAuthSecrets(element["auth"], leftOut);
  const changed: Record<string, unknown> = {
    ...element,
    ...(proxy === element["proxy"] ? {} : { proxy }),
    ...(auth === element["auth"] ? {} : { auth }),
  };
  for (const [plainKey, secretKey, kind] of [
    ["headers", "secretHeaders", "header"],
    ["queryParams", "secretQueryParams", "query"],
  ] as const) {
    const { plain, sensitive } = partedByName(element[plainKey]);
    const named = element[secretKey] ?? [];
    if (sensitive.length === 0 || !Array.isArray(named)) continue;
    if (Object.keys(plain).length === 0) delete changed[plainKey];
    else changed[plainKey] = plain;
    changed[secretKey] = [...named, ...sensitive.map(([name]) => name)];
    secrets.push(...sensitive.map(([name, value]): ImportedSecret => ({ purpose: `${kind}:${name}`, value })));
  }
  return { element: changed, secrets, leftOut };
}

/** Parameters in two heaps: those that are named like a secret, and all others. */
export function partedByName(params: unknown): {
  readonly plain: Readonly<Record<string, unknown>>;
  readonly sensitive: readonly (readonly [name: string, value: string])[];
} {
  const entries = isRecord(params) ? Object.entries(params) : [];
  const sensitive = entries.flatMap(([name, value]) =>
    typeof value === "string" && isSensitiveName(name) ? [[name, value] as const] : [],
  );
  const plain = entries.filter(([name, value]) => typeof value !== "string" || !isSensitiveName(name));
  return { plain: Object.fromEntries(plain), sensitive };
}

/** An address without parameters that are named like a secret, and their names. */
export function withoutSecretParams(address: string): { readonly address: string; readonly names: readonly string[] } {
  if (!URL.canParse(address)) return { address, names: [] };
  const url = new URL(address);
  const names = [...new Set(url.searchParams.keys())].filter(isSensitiveName);
  for (const name of names) url.searchParams.delete(name);
  return names.length === 0 ? { address, names } : { address: url.href, names };
}

/** Who signs in at a proxy is a secret, also where it was written into its address. */
function withoutProxyUser(proxy: unknown, secrets: ImportedSecret[]): unknown {
  if (typeof proxy !== "string" || !URL.canParse(proxy)) return proxy;
  const { username, password, protocol, host } = new URL(proxy);
  if (username === "" && password === "") return proxy;
  secrets.push({ purpose: "proxyPassword", value: `${decoded(username)}:${decoded(password)}` });
  return `${protocol}//${host}`;
}

function withoutAuthSecrets(auth: unknown, leftOut: string[]): unknown {
  if (!isRecord(auth)) return auth;
  const { tokenUrl, params, command } = auth;
  let changed = auth;
  if (typeof tokenUrl === "string") {
    const { address, names } = withoutSecretParams(tokenUrl);
    leftOut.push(...names.map((name) => `auth.tokenUrl.${name}`));
    if (names.length > 0) changed = { ...changed, tokenUrl: address };
  }
  const { plain, sensitive } = partedByName(params);
  leftOut.push(...sensitive.map(([name]) => `auth.params.${name}`));
  if (sensitive.length > 0) changed = { ...changed, params: plain };
  if (Array.isArray(command) && command.every((word) => typeof word === "string")) {
    const cleaned = withoutSecretWords(command);
    leftOut.push(...cleaned.changed.map((i) => `auth.command.${i}`));
    if (cleaned.changed.length > 0) changed = { ...changed, command: cleaned.command };
  }
  return changed;
}
