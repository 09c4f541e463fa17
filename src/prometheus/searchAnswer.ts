import * as z from "zod/mini";
import { throwIfCancelled } from "../shared/abort.ts";
import { AppError, isAppError } from "../shared/errors.ts";
import type { NameList } from "../shared/model/source.ts";
import type { ApiAnswer } from "./apiClient.ts";
import { rejection } from "./classify.ts";
import { feed } from "./decode/feed.ts";
import { asErrorEnvelope, isRecord } from "./errorEnvelope.ts";
import { check } from "./shape.ts";

/** A batch of a hundred names is some kilobytes; more than this would hold the event loop. */
const maxLineBytes = 1024 * 1024;

/** The largest answer: 10,000 names, Prometheus' own limit, have far fewer bytes. */
const maxBytes = 16 * 1024 * 1024;

/** `name` of metrics and labels, `value` of a label's values. */
const recordSchema = z.object({ name: z.optional(z.string()), value: z.optional(z.string()) });
const batchSchema = z.object({ results: z.nullish(z.array(recordSchema)), warnings: z.nullish(z.array(z.string())) });
const trailerSchema = z.object({
  status: z.literal("success"),
  has_more: z.boolean(),
  warnings: z.nullish(z.array(z.string())),
});

/**
 * Reads the answer of Prometheus' search API (3.13): JSON by lines, batches of results and then one that says how it ended. A
 * server that gives up in the middle sends no such line: what came until then is a list that is not whole. Throws `malformed`,
 * `tooLarge`, `cancelled`, and `rejected` or `timedOut` for an error at the end.
 */
export async function readSearch(answer: ApiAnswer, limit: number): Promise<NameList> {
  const { body, signal } = answer;
  const lines = new Lines();
  const names = new Set<string>();
  const warnings: string[] = [];
  let hasMore: boolean | undefined;

  /** False after the last line that counts. */
  function take({ text, offset }: Line): boolean {
    const value = parse(text);
    if (!isRecord(value)) throw new AppError({ kind: "malformed", offset, expected: "a JSON object on each line" });
    const error = asErrorEnvelope(value);
    if (error !== undefined) throw new AppError(rejection(answer.status, error, answer.context));
    const isLast = value["status"] !== undefined;
    const trailer = isLast ? check(trailerSchema, value, "") : undefined;
    const batch = check(batchSchema, value, "");
    for (const { name, value: one = name } of batch.results ?? []) if (one !== undefined) names.add(one);
    warnings.push(...(batch.warnings ?? []).map(answer.context.redact));
    hasMore = trailer?.has_more;
    return !isLast && names.size <= limit;
  }

  let isCut = false;
  try {
    await feed(body, (slice) => lines.write(slice).every(take), signal);
  } catch (error) {
    throwIfCancelled(signal);
    // Prometheus breaks the connection off to say that what it sent is not all.
    if (isAppError(error) || lines.isFirst) throw error;
    isCut = true;
  }
  const rest = lines.rest();
  // The last line may lack its end, or be cut itself.
  if (hasMore === undefined && rest !== undefined && !isCut && names.size <= limit) {
    if (lines.isFirst || parse(rest.text) !== undefined) take(rest);
  }
  const all = [...names];
  return { names: all.slice(0, limit), warnings, truncated: hasMore ?? true };
}

interface Line {
  readonly text: string;
  /** Where it begins, in bytes. */
  readonly offset: number;
}

/** Cuts bytes into lines; blank ones are none. */
class Lines {
  #parts: Uint8Array[] = [];
  #size = 0;
  #start = 0;
  /** True until a line has ended. */
  isFirst = true;

  /** The lines that end in `slice`. */
  write(slice: Uint8Array): readonly Line[] {
    const lines: Line[] = [];
    let from = 0;
    for (let end = slice.indexOf(newline); end !== -1; end = slice.indexOf(newline, from)) {
      this.#add(slice.subarray(from, end));
      const line = this.rest();
      if (line !== undefined) {
        lines.push(line);
        this.isFirst = false;
      }
      this.#start += this.#size + 1;
      [this.#parts, this.#size, from] = [[], 0, end + 1];
    }
    this.#add(slice.subarray(from));
    return lines;
  }

  /** What stands after the last line's end. */
  rest(): Line | undefined {
    const text = Buffer.concat(this.#parts).toString("utf8").trim();
    return text === "" ? undefined : { text, offset: this.#start };
  }

  #add(part: Uint8Array): void {
    this.#size += part.length;
    const isLong = this.#size > maxLineBytes;
    if (isLong || this.#start + this.#size > maxBytes) {
      throw new AppError({ kind: "tooLarge", limit: "bytes", allowed: isLong ? maxLineBytes : maxBytes });
    }
    // The buffer that it is a part of may be used again.
    this.#parts.push(Uint8Array.from(part));
  }
}

const newline = 0x0a;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
