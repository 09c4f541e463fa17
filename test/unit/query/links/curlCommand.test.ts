import assert from "node:assert/strict";
import { test } from "node:test";
import type { Profile } from "../../../../src/connections/profile.ts";
import { curlCommands, curlTestCommand } from "../../../../src/query/links/curlCommand.ts";
import type { SentQueries } from "../../../../src/query/links/sentQueries.ts";
import { hostileStrings } from "../../../support/hostileStrings.ts";
import { aProfile } from "../../../support/profiles.ts";
import { aRequest } from "../../../support/runs.ts";
import { argumentsInShell, asUtf8 } from "../../../support/shell.ts";

const base = "http://localhost:9090";
const end = Date.UTC(2026, 0, 2, 12);
const range = { start: end - 3_600_000, end, stepMs: 15_000, stepIsAutomatic: true };

function sent(changes: Partial<SentQueries> = {}): SentQueries {
  return {
    query: "up",
    target: aRequest().target,
    range: undefined,
    instant: end,
    limit: undefined,
    endsNow: false,
    ...changes,
  };
}

test("an instant query is a form, each parameter by its name", () => {
  assert.equal(
    curlCommands(aProfile(base), sent({ query: 'rate(x{a="b"}[5m])', limit: 1000 })),
    [
      "curl -sS http://localhost:9090/api/v1/query",
      `  --data-urlencode 'query=rate(x{a="b"}[5m])'`,
      "  --data-urlencode 'time=1767355200.000'",
      "  --data-urlencode 'limit=1000'",
      "  --data-urlencode 'timeout=30'",
    ].join(" \\\n"),
  );
});

test("a run both ways is two commands, the range first", () => {
  const commands = curlCommands(aProfile(base, { method: "GET" }), sent({ range }))?.split("\n\n") ?? [];
  assert.deepEqual(
    commands.map((command) => argumentsInShell(command).filter((word) => !word.startsWith("--data"))),
    [
      [
        ...["-sS", "--get", `${base}/api/v1/query_range`, "query=up", "start=1767351600.000", "end=1767355200.000"],
        ...["step=15", "timeout=30"],
      ],
      ["-sS", "--get", `${base}/api/v1/query`, "query=up", "time=1767355200.000", "timeout=30"],
    ],
  );
});

const settings: readonly {
  title: string;
  changes: Partial<Profile>;
  expected: readonly string[];
  text?: string;
}[] = [
  {
    title: "a bearer token is a variable",
    changes: { auth: { type: "bearer", tokenRef: undefined } },
    text: '-H "Authorization: Bearer $PROMQL_TOKEN"',
    expected: ["-H", "Authorization: Bearer <token>"],
  },
  {
    title: "a raw Authorization value is one",
    changes: { auth: { type: "raw" } },
    text: '-H "Authorization: $PROMQL_TOKEN"',
    expected: ["-H", "Authorization: <token>"],
  },
  {
    title: "a password is one",
    changes: { auth: { type: "basic", username: "user", passwordRef: undefined } },
    text: `-u 'user:'"$PROMQL_PASSWORD"`,
    expected: ["-u", "user:<password>"],
  },
  {
    title: "a hostile user name",
    changes: { auth: { type: "basic", username: "-x'$(id)", passwordRef: undefined } },
    expected: ["-u", "-x'$(id):<password>"],
  },
  {
    title: "plain headers are themselves",
    changes: { headers: { "X-Scope-OrgID": "team a|b", "X-Empty": "" } },
    expected: ["-H", "X-Scope-OrgID: team a|b", "-H", "X-Empty;"],
  },
  {
    title: "a plain header with the name of a credential is a variable",
    changes: { headers: { "X-Api-Key": "sesame" } },
    text: `-H 'X-Api-Key: '"$PROMQL_HEADER_X_API_KEY"`,
    expected: ["-H", "X-Api-Key: <key>"],
  },
  {
    title: "secret headers are variables",
    changes: { secretHeaders: ["X-Api-Key"] },
    expected: ["-H", "X-Api-Key: <key>"],
  },
  {
    title: "certificates and a proxy without its credentials",
    changes: {
      tls: { caFile: "/a b/ca.pem", certFile: "", keyFile: "", serverName: "", insecureSkipVerify: true },
      proxy: "http://me:sesame@proxy:3128",
    },
    expected: ["--cacert", "/a b/ca.pem", "--insecure", "--proxy", "http://proxy:3128/", "--proxy-user", "<proxy>"],
  },
  { title: "no proxy, whatever the environment says", changes: { proxy: "none" }, expected: ["--noproxy", "*"] },
  {
    title: "secret parameters are variables, in the address as always",
    changes: { secretQueryParams: ["authKey"], queryParams: { auth_key: "sesame" } },
    expected: ["--url-query", "auth_key=<other>", "--url-query", "authKey=<parameter>"],
  },
];

const secrets = {
  PROMQL_TOKEN: "<token>",
  PROMQL_PASSWORD: "<password>",
  PROMQL_HEADER_X_API_KEY: "<key>",
  PROMQL_PROXY_USER: "<proxy>",
  PROMQL_PARAM_AUTH_KEY: "<other>",
  PROMQL_PARAM_AUTHKEY: "<parameter>",
};

for (const { title, changes, expected, text } of settings) {
  test(title, () => {
    const command = curlTestCommand(aProfile(base, changes)) ?? "";
    assert.doesNotMatch(command, /sesame/);
    if (text !== undefined) assert.ok(command.includes(text), command);
    assert.deepEqual(argumentsInShell(command, secrets), [
      ...["-sS", `${base}/api/v1/query`, ...expected],
      ...["--data-urlencode", "query=1+1", "--data-urlencode", "timeout=30"],
    ]);
  });
}

test("plain parameters stand in the address, patterns of curl do not", () => {
  const profile = aProfile("http://[::1]:9090/pre[fix]", { queryParams: { dedup: "true", "a&b": "c d" } });
  assert.deepEqual(argumentsInShell(curlTestCommand(profile) ?? "").slice(0, 3), [
    "-sS",
    "--globoff",
    "http://[::1]:9090/pre[fix]/api/v1/query?dedup=true&a%26b=c+d",
  ]);
});

test("any query arrives, and none does anything else", () => {
  for (const query of [...hostileStrings, "a\0b", "x\u0003\nid", "@/etc/passwd", "=", "\u001b[201~"]) {
    const words = argumentsInShell(curlCommands(aProfile(base), sent({ query })) ?? "");
    assert.equal(words.length, 8);
    const [option, value = ""] = words.slice(2, 4);
    const heard = option === "--data" ? new URLSearchParams(value).get("query") : value.replace(/^query=/, "");
    assert.equal(heard, asUtf8(query));
  }
});

test("what cannot be pasted safely is no command", () => {
  const auth = { type: "basic", username: "a\u0003\nid", passwordRef: undefined } as const;
  assert.equal(curlTestCommand(aProfile(base, { auth })), undefined);
  assert.equal(curlTestCommand(aProfile(base, { headers: { A: "\u009b201~" } })), undefined);
});
