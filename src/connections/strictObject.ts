import type { ProfileProblem } from "./profileProblem.ts";

/** Collects what is wrong, each with its place. */
export type Report = (problem: ProfileProblem) => void;

/** Reads one value at a place; reports and answers `undefined` if it is not what it has to be. */
export type Read<T> = (value: unknown, path: string, report: Report) => T | undefined;

/** True for a JSON object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads the keys of an object one by one; what nobody asked for is reported at the end. */
export class StrictObject {
  readonly #value: Readonly<Record<string, unknown>>;
  readonly #path: string;
  readonly #report: Report;
  readonly #asked = new Set<string>();

  constructor(value: Readonly<Record<string, unknown>>, path: string, report: Report) {
    this.#value = value;
    this.#path = path;
    this.#report = report;
  }

  #at(key: string): string {
    return this.#path === "" ? key : `${this.#path}.${key}`;
  }

  optional<T>(key: string, read: Read<T>): T | undefined {
    this.#asked.add(key);
    if (!Object.hasOwn(this.#value, key) || this.#value[key] === undefined) return undefined;
    return read(this.#value[key], this.#at(key), this.#report);
  }

  required<T>(key: string, read: Read<T>): T | undefined {
    if (!Object.hasOwn(this.#value, key)) {
      this.#asked.add(key);
      this.#report({ path: this.#at(key), code: "missing" });
      return undefined;
    }
    return this.optional(key, read);
  }

  /** Reports every key that was not read. */
  finish(): void {
    for (const key of Object.keys(this.#value)) {
      if (!this.#asked.has(key)) this.#report({ path: this.#at(key), code: "unknownKey" });
    }
  }
}

/** Reads a nested object. */
export function object<T>(read: (fields: StrictObject, path: string, report: Report) => T | undefined): Read<T> {
  return (value, path, report) => {
    if (!isRecord(value)) {
      report({ path, code: "wrongType", expected: "an object" });
      return undefined;
    }
    const fields = new StrictObject(value, path, report);
    const result = read(fields, path, report);
    fields.finish();
    return result;
  };
}

/** Reads a text that satisfies `test`; `expected` names what it should be. */
export function text(expected = "a text", test: (value: string) => boolean = () => true): Read<string> {
  return (value, path, report) => {
    if (typeof value !== "string") report({ path, code: "wrongType", expected });
    else if (!test(value)) report({ path, code: "wrongValue", expected });
    else return value;
    return undefined;
  };
}

/** Reads one of a closed set of texts. */
export function oneOf<const T extends string>(values: readonly T[]): Read<T> {
  const expected = `one of ${values.map((value) => `"${value}"`).join(", ")}`;
  return (value, path, report) => {
    const found = values.find((one) => one === value);
    if (found === undefined) report({ path, code: typeof value === "string" ? "wrongValue" : "wrongType", expected });
    return found;
  };
}

/** Reads a whole number of a range, both ends included. */
export function integer(min: number, max: number): Read<number> {
  const expected = `a whole number from ${min} to ${max}`;
  return (value, path, report) => {
    if (typeof value !== "number") report({ path, code: "wrongType", expected });
    else if (!Number.isInteger(value) || value < min || value > max) report({ path, code: "wrongValue", expected });
    else return value;
    return undefined;
  };
}

/** Reads `true` or `false`. */
export const boolean: Read<boolean> = (value, path, report) => {
  if (typeof value === "boolean") return value;
  report({ path, code: "wrongType", expected: "true or false" });
  return undefined;
};

/** Reads a list, each element at its own place. */
export function listOf<T>(read: Read<T>): Read<readonly T[]> {
  return (value, path, report) => {
    if (Array.isArray(value))
      return value.map((one, i) => read(one, `${path}[${i}]`, report)).filter((one) => one !== undefined);
    report({ path, code: "wrongType", expected: "a list" });
    return undefined;
  };
}

/** Reads an object whose keys are free and whose values are texts. */
export const textsByName: Read<Readonly<Record<string, string>>> = (value, path, report) => {
  if (!isRecord(value)) {
    report({ path, code: "wrongType", expected: "an object" });
    return undefined;
  }
  const readText = text();
  const entries = Object.entries(value).map(([key, one]) => [key, readText(one, `${path}.${key}`, report)] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
};
