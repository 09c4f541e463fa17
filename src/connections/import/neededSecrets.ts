import type { SecretPurpose } from "../secrets.ts";
import { isRecord } from "../strictObject.ts";

/**
 * The secrets that a connection needs from the secret storage; what it refers to elsewhere is not among them, nor what only the
 * other side knows: whether a proxy wants a password, or a key its passphrase.
 */
export function neededSecrets(element: Readonly<Record<string, unknown>>): readonly SecretPurpose[] {
  const auth = isRecord(element["auth"]) ? element["auth"] : {};
  const needs: SecretPurpose[] = [];
  if (auth["type"] === "bearer" && auth["tokenRef"] === undefined) needs.push("token");
  if (auth["type"] === "basic" && auth["passwordRef"] === undefined) needs.push("password");
  if (auth["type"] === "raw") needs.push("authorization");
  if (auth["type"] === "oauth2") needs.push("clientSecret");
  for (const name of textsOf(element["secretHeaders"])) needs.push(`header:${name}`);
  for (const name of textsOf(element["secretQueryParams"])) needs.push(`query:${name}`);
  return needs;
}

/** The one origin that a secret of this connection may be sent to; `undefined` where its address is none. */
export function originOfSecret(element: Readonly<Record<string, unknown>>, purpose: SecretPurpose): string | undefined {
  const auth = isRecord(element["auth"]) ? element["auth"] : {};
  const address =
    purpose === "clientSecret" ? auth["tokenUrl"] : purpose === "proxyPassword" ? element["proxy"] : element["url"];
  return typeof address === "string" && URL.canParse(address) ? new URL(address).origin : undefined;
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
