import { type Boundary, scanBoundaries } from "./boundaries.ts";
import { checkDefinitions, checkReferences } from "./checkVariables.ts";
import { type Directive, readDirectives } from "./directives.ts";
import { checkDefaults, checkDirectives } from "./effectiveDirectives.ts";
import { lexPromql, type Token } from "./lexer.ts";
import { isBlankLine, isCommentLine, type Line, lineIndexAt, scanLines } from "./lines.ts";
import type { Problem, Span } from "./problems.ts";
import { readSeparator, readWeakSeparator, type Separator, type Title } from "./separators.ts";

/** A query or a piece of Markdown. Blocks touch: each reaches to the next one or to the text's end. */
export interface Block extends Span {
  readonly kind: "query" | "markdown";
  readonly index: number;
  /**
   * The same for the same block after edits elsewhere: its separator's title (counted where it repeats), otherwise its
   * number among the blocks without title.
   */
  readonly key: string;
  readonly separator?: Separator;
  readonly title?: Title;
  /** From the first to the last sign that is neither blank nor comment; comments in between belong to it. */
  readonly expression?: Span;
  readonly directives: readonly Directive[];
}

/** The leading comment and blank lines, whose directives are defaults for every block. May be empty. */
export interface Prologue extends Span {
  readonly directives: readonly Directive[];
}

/** A `.promql` file. The prologue and the blocks, in this order, cover the text without gaps. */
export interface PromqlFile {
  readonly prologue: Prologue;
  readonly blocks: readonly Block[];
  /** In ascending order of place. */
  readonly problems: readonly Problem[];
}

/** A block whose place is known; `tokens` are those of its text, the separator line excluded. */
interface Draft extends Span {
  readonly separator: Separator | undefined;
  readonly tokens: readonly Token[];
}

/** Reads a `.promql` file: any text is one. Offsets are UTF-16 code units of `text`; linear in its length. */
export function parsePromqlFile(text: string): PromqlFile {
  const lines = scanLines(text);
  const separators: Separator[] = [];
  for (const line of lines) {
    const separator = readSeparator(text, line);
    if (separator !== undefined) separators.push(separator);
  }
  const problems: Problem[] = [];
  const freeEnd = separators[0]?.from ?? text.length;
  const free = splitFreeText({ text, lines, end: freeEnd, mayUseWeak: separators.length === 0, problems });
  const separated = separators.map((separator, i) =>
    readSeparated({ text, lines, separator, end: separators[i + 1]?.from ?? text.length, problems }),
  );
  reportSeparatorsInside(text, [free.unclosed, ...separated.map((one) => one.unclosed)], separators, problems);

  const prologue: Prologue = {
    from: 0,
    to: free.prologueEnd,
    directives: free.prologueComments.flatMap((comment) => readDirectives(text, comment, problems)),
  };
  const keys = new Keys();
  const blocks = [...free.drafts, ...separated.map((one) => one.draft)].map((draft, index) =>
    finishBlock(text, draft, index, keys, problems),
  );
  const checked = { text, defaults: prologue, blocks };
  checkDirectives(checked, problems);
  checkDefaults(checked, problems);
  checkDefinitions(prologue.directives, [], problems);
  for (const { directives } of blocks) checkDefinitions(directives, prologue.directives, problems);
  problems.sort((a, b) => a.from - b.from || a.to - b.to);
  return { prologue, blocks, problems };
}

/** What holds for a cell besides its text. */
export interface CellSurroundings {
  /** Directives of the cell that sets defaults; their places are not in this cell's text. */
  readonly defaults: readonly Directive[];
  readonly title: string | undefined;
}

/** Reads a cell of a notebook: all of it is one block, whatever it looks like. */
export function parsePromqlCell(text: string, { defaults, title }: CellSurroundings): PromqlFile {
  const problems: Problem[] = [];
  const tokens = lexPromql(text, 0, text.length);
  const lines = scanLines(text);
  for (const boundary of scanBoundaries(text, tokens).boundaries) {
    reportTwoExpressions(text, lines, boundary, "cell", problems);
  }
  const draft = { from: 0, to: text.length, separator: undefined, tokens };
  const block = {
    ...finishBlock(text, draft, 0, new Keys(), problems),
    ...(title !== undefined && { title: { text: title, from: 0, to: 0 } }),
  };
  const prologue = { from: 0, to: 0, directives: defaults };
  checkDirectives({ text, defaults: prologue, blocks: [block] }, problems);
  checkDefinitions(block.directives, defaults, problems);
  problems.sort((a, b) => a.from - b.from || a.to - b.to);
  return { prologue, blocks: [block], problems };
}

