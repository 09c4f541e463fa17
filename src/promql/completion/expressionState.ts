import { promqlKeywords } from "../data/keywords.ts";
import { metricsqlInfix } from "../data/metricsqlWords.ts";
import type { Token } from "../lexer.ts";
import type { OperandShape } from "./completionContext.ts";

/** What a reader of an expression expects next. */
export type Expected =
  | {
      readonly is: "operand";
      /** The binary operator right before, in lower case, and how far its modifiers are written. */
      readonly operator: string | undefined;
      readonly modified: "no" | "bool" | "matched" | "grouped";
    }
  | { readonly is: "operator"; readonly behind: OperandShape; readonly mayGroup: boolean }
  /** Behind an aggregation's name, and its grouping if that is written already. */
  | { readonly is: "arguments"; readonly isGrouped: boolean }
  /** Behind a word that labels in parentheses follow; `next`: behind these. */
  | { readonly is: "labels"; readonly word: string; readonly next: Expected }
  | { readonly is: "fill"; readonly next: Expected }
  /** Behind a function's name. */
  | { readonly is: "call"; readonly name: string; readonly next: Expected }
  | { readonly is: "offset"; readonly next: Expected }
  | { readonly is: "time"; readonly next: Expected };

/** An expression that is being read: the whole text, or what parentheses hold. */
export interface ExpressionFrame {
  readonly kind: "expression";
  readonly open: number;
  /** The function or aggregation whose arguments these are. */
  readonly callee: string | undefined;
  argument: number;
  expected: Expected;
  /** Where the argument at hand begins; index of a token. */
  begins: number;
}

/** Braces, and which part of a matcher comes next. */
export interface BracesFrame {
  readonly kind: "braces";
  readonly open: number;
  part: "label" | "operator" | "value" | "end";
}

/** The parentheses behind `by`, `on` and their likes. */
export interface LabelsFrame {
  readonly kind: "labels";
  readonly open: number;
  readonly word: string;
}

/** Something that a bracket opened, or the whole text; `open`: the bracket's token. */
export type Frame =
  | ExpressionFrame
  | BracesFrame
  | LabelsFrame
  | { readonly kind: "duration"; readonly open: number; isStep: boolean };

const operand: Expected = { is: "operand", operator: undefined, modified: "no" };

function expressionFrame(open: number, callee: string | undefined): ExpressionFrame {
  return { kind: "expression", open, callee, argument: 0, expected: operand, begins: open + 1 };
}

function after(behind: OperandShape, mayGroup = false): Expected {
  return { is: "operator", behind, mayGroup };
}

