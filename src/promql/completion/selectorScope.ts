import type { Token } from "../lexer.ts";
import { findReferencesInText } from "../variableReferences.ts";
import { looseString } from "./looseString.ts";

/** A matcher that is whole and holds no variable. */
export interface ScopeMatcher {
  readonly label: string;
  readonly operator: "=" | "!=" | "=~" | "!~";
  readonly value: string;
}

/** Series whose labels or values are looked for: as far as a selector says which, variables and unfinished parts left out. */
export interface SelectorScope {
  readonly metric: string | undefined;
  readonly matchers: readonly ScopeMatcher[];
}

/** A selector as it is read out of tokens; both indexes of tokens, `to` exclusive. */
export interface ReadScope {
  readonly scope: SelectorScope;
  /** A metric is named in the braces or before them, perhaps by a variable. */
  readonly namesMetric: boolean;
  readonly to: number;
}

/** The words of PromQL that braces may follow and that name a metric. */
const nameKinds: ReadonlySet<Token["kind"]> = new Set(["identifier", "keyword", "aggregation"]);

/**
 * The selector whose braces open at `tokens[open]`. What holds `cursor` between two commas is left out: it is being written.
 */
export function readSelector(text: string, tokens: readonly Token[], open: number, cursor = -1): ReadScope {
  const name = metricBefore(text, tokens, open);
  const matchers: ScopeMatcher[] = [];
  let { metric } = name;
  let namesMetric = name.isNamed;
  let at = open + 1;
  for (;;) {
    const from = at;
    while (isInItem(tokens[at])) at++;
    const item = tokens.slice(from, at).filter(({ kind }) => kind !== "comment");
    const end = tokens[at];
    const begins = tokens[from - 1]?.to ?? 0;
    const holdsCursor = begins <= cursor && cursor <= (end?.from ?? Number.POSITIVE_INFINITY);
    if (!holdsCursor) {
      const named = quotedMetric(text, item);
      if (named !== undefined) {
        metric ??= named;
        namesMetric = true;
      }
      const matcher = matcherOf(text, item);
      if (matcher?.label === "__name__" && matcher.operator === "=") {
        metric ??= matcher.value;
        namesMetric = true;
      } else if (matcher !== undefined) matchers.push(matcher);
    }
    if (end?.kind !== "comma") {
      const isClosed = end !== undefined && text.charAt(end.from) === "}";
      return { scope: { metric, matchers }, namesMetric, to: isClosed ? at + 1 : at };
    }
    at++;
  }
}

/** Brackets and commas end an item; braces left open end before what cannot stand in them. */
function isInItem(token: Token | undefined): boolean {
  return token !== undefined && token.kind !== "comma" && token.kind !== "open" && token.kind !== "close";
}

function metricBefore(
  text: string,
  tokens: readonly Token[],
  open: number,
): { readonly metric: string | undefined; readonly isNamed: boolean } {
  const before = tokens[open - 1];
  if (before === undefined) return { metric: undefined, isNamed: false };
  if (before.kind === "variable") return { metric: undefined, isNamed: true };
  if (!nameKinds.has(before.kind)) return { metric: undefined, isNamed: false };
  // `node_$x{` is one name, of which only a run knows all.
  const joined = tokens[open - 2];
  if (joined?.kind === "variable" && joined.to === before.from) return { metric: undefined, isNamed: true };
  return { metric: text.slice(before.from, before.to), isNamed: true };
}

function quotedMetric(text: string, [only, ...others]: readonly Token[]): string | undefined {
  if (only?.kind !== "string" || others.length > 0) return undefined;
  return constant(text, only);
}

function matcherOf(text: string, item: readonly Token[]): ScopeMatcher | undefined {
  const [label, sign, value, ...others] = item;
  if (label === undefined || sign === undefined || value?.kind !== "string" || others.length > 0) return undefined;
  const operator = matcherOperator(text.slice(sign.from, sign.to));
  const name = label.kind === "string" ? constant(text, label) : text.slice(label.from, label.to);
  const content = constant(text, value);
  if (operator === undefined || name === undefined || content === undefined || label.kind === "variable")
    return undefined;
  return { label: name, operator, value: content };
}

/** The operator of a matcher that a text is. */
export function matcherOperator(text: string): ScopeMatcher["operator"] | undefined {
  return text === "=" || text === "!=" || text === "=~" || text === "!~" ? text : undefined;
}

/** A string's content; `undefined` where only a run knows it. */
function constant(text: string, { from, to }: Token): string | undefined {
  const content = looseString(text.slice(from, to));
  const [reference] = findReferencesInText(content, { quote: undefined, inReplacement: false });
  return reference === undefined ? content : undefined;
}

/** Selectors that are read at most for one list of labels. */
const mostScopes = 8;

const clauseWords: ReadonlySet<string> = new Set(["by", "without", "on", "ignoring", "group_left", "group_right"]);

/** The selectors among `tokens[from]` to `tokens[to]` (exclusive), each once, in the order of the text. */
export function scopesAmong(
  text: string,
  tokens: readonly Token[],
  from: number,
  to: number,
  most = mostScopes,
): readonly SelectorScope[] {
  const found = new Map<string, SelectorScope>();
  const add = (scope: SelectorScope) => {
    // A selector of which nothing is known would bring in all others.
    if (scope.metric !== undefined || scope.matchers.length > 0) found.set(JSON.stringify(scope), scope);
  };
  let at = from;
  while (at < to && found.size < most) {
    const token = tokens[at];
    if (token === undefined) break;
    const word = text.slice(token.from, token.to);
    const next = tokens[at + 1];
    const sign = next === undefined ? "" : text.charAt(next.from);
    if (word === "{") {
      const read = readSelector(text, tokens, at);
      add(read.scope);
      at = Math.max(read.to, at + 1);
    } else if (clauseWords.has(word.toLowerCase()) && sign === "(") {
      at += 2;
      while (at < to && tokens[at]?.kind !== "close") at++;
    } else {
      if (token.kind === "identifier" && sign !== "(" && sign !== "{" && next?.kind !== "variable") {
        add({ metric: word, matchers: [] });
      }
      at++;
    }
  }
  return [...found.values()];
}
