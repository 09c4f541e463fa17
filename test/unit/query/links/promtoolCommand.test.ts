import assert from "node:assert/strict";
import { test } from "node:test";
import { promtoolCommands } from "../../../../src/query/links/promtoolCommand.ts";
import type { SentQueries } from "../../../../src/query/links/sentQueries.ts";
import { hostileStrings } from "../../../support/hostileStrings.ts";
import { aProfile } from "../../../support/profiles.ts";
import { aRequest } from "../../../support/runs.ts";
import { argumentsInShell, asUtf8 } from "../../../support/shell.ts";

const base = "http://localhost:9090/prefix";
const end = Date.UTC(2026, 0, 2, 12);
const range = { start: end - 3_600_000, end, stepMs: 1500, stepIsAutomatic: true };

function sent(changes: Partial<SentQueries> = {}): SentQueries {
  return {
    query: "up",
    target: aRequest().target,
    range: undefined,
    instant: undefined,
    limit: undefined,
    endsNow: false,
    ...changes,
  };
}

test("a range query", () => {
  assert.equal(
    promtoolCommands(aProfile(base), sent({ range, query: "rate(x[5m])" })),
    [
      "promtool query range",
      "  --start=1767351600.000 --end=1767355200.000 --step=1.5s",
      "  http://localhost:9090/prefix -- 'rate(x[5m])'",
    ].join(" \\\n"),
  );
});

test("an instant query", () => {
  assert.deepEqual(argumentsInShell(promtoolCommands(aProfile(base), sent({ instant: end })) ?? ""), [
    ...["query", "instant", "--time=1767355200.000", "http://localhost:9090/prefix", "--", "up"],
  ]);
});

test("what promtool cannot carry is said above", () => {
  const profile = aProfile(base, {
    headers: { "X-Scope-OrgID": "a", "X-Api-Key": "sesame" },
    auth: { type: "basic", username: "me'", passwordRef: undefined },
    queryParams: { dedup: "true", authKey: "sesame" },
  });
  const text = promtoolCommands(profile, sent({ range, instant: end, limit: 5 })) ?? "";
  const comments = text.split("\n").filter((line) => line.startsWith("#"));
  assert.deepEqual(comments, [
    "# promtool sends no limit: the program asked for 5 series at most",
    "# promtool sends no headers with instant queries",
    "# promtool cannot carry the secret parameters of this connection",
    "# promtool-http.yml has to contain",
    "#   basic_auth:",
    "#     username: the user name of this connection",
    "#     password_file: /path/of/password",
  ]);
  // Where a prompt takes no comments, each of these words is read by the shell.
  for (const line of comments) assert.match(line, /^[\w #:,./-]+$/);
  assert.doesNotMatch(text, /sesame/);
  assert.deepEqual(argumentsInShell(text, { PROMQL_HEADER_X_API_KEY: "<key>" }), [
    ...[
      "query",
      "range",
      "--http.config.file=promtool-http.yml",
      "--header=X-Scope-OrgID=a",
      "--header=X-Api-Key=<key>",
    ],
    ...["--start=1767351600.000", "--end=1767355200.000", "--step=1.5s", `${base}?dedup=true`, "--", "up"],
    ...["query", "instant", "--http.config.file=promtool-http.yml", "--time=1767355200.000", `${base}?dedup=true`],
    ...["--", "up"],
  ]);
});

test("a query of the server's is one argument or none", () => {
  for (const query of [...hostileStrings, "--help", "-x"]) {
    const command = promtoolCommands(aProfile(base), sent({ instant: end, query }));
    if (command !== undefined) assert.deepEqual(argumentsInShell(command).slice(4), ["--", asUtf8(query)]);
    else assert.match(query, /\p{Cc}/u);
  }
});
