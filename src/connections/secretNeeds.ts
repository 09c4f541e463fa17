import { isSensitiveName } from "../shared/model/sensitiveName.ts";
import type { Profile } from "./profile.ts";
import type { SecretPurpose } from "./secrets.ts";
import { isReadableOnTheWay } from "./serverUrl.ts";

/** A secret that a connection keeps in the secret storage, and the one origin that it is sent to. */
export interface SecretNeed {
  readonly purpose: SecretPurpose;
  readonly origin: string;
  /** There may be none: the key may not be encrypted, the proxy ask for nothing. */
  readonly isOptional: boolean;
}

/** True for the address of a proxy that a profile names itself. */
export function isNamedProxy(proxy: Profile["proxy"]): proxy is string {
  return proxy !== undefined && proxy !== "system" && proxy !== "none";
}

/** The secrets that a connection may have stored. Those that a reference or a command gives are not among them. */
export function secretNeedsOf(profile: Profile): readonly SecretNeed[] {
  const { auth, origin, secretHeaders, secretQueryParams, tls, proxy } = profile;
  const needs: SecretNeed[] = [];
  const need = (purpose: SecretPurpose, to = origin, isOptional = false) =>
    needs.push({ purpose, origin: to, isOptional });
  if (auth.type === "bearer" && auth.tokenRef === undefined) need("token");
  if (auth.type === "basic" && auth.passwordRef === undefined) need("password");
  if (auth.type === "raw") need("authorization");
  if (auth.type === "oauth2") need("clientSecret", new URL(auth.tokenUrl).origin);
  for (const name of secretHeaders) need(`header:${name}`);
  for (const name of secretQueryParams) need(`query:${name}`);
  if (tls.keyFile !== "") need("keyPassphrase", origin, true);
  if (isNamedProxy(proxy)) need("proxyPassword", new URL(proxy).origin, true);
  return needs;
}

/**
 * True if this profile signs in with something that is not stored here (a reference, a program, an issued token, a client's
 * certificate), so that no stored secret binds it to an origin.
 */
export function hasUnboundCredential({ auth, tls }: Pick<Profile, "auth" | "tls">): boolean {
  if (auth.type === "oauth2" || auth.type === "command" || tls.certFile !== "") return true;
  return (auth.type === "bearer" ? auth.tokenRef : auth.type === "basic" ? auth.passwordRef : undefined) !== undefined;
}

/** True if this profile sends anything that is a credential, wherever it has it from. */
export function hasCredentials({ auth, headers, queryParams, secretHeaders, secretQueryParams }: Profile): boolean {
  const isNamedSo = [...Object.keys(headers), ...Object.keys(queryParams)].some(isSensitiveName);
  return auth.type !== "none" || secretHeaders.length > 0 || secretQueryParams.length > 0 || isNamedSo;
}

/** True if this profile sends a credential that others on the way can read; such a connection keeps a badge. */
export function sendsSecretInTheOpen(profile: Profile): boolean {
  return hasCredentials(profile) && isReadableOnTheWay(profile.origin, profile.proxy);
}
