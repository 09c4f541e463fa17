import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { decodeNotebook } from "../../../src/notebook/notebookBytes.ts";
import type { NotebookCell, PromqlNotebook } from "../../../src/notebook/notebookCells.ts";
import { beginsWithDefaults } from "../../../src/notebook/pieceForm.ts";
import { readNotebook } from "../../../src/notebook/readNotebook.ts";
import { writeNotebook } from "../../../src/notebook/writeNotebook.ts";
import { parsePromqlFile } from "../../../src/promql/file.ts";
import { notebookText } from "../../support/notebookText.ts";

const runs = { numRuns: 10_000 };

/** What a person sees of a cell. */
const seen = (cells: readonly NotebookCell[]) => ({
  // A document of VS Code shows no byte order mark.
  cells: cells.map(({ kind, text, title }) => ({ kind, text: text.replace(/^\ufeff/, ""), title })),
  setsDefaults: beginsWithDefaults(cells, ""),
});

const read = (bytes: Uint8Array): PromqlNotebook | undefined => {
  const text = decodeNotebook(bytes);
  return typeof text === "string" ? readNotebook(text) : undefined;
};

const write = (notebook: PromqlNotebook) => new TextEncoder().encode(writeNotebook(notebook));

/** A text as it is once it went through UTF-8: a lone surrogate is none any more. */
const sane = (text: string) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(text));

const cellText = notebookText().map((text) => sane(text).replace(/\r\n?/g, "\n"));

/** One thing that a person does with a notebook's cells; `at` and `to` are taken modulo what there is. */
type Edit =
  | {
      readonly do: "delete" | "copy" | "move" | "split" | "join" | "changeKind";
      readonly at: number;
      readonly to: number;
    }
  | { readonly do: "insert" | "type" | "rename"; readonly at: number; readonly to: number; readonly text: string };

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({
    do: fc.constantFrom("delete", "copy", "move", "split", "join", "changeKind" as const),
    at: fc.nat(20),
    to: fc.nat(60),
  }),
  fc.record({
    do: fc.constantFrom("insert", "type", "rename" as const),
    at: fc.nat(20),
    to: fc.nat(60),
    text: cellText,
  }),
);

/** As VS Code does it: what it inserts has no metadata, what it copies has those of the copied cell. */
function edited(cells: readonly NotebookCell[], one: Edit): readonly NotebookCell[] {
  const at = cells.length === 0 ? 0 : one.at % cells.length;
  const to = one.to % (cells.length + 1);
  const cell = cells[at];
  const fresh = (text: string, kind: NotebookCell["kind"]) => ({ kind, text, title: undefined, source: undefined });
  if (one.do === "insert") return cells.toSpliced(to, 0, fresh(one.text, one.to % 3 === 0 ? "markdown" : "query"));
  if (cell === undefined) return cells;
  switch (one.do) {
    case "delete":
      return cells.toSpliced(at, 1);
    case "copy":
      return cells.toSpliced(to, 0, cell);
    case "move":
      return cells.toSpliced(at, 1).toSpliced(Math.min(to, cells.length - 1), 0, cell);
    case "split": {
      const cut = one.to % (cell.text.length + 1);
      const parts = [sane(cell.text.slice(0, cut)), sane(cell.text.slice(cut))];
      return cells.toSpliced(at, 1, { ...cell, text: parts[0] ?? "" }, fresh(parts[1] ?? "", cell.kind));
    }
    case "join": {
      const next = cells[at + 1];
      return next === undefined ? cells : cells.toSpliced(at, 2, { ...cell, text: `${cell.text}\n${next.text}` });
    }
    case "changeKind":
      return cells.toSpliced(at, 1, { ...cell, kind: cell.kind === "query" ? "markdown" : "query" });
    case "type":
      return cells.toSpliced(at, 1, { ...cell, text: one.text });
    case "rename": {
      const title = one.text.replace(/\n+/g, " ").replace(/^[ \t]+|[ \t]+$/g, "");
      return cells.toSpliced(at, 1, { ...cell, title: title === "" ? undefined : title });
    }
  }
}

