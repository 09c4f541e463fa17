import { markdownBlock, markdownText } from "../../query/export/markdownText.ts";

/**
 * A paragraph of help. `help`: our own words, in Markdown that has code in backticks and nothing else; `text`: anybody's, which is
 * shown as it is; `code`: PromQL.
 */
export interface HelpPart {
  readonly kind: "code" | "help" | "text";
  readonly content: string;
}

/** As many characters of a part as are shown; a text or a server may have an endless name. */
const longestPart = 4000;

export function code(content: string): HelpPart {
  return { kind: "code", content };
}

export function help(content: string): HelpPart {
  return { kind: "help", content };
}

export function text(content: string): HelpPart {
  return { kind: "text", content };
}

/** The parts as Markdown in which a text of anybody is text: no links (bare addresses included), pictures, icons or markup. */
export function helpMarkdown(parts: readonly HelpPart[]): string {
  return parts
    .map(({ kind, content: whole }) => {
      const content = whole.length > longestPart ? `${whole.slice(0, longestPart)}…` : whole;
      if (kind === "code") return markdownBlock(content, "promql");
      if (kind === "help") return content;
      // Two blanks at a line's end keep it a line of its own.
      return content
        .split(/\r\n?|\n/)
        .map((line) => literalLine(markdownText(line.trim())))
        .join("  \n");
    })
    .join("\n\n");
}

/** At a line's beginning some signs make a list, a rule or a heading, which mean nothing elsewhere. */
function literalLine(line: string): string {
  return line.replace(/^(\d*)([-+=.)])/, (_, digits: string, sign: string) => `${digits}&#${sign.charCodeAt(0)};`);
}
