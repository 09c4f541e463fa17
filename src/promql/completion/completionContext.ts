import type { DirectiveKey } from "../data/directiveKeys.ts";
import type { Token } from "../lexer.ts";
import type { Span } from "../problems.ts";
import type { ValueType } from "../syntaxTree.ts";
import type { Quote } from "../variableReferences.ts";
import type { SelectorScope } from "./selectorScope.ts";

/** The block around the cursor. */
export interface CompletionPlace extends Span {
  readonly kind: "query" | "markdown";
  /** A blank line may end an expression here: in a file, no `# %%` stands above it. */
  readonly endsAtBlankLine: boolean;
  /** In a cell of a notebook a separator separates nothing. */
  readonly isCell: boolean;
}

/** What follows a binary operator and is no operand. */
export type OperatorModifier = "bool" | "on" | "ignoring" | "group_left" | "group_right" | "fill";

/** The bracket that already stands behind what is typed, and need not be typed. */
export type NextBracket = "(" | "{" | undefined;

/** What stands before a cursor behind an operand. */
export type OperandShape = "instantSelector" | "rangeSelector" | "subquery" | "aggregation" | "other";

/**
 * What may stand at a place of a text. `replace` is what is typed of it so far, on one line, the cursor within; what is offered
 * takes its place.
 */
export type CompletionContext =
  | { readonly kind: "none" }
  | (Span & {
      readonly kind: "operand";
      /** The function or aggregation whose argument it is. */
      readonly callee: string | undefined;
      /** The argument's type. */
      readonly wants: ValueType | undefined;
      readonly modifiers: readonly OperatorModifier[];
      readonly next: NextBracket;
    })
  | (Span & {
      readonly kind: "operator";
      readonly behind: OperandShape;
      readonly mayGroup: boolean;
      readonly next: NextBracket;
    })
  /** Between an aggregation's name and its arguments. */
  | (Span & { readonly kind: "grouping"; readonly next: NextBracket })
  | (Span & {
      readonly kind: "labelName";
      readonly scope: SelectorScope;
      readonly quote: Quote | undefined;
      /** No metric is named yet, so that a quoted name may be one. */
      readonly mayBeMetric: boolean;
      readonly isFollowedByOperator: boolean;
    })
  | (Span & { readonly kind: "matcherOperator" })
  | (Span & {
      readonly kind: "labelValue";
      readonly label: string;
      readonly operator: "=" | "!=" | "=~" | "!~";
      readonly scope: SelectorScope;
      readonly quote: Quote | undefined;
      readonly isClosed: boolean;
      /** What is typed of the value, or of its last alternative, as the server has it. */
      readonly typed: string;
    })
  | (Span & {
      readonly kind: "listedLabel";
      /** Those whose labels are meant; none: any. */
      readonly scopes: readonly SelectorScope[];
      readonly quote: Quote | undefined;
      readonly isClosed: boolean;
      /** It has to be in quotes: a string argument of a function. */
      readonly isArgument: boolean;
      /** Those that stand in the list already. */
      readonly others: readonly string[];
    })
  /** Between the double braces of `@legend`; the labels are those of the block's series. */
  | (Span & {
      readonly kind: "legendLabel";
      readonly scopes: readonly SelectorScope[];
      readonly isClosed: boolean;
    })
  | (Span & { readonly kind: "duration"; readonly typed: string; readonly isStep: boolean })
  | (Span & { readonly kind: "time" })
  | (Span & {
      readonly kind: "variable";
      readonly form: "$" | "${" | "[[";
      readonly isDuration: boolean;
      readonly isClosed: boolean;
    })
  | (Span & { readonly kind: "variableFormat"; readonly isClosed: boolean })
  | (Span & { readonly kind: "commentStart"; readonly separators: boolean; readonly directives: boolean })
  | (Span & { readonly kind: "directiveKey" })
  | (Span & { readonly kind: "directiveValue"; readonly key: DirectiveKey });

/** What a part of the reading gets. */
export interface CompletionInput {
  readonly text: string;
  readonly at: number;
  readonly tokens: readonly Token[];
  /** The token that ends at the cursor or holds it. */
  readonly touched: Token | undefined;
  readonly place: CompletionPlace;
}
