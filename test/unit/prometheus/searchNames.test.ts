import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Script, startHostileServer } from "../../support/hostileServer.ts";
import { failureFrom, neverAborted, testSource } from "../../support/sources.ts";

/* The search API of Prometheus 3.13: JSON by lines, a last line that says how it ended, or an end without one. */

const options = { signal: neverAborted() };
const matchers = ['{__name__=~"(?i).*http.*"}'];
const scope = { matchers, containing: "http", start: 1000, end: 2000, limit: 3 };

const batch = (...names: readonly string[]) => `${JSON.stringify({ results: names.map((name) => ({ name })) })}\n`;
const end = (hasMore: boolean) => `{"status":"success","has_more":${hasMore}}\n`;
const values = JSON.stringify({ status: "success", data: ["from_values"] });

/** Answers the search with `text`, and the names that it falls back to. */
const searched =
  (text: string, status = 200): Script =>
  ({ request, answer }) =>
    request.path.startsWith("/api/v1/search/") ? answer(status, text) : answer(200, values);

async function find(script: Script, searchesNames = true) {
  await using server = await startHostileServer(script);
  using source = testSource(server.origin, { searchesNames });
  const { names, truncated, warnings } = await source.metricNames(scope, options);
  return { names: [...names], truncated, warnings, requests: server.requests };
}

