import assert from "node:assert/strict";
import { test } from "node:test";
import { resolveDirectives } from "../../../src/promql/effectiveDirectives.ts";
import { parsePromqlFile } from "../../../src/promql/file.ts";
import { planRun, undefinedVariables } from "../../../src/query/planRun.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { aRequest } from "../../support/runs.ts";

/** The plan of a file's last block, run as its text says or as `mode`. */
function planOf(
  text: string,
  { mode, variables = {} }: { readonly mode?: "instant"; readonly variables?: Readonly<Record<string, string>> } = {},
) {
  const file = parsePromqlFile(text);
  const block = file.blocks.at(-1);
  assert.ok(block?.expression !== undefined);
  const directives = resolveDirectives(file, block);
  return planRun({
    key: block.key,
    text: text.slice(block.expression.from, block.expression.to),
    directives: mode === undefined ? directives : { ...directives, mode },
    target: aRequest().target,
    variables: new Map(Object.entries(variables)),
    minStepMs: 15_000,
    maxPoints: 1000,
    maxSeries: undefined,
    defaults: { rangeMs: 3_600_000, maxSeries: 1000 },
    source: () => Promise.reject(new Error("not reached")),
  });
}

test("a block that is run as instant is asked for its own time, whatever its mode", () => {
  const time = { kind: "at", time: Date.UTC(2026, 0, 2, 3) };
  const now = { kind: "now", offsetMs: 0 };
  const moment = (text: string, mode?: "instant") => planOf(text, mode && { mode }).request.choices.time;
  assert.deepEqual(moment("# @time 2026-01-02T03:00:00Z\nup", "instant"), time);
  assert.deepEqual(moment("# @time 2026-01-02T03:00:00Z\nup[5m]"), time);
  assert.deepEqual(moment("up", "instant"), now);
});

test("a title made of the expression has no comments, and what stands in strings whole", () => {
  const title = (text: string) => planOf(text).request.title;
  assert.equal(title('up{x="#home"}\n  + up{y="#z"} # end'), 'up{x="#home"} + up{y="#z"}');
  assert.equal(title("sum( # all\n  up\n)"), "sum( up )");
  assert.equal(title(`up{x="${"y".repeat(80)}"}`), `up{x="${"y".repeat(53)}…`);
});

const hour = { start: 0, end: 3_600_000, stepMs: 15_000 };

test("a variable's value may refer to others, to what each run computes and to what a person gave", () => {
  const text = '# @var sel=job="$job"  @var job=api-$env  @var w=$__rate_interval\nrate(up{$sel}[$w])';
  assert.equal(planOf(text, { variables: { env: "$literal" } }).queryFor(hour), 'rate(up{job="api-$literal"}[1m])');
  const vars = new Map([
    ["sel", 'job="$job"'],
    ["job", "api-$env"],
    ["w", "$__rate_interval"],
  ]);
  assert.deepEqual(undefinedVariables("rate(up{$sel}[$w])", vars), ["env"]);
});

test("what every run computes is not for a directive to define", () => {
  assert.equal(planOf("# @var __range=1d\nup[$__range]").queryFor(hour), "up[1h]");
  assert.deepEqual(undefinedVariables("up[$__range]", new Map([["__range", "$other"]])), []);
});

test("a query whose variables cannot be filled in is not sent", () => {
  const failure = (text: string) => {
    try {
      return planOf(text).queryFor(hour);
    } catch (error) {
      return error instanceof AppError ? error.failure : error;
    }
  };
  assert.deepEqual(failure(`up{a="\${c.text}"}`), {
    kind: "misconfigured",
    what: "variableForm",
    detail: `\${c.text}`,
  });
  assert.deepEqual(failure("# @var a=$a\n$a"), { kind: "misconfigured", what: "variableCycle", detail: "a" });
});
