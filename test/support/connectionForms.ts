import assert from "node:assert/strict";
import { answered } from "../../src/connections/form/formAnswers.ts";
import type { FormState } from "../../src/connections/form/formState.ts";
import type { Bindings, StoredBinding } from "../../src/connections/movedSecrets.ts";
import { type Profile, parseProfile } from "../../src/connections/profile.ts";
import type { SecretPurpose } from "../../src/connections/secrets.ts";

/** A profile at `https://a.example/p`, with more keys of its stored form. */
export function profile(more: Record<string, unknown>): Profile {
  const parsed = parseProfile({ id: "a", name: "A", url: "https://a.example/p", ...more });
  assert.ok(parsed.ok);
  return parsed.profile;
}

/** Nothing is stored for a connection, and it signs in with nothing else. */
export const nothingBound: Bindings = { stored: new Map(), notStored: undefined };

/** Stored secrets by the origin that they are bound to; `unreadable`: no origin is known. */
export function boundTo(
  origins: Readonly<Partial<Record<SecretPurpose, string>>>,
  notStored: string | undefined = undefined,
): Bindings {
  const entries = Object.entries(origins) as [SecretPurpose, string][];
  const binding = (origin: string): StoredBinding =>
    origin === "unreadable" ? { state: "unreadable" } : { state: "found", origin };
  return { stored: new Map(entries.map(([purpose, origin]) => [purpose, binding(origin)])), notStored };
}

/** Goes through text steps with these answers. */
export const through = (state: FormState, ...answers: readonly string[]) => answers.reduce(answered, state);
