import type { Token } from "../lexer.ts";
import { lineIndexAt } from "../lines.ts";
import type { Span } from "../problems.ts";
import type {
  Aggregation,
  Arguments,
  BinaryExpression,
  BraceItem,
  Clause,
  DurationExpression,
  Expression,
  LabelList,
  Modifier,
  Name,
  Selector,
  Subquery,
} from "../syntaxTree.ts";
import type { Part, Source } from "./layout.ts";

const space: Part = { kind: "space" };
// Without a place: comments in front of a comma go behind it.
const comma: Part = { kind: "word", text: "," };

/** What stands between the matchers of a selector. */
export type MatcherSeparator = ", " | ",";

/** Says how expressions of one text are written: which words, where lines may break, how deep. Words are the author's. */
export class PartWriter {
  readonly #text: string;
  readonly #words: readonly Token[];
  readonly #comments: readonly Token[];
  readonly #betweenMatchers: readonly Part[];

  constructor({ text, tokens }: Source, separator: MatcherSeparator) {
    this.#text = text;
    this.#words = tokens.filter(({ kind }) => kind !== "comment");
    this.#comments = tokens.filter(({ kind }) => kind === "comment");
    this.#betweenMatchers = separator === "," ? [comma] : [comma, space];
  }

  /** True if a comment stands inside, so that lines have to break there. */
  holdsComment({ from, to }: Span): boolean {
    const last = this.#comments[lineIndexAt(this.#comments, to - 1)];
    return last !== undefined && from < last.from && last.from < to;
  }

  partsOf(node: Expression): readonly Part[] {
    switch (node.kind) {
      case "number":
      case "string":
      case "variable":
      case "missing":
        return [this.#word(node)];
      case "selector":
        return this.#selector(node);
      case "subquery":
        return this.#subquery(node);
      case "call":
        return [this.#word(node.name), ...this.#arguments(node.arguments)];
      case "aggregation":
        return this.#aggregation(node);
      case "binary":
        return this.#binary(node);
      case "unary":
        return [this.#wordAt(node.from, node.operator), { kind: "node", node: node.operand, indent: 0 }];
      case "parentheses":
        return [
          this.#wordAt(node.from, "("),
          ...indented([{ kind: "node", node: node.expression, indent: 1 }]),
          this.#wordAt(node.to - 1, ")"),
        ];
    }
  }

  #word({ from, to }: Span): Part {
    return this.#wordAt(from, this.#text.slice(from, to));
  }

  #wordAt(from: number, text: string): Part {
    return { kind: "word", text, from };
  }

  /** A word whose case means nothing; the server writes it small. */
  #keyword({ from, to }: Span): Part {
    return this.#wordAt(from, this.#text.slice(from, to).toLowerCase());
  }

  /** The words of something that has no blanks inside. */
  #wordsIn({ from, to }: Span): readonly Part[] {
    const found: Part[] = [];
    for (let i = lineIndexAt(this.#words, from); ; i++) {
      const word = this.#words[i];
      if (word === undefined || word.from >= to) return found;
      found.push(this.#word(word));
    }
  }

  #arguments(list: Arguments): readonly Part[] {
    const items = list.items.map((node): readonly Part[] => [{ kind: "node", node, indent: 1 }]);
    const inside = joined(items, [comma, { kind: "break", unsplit: " ", indent: 1 } as const]);
    return [
      this.#wordAt(list.from, "("),
      ...(items.length === 0 ? [] : indented(inside)),
      this.#wordAt(list.to - 1, ")"),
    ];
  }

  /** The author's order: `by` may stand in front of the arguments or behind them. */
  #aggregation({ name, grouping, arguments: list }: Aggregation): readonly Part[] {
    const word = name.text === undefined ? this.#word(name) : this.#keyword(name);
    const inside = list === undefined ? [] : this.#arguments(list);
    if (grouping === undefined) return [word, ...inside];
    const clause = [space, ...this.#clause(grouping)];
    const isBehind = list !== undefined && list.from < grouping.from;
    return isBehind ? [word, ...inside, ...clause] : [word, ...clause, space, ...inside];
  }

