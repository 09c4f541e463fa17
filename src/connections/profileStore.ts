import type { ProfileSettings } from "../platform/ports.ts";
import { DisposableStore } from "../shared/disposable.ts";
import { Emitter } from "../shared/event.ts";
import { type Profile, parseProfile } from "./profile.ts";
import type { ProfileProblem } from "./profileProblem.ts";
import { variableOf } from "./references.ts";
import { isRecord } from "./strictObject.ts";

/** An element of the setting that cannot be used. It stays where it is, as it is. */
export interface DisabledProfile {
  /** Its place in the setting, from 0; `undefined`: the setting itself is no list. */
  readonly index: number | undefined;
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly problems: readonly ProfileProblem[];
}

/** The setting as read: every element is in exactly one of the lists. */
export interface Profiles {
  readonly profiles: readonly Profile[];
  readonly disabled: readonly DisabledProfile[];
}

/** The environment of the extension host, as it was when that started. */
export type Environment = (name: string) => string | undefined;

/**
 * Reads the value of the setting. Of several elements with one id the first holds it, the others are disabled; so is one that
 * refers to a variable which is not set.
 */
export function parseProfiles(value: unknown, environment: Environment): Profiles {
  if (value === undefined) return { profiles: [], disabled: [] };
  if (!Array.isArray(value)) {
    const problem: ProfileProblem = { path: "", code: "wrongType", expected: "a list of connections" };
    return { profiles: [], disabled: [{ index: undefined, id: undefined, name: undefined, problems: [problem] }] };
  }
  const profiles: Profile[] = [];
  const disabled: DisabledProfile[] = [];
  const ids = new Set<string>();
  for (const [index, raw] of value.entries()) {
    const parsed = parseProfile(raw);
    const { id, name } = parsed.ok ? parsed.profile : parsed;
    const problems = parsed.ok ? unsetVariables(parsed.profile, environment) : [...parsed.problems];
    if (id !== undefined && ids.has(id)) problems.push({ path: "id", code: "duplicateId", id });
    if (id !== undefined) ids.add(id);
    if (parsed.ok && problems.length === 0) profiles.push(parsed.profile);
    else disabled.push({ index, id, name, problems });
  }
  return { profiles, disabled };
}

function unsetVariables({ auth }: Profile, environment: Environment): ProfileProblem[] {
  const references = [
    ["auth.tokenRef", auth.type === "bearer" ? auth.tokenRef : undefined],
    ["auth.passwordRef", auth.type === "basic" ? auth.passwordRef : undefined],
  ] as const;
  return references.flatMap(([path, reference]): ProfileProblem[] => {
    const name = reference && variableOf(reference);
    const value = name && environment(name);
    if (name === undefined || (value !== undefined && value !== "")) return [];
    return [{ path, code: value === undefined ? "envUnset" : "envEmpty", name }];
  });
}

/** The connections of the user's settings, read again whenever the setting changes. */
export class ProfileStore extends DisposableStore {
  readonly #settings: ProfileSettings;
  readonly #environment: Environment;
  readonly #changed = this.register(new Emitter<void>());
  #current: Profiles | undefined;

  /** Fires after the setting changed. */
  readonly onDidChange = this.#changed.event;

  constructor(settings: ProfileSettings, environment: Environment) {
    super();
    this.#settings = settings;
    this.#environment = environment;
    this.register(
      settings.onDidChange(() => {
        this.#current = undefined;
        this.#changed.fire();
      }),
    );
  }

  read(): Profiles {
    this.#current ??= parseProfiles(this.#settings.read(), this.#environment);
    return this.#current;
  }

  find(id: string): Profile | undefined {
    return this.read().profiles.find((profile) => profile.id === id);
  }

  /** The stored element with this id as it stands in the setting; the first, if there are several. */
  rawOf(id: string): Readonly<Record<string, unknown>> | undefined {
    const value = this.#settings.read();
    return Array.isArray(value) ? value.find((one) => isRecord(one) && one["id"] === id) : undefined;
  }

  /** Writes one element; a value of `undefined` takes a key away. Keys that `changes` does not name stay. */
  async upsert(id: string, changes: Readonly<Record<string, unknown>>): Promise<void> {
    const merged = Object.entries({ ...this.rawOf(id), ...changes }).filter(([, value]) => value !== undefined);
    await this.#settings.upsert(id, Object.fromEntries(merged));
    this.#current = undefined;
  }

  async remove(id: string): Promise<void> {
    await this.#settings.remove(id);
    this.#current = undefined;
  }
}
