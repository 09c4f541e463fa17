import { RE2JS } from "re2js";

/** What is wrong with a matcher's regular expression, in the words of RE2, or `undefined`. It never meets JavaScript's own RegExp. */
export function regexProblem(regex: string): string | undefined {
  try {
    RE2JS.compile(anchored(regex));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** True if a series without the label is matched; `undefined` where it is no regular expression. */
export function matchesEmpty(regex: string): boolean | undefined {
  try {
    return RE2JS.compile(anchored(regex)).matches("");
  } catch {
    return undefined;
  }
}

/** As Prometheus compiles a matcher (`labels.NewFastRegexMatcher`): the whole value has to match, lines included. */
function anchored(regex: string): string {
  return `^(?s:${regex})$`;
}