/** Reads tokens one after the other and knows at each moment what is open. Total: what makes no sense is passed over. */
export class ExpressionReader {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #frames: Frame[] = [expressionFrame(-1, undefined)];

  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text;
    this.#tokens = tokens;
  }

  /** The innermost thing that is open. */
  get frame(): Frame {
    return this.#frames.at(-1) ?? expressionFrame(-1, undefined);
  }

  /** All that is open, the outermost first. */
  get frames(): readonly Frame[] {
    return this.#frames;
  }

  /** Begins anew at this token: what was read before is another expression. */
  restart(index: number): void {
    this.#frames.splice(0, this.#frames.length, { ...expressionFrame(-1, undefined), begins: index });
  }

  /** Takes the token with this index, one that is no comment. */
  take(index: number): void {
    const token = this.#tokens[index];
    if (token === undefined || token.kind === "comment") return;
    const word = this.#text.slice(token.from, Math.min(token.to, token.from + 300));
    if (token.kind === "open") this.#open(word, index);
    else if (token.kind === "close") this.#close(word);
    else {
      const { frame } = this;
      if (frame.kind === "expression") this.#inExpression(frame, token, word, index);
      else if (frame.kind === "braces") inBraces(frame, token, word);
      else if (frame.kind === "duration" && token.kind === "colon") frame.isStep = true;
    }
  }

  #open(sign: string, index: number): void {
    if (sign === "{") {
      const { frame } = this;
      if (frame.kind === "expression" && frame.expected.is === "operand") frame.expected = after("instantSelector");
      this.#frames.push({ kind: "braces", open: index, part: "label" });
      return;
    }
    // Neither parentheses nor brackets stand in braces, nor parentheses among labels: these were left open.
    while (this.frame.kind === "braces" || (this.frame.kind === "labels" && sign === "(")) this.#frames.pop();
    const { frame } = this;
    if (frame.kind !== "expression" || sign === "[") {
      if (frame.kind === "expression") frame.expected = after(this.#rangeShape(frame.expected));
      this.#frames.push({ kind: "duration", open: index, isStep: false });
      return;
    }
    this.#openParenthesis(frame, index);
  }

  #rangeShape(expected: Expected): OperandShape {
    return expected.is === "operator" && expected.behind === "instantSelector" ? "rangeSelector" : "subquery";
  }

  #openParenthesis(frame: ExpressionFrame, index: number): void {
    const { expected } = frame;
    const inner = (callee: string | undefined) => expressionFrame(index, callee);
    switch (expected.is) {
      case "labels":
        frame.expected = expected.next;
        this.#frames.push({ kind: "labels", open: index, word: expected.word });
        return;
      case "offset":
        frame.expected = expected.next;
        this.#frames.push({ kind: "duration", open: index, isStep: false });
        return;
      case "call":
        frame.expected = expected.next;
        this.#frames.push(inner(expected.name));
        return;
      case "arguments":
        frame.expected = after("aggregation", !expected.isGrouped);
        this.#frames.push(inner(this.#aggregationBefore(index)));
        return;
      case "fill":
        frame.expected = expected.next;
        this.#frames.push(inner("fill"));
        return;
      default:
        frame.expected = after("other");
        this.#frames.push(inner(undefined));
    }
  }

  /** The aggregation whose arguments open here: right before, or before its grouping. */
  #aggregationBefore(index: number): string | undefined {
    for (let i = index - 1; i >= Math.max(0, index - 200); i--) {
      const token = this.#tokens[i];
      if (token?.kind === "aggregation") return this.#text.slice(token.from, token.to).toLowerCase();
    }
    return undefined;
  }

  #close(sign: string): void {
    const fits = (frame: Frame): boolean => {
      if (frame.open === -1) return false;
      const opener = this.#text.charAt(this.#tokens[frame.open]?.from ?? -1);
      return (opener === "(" && sign === ")") || (opener === "[" && sign === "]") || (opener === "{" && sign === "}");
    };
    const at = this.#frames.findLastIndex(fits);
    // Only what was left open within is closed with it; a sign that closes nothing is passed over.
    if (at > 0) this.#frames.length = at;
  }

  #inExpression(frame: ExpressionFrame, token: Token, word: string, index: number): void {
    switch (token.kind) {
      case "comma":
        frame.argument++;
        frame.expected = operand;
        frame.begins = index + 1;
        return;
      case "operator":
        frame.expected = afterSign(frame.expected, word);
        return;
      case "number":
      case "duration":
      case "badNumber":
        frame.expected =
          frame.expected.is === "offset" || frame.expected.is === "time" ? frame.expected.next : after("other");
        return;
      case "variable":
        frame.expected = afterVariable(frame.expected);
        return;
      case "identifier":
      case "keyword":
      case "aggregation":
        frame.expected = this.#afterWord(frame.expected, token, word, index);
        return;
      case "string":
      case "unterminatedString":
        frame.expected = after("other");
        return;
      default:
        return;
    }
  }

  #afterWord(expected: Expected, token: Token, word: string, index: number): Expected {
    const lower = word.toLowerCase();
    const next = this.#signAfter(index);
    if (expected.is === "operator") {
      const found = wordBehindOperand(expected, lower);
      if (found !== undefined) return found;
    } else if (expected.is === "arguments") {
      if (lower === "by" || lower === "without")
        return { is: "labels", word: lower, next: { is: "arguments", isGrouped: true } };
    } else if (expected.is === "operand" && expected.operator !== undefined) {
      const found = wordBehindOperator(expected, lower, next === "(");
      if (found !== undefined) return found;
    } else if (expected.is === "offset" || expected.is === "time") {
      return next === "(" ? { is: "call", name: word, next: expected.next } : expected.next;
    }
    if (token.kind === "aggregation" && next !== "{" && next !== "[") return { is: "arguments", isGrouped: false };
    if (next === "(") return { is: "call", name: word, next: after("other") };
    return after("instantSelector");
  }

  #signAfter(index: number): string {
    for (let i = index + 1; i < this.#tokens.length; i++) {
      const token = this.#tokens[i];
      if (token !== undefined && token.kind !== "comment") return this.#text.charAt(token.from);
    }
    return "";
  }
}

function inBraces(frame: BracesFrame, token: Token, word: string): void {
  if (token.kind === "comma") frame.part = "label";
  else if (token.kind === "operator") frame.part = "value";
  // MetricsQL's way to offer another set of matchers.
  else if (frame.part === "end" && word.toLowerCase() === "or") frame.part = "label";
  else if (frame.part === "label" && token.kind !== "unknown") frame.part = "operator";
  else if (frame.part === "value") frame.part = "end";
}

function afterSign(expected: Expected, sign: string): Expected {
  if (sign === "@") return { is: "time", next: expected.is === "operator" ? expected : after("other") };
  const isSigned = sign === "-" || sign === "+";
  if (isSigned && (expected.is === "offset" || expected.is === "time")) return expected;
  if (isSigned && expected.is === "operand") return operand;
  return { is: "operand", operator: sign, modified: "no" };
}

/** A variable may stand for anything: behind an operand for more of it. */
function afterVariable(expected: Expected): Expected {
  switch (expected.is) {
    case "operator":
      return expected;
    case "offset":
    case "time":
    case "fill":
    case "call":
      return expected.next;
    default:
      return after("instantSelector");
  }
}

function wordBehindOperand(expected: Extract<Expected, { is: "operator" }>, lower: string): Expected | undefined {
  const role = promqlKeywords.get(lower);
  if (role === "setOperator" || role === "arithmeticOperator" || metricsqlInfix.has(lower))
    return { is: "operand", operator: lower, modified: "no" };
  if (role === "grouping") return { is: "labels", word: lower, next: after("aggregation") };
  if (lower === "offset") return { is: "offset", next: expected };
  if (role === "modifier" || lower === "keep_metric_names") return expected;
  return undefined;
}

function wordBehindOperator(
  expected: Extract<Expected, { is: "operand" }>,
  lower: string,
  opensNext: boolean,
): Expected | undefined {
  const role = promqlKeywords.get(lower);
  if (role === "bool") return { ...expected, modified: "bool" };
  if (role === "fill" && opensNext) return { is: "fill", next: { ...expected, modified: "grouped" } };
  if (lower === "on" || lower === "ignoring")
    return { is: "labels", word: lower, next: { ...expected, modified: "matched" } };
  if (lower === "group_left" || lower === "group_right") {
    const next: Expected = { ...expected, modified: "grouped" };
    // Its labels may be missing.
    return opensNext ? { is: "labels", word: lower, next } : next;
  }
  return undefined;
}