describe("a file as a notebook", () => {
  test("is written byte for byte as it was read", () => {
    fc.assert(
      fc.property(notebookText(), (text) => {
        const bytes = new TextEncoder().encode(text);
        const notebook = read(bytes);
        if (notebook !== undefined) assert.deepEqual(write(notebook), bytes);
      }),
      runs,
    );
  });

  test("is written byte for byte where its cells came through documents, which lose a byte order mark", () => {
    fc.assert(
      fc.property(notebookText(), (text) => {
        const notebook = read(new TextEncoder().encode(text));
        if (notebook === undefined) return;
        const cells = notebook.cells.map((cell) => ({ ...cell, text: cell.text.replace(/^\ufeff/, "") }));
        assert.equal(writeNotebook({ ...notebook, cells }), sane(text));
      }),
      runs,
    );
  });

  test("is written byte for byte for any bytes that are UTF-8", () => {
    fc.assert(
      fc.property(notebookText(), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), (text, changes) => {
        const bytes = new TextEncoder().encode(text);
        for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
        const notebook = read(bytes);
        if (notebook !== undefined) assert.deepEqual(write(notebook), bytes);
      }),
      runs,
    );
  });

  test("reads back as the same cells after any edits", () => {
    fc.assert(
      fc.property(notebookText(), fc.array(edit, { minLength: 1, maxLength: 8 }), (text, edits) => {
        const notebook = read(new TextEncoder().encode(text));
        if (notebook === undefined) return;
        const cells = edits.reduce(edited, notebook.cells);
        const bytes = write({ ...notebook, cells });
        const back = read(bytes);
        assert.ok(back !== undefined, "what is written can be read");
        assert.deepEqual(seen(back.cells), seen(cells));
        assert.deepEqual(write(back), bytes);
      }),
      runs,
    );
  });

  test("reads back as the same cells where what they say of their sources is nonsense", () => {
    const source = fc.record({
      file: fc.constantFrom("", "other"),
      raw: notebookText(),
      form: fc.constantFrom("head", "free", "weak", "marked" as const),
      at: fc.nat(4),
      isLast: fc.boolean(),
    });
    const cell = fc.record({
      kind: fc.constantFrom("query", "markdown" as const),
      text: cellText,
      title: fc.option(fc.constantFrom("A", "[markdown]", "\\[markdown] x", "[markdown] [markdown]"), {
        nil: undefined,
      }),
      source: fc.option(source, { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 5 }), notebookText(), (cells, text) => {
        const back = read(write({ frame: readNotebook(sane(text)).frame, cells }));
        assert.ok(back !== undefined, "what is written can be read");
        assert.deepEqual(seen(back.cells), seen(cells));
      }),
      runs,
    );
  });

  test("changes in the lines of the edited cell only, where separators tell the cells apart", () => {
    fc.assert(
      fc.property(notebookText(), fc.nat(), cellText, (written, pick, text) => {
        const content = sane(written);
        const notebook = read(new TextEncoder().encode(content));
        if (notebook === undefined) return;
        const marked = notebook.cells.flatMap(({ source }, i) => (source?.form === "marked" ? [i] : []));
        const at = marked[pick % Math.max(1, marked.length)];
        if (at === undefined) return;
        const { blocks } = parsePromqlFile(content);
        const block = blocks[at - (notebook.cells.length - blocks.length)];
        assert.ok(block !== undefined);
        const cells = notebook.cells.map((cell, i) => (i === at ? { ...cell, text } : cell));
        const out = writeNotebook({ ...notebook, cells });
        const behind = content.slice(block.to);
        assert.ok(out.startsWith(content.slice(0, block.separator?.to)), "what stands before, its separator included");
        assert.ok(out.endsWith(behind), "what stands behind");
      }),
      runs,
    );
  });
});
