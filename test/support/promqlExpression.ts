import fc from "fast-check";

const words = (...all: readonly string[]) => fc.constantFrom(...all);

const blank = fc.oneof(
  { weight: 6, arbitrary: words("", " ") },
  { weight: 2, arbitrary: words("\n", "\t", "\r\n", "  \n\n ") },
  { weight: 1, arbitrary: words(" # why\n", "\n# above\n", "\n  # one\n  # two  \r\n", " #\n", "\n # %% no title\n") },
);

/** Joins pieces with blanks, line ends and comments between them: all of them mean the same. */
const spaced = (...pieces: readonly (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> =>
  fc
    .tuple(...pieces.flatMap((piece) => [typeof piece === "string" ? fc.constant(piece) : piece, blank]))
    .map((all) => all.slice(0, -1).join(""));

const several = (item: fc.Arbitrary<string>, most: number): fc.Arbitrary<string> =>
  fc
    .tuple(fc.array(spaced(item, ""), { minLength: 1, maxLength: most }), words("", ","))
    .map(([items, end]) => items.join(",") + end);

const duration = words(
  "5m",
  "1h30m",
  "300",
  "$__rate_interval",
  `\${n}m`,
  "-5m+35m",
  "step()",
  "(2*1m)",
  "max_of(step(), 5s)",
);
const label = words("job", "le", "by", '"a.b"', "$label");
const matcher = fc.oneof(
  spaced(label, words("=", "!=", "=~", "!~"), words('"x"', "'y'", "`z\\d`", '"a#b"', '"$job"', `"\${job:regex}"`)),
  words("$matchers"),
);
const name = words("up", "http_requests_total", "a:b", "sum", "offset", "x_$y_total", "[[metric]]", "$metric");
const braces = fc.oneof(words("", "{}"), spaced("{", several(matcher, 3), "}"));
const modifiers = fc.oneof(
  { weight: 3, arbitrary: fc.constant("") },
  {
    weight: 1,
    arbitrary: fc.oneof(
      spaced(" offset ", words("5m", "-5m", "(1h)", "$shift")),
      spaced("@", words("1", "1.5e3", "start()", "end ( )", "- 1", "$time")),
      spaced(" @ end()", "offset", " 1h"),
    ),
  },
);
const labels = fc.oneof(words("()"), spaced("(", several(label, 3), ")"));

const { expression } = fc.letrec<{ expression: string; operand: string; vector: string }>((tie) => ({
  vector: spaced(name, braces, modifiers),
  operand: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    tie("vector"),
    words("1", "0x1F", ".5", "1e3", "5m", "Inf", "NaN", '"text"', "'te\\'xt'", "`raw`", "$value"),
    spaced(words("rate", "increase", "$function"), "(", name, braces, "[", duration, "]", modifiers, ")"),
    spaced(
      "max_over_time(",
      tie("operand"),
      "[",
      duration,
      ":",
      fc.oneof(fc.constant(""), duration),
      "]",
      modifiers,
      ")",
    ),
    spaced(
      words("sum", "AVG", "topk"),
      words(" by", " WITHOUT"),
      labels,
      "(",
      several(tie("expression"), 2).map(noEnd),
      ")",
    ),
    spaced(
      words("min", "count_values"),
      "(",
      several(tie("expression"), 2).map(noEnd),
      ")",
      words("by ", "without"),
      labels,
    ),
    spaced("label_replace(", tie("expression"), ', "a", "$1", "b", "(.*)" )'),
    spaced("(", tie("expression"), ")"),
    spaced(words("-", "+"), tie("operand")),
  ),
  expression: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    tie("operand"),
    spaced(tie("operand"), words("+", "-", "/", "^", "%", "==", "<"), tie("expression")),
    spaced(tie("operand"), words("> bool ", "!=  BOOL "), tie("expression")),
    spaced(tie("operand"), words(" and ", " or ", " UNLESS ", " atan2 "), tie("expression")),
    spaced(
      tie("operand"),
      "*",
      words("on", "Ignoring"),
      labels,
      words(" ", "group_left ", "group_right () "),
      tie("vector"),
    ),
    spaced(tie("operand"), "+ on(a)", words("fill(0)", "fill_left (-1) fill_right(2)"), tie("vector")),
  ),
}));

function noEnd(list: string): string {
  return list.replace(/,$/, "");
}

/** PromQL of every form, with our variables, comments and blanks wherever they may stand. */
export function promqlExpression(): fc.Arbitrary<string> {
  return expression;
}
