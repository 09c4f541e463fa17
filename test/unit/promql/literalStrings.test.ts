import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { literalStrings } from "../../../src/promql/literalStrings.ts";
import { findVariableReferences } from "../../../src/promql/variableReferences.ts";
import { quoteString, withoutVariables } from "../../../src/shared/model/labels.ts";

const cases: readonly (readonly [expression: string, expected: string])[] = [
  ["up", "up"],
  ['x{name="mssql$sqlexpress"}', String.raw`x{name="mssql\x24sqlexpress"}`],
  [`x{name='a\${b}[[c]]'}`, String.raw`x{name='a\x24{b}\x5b[c]]'}`],
  ["x{name=`a$b\\d`}", String.raw`x{name="a\x24b\\d"}`],
  ["x{name=~`a\\d$`}", "x{name=~`a\\d$`}"],
  [String.raw`x{name=~"mssql\\$sql|b"}`, String.raw`x{name=~"mssql\\\x24sql|b"}`],
  // Groups of a regular expression by number are no variables, nor are classes of signs.
  [`f(x, "a", "$1\${2}", "[[:alpha:]]$")`, `f(x, "a", "$1\${2}", "[[:alpha:]]$")`],
  ['rate(x{$sel, a="$b"}[$__rate_interval])', String.raw`rate(x{$sel, a="\x24b"}[$__rate_interval])`],
];
for (const [expression, expected] of cases) {
  test(`without variables in strings: ${expression}`, () => assert.equal(literalStrings(expression), expected));
}

test("a value of any kind stands in a file without a variable, and is still the same value", () => {
  const piece = fc.constantFrom("$", "[", "]", "{", "}", "a", "B_1", "\\", '"', "`", "\n", ":", "é");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const value = pieces.join("");
      const text = withoutVariables(quoteString(value));
      assert.deepEqual(findVariableReferences(`x{a=${text}}`), []);
      assert.equal(text.replaceAll("\\x24", "$").replaceAll("\\x5b", "["), quoteString(value));
    }),
  );
});
