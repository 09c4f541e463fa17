import assert from "node:assert/strict";
import { type Profile, parseProfile } from "../../src/connections/profile.ts";

/** A checked profile of a server at `url`; `changes` may be what this version does not honour yet. */
export function aProfile(url: string, changes: Partial<Profile> = {}): Profile {
  const parsed = parseProfile({ version: 1, id: "prod", name: "Production", url, auth: { type: "none" } });
  assert.ok(parsed.ok);
  return { ...parsed.profile, ...changes };
}
