import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { lookUpNames } from "../../../src/catalog/nameLookup.ts";
import { ascending } from "../../../src/catalog/nameOrder.ts";
import { PackedNames } from "../../../src/shared/model/names.ts";
import { manyName } from "../../support/manyNames.ts";

const { signal } = new AbortController();

const names = PackedNames.of([
  ...[
    "HTTP_total",
    "a:b:c",
    "httpRequests",
    "http_request_duration_seconds",
    "http_requests_total",
    "nginx_http_requests",
  ],
  ...[
    "node_cpu_seconds_total",
    "node_load1",
    "prometheus_http_requests_total",
    "upstream",
    "xhttp_requests",
    "öl.stand",
  ],
]);

const cases: readonly { readonly typed: string; readonly found: readonly string[] }[] = [
  {
    typed: "http_re",
    found: [
      ...["http_request_duration_seconds", "http_requests_total"],
      ...["nginx_http_requests", "prometheus_http_requests_total"],
    ],
  },
  {
    typed: "http",
    found: [
      ...["httpRequests", "http_request_duration_seconds", "http_requests_total", "HTTP_total"],
      ...["nginx_http_requests", "prometheus_http_requests_total"],
    ],
  },
  {
    typed: "requests",
    found: [
      "httpRequests",
      "http_requests_total",
      "nginx_http_requests",
      ...["prometheus_http_requests_total", "xhttp_requests"],
      "http_request_duration_seconds",
    ],
  },
  { typed: "ncst", found: ["node_cpu_seconds_total"] },
  { typed: "qu", found: [] },
  { typed: "öl", found: ["öl.stand"] },
  { typed: "stand", found: ["öl.stand"] },
  { typed: "a:b:", found: ["a:b:c"] },
  { typed: "b:c", found: ["a:b:c"] },
  { typed: "zzz", found: [] },
];

describe("names that fit what was typed", () => {
  for (const { typed, found } of cases) {
    test(typed, async () => {
      const sorted = await ascending(names, signal);
      assert.deepEqual(await lookUpNames(sorted, typed, { limit: 100, signal }), { names: found, isCut: false });
    });
  }
});

test("nothing typed: the first names, and whether there are more", async () => {
  assert.deepEqual(await lookUpNames(names, "", { limit: 2, signal }), { names: ["HTTP_total", "a:b:c"], isCut: true });
  assert.equal((await lookUpNames(names, "", { limit: 12, signal })).isCut, false);
});

test("what begins so, in ascending order, whatever the places in the blocks; the rest behind it", async () => {
  const name = fc.string({ unit: fc.constantFrom("a", "b", "_", "é", "😀"), maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(name, { maxLength: 60 }), name, async (list, typed) => {
      const sorted = await ascending(PackedNames.of(list), signal);
      const all = [...sorted];
      const { names: found, isCut } = await lookUpNames(sorted, typed, { limit: 1000, signal });
      const begun = all.filter((one) => one.startsWith(typed));
      assert.deepEqual(found.slice(0, begun.length), begun);
      assert.equal(new Set(found).size, found.length);
      assert.equal(isCut, false);
      for (const one of found) assert.ok(follows(one, typed), `${typed} in ${one}`);
    }),
  );
});

function follows(name: string, typed: string): boolean {
  let at = 0;
  for (const sign of typed) {
    at = name.indexOf(sign, at);
    if (at === -1) return false;
    at += sign.length;
  }
  return true;
}

test("of 100,000 names as many as wanted, and that there are more is said", async () => {
  const many = await ascending(PackedNames.of(Array.from({ length: 100_000 }, (_, i) => manyName(i))), signal);
  const begun = await lookUpNames(many, "http_", { limit: 300, signal });
  assert.deepEqual([begun.names.length, begun.isCut], [300, true]);
  assert.ok(begun.names.every((one) => one.startsWith("http_")));
  const [only = ""] = [manyName(77_777)];
  assert.deepEqual(await lookUpNames(many, only, { limit: 300, signal }), { names: [only], isCut: false });
  const word = await lookUpNames(many, "seconds", { limit: 300, signal });
  assert.deepEqual([word.names.length, word.isCut], [300, true]);
});

test("a search that nobody waits for any more ends", async () => {
  const controller = new AbortController();
  const many = await ascending(PackedNames.of(Array.from({ length: 200_000 }, (_, i) => manyName(i))), signal);
  const search = lookUpNames(many, "zzzz", { limit: 300, signal: controller.signal });
  controller.abort();
  // It may have been done before it looked.
  await search.then(
    ({ names: found }) => assert.deepEqual(found, []),
    (error: unknown) => assert.match(String(error), /cancelled/),
  );
});
