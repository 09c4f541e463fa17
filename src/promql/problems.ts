import type { DirectiveKey } from "./data/directiveKeys.ts";

/** A piece of the text: from (inclusive) to (exclusive) in UTF-16 code units. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What a directive's value should have been. */
export type ExpectedValue = "text" | "mode" | "duration" | "time" | "view" | "positiveInteger" | "assignment";

/** A finding about the text of a `.promql` file, as data; `src/ui/query/problemMessage.ts` has the sentences. */
export type Problem = Span &
  (
    | {
        /** The separator stands inside a bracket or a raw string that opens at `openedAt`. */
        readonly code: "separatorInsideExpression";
        readonly open: "bracket" | "string";
        readonly openedAt: number;
      }
    | {
        /** A second complete expression in one block; `insert` at the line start `insertAt` parts them, or a new cell. */
        readonly code: "twoExpressions";
        readonly insert: "separator" | "blankLine" | "cell";
        readonly insertAt: number;
      }
    /** A line under `# %% [markdown]` that is no comment; a separator at `insertAt` makes it a query. */
    | { readonly code: "textInMarkdown"; readonly insertAt: number }
    | {
        readonly code: "unknownDirective";
        readonly key: string;
        readonly suggestion: DirectiveKey | undefined;
        /** The directive whose value it belongs to as it is written. */
        readonly within?: DirectiveKey;
      }
    | {
        readonly code: "badValue";
        readonly key: DirectiveKey;
        readonly value: string;
        readonly expected: ExpectedValue;
      }
    /** `@range` has no effect beside `@start`. */
    | { readonly code: "startEndBeatRange" }
    /** `@time` has no effect unless somebody runs the query as instant. */
    | { readonly code: "timeOnlyForInstant" }
    /** A later directive with the same key (for `@var`: the same name) wins. */
    | { readonly code: "duplicateDirective"; readonly key: DirectiveKey; readonly name: string | undefined }
    /** A value for a variable that every run computes, which beats it. */
    | { readonly code: "builtinVariable"; readonly name: string }
    /** A format other than `regex`, `pipe` and `csv` in `${name:format}`; the value is inserted as it is. */
    | { readonly code: "unknownVariableFormat"; readonly name: string; readonly format: string }
    /** A form of Grafana's that is not filled in: such a query is not run. `instead`: what may be written for it. */
    | { readonly code: "foreignVariable"; readonly name: string; readonly form: string; readonly instead: string }
    /** The value of a `@var` refers, perhaps through others, to its own name: a query with it is not run. */
    | { readonly code: "variableCycle"; readonly name: string }
  );

export type ProblemCode = Problem["code"];

/** How loudly a problem is shown. Everything but text that cannot run as the user means it is a quiet remark. */
export type ProblemSeverity = "error" | "information" | "hint";

/** The severity that a code always has. */
export function severityOf(code: ProblemCode): ProblemSeverity {
  switch (code) {
    case "separatorInsideExpression":
    case "twoExpressions":
    case "foreignVariable":
    case "variableCycle":
      return "error";
    case "textInMarkdown":
    case "badValue":
    case "unknownVariableFormat":
      return "information";
    case "unknownDirective":
    case "startEndBeatRange":
    case "timeOnlyForInstant":
    case "duplicateDirective":
    case "builtinVariable":
      return "hint";
  }
}
