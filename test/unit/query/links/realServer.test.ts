import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { delimiter, dirname } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Profile } from "../../../../src/connections/profile.ts";
import { curlCommands, curlTestCommand } from "../../../../src/query/links/curlCommand.ts";
import { promtoolCommands } from "../../../../src/query/links/promtoolCommand.ts";
import type { SentQueries } from "../../../../src/query/links/sentQueries.ts";
import { findProgram, serverBinary } from "../../../servers/binaries.ts";
import { type RunningServer, startPrometheus, waitForSeries } from "../../../servers/prometheus.ts";
import { type RecordingProxy, startRecordingProxy } from "../../../servers/recordingProxy.ts";
import { aProfile } from "../../../support/profiles.ts";
import { aRequest } from "../../../support/runs.ts";
import { neverAborted, testSource } from "../../../support/sources.ts";

/** Whatever a copied command prints; our own proxy goes on answering meanwhile. */
async function printed(command: string, environment: Readonly<Record<string, string>> = {}): Promise<string> {
  const path = [dirname(serverBinary("promtool")), process.env["PATH"] ?? ""].join(delimiter);
  const shell = execFile("/bin/sh", ["-s"], { env: { ...environment, PATH: path }, timeout: 20_000 });
  shell.stdin?.end(command);
  let output = "";
  let trouble = "";
  shell.stdout?.on("data", (text: string) => {
    output += text;
  });
  shell.stderr?.on("data", (text: string) => {
    trouble += text;
  });
  const [status] = (await once(shell, "close")) as [number | null];
  assert.equal(status, 0, `${trouble}\n${command}`);
  return output;
}

const hasCurl = findProgram("curl") !== undefined;
const query = `label_replace(up, "note", "it's $(id) \\"é\\"\n\t'", "job", ".*")`.replace("\n", "\\n");

describe("copied commands against Debian's Prometheus", () => {
  let prometheus: RunningServer;
  let proxy: RecordingProxy;
  let profile: Profile;
  let sent: SentQueries;

  before(async () => {
    prometheus = await startPrometheus();
    await waitForSeries(prometheus, "up");
    proxy = await startRecordingProxy(prometheus.url);
    const headers = { "X-Scope-OrgID": "team's a" };
    profile = aProfile(proxy.url, { headers, queryParams: { dedup: "true" } });
    // The first scrape may be of this very second.
    const end = Math.ceil(Date.now() / 1000) * 1000;
    const range = { start: end - 60_000, end, stepMs: 1500, stepIsAutomatic: true };
    sent = { query, target: aRequest().target, range, instant: end, limit: 7, endsNow: false };
  });

  after(async () => {
    await proxy.stop();
    await prometheus.stop();
  });

  /** What our own client sends for the same run, and what it hears. */
  async function byClient(method: "GET" | "POST") {
    const { queryParams, headers } = profile;
    using source = testSource(proxy.url, { method, queryParams, headers: async () => headers, timeoutMs: 30_000 });
    const first = proxy.requests.length;
    const { range, instant, limit } = sent;
    assert.ok(range !== undefined && instant !== undefined && limit !== undefined);
    const { start, end, stepMs } = range;
    const answers = [
      await source.queryRange({ query, start, end, stepMs, limit }, { signal: neverAborted() }),
      await source.query({ query, time: instant, limit }, { signal: neverAborted() }),
    ];
    return { answers, requests: proxy.requests.slice(first).map(comparable) };
  }

  for (const method of ["POST", "GET"] as const) {
    test(`curl sends by ${method} what the program sends`, { skip: !hasCurl }, async () => {
      const { requests } = await byClient(method);
      const first = proxy.requests.length;
      const output = await printed(curlCommands({ ...profile, method }, sent) ?? "");
      assert.deepEqual(proxy.requests.slice(first).map(comparable), requests);
      assert.equal(output.match(/"status":"success"/g)?.length, 2);
    });
  }

  test("curl tests a connection, its password in a variable", { skip: !hasCurl }, async () => {
    const first = proxy.requests.length;
    const auth = { type: "basic", username: "o'me", passwordRef: undefined } as const;
    const output = await printed(curlTestCommand({ ...profile, auth }) ?? "", { PROMQL_PASSWORD: "$(sesame)" });
    const { data } = JSON.parse(output) as { readonly data: unknown };
    assert.deepEqual((data as { readonly result: readonly unknown[] }).result[1], "2");
    const { authorization = "" } = proxy.requests[first]?.headers ?? {};
    assert.equal(Buffer.from(authorization.replace("Basic ", ""), "base64").toString(), "o'me:$(sesame)");
  });

  test("promtool's answer is that of the program", async () => {
    const { answers } = await byClient("POST");
    const first = proxy.requests.length;
    const commands = promtoolCommands(profile, sent) ?? "";
    const output = await printed(commands.replaceAll(/promtool query (range|instant)/g, "promtool query $1 -o json"));
    const heard = output
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as readonly PromtoolSeries[]);
    const expected = answers.map(({ data }) => {
      assert.ok(data.type === "matrix" || data.type === "vector");
      return data.series.map(({ labels, times, values }) => ({
        labels: Object.fromEntries(labels),
        samples: [...times].map((time, i) => [time / 1000, String(values[i])]),
      }));
    });
    assert.deepEqual(
      heard.map((series) =>
        series.map(({ metric, value, values }) => ({ labels: metric, samples: values ?? [value] })),
      ),
      expected,
    );
    assert.ok((expected[0]?.[0]?.samples.length ?? 0) >= 1);
    const asked = proxy.requests.slice(first);
    assert.deepEqual(
      asked.map(({ path, headers }) => [path, headers["x-scope-orgid"]]),
      [
        ["/api/v1/query_range?dedup=true", "team's a"],
        ["/api/v1/query?dedup=true", undefined],
      ],
    );
  });
});

interface PromtoolSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: unknown;
  readonly values?: readonly unknown[];
}

/** What of a request has to be the same: parameters of address and form apart, and the connection's header. */
function comparable({ method, path, body, headers }: RecordingProxy["requests"][number]) {
  const url = new URL(path, "http://x");
  return {
    method,
    path: url.pathname,
    address: [...url.searchParams],
    form: [...new URLSearchParams(body)],
    type: headers["content-type"],
    header: headers["x-scope-orgid"],
  };
}
