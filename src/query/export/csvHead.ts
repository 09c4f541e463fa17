import { textCell } from "./csvText.ts";
import { exportFacts, exportRemarks } from "./exportFacts.ts";
import type { ExportSubject } from "./exportSubject.ts";

/** Ends a row, as RFC 4180 wants it. */
export const rowEnd = "\r\n";

const formulaNote =
  "Text that begins like a spreadsheet's formula has an apostrophe (') in front of it. Control characters are replaced.";

/**
 * Rows that begin with `#`, two cells each: what the file is about, and every remark that keeps the answer from being whole.
 * A text of several lines takes as many rows, so that programs which skip lines with `#` skip all of it.
 */
export function csvHead(subject: ExportSubject): string {
  const remarks = exportRemarks(subject).map(({ text, isServers }) => [isServers ? "server says" : "remark", text]);
  const rows = [...exportFacts(subject), ...remarks, ["note", formulaNote]];
  return rows
    .flatMap(([name, text]) =>
      (text ?? "")
        .split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/)
        .map((line, i) => `# ${i === 0 ? name : ""},${textCell(line)}${rowEnd}`),
    )
    .join("");
}
