import { isTooLong } from "./numberValue.ts";
import type { DurationExpression } from "./syntaxTree.ts";
import type { TokenReader } from "./tokenReader.ts";

const precedences: ReadonlyMap<string, number> = new Map([
  ["+", 1],
  ["-", 1],
  ["*", 2],
  ["/", 2],
  ["%", 2],
  ["^", 3],
]);
const power = 3;

/** Reads what stands in brackets and behind `offset`. */
export class DurationParser {
  readonly #reader: TokenReader;

  constructor(reader: TokenReader) {
    this.#reader = reader;
  }

  /** Of a range, which has to be longer than nothing where that can be told from the text. */
  positive(): DurationExpression {
    const duration = this.#reader.nested(() => this.#duration(0));
    const seconds = literalSeconds(duration);
    const { from, to } = duration;
    if (seconds !== undefined && seconds <= 0) this.#reader.report({ code: "durationNotPositive", from, to });
    else if (seconds !== undefined && isTooLong(seconds)) this.#reader.report({ code: "durationTooLarge", from, to });
    return duration;
  }

  /** Behind `offset` stands one operand: `offset 5s-8` ends before the minus. */
  offset(): DurationExpression {
    const word = this.#reader.word();
    if (word !== "+" && word !== "-") return this.#durationOperand();
    const { from } = this.#reader.take();
    const operand = this.#reader.nested(() => this.offset());
    return { kind: "unary", operator: word, operand, from, to: operand.to };
  }

  #duration(least: number): DurationExpression {
    let left = this.#signedDuration();
    for (;;) {
      const text = this.#reader.word();
      const strength = this.#reader.token()?.kind === "operator" ? (precedences.get(text) ?? 0) : 0;
      if (strength === 0 || strength < least) return left;
      const operator = { text, ...this.#reader.take() };
      const right = this.#reader.nested(() => this.#duration(strength === power ? power : strength + 1));
      if ((text === "/" || text === "%") && right.kind === "number" && right.value === 0) {
        this.#reader.report({ code: "divisionByZero", operator: text, from: operator.from, to: operator.to });
      }
      left = { kind: "binary", operator, left, right, from: left.from, to: right.to };
    }
  }

  #signedDuration(): DurationExpression {
    const word = this.#reader.word();
    if (word !== "+" && word !== "-") return this.#durationOperand();
    const { from } = this.#reader.take();
    const operand = this.#reader.nested(() => this.#duration(power));
    return { kind: "unary", operator: word, operand, from, to: operand.to };
  }

  #durationOperand(): DurationExpression {
    const token = this.#reader.token();
    if (token?.kind === "number" || token?.kind === "duration" || token?.kind === "badNumber")
      return this.#reader.number();
    if (token?.kind === "variable") return { kind: "variable", ...this.#reader.take() };
    if (this.#reader.word() === "(" && token?.kind === "open") {
      const open = this.#reader.take();
      const expression = this.#reader.nested(() => this.#duration(0));
      this.#reader.close(")", open, "operator");
      return { kind: "parentheses", expression, from: open.from, to: this.#reader.lastEnd() };
    }
    const name = this.#reader.lower();
    if (token?.kind === "identifier" && isDurationCall(name)) return this.#durationCall(name);
    return this.#reader.missing("duration");
  }

  #durationCall(name: DurationCall): DurationExpression {
    const { from } = this.#reader.take();
    const items: DurationExpression[] = [];
    if (this.#reader.word() !== "(") {
      this.#reader.unexpected("openParenthesis");
      return { kind: "call", name, items, from, to: this.#reader.lastEnd() };
    }
    const open = this.#reader.take();
    while (this.#reader.token() !== undefined && this.#reader.word() !== ")") {
      items.push(this.#reader.nested(() => this.#duration(0)));
      if (this.#reader.token()?.kind !== "comma") break;
      this.#reader.take();
    }
    this.#reader.close(")", open, "operator");
    const wanted = name === "step" || name === "range" ? 0 : 2;
    const place = { from, to: this.#reader.lastEnd() };
    if (items.length !== wanted) {
      this.#reader.report({
        code: "wrongArgumentCount",
        name,
        least: wanted,
        most: wanted,
        found: items.length,
        ...place,
      });
    }
    return { kind: "call", name, items, ...place };
  }
}

type DurationCall = "step" | "range" | "min_of" | "max_of";
const calls: ReadonlySet<string> = new Set(["step", "range", "min_of", "max_of"]);

function isDurationCall(name: string): name is DurationCall {
  return calls.has(name);
}

/** The seconds of a duration that is written out, with its sign. */
export function literalSeconds(duration: DurationExpression): number | undefined {
  if (duration.kind === "number") return Number.isNaN(duration.value) ? undefined : duration.value;
  if (duration.kind !== "unary" || duration.operand.kind !== "number") return undefined;
  return duration.operator === "-" ? -duration.operand.value : duration.operand.value;
}
