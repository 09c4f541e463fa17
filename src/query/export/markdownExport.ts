import { exportFacts, exportRemarks } from "./exportFacts.ts";
import { type ExportPiece, type ExportSubject, PieceBuffer } from "./exportSubject.ts";
import { markdownTable } from "./markdownTable.ts";
import { markdownBlock, markdownCode, markdownText } from "./markdownText.ts";

/** Longer tables are read by nobody; CSV and JSON have all of it. */
const mostRows = 1000;

/**
 * A page about the answer: what was asked of whom, every remark that keeps it from being whole, and a table with a row for
 * each of the first 1,000 series: their value, or for a range the numbers of its samples.
 */
export function* markdownExport(subject: ExportSubject): Generator<ExportPiece, void> {
  const buffer = new PieceBuffer();
  buffer.add(head(subject));
  yield* markdownTable(subject, { mostRows, andMore: "; an export as CSV or JSON has all of them" }, buffer);
  yield buffer.take();
}

function head(subject: ExportSubject): string {
  const facts = exportFacts(subject).filter(([name]) => name !== "title" && name !== "query");
  const title = markdownText(subject.title);
  const remarks = exportRemarks(subject).map(({ text, isServers }) =>
    isServers ? `> Server: ${markdownText(text)}` : `> **${text}**`,
  );
  return [
    `# ${title.trim() === "" ? "PromQL result" : title}`,
    markdownBlock(subject.query, "promql"),
    facts
      .map(([name, text]) => `- ${name}: ${name === "server" || name === "address" ? markdownCode(text) : text}`)
      .join("\n"),
    // Lines of one quotation would run together.
    ...remarks,
    "",
  ].join("\n\n");
}
