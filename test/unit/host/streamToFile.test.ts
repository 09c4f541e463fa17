import assert from "node:assert/strict";
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "node:test";
import { streamToFile } from "../../../src/host/streamToFile.ts";
import { exportChunks } from "../../../src/query/export/exportChunks.ts";
import { exportFormats } from "../../../src/query/export/exportFormats.ts";
import { AppError, failureOf, isCancelled } from "../../../src/shared/errors.ts";
import { aSubject } from "../../support/exports.ts";
import { aSeries } from "../../support/runs.ts";

async function* chunksOf(...texts: readonly (string | Error)[]): AsyncGenerator<string, void> {
  for (const text of texts) {
    if (text instanceof Error) throw text;
    yield text;
  }
}

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: something`), { code });
}

describe("a file written in chunks", () => {
  let folder = "";
  let path = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "export-"));
    path = join(folder, "x.csv");
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  test("is there when it is whole, and nothing else is", async () => {
    await streamToFile(path, chunksOf("a\r\n", "é😱", ""));
    assert.equal(await readFile(path, "utf8"), "a\r\né😱");
    assert.deepEqual(await readdir(folder), ["x.csv"]);
  });

  test("holds bytes as they are, such as a picture's", async () => {
    await streamToFile(path, [Uint8Array.of(0x89, 0x50, 0xff, 0)]);
    assert.deepEqual([...(await readFile(path))], [0x89, 0x50, 0xff, 0]);
    assert.deepEqual(await readdir(folder), ["x.csv"]);
  });

  test("takes the place of an old one, with its rights, and behind a link", async () => {
    await writeFile(path, "old");
    await chmod(path, 0o640);
    const link = join(folder, "link.csv");
    await symlink(path, link);
    await streamToFile(link, chunksOf("new"));
    assert.equal(await readFile(path, "utf8"), "new");
    assert.equal((await lstat(link)).isSymbolicLink(), true);
    assert.equal((await stat(path)).mode & 0o777, 0o640);
  });

  test("that was cancelled midway leaves no trace, and the old file as it was", async () => {
    await writeFile(path, "old");
    const series = [
      aSeries(
        [],
        Array.from({ length: 50_000 }, (_, i) => i),
      ),
    ];
    const controller = new AbortController();
    let parts: string[] = [];
    async function* cancelledMidway() {
      const options = { onProgress: () => undefined, signal: controller.signal };
      for await (const chunk of exportChunks(exportFormats.csv.write, aSubject({ type: "matrix", series }), options)) {
        yield chunk;
        parts = await readdir(folder);
        controller.abort();
      }
    }
    await assert.rejects(streamToFile(path, cancelledMidway()), isCancelled);
    assert.equal(parts.length, 2, "a sibling was being written");
    assert.deepEqual(await readdir(folder), ["x.csv"]);
    assert.equal(await readFile(path, "utf8"), "old");
  });

  const faults = [
    { code: "ENOSPC", expected: "diskFull" },
    { code: "EDQUOT", expected: "diskFull" },
    { code: "EACCES", expected: "denied" },
    { code: "EROFS", expected: "denied" },
    { code: "EBUSY", expected: "inUse" },
    { code: "EIO", expected: "other" },
  ];
  for (const { code, expected } of faults) {
    test(`${code} while it is written: ${expected}, and nothing is left`, async () => {
      await writeFile(path, "old");
      await assert.rejects(streamToFile(path, chunksOf("begun", systemError(code))), (error) => {
        const failure = failureOf(error);
        assert.deepEqual(failure, { kind: "notWritten", code: expected, file: "x.csv", detail: `${code}: something` });
        return true;
      });
      assert.deepEqual(await readdir(folder), ["x.csv"]);
      assert.equal(await readFile(path, "utf8"), "old");
    });
  }

  const places = [
    { title: "a folder that is gone", make: async () => undefined, at: ["gone", "x.csv"], expected: "folderGone" },
    { title: "a file for a folder", make: () => writeFile(path, ""), at: ["x.csv", "y.csv"], expected: "folderGone" },
    { title: "a folder for a file", make: () => mkdir(path), at: ["x.csv"], expected: "notAFile" },
  ];
  for (const { title, make, at, expected } of places) {
    test(`${title}: ${expected}, before anything is made`, async () => {
      await make();
      let asked = 0;
      async function* counting() {
        asked++;
        yield "x";
      }
      await assert.rejects(streamToFile(join(folder, ...at), counting()), (error) => {
        const failure = failureOf(error);
        return failure.kind === "notWritten" && failure.code === expected;
      });
      assert.equal(asked, 0);
    });
  }

  test("a failure of ours stays what it is", async () => {
    const ours = new AppError({ kind: "bug", detail: "x" });
    await assert.rejects(streamToFile(path, chunksOf("a", ours)), (error) => error === ours);
    assert.deepEqual(await readdir(folder), []);
  });
});
