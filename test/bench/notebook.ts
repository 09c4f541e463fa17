import { decodeNotebook } from "../../src/notebook/notebookBytes.ts";
import type { PromqlNotebook } from "../../src/notebook/notebookCells.ts";
import { readNotebook } from "../../src/notebook/readNotebook.ts";
import { writeNotebook } from "../../src/notebook/writeNotebook.ts";

const queries = 5000;

const marked = (i: number) =>
  `# %% Query ${i}\n# @range 6h  @step 1m\nsum by (job) (rate(http_requests_total{job="api", i="${i}"}[5m]))\n  / 2\n\n`;
const free = (i: number) => `sum by (job) (rate(http_requests_total{job="api", i="${i}"}[5m]))\n\n`;

function read(bytes: Uint8Array): PromqlNotebook {
  const text = decodeNotebook(bytes);
  if (typeof text !== "string") throw new Error("the file is not read");
  return readNotebook(text);
}

/** The fastest of five, in ms. */
function fastest(act: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i++) {
    const start = performance.now();
    act();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

/**
 * Prints how long it takes to read a file as cells and to write it after an edit in its middle, against `JSON.parse` and
 * `JSON.stringify` of the same cells, which is what a notebook that is not plain text costs.
 */
export function benchNotebook(): void {
  console.log("\nA file as a notebook");
  for (const [name, block] of Object.entries({ "with separators": marked, "without separators": free })) {
    const bytes = new TextEncoder().encode(Array.from({ length: queries }, (_, i) => block(i)).join(""));
    const notebook = read(bytes);
    const middle = notebook.cells[queries / 2];
    if (middle === undefined) throw new Error("there is no such cell");
    // Two queries in one cell: without separators all that follows needs some.
    const cells = notebook.cells.with(queries / 2, { ...middle, text: "up\n\ndown" });
    const json = new TextEncoder().encode(JSON.stringify(notebook.cells));
    const readMs = fastest(() => read(bytes));
    const writeMs = fastest(() => new TextEncoder().encode(writeNotebook({ ...notebook, cells })));
    const parseMs = fastest(() => JSON.parse(new TextDecoder().decode(json)));
    const stringifyMs = fastest(() => new TextEncoder().encode(JSON.stringify(cells)));
    console.log(
      `  ${queries} cells ${name}, ${(bytes.length / 1024).toFixed(0)} KiB: read ${readMs.toFixed(0)} ms (${(readMs / parseMs).toFixed(1)} x JSON.parse), written ${writeMs.toFixed(0)} ms (${(writeMs / stringifyMs).toFixed(1)} x JSON.stringify)`,
    );
  }
}
