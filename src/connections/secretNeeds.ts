import { isSensitiveName } from "../shared/model/sensitiveName.ts";
import type { Profile } from "./profile.ts";
import type { SecretPurpose } from "./secrets.ts";
import { isReadableOnTheWay } from "./serverUrl.ts";

/** A secret that a connection keeps in the secret storage, and the one origin that it is sent to. */
export interface SecretNeed {
  readonly purpose: SecretPurpose;
  readonly origin: string;
}

/** The secrets without which a connection cannot sign in. Those that a reference or a command gives are not among them. */
export function secretNeedsOf({ auth, origin, secretHeaders, secretQueryParams }: Profile): readonly SecretNeed[] {
  const needs: SecretNeed[] = [];
  if (auth.type === "bearer" && auth.tokenRef === undefined) needs.push({ purpose: "token", origin });
  if (auth.type === "basic" && auth.passwordRef === undefined) needs.push({ purpose: "password", origin });
  if (auth.type === "raw") needs.push({ purpose: "authorization", origin });
  if (auth.type === "oauth2") needs.push({ purpose: "clientSecret", origin: new URL(auth.tokenUrl).origin });
  for (const name of secretHeaders) needs.push({ purpose: `header:${name}`, origin });
  for (const name of secretQueryParams) needs.push({ purpose: `query:${name}`, origin });
  return needs;
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
