import { DisposableStore } from "../shared/disposable.ts";
import { Emitter, type Event } from "../shared/event.ts";
import { idFromName } from "./connectionNames.ts";
import { isProfileId, type Profile, type ProfileColor, parseProfile, profileVersion } from "./profile.ts";
import type { ProfileProblem } from "./profileProblem.ts";
import { isRecord } from "./strictObject.ts";

/** A connection that a workspace suggests. It says nothing of credentials, headers or certificates: those are the user's. */
export interface Suggestion {
  /** Its place in the setting, from 0. */
  readonly index: number;
  /** The id it gets when it is adopted, if that is still free. No other suggestion has it. */
  readonly id: string;
  readonly name: string;
  readonly baseUrl: string;
  readonly origin: string;
  readonly color: ProfileColor | undefined;
  /** The element of `promqlWorkbench.connections` that adopting writes, without its id. */
  readonly element: Readonly<Record<string, unknown>>;
}

/** An element of the setting that cannot be adopted, with its place from 0. */
export interface RefusedSuggestion {
  readonly index: number;
  readonly name: string | undefined;
  readonly problems: readonly ProfileProblem[];
}

const keys: readonly string[] = ["name", "url", "kind", "minStep", "color"];

/** Reads the workspace's setting as strictly as profiles: a key that only a user may decide refuses the whole element. */
export function parseSuggestions(value: unknown): {
  readonly suggestions: readonly Suggestion[];
  readonly refused: readonly RefusedSuggestion[];
} {
  if (!Array.isArray(value)) return { suggestions: [], refused: [] };
  const suggestions: Suggestion[] = [];
  const refused: RefusedSuggestion[] = [];
  const names = new Set(value.flatMap((raw: unknown) => nameOf(raw) ?? []));
  const taken = new Set<string>();
  for (const [index, raw] of value.entries()) {
    const name = nameOf(raw);
    const foreign = isRecord(raw) ? Object.keys(raw).filter((key) => !keys.includes(key)) : [];
    const isFreeName = name !== undefined && isProfileId(name) && !taken.has(name);
    // A made-up id must not be one that files use for another suggestion.
    const id = isFreeName ? name : idFromName(name ?? "", new Set([...taken, ...names]));
    const parsed = parseProfile(isRecord(raw) ? { ...raw, id } : raw);
    const problems: ProfileProblem[] = [
      ...foreign.map((path): ProfileProblem => ({ path, code: "unknownKey" })),
      ...(parsed.ok ? [] : parsed.problems.filter(({ path }) => path !== "id" && !foreign.includes(path))),
    ];
    if (!parsed.ok || problems.length > 0) {
      refused.push({ index, name, problems });
      continue;
    }
    taken.add(id);
    const { profile } = parsed;
    const element = Object.fromEntries(Object.entries(raw).filter(([key]) => keys.includes(key)));
    suggestions.push({
      index,
      id,
      name: profile.name,
      baseUrl: profile.baseUrl,
      origin: profile.origin,
      color: profile.color,
      element: { version: profileVersion, ...element, url: profile.baseUrl, auth: { type: "none" } },
    });
  }
  return { suggestions, refused };
}

function nameOf(raw: unknown): string | undefined {
  return isRecord(raw) && typeof raw["name"] === "string" ? raw["name"] : undefined;
}

/** What the suggestions of this workspace stand on. */
export interface SuggestedConnectionsDeps {
  /** The workspace's value of the setting; `undefined` where the workspace has no say (Restricted Mode). */
  readonly read: () => unknown;
  readonly onDidChange: Event<unknown>;
  /** The connections there are: a suggestion that was adopted is not offered again. */
  readonly adopted: () => readonly Profile[];
}

/** Connections that this workspace suggests and the user has not adopted. Nothing is ever sent to them. */
export class SuggestedConnections extends DisposableStore {
  readonly #deps: SuggestedConnectionsDeps;
  readonly #changed = this.register(new Emitter<void>());

  readonly onDidChange = this.#changed.event;

  constructor(deps: SuggestedConnectionsDeps) {
    super();
    this.#deps = deps;
    this.register(deps.onDidChange(() => this.#changed.fire()));
  }

  list(): readonly Suggestion[] {
    const adopted = this.#deps.adopted();
    return parseSuggestions(this.#deps.read()).suggestions.filter(
      ({ id, name, baseUrl }) =>
        !adopted.some((profile) => profile.baseUrl === baseUrl && (profile.id === id || profile.name === name)),
    );
  }

  refused(): readonly RefusedSuggestion[] {
    return parseSuggestions(this.#deps.read()).refused;
  }

  /** The suggestion with this id, else the one that a file means by this name; none if several could be meant. */
  find(name: string): Suggestion | undefined {
    const list = this.list();
    const exact = list.find(({ id }) => id === name);
    if (exact !== undefined) return exact;
    const named = list.filter((one) => one.name === name);
    return named.length === 1 ? named[0] : undefined;
  }
}
