import assert from "node:assert/strict";
import { test } from "node:test";
import type { LinkProblem } from "../../../../src/query/links/pastedLink.ts";
import { insertedMessage, linkProblemMessage } from "../../../../src/ui/query/linkMessages.ts";

test("each problem of a link has a sentence of its own that says what to do or what is so", () => {
  const problems: readonly LinkProblem[] = ["empty", "tooLong", "notUrl", "notQueryLink", "unreadable", "noQuery"];
  const sentences = problems.map(linkProblemMessage);
  assert.equal(new Set(sentences).size, problems.length);
  for (const sentence of sentences) assert.match(sentence, /^[A-Z].+\.$/);
});

const plain = { count: 1, withoutConnection: 0, origin: "https://h", omitted: 0, leavesTimesOut: false };

test("what was not taken over is said", () => {
  assert.equal(insertedMessage(plain), "Inserted 1 query.");
  assert.equal(insertedMessage({ ...plain, count: 50, omitted: 3 }), "Inserted 50 queries, left 3 out.");
  assert.match(insertedMessage({ ...plain, withoutConnection: 1 }), /https:\/\/h/);
  assert.match(insertedMessage({ ...plain, leavesTimesOut: true }), /Times/);
});