/** The block that holds `offset`, a block's end counting for the block before the next; none inside the prologue. */
export function blockAt(file: PromqlFile, offset: number): Block | undefined {
  if (offset < file.prologue.to) return undefined;
  return file.blocks[lineIndexAt(file.blocks, offset)];
}

interface FreeText {
  readonly prologueEnd: number;
  readonly prologueComments: readonly Token[];
  readonly drafts: readonly Draft[];
  readonly unclosed: Token | undefined;
}

interface FreeTextInput {
  readonly text: string;
  readonly lines: readonly Line[];
  readonly end: number;
  readonly mayUseWeak: boolean;
  readonly problems: Problem[];
}

/** Splits the text before the first separator at blank lines and weak separators, where expressions surely end. */
function splitFreeText({ text, lines, end, mayUseWeak, problems }: FreeTextInput): FreeText {
  const tokens = lexPromql(text, 0, end);
  const first = tokens.find((token) => token.kind !== "comment");
  if (first === undefined) return { prologueEnd: end, prologueComments: tokens, drafts: [], unclosed: undefined };

  const weakAt = (line: Line): Separator | undefined => (mayUseWeak ? readWeakSeparator(text, line) : undefined);
  const scan = scanBoundaries(text, tokens);
  const starts: { from: number; separator: Separator | undefined }[] = [
    firstBlockStart(text, lines, lineIndexAt(lines, first.from), weakAt),
  ];
  for (const boundary of scan.boundaries) {
    const gap = lines.slice(lineIndexAt(lines, boundary.last.to) + 1, lineIndexAt(lines, boundary.next.from) + 1);
    const weak = gap.find((line) => weakAt(line) !== undefined);
    const start = weak ?? lineAfterBlank(text, gap);
    if (start === undefined) reportTwoExpressions(text, lines, boundary, "blankLine", problems);
    else starts.push({ from: start.from, separator: weakAt(start) });
  }
  const drafts = cut(tokens, starts, end);
  const prologueEnd = drafts[0]?.from ?? end;
  return {
    prologueEnd,
    prologueComments: tokens.filter((token) => token.to <= prologueEnd),
    drafts,
    unclosed: scan.unclosed,
  };
}

/** The first line after the first blank ones of `gap`, whose last line holds the next expression. */
function lineAfterBlank(text: string, gap: readonly Line[]): Line | undefined {
  const blank = gap.findIndex((line) => isBlankLine(text, line));
  return blank === -1 ? undefined : gap.slice(blank).find((line) => !isBlankLine(text, line));
}

/**
 * Where the first block begins: at the comment lines that touch its expression, or at a weak separator among them or right
 * above the blank lines before them.
 */
function firstBlockStart(
  text: string,
  lines: readonly Line[],
  expressionLine: number,
  weakAt: (line: Line) => Separator | undefined,
): { from: number; separator: Separator | undefined } {
  const lineAt = (index: number): Line => lines[index] ?? { from: 0, to: 0 };
  let touching = expressionLine;
  while (touching > 0 && isCommentLine(text, lineAt(touching - 1))) touching--;
  for (let i = touching; i < expressionLine; i++) {
    const separator = weakAt(lineAt(i));
    if (separator !== undefined) return { from: separator.from, separator };
  }
  let above = touching - 1;
  while (above >= 0 && isBlankLine(text, lineAt(above))) above--;
  const separator = above >= 0 ? weakAt(lineAt(above)) : undefined;
  return { from: separator?.from ?? lineAt(touching).from, separator };
}

/** Shares the tokens out to the blocks that begin at `starts`, both ascending. */
function cut(
  tokens: readonly Token[],
  starts: readonly { readonly from: number; readonly separator: Separator | undefined }[],
  end: number,
): readonly Draft[] {
  let at = 0;
  return starts.map(({ from, separator }, i) => {
    const to = starts[i + 1]?.from ?? end;
    while ((tokens[at]?.from ?? to) < (separator?.to ?? from)) at++;
    const begin = at;
    while ((tokens[at]?.from ?? to) < to) at++;
    return { from, to, separator, tokens: tokens.slice(begin, at) };
  });
}

