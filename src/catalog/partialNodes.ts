import { saysTruncated } from "../query/answerFacts.ts";
import { remark, type TreeNode } from "./treeNode.ts";

/** Said where a server that warned sent nothing: it may have something all the same. */
export const nothingArrived = "Nothing in what the server could read.";

/** What a server remarked that keeps a list from being whole, each once. A limit that was asked for is said in other words. */
export function doubtsOf(warnings: Iterable<string>): readonly string[] {
  return [...new Set(warnings)].filter((warning) => !saysTruncated(warning));
}

/** A row that stands before a list that may not be whole, over the server's own words; none where it had no doubts. */
export function partialRows(doubts: readonly string[], id = "partial"): readonly TreeNode[] {
  if (doubts.length === 0) return [];
  return [
    {
      ...remark(id, "Partial: the server warns that this may not be all.", "warning"),
      isOpen: true,
      children: () => doubts.map((doubt, i) => remark(`${id} ${i}`, doubt, "quote")),
    },
  ];
}
