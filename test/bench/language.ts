import { parser as official } from "@prometheus-io/lezer-promql";
import { expressionProblems } from "../../src/promql/expressionProblems.ts";
import { parsePromqlFile } from "../../src/promql/file.ts";
import { formatExpression } from "../../src/promql/format/formatExpression.ts";
import { parseExpression } from "../../src/promql/parser.ts";

const query = (i: number) =>
  `sum by (job, instance) (rate(http_requests_total{job=~"api|web", code!~"2..", i="${i}"}[5m])) / ignoring (code) group_left sum by (job, instance) (rate(http_requests_total{i="${i}"}[5m] offset 1h)) > bool 0.05`;

const texts: Readonly<Record<string, string>> = {
  "one query": query(0),
  "a chain of 10,000 operands": Array.from({ length: 10_000 }, (_, i) => `foo{a="${i}"}`).join(" + "),
  "400 queries joined by or": Array.from({ length: 400 }, (_, i) => query(i)).join("\n  or "),
  "200 KB of brackets and quotes": '}{)(][,=~"'.repeat(20_000),
};

/** The fastest of so many, in ms. */
function fastest(times: number, act: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    act();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** The places that Prometheus' editor grammar takes for errors. */
function officialErrors(text: string): number {
  let errors = 0;
  official.parse(text).iterate({ enter: ({ type }) => void (type.isError && errors++) });
  return errors;
}

function wordOf(errors: number): string {
  return errors === 0 ? "no error" : `${errors} error${errors === 1 ? "" : "s"}`;
}

/**
 * Prints how long it takes to read queries into a tree, against the grammar of Prometheus' own editor, and what both find wrong;
 * then what a look at a whole file takes, at first and after an edit of one block.
 */
export function benchLanguage(): void {
  console.log("\nReading PromQL, against the grammar of Prometheus' own editor (lezer)");
  for (const [name, text] of Object.entries(texts)) {
    const times = text.length < 1_000 ? 2_000 : 5;
    const ours = fastest(times, () => parseExpression(text));
    const theirs = fastest(times, () => official.parse(text));
    const checked = fastest(times, () => expressionProblems(text, "promql"));
    const found = [wordOf(parseExpression(text).problems.length), wordOf(officialErrors(text))];
    console.log(
      `  ${name}: ${ours.toFixed(2)} ms against ${theirs.toFixed(2)} ms (${(theirs / ours).toFixed(1)} x), with types ${checked.toFixed(2)} ms; ${found[0]} against ${found[1]}`,
    );
  }
  const file = Array.from({ length: 2_000 }, (_, i) => `# %% Query ${i}\n# @range 6h\n${query(i)}\n\n`).join("");
  const readMs = fastest(5, () => parsePromqlFile(file));
  const blocks = parsePromqlFile(file).blocks.flatMap(({ expression }) => expression ?? []);
  const checkMs = fastest(3, () => {
    for (const { from, to } of blocks) expressionProblems(file.slice(from, to), "promql");
  });
  const formatMs = fastest(3, () => {
    for (const place of blocks) formatExpression(file, place);
  });
  console.log(
    `  a file of 2,000 queries (${(file.length / 1024).toFixed(0)} KiB): blocks ${readMs.toFixed(0)} ms, every query checked ${checkMs.toFixed(0)} ms (one ${(checkMs / blocks.length).toFixed(3)} ms), laid out ${formatMs.toFixed(0)} ms`,
  );
}
