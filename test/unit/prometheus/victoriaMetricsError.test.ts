import assert from "node:assert/strict";
import { test } from "node:test";
import { type QueryVerdict, readQueryVerdict } from "../../../src/prometheus/victoriaMetricsError.ts";

/* Texts of Debian's VictoriaMetrics, which test/unit/prometheus/victoriaMetrics.test.ts asks itself, and bent ones. */

const instant = (query: string) => `error when executing query=${query} for (time=1795282626135, step=300000): `;
const range = (query: string) =>
  `error when executing query=${query} on the time range (start=1000, end=2000, step=1000): cannot execute query: `;
const at = (line: number, column: number) => ({ line, column });

const rows: readonly { readonly title: string; readonly error: string; readonly expected: QueryVerdict | undefined }[] =
  [
    {
      title: "the end of the text",
      error: `${instant('"sum("')}unexpected token ""; unparsed data: ""`,
      expected: { reason: 'unexpected token ""; unparsed data: ""', position: at(1, 5) },
    },
    {
      title: "something left over, of a range",
      error: `${range('"foo\\n bar("')}unparsed data left: "bar("`,
      expected: { reason: 'unparsed data left: "bar("', position: at(2, 2) },
    },
    {
      title: "columns are bytes, and Go's escapes one character",
      error: `${instant('"ö\\u2028\\U0001f631\\x07\\a\\\\\\"x"')}cannot find the first token: cannot recognize "x"`,
      expected: { reason: 'cannot find the first token: cannot recognize "x"', position: at(1, 2 + 3 + 4 + 4 + 1) },
    },
    {
      title: "a rest that is not the end of the query",
      error: `${instant('"a{b= \\"c"')}unparsed data: "=\\"c"`,
      expected: { reason: 'unparsed data: "=\\"c"', position: undefined },
    },
    {
      title: "a verdict without a place",
      error: `${instant('"nofunc(x)"')}unknown func "nofunc"`,
      expected: { reason: 'unknown func "nofunc"', position: undefined },
    },
    {
      title: "a query that looks like the words around it",
      error: `${instant('"x\\" for (time=1, step=1): y"')}unparsed data left: "y"`,
      expected: { reason: 'unparsed data left: "y"', position: at(1, 26) },
    },
    { title: "another selector", error: 'cannot parse matches[]=sum(: unparsed data: ""', expected: undefined },
    { title: "a query that does not end", error: 'error when executing query="sum(', expected: undefined },
    { title: "Prometheus'", error: "1:5: parse error: unexpected end of input", expected: undefined },
  ];

for (const { title, error, expected } of rows) {
  test(`what VictoriaMetrics says of a query: ${title}`, () => assert.deepEqual(readQueryVerdict(error), expected));
}

test("a text that is all beginnings costs no more than its length", () => {
  for (const piece of ['error when executing query="', 'cannot recognize "', "\\", "\\\\U00ffffff"]) {
    const text = piece.repeat(1_000_000);
    assert.equal(readQueryVerdict(text), undefined);
    readQueryVerdict(`${instant('"a"')}${text.slice(0, 100_000)}`);
    readQueryVerdict(instant(`"${text.slice(0, 100_000)}"`));
  }
});
