import * as z from "zod/mini";
import { AppError } from "../shared/errors.ts";
import { PackedNames } from "../shared/model/names.ts";
import { isRecord } from "./errorEnvelope.ts";

/**
 * How a part of an answer is checked and brought into the program's own form. It yields between small pieces, and throws
 * `malformed` naming the first field that breaks it. The value is the reader's own: elements of lists and maps are
 * replaced in place, so that a large answer never exists twice.
 */
export type Shape<T> = (value: unknown, place: string) => Generator<void, T>;

/** A part that is small, checked and converted at once. */
export function whole<S, T>(schema: z.ZodMiniType<S>, convert: (record: S) => T): Shape<T> {
  return function* (value, place) {
    const part = convert(check(schema, value, place));
    yield;
    return part;
  };
}

/** The part `key` of an object, and nothing else of it. */
export function under<T>(key: string, shape: Shape<T>): Shape<T> {
  return function* (value, place) {
    if (!isRecord(value)) fail(place, "object");
    return yield* shape(value[key], `${place}.${key}`);
  };
}

/** A list of parts that are large themselves; null and absence (Go's nil slice) are an empty one. */
export function listOf<T>(element: Shape<T>): Shape<readonly T[]> {
  return function* (value, place) {
    const list = listIn(value, place);
    for (let i = 0; i < list.length; i++) {
      list[i] = yield* element(list[i], `${place}.${i}`);
      yield;
    }
    return list as T[];
  };
}

/** A list of small records; null and absence are an empty one. */
export function recordsOf<S, T>(schema: z.ZodMiniType<S>, convert: (record: S) => T): Shape<readonly T[]> {
  return function* (value, place) {
    const list = listIn(value, place);
    for (let i = 0; i < list.length; i++) {
      const result = z.safeParse(schema, list[i]);
      if (!result.success) refuse(result.error, `${place}.${i}`);
      list[i] = convert(result.data);
      yield;
    }
    return list as T[];
  };
}

/** A `Map` of small records; null and absence (Go's nil map) are an empty one. */
export function recordsByKey<S, T>(schema: z.ZodMiniType<S>, convert: (record: S) => T): Shape<ReadonlyMap<string, T>> {
  return function* (value, place) {
    if (value === null || value === undefined) return new Map();
    if (!(value instanceof Map)) fail(place, "object");
    const map = value as Map<string, unknown>;
    for (const [key, one] of map) {
      const result = z.safeParse(schema, one);
      if (!result.success) refuse(result.error, `${place}.${key}`);
      map.set(key, convert(result.data));
      yield;
    }
    return map as Map<string, T>;
  };
}

/** Strings looked at between two yields: tens of microseconds. */
const stringsAtOnce = 4096;

/** A list of names that was packed while it was read; null and absence are an empty one. */
export function* names(value: unknown, place: string): Generator<void, PackedNames> {
  if (value instanceof PackedNames) return value;
  // It was not packed since there is something else among them.
  return PackedNames.of(yield* strings(value, place));
}

/** A list of strings; null and absence are an empty one. */
export function* strings(value: unknown, place: string): Generator<void, readonly string[]> {
  const list = listIn(value, place);
  for (let i = 0; i < list.length; i++) {
    if (typeof list[i] !== "string") fail(`${place}.${i}`, "string");
    if (i % stringsAtOnce === 0) yield;
  }
  return list as string[];
}

/** `value` in the schema's type; throws `malformed` naming the first field that breaks it. */
export function check<T>(schema: z.ZodMiniType<T>, value: unknown, root: string): T {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  return refuse(result.error, root);
}

function refuse({ issues: [issue] }: z.core.$ZodError, root: string): never {
  fail([root, ...(issue?.path ?? [])].filter((step) => step !== "").join("."), expectation(issue));
}

function listIn(value: unknown, place: string): unknown[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value : fail(place, "array");
}

function fail(place: string, expected: string): never {
  // The document is whole JSON, so no byte of it is the wrong one.
  throw new AppError({ kind: "malformed", offset: 0, expected: `${place}: ${expected}` });
}

function expectation(issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined) return "another value";
  if (issue.code === "invalid_value") return issue.values.map((value) => JSON.stringify(value)).join(" or ");
  return issue.code === "invalid_type" ? issue.expected : issue.message;
}