  #binary({ operator, bool, matching, grouping, fills, left, right }: BinaryExpression): readonly Part[] {
    const side = (node: Expression): Part => ({ kind: "node", node, indent: 1 });
    return [
      side(left),
      { kind: "break", unsplit: " ", indent: 0 },
      operator.text === undefined ? this.#word(operator) : this.#keyword(operator),
      ...(bool === undefined ? [] : [space, this.#keyword(bool)]),
      ...(matching === undefined ? [] : [space, ...this.#clause(matching)]),
      ...(grouping === undefined ? [] : [space, ...this.#clause(grouping)]),
      ...fills.flatMap(({ word, value, to }): readonly Part[] => [
        ...[space, this.#keyword(word), space, { kind: "word", text: "(" } as const],
        ...(value === undefined ? [] : [{ kind: "node", node: value, indent: 0 } as const]),
        this.#wordAt(to - 1, ")"),
      ]),
      { kind: "break", unsplit: " ", indent: 1 },
      side(right),
    ];
  }

  #clause({ word, labels }: Clause): readonly Part[] {
    return labels === undefined ? [this.#keyword(word)] : [this.#keyword(word), space, ...this.#labels(labels)];
  }

  #labels(list: LabelList): readonly Part[] {
    const items = list.items.map((name: Name) => [this.#word(name)]);
    return this.#enclosed(list, "(", items, [comma, space], ")");
  }

  /** A list that stands in one line, however long, unless a comment breaks it. */
  #enclosed(
    span: Span,
    open: string,
    items: readonly (readonly Part[])[],
    between: readonly Part[],
    close: string,
  ): readonly Part[] {
    const [first, last] = [this.#wordAt(span.from, open), this.#wordAt(span.to - 1, close)];
    if (!this.holdsComment(span)) return [first, ...joined(items, between), last];
    const line = { kind: "line", indent: 1 } as const;
    return [first, line, ...joined(items, [comma, line]), { kind: "line", indent: 0, closes: true }, last];
  }

  #selector({ name, braces, range, modifiers }: Selector): readonly Part[] {
    return [
      ...(name === undefined ? [] : [this.#word(name)]),
      ...(braces === undefined
        ? []
        : this.#enclosed(
            braces,
            "{",
            braces.items.map((item) => this.#braceItem(item)),
            this.#betweenMatchers,
            "}",
          )),
      ...(range === undefined ? [] : this.#brackets(range)),
      ...modifiers.flatMap((modifier) => this.#modifier(modifier)),
    ];
  }

  #braceItem(item: BraceItem): readonly Part[] {
    return item.kind === "matcher"
      ? [this.#word(item.label), this.#word(item.operator), this.#word(item.value)]
      : [this.#word(item)];
  }

  #subquery({ expression, brackets, modifiers }: Subquery): readonly Part[] {
    return [
      { kind: "node", node: expression, indent: 0 },
      ...this.#brackets(brackets, { step: brackets.step }),
      ...modifiers.flatMap((modifier) => this.#modifier(modifier)),
    ];
  }

  /** `subquery` holds the step, which may be none. */
  #brackets(
    { from, to, duration }: Span & { readonly duration: DurationExpression },
    subquery?: { readonly step: DurationExpression | undefined },
  ): readonly Part[] {
    const colon: readonly Part[] = subquery === undefined ? [] : [{ kind: "word", text: ":" }];
    return [
      this.#wordAt(from, "["),
      ...this.#duration(duration),
      ...colon,
      ...(subquery?.step === undefined ? [] : this.#duration(subquery.step)),
      this.#wordAt(to - 1, "]"),
    ];
  }

  #modifier(modifier: Modifier): readonly Part[] {
    const { from } = modifier;
    switch (modifier.kind) {
      case "offset":
        return [space, this.#wordAt(from, "offset"), space, ...this.#duration(modifier.duration)];
      case "at":
        return [space, this.#wordAt(from, "@"), space, ...this.#wordsIn(modifier.time)];
      case "anchored":
      case "smoothed":
        return [space, this.#keyword(modifier)];
      case "variable":
        return [space, this.#word(modifier)];
    }
  }

  /** Not recursive: a sum of durations may be as long as any other. */
  #duration(root: DurationExpression): readonly Part[] {
    const parts: Part[] = [];
    const waiting: (DurationExpression | Part)[] = [root];
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
      if (isPart(one)) parts.push(one);
      else for (const part of this.#durationParts(one).toReversed()) waiting.push(part);
    }
    return parts;
  }

  #durationParts(duration: DurationExpression): readonly (DurationExpression | Part)[] {
    const { from, to } = duration;
    switch (duration.kind) {
      case "unary":
        return [this.#wordAt(from, duration.operator), duration.operand];
      case "binary":
        return [duration.left, space, this.#word(duration.operator), space, duration.right];
      case "parentheses":
        return [this.#wordAt(from, "("), duration.expression, this.#wordAt(to - 1, ")")];
      case "call":
        return [
          this.#word({ from, to: from + duration.name.length }),
          { kind: "word", text: "(" },
          ...joined<DurationExpression | Part>(
            duration.items.map((item) => [item]),
            [comma, space],
          ),
          this.#wordAt(to - 1, ")"),
        ];
      default:
        return [{ kind: "word", text: this.#text.slice(from, to), from }];
    }
  }
}

function isPart(one: DurationExpression | Part): one is Part {
  return one.kind === "word" || one.kind === "space";
}

function indented(inside: readonly Part[]): readonly Part[] {
  return [
    { kind: "break", unsplit: "", indent: 1 },
    ...inside,
    { kind: "break", unsplit: "", indent: 0, closes: true },
  ];
}

function joined<T>(items: readonly (readonly T[])[], between: readonly T[]): readonly T[] {
  return items.flatMap((item, i) => (i === 0 ? item : [...between, ...item]));
}
