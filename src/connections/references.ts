import type { FileReader } from "../platform/ports.ts";
import { AppError, type CredentialProblem } from "../shared/errors.ts";

/** The form of a reference in settings: `$env:NAME` or `$file:/absolute/path`. */
const form = /^\$(?:env:(?<variable>[A-Za-z_][A-Za-z0-9_]*)|file:(?<path>(?:\/|[A-Za-z]:[\\/]).+))$/;

/** True for a text that refers to a secret elsewhere. */
export function isReference(text: string): boolean {
  return form.test(text);
}

/** The variable of the environment that a reference names; `undefined`: it names a file, or is none. */
export function variableOf(reference: string): string | undefined {
  return form.exec(reference)?.groups?.["variable"];
}

/** A secret in a file is one line; more than this is something else. */
const maxFileBytes = 64 * 1024;

/** Where references lead. */
export interface ReferencePlaces {
  /** The environment as it was when the extension host started: it never changes afterwards. */
  readonly environment: (name: string) => string | undefined;
  readonly files: FileReader;
}

/**
 * What a reference stands for; a file is read anew each time, so that one that was replaced counts at once, and line ends
 * and blanks around its content are no part of it. Throws `credential`; never answers an empty text.
 */
export async function resolveReference(
  reference: string,
  { environment, files }: ReferencePlaces,
  { signal }: { readonly signal: AbortSignal },
): Promise<string> {
  const { variable, path = "" } = form.exec(reference)?.groups ?? {};
  if (variable !== undefined) {
    const value = environment(variable);
    if (value === undefined || value === "") throw referenceFailure(reference, value === undefined ? "unset" : "empty");
    return value;
  }
  let bytes: Uint8Array;
  try {
    bytes = await files.read(path, { maxBytes: maxFileBytes, signal });
  } catch (error) {
    signal.throwIfAborted();
    const code = codeOf(error);
    throw referenceFailure(
      reference,
      code === "ENOENT" ? "notFound" : code === "EFBIG" ? "tooLarge" : "unreadable",
      error,
    );
  }
  const text = new TextDecoder().decode(bytes).trim();
  if (text === "") throw referenceFailure(reference, "empty");
  return text;
}

/** The failure of a reference, which names the variable or file and never a value. */
export function referenceFailure(reference: string, problem: CredentialProblem, cause?: unknown): AppError {
  const { variable, path = "" } = form.exec(reference)?.groups ?? {};
  const source = variable === undefined ? "file" : "env";
  const detail = codeOf(cause) ?? "";
  return new AppError({ kind: "credential", source, problem, name: variable ?? path, detail }, { cause });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
