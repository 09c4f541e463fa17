import { createHash } from "node:crypto";
import type { ExportRemark } from "../exportFacts.ts";
import { type ExportPiece, isoTime, nothingYet, PieceBuffer } from "../exportSubject.ts";
import { answerHtml } from "./answerHtml.ts";
import { htmlText } from "./htmlText.ts";
import { markdownHtml } from "./markdownHtml.ts";
import { notebookStyle } from "./notebookStyle.ts";
import type { NotebookSubject } from "./notebookSubject.ts";
import { isRunnable, type PartReport, type QueryReport, queryReport } from "./queryReport.ts";

/**
 * The notebook as one page of HTML that needs nothing else, and that a policy of its own keeps from running or loading
 * anything: its Markdown cells, its queries, and below each what was asked of whom, every remark that keeps an answer from
 * being whole, a chart of a range and a table.
 */
export function* notebookHtml(notebook: NotebookSubject): Generator<ExportPiece, void> {
  const buffer = new PieceBuffer();
  buffer.add(pageHead(notebook));
  let number = 0;
  for (const [i, cell] of notebook.cells.entries()) {
    if (cell.kind === "markdown") {
      buffer.add('<section class="prose">\n');
      for (const text of markdownHtml(cell.text)) {
        buffer.add(text);
        yield buffer.isFull ? buffer.take() : nothingYet;
      }
      buffer.add("</section>\n");
    } else if (isRunnable(cell)) {
      const unit = cell.run?.request.unit;
      yield* queryHtml(queryReport(cell, ++number, notebook), { id: `cell-${i + 1}`, unit }, buffer);
    } else buffer.add(`<section class="query">\n<pre><code>${htmlText(cell.text)}</code></pre>\n</section>\n`);
    yield buffer.isFull ? buffer.take() : nothingYet;
  }
  const note = "Long numbers in tables are rounded to eight digits; the pointer over one shows the rest.";
  buffer.add(`</main>\n<footer class="about">Made with PromQL Workbench. ${note}</footer>\n</body>\n</html>\n`);
  yield buffer.take();
}

function pageHead({ title, exportedAt, zone }: NotebookSubject): string {
  const style = notebookStyle();
  const hash = createHash("sha256").update(style).digest("base64");
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const named = htmlText(title.trim() === "" ? "PromQL notebook" : title);
  const exported = `Exported at ${isoTime(exportedAt, zone)}. Times are of the zone ${htmlText(zone.name)}.`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="PromQL Workbench">
<title>${named}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${named}</h1>
<p class="about">${exported}</p>
</header>
<main>
`;
}

interface QueryOptions {
  readonly id: string;
  readonly unit: string | undefined;
}

function* queryHtml(report: QueryReport, options: QueryOptions, buffer: PieceBuffer): Generator<ExportPiece, void> {
  const { title, text, server, sentQuery, parts, remarks } = report;
  const said = [`<h2>${htmlText(title)}</h2>`, codeHtml(text)];
  if (server === undefined || parts.length === 0) said.push('<p class="about">Not run.</p>');
  else {
    const address = `<code>${htmlText(server.origin)}</code>`;
    said.push(`<p class="about">Server: <strong>${htmlText(server.name)}</strong> ${address}</p>`);
  }
  said.push(...remarks.map(remarkHtml));
  if (sentQuery !== undefined) said.push('<p class="about">As sent:</p>', codeHtml(sentQuery));
  buffer.add(`<section class="query">\n${said.join("\n")}\n`);
  for (const [i, part] of parts.entries()) {
    yield* partHtml(part, { title, id: `${options.id}-${i + 1}`, unit: options.unit }, buffer);
  }
  buffer.add("</section>\n");
}

function* partHtml(
  part: PartReport,
  { title, id, unit }: QueryOptions & { readonly title: string },
  buffer: PieceBuffer,
): Generator<ExportPiece, void> {
  const facts = part.facts.map(([name, text]) => `<div><dt>${name}</dt><dd>${htmlText(text)}</dd></div>`);
  buffer.add(`<div class="part">\n<h3>${htmlText(part.title)}</h3>\n`);
  if (facts.length > 0) buffer.add(`<dl class="facts">${facts.join("\n")}</dl>\n`);
  if (part.state === "running") {
    buffer.add(remarkHtml({ text: "Not answered yet when this was exported.", isServers: false }));
  } else if (part.state === "failed") {
    const { title: what, detail } = part.failure;
    const more = detail === "" ? "" : `<p>${htmlText(detail)}</p>`;
    buffer.add(`<div class="failure"><strong>Failed: ${htmlText(what)}</strong>${more}</div>\n`);
  } else {
    for (const remark of part.remarks) buffer.add(`${remarkHtml(remark)}\n`);
    yield* answerHtml(part.subject, { id, title: `${title}, ${part.title.toLowerCase()}`, unit }, buffer);
  }
  buffer.add("</div>\n");
}

function remarkHtml({ text, isServers }: ExportRemark): string {
  return `<p class="remark">${isServers ? "<b>Server:</b> " : ""}${htmlText(text)}</p>`;
}

function codeHtml(text: string): string {
  return `<pre><code>${htmlText(text)}</code></pre>`;
}
