import { Lexer, type MarkedToken, type Token, Tokenizer, type Tokens } from "marked";
import { htmlProse, htmlText } from "./htmlText.ts";

/** Longer texts, and paragraphs, are shown as they are: reading them could take long. */
const longestText = 50_000;
const longestParagraph = 5000;

/** Addresses that a reader may be led to. */
const safeSchemes: ReadonlySet<string> = new Set(["http:", "https:", "mailto:"]);

/** Takes no bare address for a link: only what its author made one is. */
class PlainTokenizer extends Tokenizer {
  override url(): undefined {
    return undefined;
  }
}

/**
 * A text in Markdown as HTML in pieces, some of them empty. Every element is one of ours: HTML in the text is shown as text, and
 * so are pictures, whose address nobody asks, and links to anything but web pages and mail addresses. Headings are one level
 * lower than in the text, since the page has one of its own.
 */
export function* markdownHtml(text: string): Generator<string, void> {
  const tokens = yield* tokensOf(text);
  if (tokens === undefined) {
    yield `<pre>${htmlProse(text)}</pre>\n`;
    return;
  }
  for (const token of tokens) yield block(token);
}

/** What the text is made of; `undefined` where it is too long or too deep. */
function* tokensOf(text: string): Generator<string, readonly Token[] | undefined> {
  if (text.length > longestText) return undefined;
  try {
    const lexer = new Lexer({ gfm: true, tokenizer: new PlainTokenizer() });
    const tokens = lexer.blockTokens(text.replace(/\r\n?/g, "\n"), []);
    yield "";
    for (const { src, tokens: inside } of lexer.inlineQueue) {
      if (src.length > longestParagraph) inside.push({ type: "text", raw: src, text: src });
      else lexer.inlineTokens(src, inside);
      yield "";
    }
    return tokens;
  } catch (error) {
    // Quotations in quotations, thousands deep.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function blocks(tokens: readonly Token[]): string {
  return tokens.map(block).join("");
}

function block(any: Token): string {
  const token = any as MarkedToken;
  switch (token.type) {
    case "space":
    case "def":
      return "";
    case "heading": {
      const level = Math.min(6, token.depth + 1);
      return `<h${level}>${inline(token.tokens)}</h${level}>\n`;
    }
    case "paragraph":
      return `<p>${inline(token.tokens)}</p>\n`;
    case "code":
      return `<pre><code>${htmlText(token.text)}</code></pre>\n`;
    case "blockquote":
      return `<blockquote>\n${blocks(token.tokens)}</blockquote>\n`;
    case "hr":
      return "<hr>\n";
    case "list":
      return list(token);
    case "table":
      return table(token);
    case "html":
      return `<p>${htmlText(token.raw.trim())}</p>\n`;
    default:
      // Text of a list without paragraphs.
      return `${inline([token])}\n`;
  }
}

function list({ ordered, start, items }: Tokens.List): string {
  const name = ordered ? "ol" : "ul";
  const first = ordered && typeof start === "number" && start !== 1 ? ` start="${start}"` : "";
  const rows = items.map(({ tokens }) => `<li>${blocks(tokens)}</li>\n`);
  return `<${name}${first}>\n${rows.join("")}</${name}>\n`;
}

function table({ header, rows }: Tokens.Table): string {
  const row = (name: string, cells: readonly Tokens.TableCell[]) =>
    `<tr>${cells.map(({ tokens, align }) => `<${name}${align === null ? "" : ` class="${align}"`}>${inline(tokens)}</${name}>`).join("")}</tr>\n`;
  const body = rows.map((cells) => row("td", cells)).join("");
  return `<table>\n<thead>\n${row("th", header)}</thead>\n<tbody>\n${body}</tbody>\n</table>\n`;
}

function inline(tokens: readonly Token[]): string {
  return tokens.map(span).join("");
}

function span(any: Token): string {
  const token = any as MarkedToken;
  switch (token.type) {
    case "strong":
      return `<strong>${inline(token.tokens)}</strong>`;
    case "em":
      return `<em>${inline(token.tokens)}</em>`;
    case "del":
      return `<del>${inline(token.tokens)}</del>`;
    case "codespan":
      return `<code>${htmlText(token.text)}</code>`;
    case "br":
      return "<br>";
    case "link":
      return link(token);
    case "image":
      return `${htmlProse(token.text)} (${htmlText(token.href)})`;
    case "checkbox":
      return token.checked ? "☑ " : "☐ ";
    case "text":
      return token.tokens === undefined ? htmlProse(token.text) : inline(token.tokens);
    case "escape":
      return htmlText(token.text);
    default:
      return htmlText(token.raw);
  }
}

function link({ href, tokens }: Tokens.Link): string {
  const address = URL.canParse(href) ? new URL(href) : undefined;
  if (address === undefined || !safeSchemes.has(address.protocol)) return `${inline(tokens)} (${htmlText(href)})`;
  return `<a href="${htmlProse(address.href)}" rel="noopener noreferrer">${inline(tokens)}</a>`;
}
