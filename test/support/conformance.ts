import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const directory = process.env["PROMQL_CONFORMANCE_DIR"] ?? `${root}/../shared/conformance`;

/** True where peers' test cases are at hand. With `CI=true` their absence is a failure. */
export function hasConformance(): boolean {
  if (existsSync(directory)) return true;
  if (process.env["CI"] === "true") throw new Error(`No conformance cases: set PROMQL_CONFORMANCE_DIR (${directory})`);
  return false;
}

/** A case of Prometheus' own parser tests. */
export interface ParserCase {
  readonly input: string;
  readonly valid: boolean;
  /** What the server says of it; places count UTF-8 bytes. */
  readonly errors: readonly { readonly start: number; readonly end: number; readonly message: string }[];
}

export function readParserCases(): readonly ParserCase[] {
  return JSON.parse(readFileSync(`${directory}/promql-parser.json`, "utf8")) as ParserCase[];
}

/** A case of Prometheus' own formatter tests. */
export interface PrettierCase {
  /** The longest line that is not split, in characters. */
  readonly maxWidth: number;
  readonly in: string;
  readonly out: string;
}

export function readPrettierCases(): readonly PrettierCase[] {
  return JSON.parse(readFileSync(`${directory}/promql-prettier.json`, "utf8")) as PrettierCase[];
}

/** Expressions of Prometheus' own evaluation tests, those that are expected to fail left out. */
export function readEvaluatedExpressions(): readonly string[] {
  const folder = `${directory}/promqltest`;
  return readdirSync(folder)
    .filter((name) => name.endsWith(".test"))
    .sort()
    .flatMap((name) => evaluatedExpressions(readFileSync(`${folder}/${name}`, "utf8")));
}

function evaluatedExpressions(script: string): readonly string[] {
  const lines = script.split("\n");
  return lines.flatMap((line, i) => {
    const match = /^eval\S* +(?:instant(?: +at +\S+)?|range +from +\S+ +to +\S+ +step +\S+)\s+(\S.*)$/.exec(
      line.trim(),
    );
    if (match?.[1] === undefined || line.startsWith("eval_fail")) return [];
    const following = lines.slice(i + 1);
    const end = following.findIndex((one) => one.trim() === "" || one.startsWith("eval"));
    const expectations = following.slice(0, end === -1 ? following.length : end);
    return expectations.some((one) => /^\s*expect fail/.test(one)) ? [] : [match[1]];
  });
}
