import type { Span } from "./problems.ts";
import type { ValueType } from "./syntaxTree.ts";

/** Where something was expected that is not there. */
export type ExpectedSyntax =
  | "expression"
  | "operator"
  | "label"
  | "labelOrClose"
  | "matchOperator"
  | "matchValue"
  | "commaOrBrace"
  | "duration"
  | "time"
  | "openParenthesis"
  | "closeBracket"
  | "number";

/** What an expression of PromQL lacks or has too much, as data; `src/ui/query/syntaxMessage.ts` has the sentences. */
export type SyntaxProblem = Span &
  (
    | { readonly code: "unexpectedText"; readonly text: string; readonly expected: ExpectedSyntax }
    | { readonly code: "unexpectedEnd"; readonly expected: ExpectedSyntax }
    /** Empty place where the text ends. */
    | { readonly code: "unclosedBracket"; readonly bracket: "(" | "[" | "{"; readonly openedAt: number }
    | { readonly code: "unopenedBracket"; readonly bracket: string }
    | { readonly code: "unclosedString" }
    | { readonly code: "badEscape"; readonly escape: string }
    | { readonly code: "badNumberText"; readonly text: string }
    | { readonly code: "numberTooLarge"; readonly text: string }
    | { readonly code: "badDuration"; readonly text: string }
    | { readonly code: "durationNotPositive" }
    | { readonly code: "durationTooLarge" }
    | { readonly code: "divisionByZero"; readonly operator: "/" | "%" }
    | { readonly code: "unknownFunction"; readonly name: string; readonly suggestion: string | undefined }
    | {
        readonly code: "wrongArgumentCount";
        readonly name: string;
        readonly least: number;
        /** `undefined`: any number. */
        readonly most: number | undefined;
        readonly found: number;
      }
    | { readonly code: "trailingComma" }
    | {
        readonly code: "wrongType";
        /** The function, aggregation or operator that wants it. */
        readonly within: string;
        readonly expected: ValueType;
        readonly found: ValueType;
      }
    | { readonly code: "selectorMatchesAll" }
    | { readonly code: "nameTwice"; readonly name: string }
    | { readonly code: "badRegex"; readonly reason: string }
    | { readonly code: "setOperatorOnScalar"; readonly operator: string }
    | { readonly code: "operatorOnType"; readonly operator: string; readonly found: ValueType }
    | { readonly code: "boolOnNonComparison"; readonly operator: string }
    | { readonly code: "scalarsNeedBool"; readonly operator: string }
    | { readonly code: "matchingOnScalar" }
    | { readonly code: "groupingOnSet"; readonly operator: string }
    | { readonly code: "fillOnSet"; readonly operator: string }
    | { readonly code: "labelInOnAndGroup"; readonly label: string }
    | { readonly code: "rangeOfExpression" }
    | { readonly code: "rangeAfterModifier"; readonly modifier: "offset" | "@" | "anchored" | "smoothed" }
    | { readonly code: "subqueryOfType"; readonly found: ValueType }
    | { readonly code: "modifierOfExpression"; readonly modifier: "offset" | "@" | "anchored" | "smoothed" }
    | { readonly code: "modifierTwice"; readonly modifier: "offset" | "@" | "anchored" | "smoothed" }
    | { readonly code: "anchoredAndSmoothed" }
    | { readonly code: "timeOutOfBounds"; readonly text: string }
    | { readonly code: "labelSelectorsOnly" }
    /** Valid MetricsQL, which VictoriaMetrics answers and Prometheus refuses. */
    | { readonly code: "metricsqlOnly"; readonly form: string }
    /** A function that Thanos alone has. */
    | { readonly code: "thanosOnly"; readonly form: string }
    /** A function that Prometheus calls `newName` since version 3. */
    | { readonly code: "renamedFunction"; readonly name: string; readonly newName: string }
  );
