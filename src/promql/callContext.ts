import { lexPromql, type Token } from "./lexer.ts";
import type { Span } from "./problems.ts";

/** The call whose arguments hold a place in the text. */
export interface CallContext {
  /** Of the function or aggregation, as it is written; it need not exist. */
  readonly name: Span & { readonly text: string };
  /** Number of the argument, from 0. */
  readonly argument: number;
}

/** An open bracket. `callee` is missing where it is no call's: of a selector, a range, a list of labels, or mere parentheses. */
interface Open {
  readonly sign: string;
  readonly callee: Token | undefined;
  /** The aggregation whose `by (...)` this is, where that stands in front of its arguments. */
  readonly listOf: Token | undefined;
  argument: number;
}

const closing: ReadonlyMap<string, string> = new Map([
  [")", "("],
  ["]", "["],
  ["}", "{"],
]);

/**
 * The innermost call around `offset`, by the tokens in front of it alone, so that unfinished text has one too: what is in braces,
 * brackets, lists of labels and parentheses of its own belongs to the argument around it. `block` bounds what is read. Linear.
 */
export function callContextAt(text: string, block: Span, offset: number): CallContext | undefined {
  const open: Open[] = [];
  let previous: Token | undefined;
  let beforePrevious: Token | undefined;
  /** The aggregation whose list of labels has just been closed. */
  let aggregation: Token | undefined;
  for (const token of lexPromql(text, block.from, block.to)) {
    if (token.to > offset) break;
    if (token.kind === "comment") continue;
    const awaited = aggregation;
    aggregation = undefined;
    if (token.kind === "open") {
      const sign = text.charAt(token.from);
      const listOf = isGrouping(text, previous) && beforePrevious?.kind === "aggregation" ? beforePrevious : undefined;
      const callee = sign === "(" ? (awaited ?? calleeOf(previous)) : undefined;
      open.push({ sign, callee, listOf, argument: 0 });
    } else if (token.kind === "close") {
      aggregation = close(open, closing.get(text.charAt(token.from)))?.listOf;
    } else if (token.kind === "comma") {
      const innermost = open.at(-1);
      if (innermost !== undefined) innermost.argument++;
    }
    beforePrevious = previous;
    previous = token;
  }
  const call = open.findLast(({ callee }) => callee !== undefined);
  if (call?.callee === undefined) return undefined;
  const { from, to } = call.callee;
  return { name: { from, to, text: text.slice(from, to) }, argument: call.argument };
}

function calleeOf(token: Token | undefined): Token | undefined {
  return token?.kind === "identifier" || token?.kind === "aggregation" ? token : undefined;
}

function isGrouping(text: string, token: Token | undefined): boolean {
  return token?.kind === "keyword" && /^(?:by|without)$/i.test(text.slice(token.from, token.to));
}

/** Takes away the last open bracket of this sign, with those behind it that were left open; one that nothing opened closes nothing. */
function close(open: Open[], sign: string | undefined): Open | undefined {
  const at = open.findLastIndex((one) => one.sign === sign);
  if (at === -1) return undefined;
  const [closed] = open.splice(at);
  return closed;
}
