import { gluedTokens } from "../gluedTokens.ts";
import { lexPromql, type Token } from "../lexer.ts";

/**
 * True if two texts have the same words and the same comments, each in the same order: then they are read as the same tree, and
 * nothing of either is lost. Only the case of reserved words and a comma in front of a closing bracket mean nothing.
 */
export function haveSameWords(one: string, other: string): boolean {
  return sameList(meaningOf(one), meaningOf(other)) && sameList(commentsOf(one), commentsOf(other));
}

function sameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((word, i) => word === other[i]);
}

function meaningOf(text: string): readonly string[] {
  // What stands without a blank between is one word, where a variable is part of it.
  const words = gluedTokens(lexPromql(text).filter(({ kind }) => kind !== "comment"));
  return words.flatMap((token, i) => (isTrailingComma(token, words[i + 1]) ? [] : [wordOf(text, token)]));
}

function isTrailingComma(token: Token, next: Token | undefined): boolean {
  return token.kind === "comma" && next?.kind === "close";
}

function wordOf(text: string, { kind, from, to }: Token): string {
  const word = text.slice(from, to);
  return kind === "keyword" || kind === "aggregation" ? word.toLowerCase() : word;
}

function commentsOf(text: string): readonly string[] {
  return lexPromql(text).flatMap(({ kind, from, to }) => (kind === "comment" ? [text.slice(from, to)] : []));
}