interface SeparatedInput {
  readonly text: string;
  readonly lines: readonly Line[];
  readonly separator: Separator;
  readonly end: number;
  readonly problems: Problem[];
}

/** Reads the block under a `# %%` line: it reaches to the next one, whatever lies between. */
function readSeparated({ text, lines, separator, end, problems }: SeparatedInput): {
  readonly draft: Draft;
  readonly unclosed: Token | undefined;
} {
  const span = { from: separator.from, to: end };
  if (separator.kind === "markdown") {
    reportTextInMarkdown(text, lines, separator, end, problems);
    return { draft: { ...span, separator, tokens: [] }, unclosed: undefined };
  }
  const tokens = lexPromql(text, separator.to, end);
  const scan = scanBoundaries(text, tokens);
  for (const boundary of scan.boundaries) reportTwoExpressions(text, lines, boundary, "separator", problems);
  return { draft: { ...span, separator, tokens }, unclosed: scan.unclosed };
}

function reportTextInMarkdown(
  text: string,
  lines: readonly Line[],
  separator: Separator,
  end: number,
  problems: Problem[],
): void {
  for (let i = lineIndexAt(lines, separator.from) + 1; i < lines.length; i++) {
    const line = lines[i];
    if (line === undefined || line.from >= end) return;
    if (isBlankLine(text, line) || isCommentLine(text, line)) continue;
    problems.push({ code: "textInMarkdown", insertAt: line.from, from: line.from, to: line.to });
    return;
  }
}

/** `unclosed[i]` is what stands open where `separators[i]` begins. */
function reportSeparatorsInside(
  text: string,
  unclosed: readonly (Token | undefined)[],
  separators: readonly Separator[],
  problems: Problem[],
): void {
  separators.forEach((separator, i) => {
    const opener = unclosed[i];
    if (opener === undefined) return;
    problems.push({
      code: "separatorInsideExpression",
      open: text.charAt(opener.from) === "`" ? "string" : "bracket",
      openedAt: opener.from,
      from: separator.from,
      to: separator.to,
    });
  });
}

/**
 * Reports an expression that begins on a line of its own after a complete one in the same block. A variable may stand for an
 * operator, and an unfinished expression may yet change: there nothing is said.
 */
function reportTwoExpressions(
  text: string,
  lines: readonly Line[],
  { last, next, nextIsComplete }: Boundary,
  insert: "separator" | "blankLine" | "cell",
  problems: Problem[],
): void {
  if (!nextIsComplete || !isCertain(last) || !isCertain(next)) return;
  const lastLine = lineIndexAt(lines, last.to);
  let at = lineIndexAt(lines, next.from);
  if (at === lastLine) return;
  while (at - 1 > lastLine && isCommentLine(text, lines[at - 1] ?? next)) at--;
  problems.push({
    code: "twoExpressions",
    insert,
    insertAt: lines[at]?.from ?? next.from,
    from: next.from,
    to: next.to,
  });
}

function isCertain(token: Token): boolean {
  return token.kind !== "variable" && token.kind !== "unterminatedString" && token.kind !== "badNumber";
}

function finishBlock(text: string, draft: Draft, index: number, keys: Keys, problems: Problem[]): Block {
  const { from, to, separator, tokens } = draft;
  const first = tokens.find((token) => token.kind !== "comment");
  const last = tokens.findLast((token) => token.kind !== "comment");
  const title = separator?.title;
  checkReferences(text, tokens, problems);
  return {
    kind: separator?.kind ?? "query",
    index,
    key: keys.next(title?.text),
    from,
    to,
    ...(separator !== undefined && { separator }),
    ...(title !== undefined && { title }),
    ...(first !== undefined && last !== undefined && { expression: { from: first.from, to: last.to } }),
    directives: tokens.flatMap((token) => (token.kind === "comment" ? readDirectives(text, token, problems) : [])),
  };
}

/** Hands out one key a block; a title's first bearer keeps its key when another is added below. */
class Keys {
  readonly #seen = new Map<string, number>();

  next(title: string | undefined): string {
    const stem = title === undefined ? "untitled" : `title:${title}`;
    const count = (this.#seen.get(stem) ?? 0) + 1;
    this.#seen.set(stem, count);
    return title === undefined ? `untitled:${count}` : `title:${count}:${title}`;
  }
}
