import { isBlank, type Line } from "./lines.ts";
import type { Span } from "./problems.ts";

/** A separator line: what it starts and what it is called. */
export interface Separator extends Span {
  readonly kind: "query" | "markdown";
  /** The words after the mark, without `[markdown]`; absent where there are none. */
  readonly title?: Title;
}

export interface Title extends Span {
  readonly text: string;
}

const markdownMark = "[markdown]";

/** The separator that `line` is: `# %%` in column 1, followed by a blank or the line's end. */
export function readSeparator(text: string, line: Line): Separator | undefined {
  return readMark(text, line, "# %%", true);
}

/** The weak separator that `line` is: `###` in column 1 and a blank. It counts only where a blank line would. */
export function readWeakSeparator(text: string, line: Line): Separator | undefined {
  return readMark(text, line, "###", false);
}

function readMark(text: string, line: Line, mark: string, mayStandAlone: boolean): Separator | undefined {
  if (!text.startsWith(mark, line.from)) return undefined;
  const after = line.from + mark.length;
  if (after > line.to) return undefined;
  if (after === line.to ? !mayStandAlone : !isBlank(text.charAt(after))) return undefined;
  const title = trimmed(text, after, line.to);
  const span = { from: line.from, to: line.to };
  if (title === undefined) return { ...span, kind: "query" };
  const isMarkdown =
    mayStandAlone && title.text.startsWith(markdownMark) && /^(\s|$)/.test(title.text.slice(markdownMark.length));
  if (!isMarkdown) return { ...span, kind: "query", title: mayStandAlone ? unescaped(title) : title };
  const rest = trimmed(text, title.from + markdownMark.length, title.to);
  return rest === undefined ? { ...span, kind: "markdown" } : { ...span, kind: "markdown", title: rest };
}

/** A title that looks like the mark of Markdown is written with a backslash before it. */
const escapedMark = /^\\+\[markdown\](?=\s|$)/;

function unescaped(title: Title): Title {
  return escapedMark.test(title.text) ? { ...title, text: title.text.slice(1) } : title;
}

/** The line that reads as this separator, without its end. The title has neither line ends nor blanks around it. */
export function separatorLine({
  kind,
  title,
  isWeak,
}: {
  readonly kind: Separator["kind"];
  readonly title: string | undefined;
  readonly isWeak: boolean;
}): string {
  // Without a blank `###` separates nothing.
  if (isWeak) return `### ${title ?? ""}`;
  if (kind === "markdown") return ["# %%", markdownMark, ...(title === undefined ? [] : [title])].join(" ");
  if (title === undefined) return "# %%";
  return `# %% ${escapedMark.test(`\\${title}`) ? "\\" : ""}${title}`;
}

/** A title in one line, without blanks around it; `undefined` for none. */
export function titleText(text: string): string | undefined {
  const line = text.replace(/[\r\n]+/g, " ");
  return trimmed(line, 0, line.length)?.text;
}

function trimmed(text: string, from: number, to: number): Title | undefined {
  let start = from;
  let end = to;
  while (start < end && isBlank(text.charAt(start))) start++;
  while (end > start && isBlank(text.charAt(end - 1))) end--;
  return start === end ? undefined : { text: text.slice(start, end), from: start, to: end };
}
