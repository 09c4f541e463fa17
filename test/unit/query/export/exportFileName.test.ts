import assert from "node:assert/strict";
import { test } from "node:test";
import { exportFileName } from "../../../../src/query/export/exportFileName.ts";
import { TimeZone } from "../../../../src/shared/model/zonedTime.ts";
import { hostileStrings } from "../../../support/hostileStrings.ts";
import { testNow } from "../../../support/runs.ts";

const zone = new TimeZone("Europe/Berlin");

const titles = [
  { title: "Error rate", expected: "Error-rate" },
  { title: "../../etc/passwd", expected: "etc-passwd" },
  { title: "CON", expected: "CON" },
  { title: "a:b|c*d?.csv", expected: "a-b-c-d-csv" },
  { title: "Größe", expected: "Größe" },
  { title: "a\u202eb\u2066c", expected: "a-b-c" },
  { title: "a\ud83d", expected: "a" },
  { title: "\u{20000}".repeat(70), expected: "\u{20000}".repeat(50) },
  { title: "  ", expected: "promql-result" },
  { title: "", expected: "promql-result" },
  { title: "x".repeat(500), expected: "x".repeat(60) },
];
for (const { title, expected } of titles) {
  test(`the file of ${JSON.stringify(title.slice(0, 20))}`, () => {
    assert.equal(exportFileName(title, testNow, zone, "csv"), `${expected}-2026-01-02T13-00-00.csv`);
  });
}

test("no title makes a name that leads elsewhere or that a system refuses", () => {
  for (const title of hostileStrings) {
    assert.match(exportFileName(title, testNow, zone, "md"), /^[\p{L}\p{M}\p{N}-]+-2026-01-02T13-00-00\.md$/u);
  }
});
