import type { PromqlFile } from "./file.ts";
import { lexPromql, type Token } from "./lexer.ts";
import { isBlankLine, isCommentLine, type Line, lineIndexAt, scanLines } from "./lines.ts";
import type { Span } from "./problems.ts";

/** Lines that can be hidden behind the first of them; both are numbers of lines from 0, the last one is hidden too. */
export interface Fold {
  readonly first: number;
  readonly last: number;
  readonly kind: "block" | "brackets" | "comment" | "region";
}

/**
 * What of a file can be folded: blocks, brackets over several lines (the closing one stays in sight), comments over several
 * lines, and what stands between `# region` and `# endregion`. At most one for each first line, the longest. Linear.
 */
export function foldsOf(text: string, file: PromqlFile): readonly Fold[] {
  const lines = scanLines(text);
  const all = [
    ...file.blocks.map((block) => blockFold(text, lines, block)),
    ...file.blocks.flatMap(({ expression }) => (expression === undefined ? [] : bracketFolds(text, lines, expression))),
    ...commentFolds(text, lines, file),
    ...regionFolds(text, lines),
  ];
  const byFirst = new Map<number, Fold>();
  for (const fold of all) {
    const other = byFirst.get(fold.first);
    if (fold.last > fold.first && fold.last > (other?.last ?? fold.first)) byFirst.set(fold.first, fold);
  }
  return [...byFirst.values()].sort((a, b) => a.first - b.first);
}

function blockFold(text: string, lines: readonly Line[], { from, to }: Span): Fold {
  const first = lineIndexAt(lines, from);
  let last = lineIndexAt(lines, Math.max(from, to - 1));
  while (last > first && isBlankLine(text, lines[last] ?? { from, to })) last--;
  return { first, last, kind: "block" };
}

function bracketFolds(text: string, lines: readonly Line[], expression: Span): readonly Fold[] {
  const folds: Fold[] = [];
  const open: Token[] = [];
  for (const token of lexPromql(text, expression.from, expression.to)) {
    if (token.kind === "open") open.push(token);
    if (token.kind !== "close") continue;
    const opener = open.pop();
    if (opener === undefined) continue;
    const at = lineIndexAt(lines, token.from);
    const last = staysInSight(text, lines[at] ?? token, token) ? at - 1 : at;
    folds.push({ first: lineIndexAt(lines, opener.from), last, kind: "brackets" });
  }
  return folds;
}

/** True for the line of a closing bracket where it begins with one, or where something follows that would go out of sight too. */
function staysInSight(text: string, line: Line, { to }: Token): boolean {
  // A bounded piece: a line may be endless, with a bracket at each sign of it.
  const begin = text.slice(line.from, Math.min(line.to, line.from + 200)).trimStart();
  const rest = text.slice(to, Math.min(line.to, to + 200));
  return /^[)\]}]/.test(begin) || !/^[)\]},\s]*(?:#|$)/.test(rest);
}

/** Comment lines that follow each other; a separator is none. */
function commentFolds(text: string, lines: readonly Line[], file: PromqlFile): readonly Fold[] {
  const separators = new Set(
    file.blocks.flatMap(({ separator }) => (separator === undefined ? [] : [lineIndexAt(lines, separator.from)])),
  );
  const folds: Fold[] = [];
  let first: number | undefined;
  for (let i = 0; i <= lines.length; i++) {
    const line = lines[i];
    const isComment = line !== undefined && isCommentLine(text, line) && !separators.has(i);
    if (isComment) first ??= i;
    else if (first !== undefined) {
      folds.push({ first, last: i - 1, kind: "comment" });
      first = undefined;
    }
  }
  return folds;
}

/** The marks of `media/language/language-configuration.json`, which VS Code leaves to whoever folds. */
function regionFolds(text: string, lines: readonly Line[]): readonly Fold[] {
  const folds: Fold[] = [];
  const open: number[] = [];
  for (const [i, line] of lines.entries()) {
    if (!isCommentLine(text, line)) continue;
    const mark = /^\s*#\s*(end)?region\b/.exec(text.slice(line.from, Math.min(line.to, line.from + 200)));
    if (mark === null) continue;
    if (mark[1] === undefined) open.push(i);
    else {
      const first = open.pop();
      if (first !== undefined) folds.push({ first, last: i, kind: "region" });
    }
  }
  return folds;
}
