import type { ExportFact, ExportRemark } from "../exportFacts.ts";
import { type ExportPiece, isoTime, PieceBuffer } from "../exportSubject.ts";
import { markdownTable } from "../markdownTable.ts";
import { markdownBlock, markdownCode, markdownText } from "../markdownText.ts";
import { mostRows, type NotebookSubject } from "./notebookSubject.ts";
import { isRunnable, type PartReport, type QueryReport, queryReport } from "./queryReport.ts";

/**
 * The notebook as one page of Markdown: its Markdown cells as they are, its queries as code, and below each what was asked of
 * whom, every remark that keeps an answer from being whole, and a table.
 */
export function* notebookMarkdown(notebook: NotebookSubject): Generator<ExportPiece, void> {
  const { title, exportedAt, zone, cells } = notebook;
  const buffer = new PieceBuffer();
  const exported = `Exported at ${isoTime(exportedAt, zone)}; times are of the zone ${markdownText(zone.name)}.`;
  buffer.add(`# ${title.trim() === "" ? "PromQL notebook" : markdownText(title)}\n\n${exported}\n`);
  let number = 0;
  for (const cell of cells) {
    buffer.add("\n");
    if (cell.kind === "markdown") buffer.add(`${closed(cell.text)}\n`);
    else if (isRunnable(cell)) yield* query(queryReport(cell, ++number, notebook), buffer);
    else buffer.add(`${markdownBlock(cell.text, "promql")}\n`);
    yield buffer.take();
  }
}

/** What ends a block of Markdown: a line of which `is` holds, such as `text`. */
interface BlockEnd {
  readonly is: (line: string) => boolean;
  readonly text: string;
}

/**
 * The end of the block that a line opens, if it would go on to the end of the page without one: a fence of code, or HTML that
 * no empty line ends (the first five kinds of https://spec.commonmark.org/0.31.2/#html-blocks).
 */
function endOfBlock(line: string): BlockEnd | undefined {
  const [, marks = "", rest = ""] = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
  if (marks !== "" && !(marks.startsWith("`") && rest.includes("`"))) {
    const closing = new RegExp(`^ {0,3}${marks}${marks[0]}*[ \\t]*$`);
    return { is: (later) => closing.test(later), text: marks };
  }
  const html = endOfHtml(line);
  return html?.is(line) === true ? undefined : html;
}

function endOfHtml(line: string): BlockEnd | undefined {
  const [, name] = /^ {0,3}<(pre|script|style|textarea)(?:[\s>]|$)/i.exec(line) ?? [];
  if (name !== undefined)
    return { is: (later) => /<\/(?:pre|script|style|textarea)>/i.test(later), text: `</${name}>` };
  const [, begin] = /^ {0,3}<(!--|\?|!\[CDATA\[|![A-Za-z])/.exec(line) ?? [];
  if (begin === undefined) return undefined;
  const text = begin === "!--" ? "-->" : begin === "?" ? "?>" : begin === "![CDATA[" ? "]]>" : ">";
  return { is: (later) => later.includes(text), text };
}

/** Markdown with an end to its last block if that would swallow what follows the text. */
function closed(text: string): string {
  let end: BlockEnd | undefined;
  for (const line of text.split(/\r\n?|\n/)) {
    if (end === undefined) end = endOfBlock(line);
    else if (end.is(line)) end = undefined;
  }
  return end === undefined ? text : `${text}${text.endsWith("\n") ? "" : "\n"}${end.text}`;
}

function* query(report: QueryReport, buffer: PieceBuffer): Generator<ExportPiece, void> {
  const { title, text, server, sentQuery, parts } = report;
  const head = [`## ${markdownText(title)}`, markdownBlock(text, "promql")];
  if (server === undefined || parts.length === 0) head.push("Not run.");
  else head.push(`Server: ${markdownCode(server.name)}, ${markdownCode(server.origin)}`);
  head.push(...remarkLines(report.remarks));
  if (sentQuery !== undefined) head.push("As sent:", markdownBlock(sentQuery, "promql"));
  buffer.add(`${head.join("\n\n")}\n`);
  for (const part of parts) yield* partMarkdown(part, buffer);
}

function* partMarkdown(part: PartReport, buffer: PieceBuffer): Generator<ExportPiece, void> {
  const said = [`### ${part.title}`, factLines(part.facts)].filter((text) => text !== "");
  if (part.state === "running") said.push("> **Not answered yet when this was exported.**");
  else if (part.state === "failed") {
    const { title, detail } = part.failure;
    said.push(`> **Failed:** ${markdownText(title)}`, ...(detail === "" ? [] : [`> ${markdownText(detail)}`]));
  } else said.push(...remarkLines(part.remarks));
  buffer.add(`\n${said.join("\n\n")}\n`);
  if (part.state !== "done") return;
  buffer.add("\n");
  const { data } = part.subject.answer;
  if ((data.type === "matrix" || data.type === "vector") && data.series.length === 0) {
    buffer.add("The answer has no series.\n");
    return;
  }
  yield* markdownTable(part.subject, { mostRows, andMore: "" }, buffer);
}

/** Lines of one quotation would run together: each remark is one by itself. */
function remarkLines(remarks: readonly ExportRemark[]): readonly string[] {
  return remarks.map(({ text, isServers }) => (isServers ? `> Server: ${markdownText(text)}` : `> **${text}**`));
}

function factLines(facts: readonly ExportFact[]): string {
  return facts.map(([name, text]) => `- ${name}: ${text}`).join("\n");
}
