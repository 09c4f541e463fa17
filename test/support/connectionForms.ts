import assert from "node:assert/strict";
import { answered } from "../../src/connections/form/formAnswers.ts";
import type { FormState } from "../../src/connections/form/formState.ts";
import { type Profile, parseProfile } from "../../src/connections/profile.ts";

/** A profile at `https://a.example/p`, with more keys of its stored form. */
export function profile(more: Record<string, unknown>): Profile {
  const parsed = parseProfile({ id: "a", name: "A", url: "https://a.example/p", ...more });
  assert.ok(parsed.ok);
  return parsed.profile;
}

/** Goes through text steps with these answers. */
export const through = (state: FormState, ...answers: readonly string[]) => answers.reduce(answered, state);
