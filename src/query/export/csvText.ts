/** What a spreadsheet may take for the beginning of a formula, full-width forms included. */
const formulaSigns = "=+\\-@\uFF1D\uFF0B\uFF0D\uFF20";

/** White space and marks that a program may skip before it looks for a formula. */
const skipped =
  '[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u0020"\\u007f-\\u00a0\\u1680\\u2000-\\u200f\\u2028\\u2029\\u202f\\u205f\\u2060\\u3000\\ufeff]*';

/**
 * Before a tab or line break at the beginning of a cell, and before a formula there or after what another program takes for
 * the end of a cell: spreadsheets of many countries split at semicolons, and some readers know no line breaks in quotes.
 */
const formulaStart = new RegExp(`^(?=[\\t\\r\\n])|(?<=^|[;\\t\\r\\n])(?=${skipped}[${formulaSigns}])`, "g");

/** Most cells: nothing in them that has to be looked at. */
const harmless = /^[\p{L}\p{N}_:/.{}[\]() -]*$/u;

/** A number as Prometheus writes it: also a spreadsheet makes no more of it. */
const numberForm = /^[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|Inf)$/i;

/**
 * Text that no spreadsheet takes for a formula: an apostrophe stands before each place where one would begin (OWASP, "CSV
 * Injection"). Numbers such as `-5` stay, and so do `+Inf` and `-Inf`: they are common values of `le` and do no harm.
 */
export function withoutFormulas(text: string): string {
  return numberForm.test(text) ? text : text.replace(formulaStart, "'");
}

/** What a terminal that shows the file would obey. */
const controls = /[^\P{Cc}\t\r\n]/gu;

/** A text as a cell of a CSV file (RFC 4180), which no spreadsheet takes for a formula; control characters are replaced. */
export function textCell(text: string): string {
  if (harmless.test(text) && !text.startsWith("-") && !text.startsWith(" ")) return text;
  const safe = withoutFormulas(text).replace(controls, "\ufffd");
  return /[",;\t\r\n#]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
