import { directiveModes, directiveViews } from "../../promql/data/directiveKeys.ts";
import type { ExpectedValue, Problem } from "../../promql/problems.ts";
import type { StepTooSmall } from "../../query/step.ts";
import { formatDuration } from "../../shared/model/time.ts";
import { timeHint } from "../../shared/timeHint.ts";

const partings = {
  separator: "Insert a separator (# %%) above it",
  blankLine: "Insert a blank line above it",
  cell: "Split the cell here",
} as const;

/** The sentence for a finding: what is so, and what to do about it. */
export function problemMessage(problem: Problem | StepTooSmall): string {
  switch (problem.code) {
    case "separatorInsideExpression":
      return problem.open === "bracket"
        ? "This separator begins a new block although a bracket of the block above is still open. Close the bracket, or indent this line to make it a comment."
        : "This separator begins a new block although a raw string of the block above is still open. Close the string with `, or indent this line.";
    case "twoExpressions":
      return `A second expression begins here, but a ${problem.insert === "cell" ? "cell" : "block"} holds one. ${partings[problem.insert]}, or join the two with an operator.`;
    case "textInMarkdown":
      return "This line is in a Markdown block, so it is no query. Insert a separator (# %%) above it to run it, or write it as a comment.";
    case "unknownDirective":
      if (problem.within !== undefined)
        return `There is no directive @${problem.key}, so it counts as text of @${problem.within}. Write "@${problem.suggestion}" and a blank before the value, or put the text in quotes.`;
      return problem.suggestion === undefined
        ? `There is no directive @${problem.key}, so it has no effect.`
        : `There is no directive @${problem.key}, so it has no effect. Write "@${problem.suggestion}" and a blank before the value.`;
    case "badValue":
      return problem.value === ""
        ? `@${problem.key} has no value, so it has no effect. Expected ${expectation(problem.expected)}.`
        : `"${shortened(problem.value)}" is no value for @${problem.key}, so it has no effect. ${wanted(problem)}`;
    case "startEndBeatRange":
      return "@range has no effect here, because @start says where the window begins. Remove one of them.";
    case "timeOnlyForInstant":
      return "@time is for instant queries only, so it counts here only when the query is run as instant. Add @mode instant, or use @end.";
    case "duplicateDirective":
      return problem.name === undefined
        ? `This @${problem.key} has no effect, because a later one in the same place wins.`
        : `This value of ${problem.name} has no effect, because a later @var ${problem.name} in the same place wins.`;
    case "builtinVariable":
      return `This value has no effect, because ${problem.name} is computed from the range and step of each run. Choose another name.`;
    case "unknownVariableFormat":
      return `There is no format "${problem.format}", so the value of ${problem.name} is inserted as it is. Use regex, pipe or csv.`;
    case "foreignVariable":
      return `${problem.form} is a form of Grafana's that is not known here, so this query does not run. Write ${problem.instead}, and give it a value with "# @var ${problem.name}=...".`;
    case "variableCycle":
      return `The value of ${problem.name} leads back to ${problem.name} itself, so a query with it does not run. Take one of the references out.`;
    case "stepTooSmall":
      return `A step of ${formatDuration(problem.stepMs)} gives ${problem.points.toLocaleString("en-US")} points a series; servers allow 11,000. Use ${formatDuration(problem.smallestStepMs)} or more, or a shorter range.`;
  }
}

/** What to write in the place of a wrong value. */
function wanted({ value, expected }: { readonly value: string; readonly expected: ExpectedValue }): string {
  const hint = expected === "time" ? timeHint(value) : undefined;
  return hint ?? `Expected ${expectation(expected)}.`;
}

function expectation(expected: ExpectedValue): string {
  switch (expected) {
    case "text":
      return "some text";
    case "mode":
      return `${directiveModes.join(" or ")}; without @mode both are asked`;
    case "view":
      return `one of ${directiveViews.join(", ")}`;
    case "duration":
      return "a duration such as 30s, 5m or 1h30m";
    case "time":
      return "now, now-6h, 2026-01-02T03:04:05Z or unix seconds";
    case "positiveInteger":
      return "a whole number above zero";
    case "assignment":
      return "name=value, where the name has letters, digits and _ and begins with no digit";
  }
}

function shortened(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
