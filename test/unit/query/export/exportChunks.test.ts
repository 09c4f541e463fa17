import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { exportChunks, wholeText } from "../../../../src/query/export/exportChunks.ts";
import { exportFormatIds, exportFormats, formatsFor } from "../../../../src/query/export/exportFormats.ts";
import { isCancelled } from "../../../../src/shared/errors.ts";
import type { Series } from "../../../../src/shared/model/answer.ts";
import { aSubject } from "../../../support/exports.ts";
import { aSeries } from "../../../support/runs.ts";

/** 200 series of 10,000 samples that share their times. */
function large(): readonly Series[] {
  const first = aSeries(
    [],
    Array.from({ length: 10_000 }, (_, i) => Math.sin(i) * 1000),
  );
  return Array.from({ length: 200 }, (_, i) => ({ ...first, labels: [["instance", `10.0.0.${i}:9090`]] as const }));
}

describe("an export of two million samples", () => {
  const subject = aSubject({ type: "matrix", series: large() });
  for (const id of ["csv", "csvWide", "json"] as const) {
    test(`${id} comes in small chunks, and others have their turn`, async () => {
      const { signal } = new AbortController();
      const progress: number[] = [];
      const onProgress = (written: number, total: number) => {
        assert.equal(total, 2_000_000);
        progress.push(written);
      };
      let turns = 0;
      const timer = setInterval(() => turns++, 1);
      let length = 0;
      let longest = 0;
      for await (const chunk of exportChunks(exportFormats[id].write, subject, { onProgress, signal })) {
        length += chunk.length;
        longest = Math.max(longest, chunk.length);
      }
      clearInterval(timer);
      assert.ok(length > 30_000_000, `${length} characters`);
      assert.ok(longest < 80_000, `a chunk of ${longest}`);
      assert.ok(turns > 10, `${turns} turns of others`);
      assert.equal(progress.at(-1), 2_000_000);
      assert.deepEqual(
        progress,
        progress.toSorted((a, b) => a - b),
      );
    });
  }
});

for (const id of exportFormatIds) {
  test(`${id} ends as soon as it is cancelled`, async () => {
    const subject = aSubject({ type: "matrix", series: large() });
    const controller = new AbortController();
    const options = { onProgress: () => undefined, signal: controller.signal };
    const taken: string[] = [];
    await assert.rejects(async () => {
      for await (const chunk of exportChunks(exportFormats[id].write, subject, options)) {
        taken.push(chunk);
        controller.abort();
      }
    }, isCancelled);
    assert.equal(taken.length, 1);
    await assert.rejects(exportChunks(exportFormats[id].write, subject, options).next(), isCancelled);
  });
}

test("a whole text is given up as soon as it is too large, in bytes", async () => {
  const seen: string[] = [];
  async function* chunks() {
    for (const chunk of ["ab", "é", "c", "d"]) {
      seen.push(chunk);
      yield chunk;
    }
  }
  assert.equal(await wholeText(chunks(), 6), "abécd");
  seen.length = 0;
  assert.equal(await wholeText(chunks(), 3), undefined);
  assert.deepEqual(seen, ["ab", "é"]);
});

test("a column for each series is offered where there is more than one moment", () => {
  assert.deepEqual(formatsFor({ type: "matrix", series: [] }), ["csv", "csvWide", "json", "markdown"]);
  assert.deepEqual(formatsFor({ type: "vector", series: [] }), ["csv", "json", "markdown"]);
});
