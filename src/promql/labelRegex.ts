import { RE2JS } from "re2js";

/** What RE2 makes of a matcher's regular expression. */
export interface RegexReading {
  /** What is wrong with it, in the words of RE2. */
  readonly problem: string | undefined;
  /** A series without the label is matched; `undefined` where it is no regular expression. */
  readonly matchesEmpty: boolean | undefined;
}

/** Groups of one name are no fault to Prometheus' own RE2. */
const harmless = /duplicate capture group name/i;

/** Reads a regular expression as Prometheus does (`labels.NewFastRegexMatcher`). It never meets JavaScript's own RegExp. */
export function readRegex(regex: string): RegexReading {
  try {
    return { problem: undefined, matchesEmpty: RE2JS.compile(regex, RE2JS.DOTALL).matches("") };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { problem: harmless.test(reason) ? undefined : reason, matchesEmpty: undefined };
  }
}
