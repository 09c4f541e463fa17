import * as z from "zod/mini";
import { Turns } from "../platform/turns.ts";
import { AppError } from "../shared/errors.ts";
import type { ApiAnswer } from "./apiClient.ts";
import { foreignDetail, rejection } from "./classify.ts";
import { type JsonPath, readJson } from "./decode/jsonValue.ts";
import { asErrorEnvelope, isRecord } from "./errorEnvelope.ts";
import { check, type Shape, strings } from "./shape.ts";

/** The largest answer that is kept as a whole; names, rules and targets of the largest servers stay far below. */
export const maxWholeBytes = 64 * 1024 * 1024;

/** The same where most of it is passed over: memory does not grow with it, only time. */
export const maxPassedBytes = 8 * maxWholeBytes;

export interface ApiData<T> {
  readonly data: T;
  readonly warnings: readonly string[];
  /** Elements of the lists of `keepFirst` that are not in `data`. */
  readonly omitted: number;
  /** Size of the answer's text. */
  readonly bytes: number;
}

/** How `data` is read. */
export interface DataShape<T> {
  readonly shape: Shape<T>;
  /** `data` is an object with as many keys as a server has metrics, and reaches `shape` as a `Map`. */
  readonly isMap?: boolean;
  /** `data` is a list of as many names as a server has metrics, and reaches `shape` as `PackedNames`. */
  readonly isNames?: boolean;
  /** Of the list at this place below `data`, or of several together, only so many elements are kept. */
  readonly keepFirst?: { readonly at: JsonPath; readonly count: number };
  /** The limit of the answer in bytes, by default `maxWholeBytes`. */
  readonly maxBytes?: number;
}

/** VictoriaMetrics' cluster marks an answer that some of its storage nodes had no part in, and says no more of it. */
const partialMark = "Partial answer: some of the server's storage did not respond.";

const statusSchema = z.object({ status: z.literal("success") });

/**
 * Reads an answer that is no query result while it arrives and checks it, both in short turns. Throws `tooLarge`,
 * `malformed` (broken JSON, or a shape that is not the API's), `rejected` (an error sent with status 200),
 * `notPrometheus` (another program's JSON) or `cancelled`.
 */
export async function readData<T>(
  { body, status, context, signal }: ApiAnswer,
  { shape, isMap = false, isNames = false, keepFirst, maxBytes = maxWholeBytes }: DataShape<T>,
): Promise<ApiData<T>> {
  const { value, beginning, omitted } = await readJson(body, {
    signal,
    maxBytes,
    ...(isMap ? { mapAt: ["data"] } : {}),
    ...(isNames ? { packAt: ["data"] } : {}),
    ...(keepFirst === undefined ? {} : { keepFirst: { at: ["data", ...keepFirst.at], count: keepFirst.count } }),
  });
  const error = asErrorEnvelope(value);
  if (error !== undefined) throw new AppError(rejection(status, error, context));
  if (!isRecord(value) || typeof value["status"] !== "string") {
    const detail = foreignDetail(beginning, context.redact);
    throw new AppError({ kind: "notPrometheus", status, content: "json", detail });
  }
  check(statusSchema, value, "");
  const turns = new Turns(signal);
  const warnings = await turns.run(strings(value["warnings"], "warnings"));
  const data = await turns.run(shape(value["data"], "data"));
  const marks = value["isPartial"] === true ? [partialMark] : [];
  return { data, warnings: [...marks, ...warnings.map(context.redact)], omitted, bytes: body.decodedBytes };
}
