import * as z from "zod/mini";
import { AppError } from "../shared/errors.ts";
import type { ApiAnswer } from "./apiClient.ts";
import { rejection } from "./classify.ts";
import { asErrorEnvelope, isRecord } from "./errorEnvelope.ts";
import { readText } from "./responseBody.ts";
import { envelopeSchema } from "./schemas.ts";
import { cleanPage } from "./serverText.ts";

/** The largest answer that is parsed as a whole; names, rules and targets of the largest servers stay far below. */
export const maxWholeBytes = 64 * 1024 * 1024;

export interface ApiData<T> {
  readonly data: T;
  readonly warnings: readonly string[];
}

/**
 * Reads an answer that is no query result as a whole and checks it. Throws `tooLarge`, `malformed` (broken JSON, or a
 * shape that is not the API's), `rejected` (an error sent with status 200) or `notPrometheus` (another program's JSON).
 */
export async function readData<T>(answer: ApiAnswer, schema: z.ZodMiniType<T>): Promise<ApiData<T>> {
  const text = await readText(answer.body, maxWholeBytes);
  const json = parseJson(text);
  const error = asErrorEnvelope(json);
  if (error !== undefined) throw new AppError(rejection(answer.status, error, answer.context));
  if (!isRecord(json) || typeof json["status"] !== "string") {
    const detail = cleanPage(text, answer.context.redact);
    throw new AppError({ kind: "notPrometheus", status: answer.status, content: "json", detail });
  }
  const envelope = check(envelopeSchema, json, "");
  return { data: check(schema, envelope.data, "data"), warnings: envelope.warnings ?? [] };
}

/** `value` in the schema's type; throws `malformed` naming the first field that breaks it. */
export function check<T>(schema: z.ZodMiniType<T>, value: unknown, root: string): T {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const place = [root, ...(issue?.path ?? [])].filter((step) => step !== "").join(".");
  // The document is whole JSON, so no byte of it is the wrong one.
  throw new AppError({ kind: "malformed", offset: 0, expected: `${place}: ${expectation(issue)}` });
}

function expectation(issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined) return "another value";
  if (issue.code === "invalid_value") return issue.values.map((value) => JSON.stringify(value)).join(" or ");
  return issue.code === "invalid_type" ? issue.expected : issue.message;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    const at = /at position (\d+)/.exec(message)?.[1];
    const offset = Buffer.byteLength(at === undefined ? text : text.slice(0, Number(at)));
    // The parser's own message quotes the document, which may hold anything; it is left behind here.
    throw new AppError({ kind: "malformed", offset, expected: "JSON" });
  }
}