describe("a search for names", () => {
  test("is asked for the text alone", async () => {
    const { requests } = await find(searched(batch("a_http") + end(false)));
    assert.deepEqual(
      requests.map(({ method, path, body }) => `${method} ${path} ${decodeURIComponent(body)}`),
      [
        "POST /api/v1/search/metric_names search[]=http&case_sensitive=false&fuzz_threshold=100&sort_by=alpha&start=1.000&end=2.000&limit=3",
      ],
    );
  });

  test("of a label's values names the label", async () => {
    await using server = await startHostileServer(searched(`{"results":[{"value":"shop"}]}\n${end(false)}`));
    using source = testSource(server.origin, { searchesNames: true });
    const { names } = await source.labelValues("a/b", { containing: "ho", limit: 5 }, options);
    assert.deepEqual([...names], ["shop"]);
    assert.match(server.requests[0]?.body ?? "", /^label=a%2Fb&search%5B%5D=ho&/);
  });

  const answers: readonly {
    readonly title: string;
    readonly text: string;
    readonly names: readonly string[];
    readonly truncated?: boolean;
    readonly warnings?: readonly string[];
  }[] = [
    { title: "in one batch", text: batch("a", "b") + end(false), names: ["a", "b"] },
    { title: "in several batches", text: batch("a") + batch("b") + end(false), names: ["a", "b"] },
    { title: "with more to come", text: batch("a") + end(true), names: ["a"], truncated: true },
    { title: "that finds nothing", text: batch() + end(false), names: [] },
    { title: "without a list", text: `{"results":null}\n${end(false)}`, names: [] },
    {
      title: "of more than was asked for",
      text: batch("a", "b", "c", "d") + end(false),
      names: ["a", "b", "c"],
      truncated: true,
    },
    { title: "of as many as were asked for", text: batch("a", "b", "c") + end(false), names: ["a", "b", "c"] },
    { title: "with the same name again", text: batch("a", "a") + batch("a") + end(false), names: ["a"] },
    { title: "with blank lines and CR", text: `\n\r\n${batch("a").trim()}\r\n\n${end(false)}`, names: ["a"] },
    { title: "without the last line's end", text: batch("a") + end(false).trim(), names: ["a"] },
    { title: "that ends without its last line", text: batch("a") + batch("b"), names: ["a", "b"], truncated: true },
    { title: "that is cut in a line", text: batch("a") + batch("b").slice(0, 12), names: ["a"], truncated: true },
    { title: "with something after its last line", text: `${batch("a")}${end(false)}not JSON\n`, names: ["a"] },
    {
      title: "with warnings on both",
      text: `{"results":[{"name":"a"}],"warnings":["one"]}\n{"status":"success","has_more":false,"warnings":["two"]}\n`,
      names: ["a"],
      warnings: ["one", "two"],
    },
    {
      title: "with fields of tomorrow, and hostile names",
      text: `{"results":[{"name":"<img src=x>","score":1,"new":{}},{"name":"__proto__"},{"other":1}],"x":1}\n${end(false)}`,
      names: ["<img src=x>", "__proto__"],
    },
  ];
  for (const { title, text, names, truncated = false, warnings = [] } of answers) {
    test(title, async () => {
      const { requests, ...found } = await find(searched(text));
      assert.deepEqual(found, { names, truncated, warnings });
      assert.equal(requests.length, 1);
    });

    test(`${title}, byte by byte`, async () => {
      const { requests, ...found } = await find(async ({ head, raw, socket }) => {
        head(200, { Connection: "close" });
        for (const byte of Buffer.from(text)) {
          raw(Uint8Array.of(byte));
          await new Promise((resolve) => setImmediate(resolve));
        }
        socket.end();
      });
      assert.deepEqual(found, { names, truncated, warnings });
    });
  }

  test("with a warning that quotes our credentials", async () => {
    const text = `{"results":[],"warnings":["t0p-s3cret came"]}\n${end(false)}`;
    await using server = await startHostileServer(searched(text));
    using source = testSource(server.origin, { searchesNames: true, secrets: ["t0p-s3cret"] });
    assert.deepEqual((await source.metricNames(scope, options)).warnings, ["••• came"]);
  });

  test("that is broken off keeps what had come", async () => {
    const { names, truncated } = await find(({ head, raw, reset }) => {
      head(200, { "Transfer-Encoding": "chunked" });
      const text = batch("a") + batch("b").slice(0, 9);
      raw(`${text.length.toString(16)}\r\n${text}\r\n`);
      setTimeout(reset, 50);
    });
    assert.deepEqual([names, truncated], [["a"], true]);
  });

  const failures: readonly { readonly title: string; readonly script: Script; readonly expected: object }[] = [
    {
      title: "an error at the end",
      script: searched(`${batch("a")}{"status":"error","errorType":"internal","error":"disk <b>broken</b>"}\n`),
      expected: { kind: "rejected", status: 200, errorType: "internal", message: "disk broken" },
    },
    {
      title: "a time-out at the end",
      script: searched(`${batch("a")}{"status":"error","errorType":"timeout","error":"search timed out"}\n`),
      expected: { kind: "timedOut", by: "server", detail: "search timed out" },
    },
    {
      title: "a line that is no JSON",
      script: searched(`${batch("a")}{"results":[\n${end(false)}`),
      expected: { kind: "malformed", offset: batch("a").length, expected: "a JSON object on each line" },
    },
    {
      title: "a line that is no object",
      script: searched(`${batch("a")}[1]\n`),
      expected: { kind: "malformed", expected: "a JSON object on each line" },
    },
    {
      title: "an answer that is nothing but the beginning of a line",
      script: searched('{"results":[{"na'),
      expected: { kind: "malformed", offset: 0 },
    },
    {
      title: "names that are none",
      script: searched('{"results":[{"name":7}]}\n'),
      expected: { kind: "malformed", expected: "results.0.name: string" },
    },
    {
      title: "an answer of another kind",
      script: searched(`${values}\n`),
      expected: { kind: "malformed", expected: "has_more: boolean" },
    },
    {
      title: "a line without end",
      script: searched(`{"results":["${"x".repeat(1024 * 1024)}`),
      expected: { kind: "tooLarge", limit: "bytes", allowed: 1024 * 1024 },
    },
    {
      title: "lines without end",
      script: searched(`{}\n${" \n".repeat(8 * 1024 * 1024)}`),
      expected: { kind: "tooLarge", limit: "bytes", allowed: 16 * 1024 * 1024 },
    },
    {
      title: "a connection that breaks before the first line has ended",
      script({ request, head, raw, reset }) {
        if (!request.path.includes("/search/")) return;
        head(200, { "Transfer-Encoding": "chunked" });
        raw('5\r\n{"res\r\n');
        setTimeout(reset, 50);
      },
      expected: { kind: "unreachable", code: "reset" },
    },
    { title: "credentials that are refused", script: searched("no", 401), expected: { kind: "unauthorized" } },
    { title: "a server that is busy", script: searched("no", 503), expected: { kind: "notPrometheus", status: 503 } },
  ];
  for (const { title, script, expected } of failures) {
    test(`fails with ${title}`, async () => {
      assert.partialDeepStrictEqual(await failureFrom(find(script)), expected);
    });
  }

  const refusals: readonly (readonly [status: number, text: string])[] = [
    [500, '{"status":"error","errorType":"unavailable","error":"search API disabled"}'],
    [400, '{"status":"error","errorType":"bad_data","error":"limit exceeds the maximum"}'],
    [404, "404 page not found\n"],
    [403, "RBAC: access denied"],
    [406, '{"status":"error","errorType":"not_acceptable","error":"x"}'],
  ];
  for (const [status, text] of refusals) {
    test(`that is refused (${status}) is done by the matchers, from then on`, async () => {
      await using server = await startHostileServer(searched(text, status));
      using source = testSource(server.origin, { searchesNames: true, method: "POST" });
      for (let i = 0; i < 2; i++) {
        const { names } = await source.metricNames(scope, options);
        assert.deepEqual([...names], ["from_values"]);
      }
      const paths = server.requests.map(({ path }) => path.replace(/\?.*/, ""));
      const byValues = "/api/v1/label/__name__/values";
      assert.deepEqual(paths, ["/api/v1/search/metric_names", byValues, byValues]);
      assert.match(server.requests[1]?.path ?? "", /match%5B%5D=/);
    });
  }

  test("is not asked for where none is known, or without a text", async () => {
    assert.deepEqual((await find(searched(""), false)).names, ["from_values"]);
    await using server = await startHostileServer(searched(""));
    using source = testSource(server.origin, { searchesNames: true });
    assert.deepEqual([...(await source.metricNames({ limit: 3 }, options)).names], ["from_values"]);
    assert.deepEqual([...(await source.labelValues("job", {}, options)).names], ["from_values"]);
  });

  test("is cancelled in the middle", async () => {
    await using server = await startHostileServer(({ head, raw }) => {
      head(200);
      raw(batch("a"));
    });
    using source = testSource(server.origin, { searchesNames: true });
    const controller = new AbortController();
    const outcome = failureFrom(source.metricNames(scope, { signal: controller.signal }));
    await server.whenRequested(1);
    await new Promise((resolve) => setTimeout(resolve, 30));
    controller.abort();
    assert.deepEqual(await outcome, { kind: "cancelled" });
    await server.whenAllClosed();
  });
});
