import { lexPromql, type Token } from "./lexer.ts";

/** A selector of an expression, as it is written there without its range. */
export interface SelectorFact {
  /** The metric's name; `undefined` where only labels select. */
  readonly name: string | undefined;
  /** Name and matchers. */
  readonly text: string;
  /** True if labels are asked for beside the name. */
  readonly hasMatchers: boolean;
  /** `offset` with its duration, or empty. */
  readonly offset: string;
  /** True if an `@` says when to look, whatever the time of the query. */
  readonly isPinned: boolean;
}

/** Keywords that a list of labels in parentheses follows. */
const beforeLabels: ReadonlySet<string> = new Set(["by", "without", "on", "ignoring", "group_left", "group_right"]);

/** The selectors of an expression in the order of the text, each as often as it stands there. Total: any text has some or none. */
export function selectorsOf(expression: string): readonly SelectorFact[] {
  const tokens = lexPromql(expression).filter(({ kind }) => kind !== "comment");
  const found: SelectorFact[] = [];
  const textOf = (token: Token | undefined) => (token === undefined ? "" : expression.slice(token.from, token.to));
  const closing = (at: number, sign: string) => {
    const end = tokens.findIndex((token, i) => i > at && textOf(token) === sign);
    return end < 0 ? undefined : end;
  };
  let at = 0;
  while (at < tokens.length) {
    const token = tokens[at];
    const text = textOf(token);
    const next = textOf(tokens[at + 1]);
    if (token?.kind === "keyword" && beforeLabels.has(text.toLowerCase()) && next === "(") {
      at = (closing(at + 1, ")") ?? tokens.length) + 1;
      continue;
    }
    const isName = token?.kind === "identifier" && next !== "(";
    if (!isName && text !== "{") {
      at++;
      continue;
    }
    const open = text === "{" ? at : next === "{" ? at + 1 : undefined;
    const end = open === undefined ? at : closing(open, "}");
    // A brace that nothing closes is no selector.
    if (end === undefined) break;
    const inside = open === undefined ? [] : tokens.slice(open + 1, end);
    const quoted = quotedName(inside, textOf);
    found.push({
      name: isName ? text : quoted.name,
      text: expression.slice(token?.from, tokens[end]?.to),
      hasMatchers: inside.some(({ kind }) => kind === "operator") && !quoted.isAlone,
      ...modifiers(tokens.slice(end + 1), textOf),
    });
    at = end + 1;
  }
  return found;
}

/** The name inside braces: `{"http.requests"}` or `{__name__="up"}`; `isAlone`: nothing else stands there. */
function quotedName(
  inside: readonly Token[],
  textOf: (token: Token | undefined) => string,
): { readonly name: string | undefined; readonly isAlone: boolean } {
  const [first, second, third] = inside;
  const plain = (token: Token | undefined) => {
    const text = textOf(token);
    // Escapes would have to be read: rather no name than a wrong one.
    return token?.kind === "string" && !text.includes("\\") ? text.slice(1, -1) : undefined;
  };
  if (first?.kind === "string" && second?.kind !== "operator") {
    return { name: plain(first), isAlone: inside.length <= 2 };
  }
  const isNamed = textOf(first) === "__name__" && textOf(second) === "=";
  return isNamed ? { name: plain(third), isAlone: inside.length <= 4 } : { name: undefined, isAlone: false };
}

/** What stands behind a selector: perhaps a range in brackets, then `offset` and `@` in any order. */
function modifiers(
  rest: readonly Token[],
  textOf: (token: Token | undefined) => string,
): Pick<SelectorFact, "offset" | "isPinned"> {
  let offset = "";
  let at = 0;
  if (textOf(rest[0]) === "[") at = rest.findIndex((token) => textOf(token) === "]") + 1;
  for (;;) {
    const word = textOf(rest[at]).toLowerCase();
    if (word === "@") return { offset, isPinned: true };
    if (word !== "offset") return { offset, isPinned: false };
    const isNegative = textOf(rest[at + 1]) === "-";
    const duration = rest[at + (isNegative ? 2 : 1)];
    if (duration?.kind !== "duration" && duration?.kind !== "number") return { offset, isPinned: true };
    offset = `offset ${isNegative ? "-" : ""}${textOf(duration)}`;
    at += isNegative ? 3 : 2;
  }
}
