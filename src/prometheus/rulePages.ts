import { AppError, failureOf } from "../shared/errors.ts";
import type { RuleGroup } from "../shared/model/source.ts";
import { type ApiData, maxWholeBytes } from "./readData.ts";

/** Rule groups, and what to ask for the next ones with; empty after the last ones. */
export interface RulesPage {
  readonly groups: readonly RuleGroup[];
  readonly nextToken: string;
}

/** Asks for a page, the first one with an empty token; throws `tooLarge` beyond `maxBytes`. */
export type ReadRulesPage = (token: string, maxBytes: number) => Promise<ApiData<RulesPage>>;

const maxPages = 1000;

/**
 * The groups of all pages, which together have room for as much as one answer. Where the groups change meanwhile the server
 * refuses the token, and they are read from the beginning, once. Throws `malformed` for tokens without end.
 */
export async function readRulePages(readPage: ReadRulesPage): Promise<readonly RuleGroup[]> {
  let groups: RuleGroup[] = [];
  let tokens = new Set<string>();
  let left = maxWholeBytes;
  let isSecondTime = false;
  for (let token = ""; ; ) {
    try {
      const { data, bytes } = await readPage(token, left);
      for (const group of data.groups) groups.push(group);
      left -= bytes;
      token = data.nextToken;
    } catch (error) {
      if (token === "" || isSecondTime || !isRefusedToken(error)) throw ofWhole(error);
      isSecondTime = true;
      [groups, tokens, left, token] = [[], new Set(), maxWholeBytes, ""];
      continue;
    }
    if (token === "") return groups;
    if (tokens.has(token)) refuse("a token that has not been there");
    tokens.add(token);
    if (tokens.size >= maxPages) refuse(`an end within ${maxPages} pages`);
  }
}

/** What is too large is all of them together, of which the last page had only the rest. */
function ofWhole(error: unknown): unknown {
  const failure = failureOf(error);
  return failure.kind === "tooLarge" ? new AppError({ ...failure, allowed: maxWholeBytes }, { cause: error }) : error;
}

/** Prometheus: "invalid group_next_token '…'. were rule groups changed?" */
function isRefusedToken(error: unknown): boolean {
  const failure = failureOf(error);
  return failure.kind === "rejected" && failure.status === 400;
}

function refuse(expected: string): never {
  throw new AppError({ kind: "malformed", offset: 0, expected: `data.groupNextToken: ${expected}` });
}
