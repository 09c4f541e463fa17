import assert from "node:assert/strict";
import { test } from "node:test";
import { filterNames, isEmptyPattern, parseNamePattern, selectorOf } from "../../../src/catalog/nameFilter.ts";
import { isCancelled } from "../../../src/shared/errors.ts";

const names = ["HTTP_errors", "go_gc", "http_requests_total", "node_http_total", "requests_http"];
const pause = () => new Promise<void>((resolve) => setImmediate(resolve));
const find = (text: string) =>
  filterNames(names, parseNamePattern(text), { signal: new AbortController().signal, pause });

const cases: readonly { readonly text: string; readonly found: readonly string[]; readonly selector: string }[] = [
  {
    text: "http",
    found: ["HTTP_errors", "http_requests_total", "node_http_total", "requests_http"],
    selector: '{__name__=~"(?i).*http.*"}',
  },
  {
    text: "requests http",
    found: ["http_requests_total", "requests_http"],
    selector: '{__name__=~"(?i).*(?:requests.*http|http.*requests).*"}',
  },
  { text: "^http", found: ["HTTP_errors", "http_requests_total"], selector: '{__name__=~"(?i)http.*"}' },
  { text: "^http total", found: ["http_requests_total"], selector: '{__name__=~"(?i)http.*total.*"}' },
  { text: "a.b(", found: [], selector: '{__name__=~"(?i).*a\\\\.b\\\\(.*"}' },
];

test("a filter finds here what its selector finds at a server", async () => {
  for (const { text, found, selector } of cases) {
    assert.deepEqual(await find(text), found, text);
    assert.equal(selectorOf(parseNamePattern(text)), selector);
    const source = /=~"\(\?i\)(.*)"\}$/.exec(selector)?.[1] ?? "";
    const expression = new RegExp(`^(?:${source.replaceAll("\\\\", "\\")})$`, "i");
    assert.deepEqual(
      names.filter((name) => expression.test(name)),
      found,
      text,
    );
  }
});

test("nothing typed is no filter", () => {
  for (const text of ["", "  ", "^"]) assert.ok(isEmptyPattern(parseNamePattern(text)), text);
});

test("a long search gives way and can be given up", async () => {
  const many = Array.from({ length: 2_000_000 }, (_, i) => `metric_${i}`);
  const controller = new AbortController();
  let turns = 0;
  const search = filterNames(many, parseNamePattern("99"), {
    signal: controller.signal,
    pause: async () => {
      if (++turns === 2) controller.abort();
      await pause();
    },
  });
  await assert.rejects(search, isCancelled);
});
