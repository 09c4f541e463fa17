import { AppError, type Failure, failureOf } from "../shared/errors.ts";
import type { ProbedEndpoint } from "../shared/model/capabilities.ts";
import type { RequestOptions } from "../shared/model/source.ts";
import type { ApiAnswer, ApiClient } from "./apiClient.ts";
import { foreignDetail, rejection } from "./classify.ts";
import { probeRequest } from "./endpoints.ts";
import { asErrorEnvelope, isRecord } from "./errorEnvelope.ts";
import { readExcerpt } from "./responseBody.ts";

/** As much of an answer as is read to see that it is one; what a server sends beyond it is cut off. */
const maxBytes = 16 * 1024;

/** Asks for `endpoint` in its smallest form and answers the HTTP status. Throws why it is not there, or why that is not known. */
export async function probe(client: ApiClient, endpoint: ProbedEndpoint, options: RequestOptions): Promise<number> {
  try {
    return await client.read(probeRequest(endpoint), options, endpoint === "federate" ? readNone : readBeginning);
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind === "notPrometheus" && isAnswerOf(endpoint, failure)) return failure.status;
    throw error;
  }
}

async function readBeginning({ body, status, context, signal }: ApiAnswer): Promise<number> {
  const text = await readExcerpt(body, maxBytes);
  signal.throwIfAborted();
  const value = parse(text);
  const error = asErrorEnvelope(value);
  if (error !== undefined) throw new AppError(rejection(status, error, context));
  const isSuccess = isRecord(value)
    ? value["status"] === "success"
    : // A long answer that was cut; every program we know of puts its status first.
      /^\s*\{\s*"status"\s*:\s*"success"\s*[,}]/.test(text);
  if (isSuccess) return status;
  throw new AppError({ kind: "notPrometheus", status, content: "json", detail: foreignDetail(text, context.redact) });
}

/** Federation answers with the text format, and never with what begins like JSON. */
async function readNone({ body, status, context, signal }: ApiAnswer): Promise<never> {
  const text = await readExcerpt(body, maxBytes);
  signal.throwIfAborted();
  throw new AppError({ kind: "notPrometheus", status, content: "json", detail: foreignDetail(text, context.redact) });
}

/** Good answers that are not JSON: federation's text, which is empty where nothing was selected, and exemplars of nothing. */
function isAnswerOf(endpoint: ProbedEndpoint, { status, content }: Extract<Failure, { kind: "notPrometheus" }>) {
  if (status === 204) return endpoint === "exemplars";
  return endpoint === "federate" && status === 200 && (content === "empty" || content === "exposition");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
