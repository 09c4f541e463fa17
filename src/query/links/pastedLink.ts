import { blockExpression } from "./blockText.ts";
import { readExploreLink } from "./grafanaLink.ts";
import { readApiLink, readGraphLink } from "./graphLink.ts";
import type { LinkBlock } from "./linkBlock.ts";

/** Why a text gives no queries. */
export type LinkProblem = "empty" | "tooLong" | "notUrl" | "notQueryLink" | "unreadable" | "noQuery";

/** The queries of a link, or why there are none. */
export type PastedLink =
  | {
      readonly ok: true;
      readonly origin: string;
      readonly blocks: readonly LinkBlock[];
      /** Queries beyond the number that is taken. */
      readonly omitted: number;
    }
  | { readonly ok: false; readonly problem: LinkProblem };

/** No browser shows longer addresses, and no server of ours takes them. */
const maxLength = 512 * 1024;

const maxBlocks = 50;

/** True for a text that is one address and nothing else; whether it holds queries is another question. */
export function isLoneUrl(text: string): boolean {
  return text.length <= maxLength && /^\s*https?:\/\/\S+\s*$/i.test(text);
}

/**
 * Reads a link to a page of Prometheus, Thanos or VictoriaMetrics, to Grafana's Explore, or to the HTTP API. Whatever the link
 * holds, each query comes as an expression that stays one block in a file (see `blockExpression`).
 */
export function parsePastedLink(text: string): PastedLink {
  if (text.trim() === "") return { ok: false, problem: "empty" };
  if (text.length > maxLength) return { ok: false, problem: "tooLong" };
  if (!isLoneUrl(text) || !URL.canParse(text.trim())) return { ok: false, problem: "notUrl" };
  const url = new URL(text.trim());
  const found = readExploreLink(url) ?? readApiLink(url) ?? readGraphLink(url);
  if (found === undefined) return { ok: false, problem: "notQueryLink" };
  if (found === "unreadable") return { ok: false, problem: "unreadable" };
  const blocks = found
    .map((block) => ({ ...block, expr: blockExpression(block.expr) }))
    .filter(({ expr }) => expr !== "");
  if (blocks.length === 0) return { ok: false, problem: "noQuery" };
  return {
    ok: true,
    origin: url.origin,
    blocks: blocks.slice(0, maxBlocks),
    omitted: Math.max(0, blocks.length - maxBlocks),
  };
}
