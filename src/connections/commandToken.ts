import type { ProgramRunner } from "../platform/ports.ts";
import { AppError, type CredentialProblem, isAppError } from "../shared/errors.ts";
import { isRecord } from "./strictObject.ts";
import type { IssuedToken } from "./tokenCache.ts";

/** As much as a credential command may print. */
const maxBytes = 64 * 1024;

/** The failure of a credential command; its program alone is named, its arguments may hold secrets. */
export function commandFailure(
  [program = ""]: readonly string[],
  problem: CredentialProblem,
  code?: string,
  cause?: unknown,
): AppError {
  const how = code === undefined ? {} : { code };
  return new AppError({ kind: "credential", source: "command", problem, name: program, detail: "", ...how }, { cause });
}

/**
 * Runs a credential command and takes its output for a token: the first line, or JSON with `access_token` and perhaps
 * `expiry` (RFC 3339, as Go's oauth2 writes it). What it complains is not shown, since it may hold a secret. Throws `credential`.
 */
export async function runCredentialCommand(
  command: readonly string[],
  programs: ProgramRunner,
  signal: AbortSignal,
): Promise<IssuedToken> {
  const outcome = await programs.run(command, { maxBytes, signal }).catch((error: unknown) => {
    if (isAppError(error) || signal.aborted) throw error;
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    throw commandFailure(command, code === "ENOENT" ? "notFound" : "failed", code, error);
  });
  if (outcome === "shellScript") throw commandFailure(command, "shellScript");
  if (outcome === "tooMuchOutput") throw commandFailure(command, "tooLarge");
  if (outcome.code !== 0) {
    throw commandFailure(command, "failed", String(outcome.code ?? "killed"));
  }
  const token = readToken(outcome.stdout);
  if (token === undefined) throw commandFailure(command, "badAnswer");
  if (token.value === "") throw commandFailure(command, "empty");
  return token;
}

function readToken(stdout: string): IssuedToken | undefined {
  const text = stdout.trim();
  if (!text.startsWith("{")) return { value: (text.split(/\r?\n/)[0] ?? "").trim(), expiresAt: undefined };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(json) || typeof json["access_token"] !== "string") return undefined;
  const expiry = json["expiry"];
  const expiresAt = typeof expiry === "string" ? Date.parse(expiry) : Number.NaN;
  // The zero time of Go, and what is no time, say nothing.
  return { value: json["access_token"], expiresAt: expiresAt > 0 ? expiresAt : undefined };
}
