import * as vscode from "vscode";
import * as z from "zod/mini";
import { AppError } from "../shared/errors.ts";

/** What a key binding or another extension may say of an export; the person is asked for the rest. */
export interface ExportOptions<Format extends string> {
  readonly format: Format | undefined;
  readonly target: vscode.Uri | undefined;
}

/** Reads the argument of the export command; one of another command's menus says nothing. */
export function parseExportOptions<Format extends string>(
  argument: unknown,
  formats: readonly [Format, ...Format[]],
): ExportOptions<Format> {
  if (typeof argument !== "object" || argument === null || !("format" in argument || "target" in argument)) {
    return { format: undefined, target: undefined };
  }
  const schema = z.object({
    format: z.optional(z.enum(formats)),
    /** A `Uri`, or one as text with its scheme. */
    target: z.optional(
      z.union([z.custom<vscode.Uri>((value) => value instanceof vscode.Uri), z.url().check(z.maxLength(10_000))]),
    ),
  });
  const parsed = z.safeParse(schema, argument);
  if (!parsed.success) {
    const detail = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
    throw new AppError({ kind: "misconfigured", what: "exportFormat", detail });
  }
  const { format, target } = parsed.data;
  return { format, target: typeof target === "string" ? vscode.Uri.parse(target, true) : target };
}
