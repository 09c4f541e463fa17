import assert from "node:assert/strict";
import { test } from "node:test";
import { recognise } from "../../../../src/connections/backend.ts";
import { type Profile, parseProfile } from "../../../../src/connections/profile.ts";
import { plainLabel } from "../../../../src/host/plainLabel.ts";
import type { EndpointOffer, Offer, OptionalEndpoint } from "../../../../src/shared/model/capabilities.ts";
import {
  cautionsOf,
  describeBackend,
  describeOffers,
  describeTakenId,
  describeTest,
  noSuggestion,
  tooltipLines,
} from "../../../../src/ui/connections/connectionTexts.ts";

function profile(more: Record<string, unknown>): Profile {
  const parsed = parseProfile({ id: "a", name: "A", url: "http://10.0.0.1/p", ...more });
  assert.ok(parsed.ok);
  return parsed.profile;
}

test("names are text in labels", () => {
  const cases: readonly [input: string, label: string][] = [
    ["Production EU", "Production EU"],
    ["$(error) gone", "$\u200b(error) gone"],
    ["two\n lines\t", "two lines"],
    ["a\u202eb", "ab"],
    ["x".repeat(80), `${"x".repeat(59)}…`],
    ["😀".repeat(80), `${"😀".repeat(59)}…`],
  ];
  for (const [input, label] of cases) assert.equal(plainLabel(input), label);
});

const url = "http://10.0.0.1/p";

/** What a tooltip says beside the profile; nothing is known of the server. */
const context = {
  time: () => "10:00",
  date: () => "today",
  sender: "this computer",
  backend: recognise({ baseUrl: url }),
  backendLearntAt: undefined,
  capabilities: undefined,
};

function offersOf(offers: Readonly<Partial<Record<OptionalEndpoint, Offer>>>) {
  const pairs = Object.entries(offers) as [OptionalEndpoint, Offer][];
  const known = pairs.map(([endpoint, offer]): [OptionalEndpoint, EndpointOffer] => [
    endpoint,
    { offer, status: undefined, learntAt: 1 },
  ]);
  return { offers: new Map(known), probedAt: 1, isAgent: false, marksPartial: undefined };
}

test("what a test found, in one line", () => {
  const up = { targets: { up: 5, total: 6 }, upFailure: undefined };
  const base = { durationMs: 12.4, ...up, buildInfo: undefined, marksPartial: false };
  const build = { application: "Prometheus", version: "3.1.0", revision: undefined };
  assert.equal(describeTest({ ...base, buildInfo: build }, url), "12 ms · 5 of 6 targets up · Prometheus 3.1.0");
  const plain = { application: undefined, version: "2.53.0", revision: "abc" };
  assert.equal(describeTest({ ...base, buildInfo: plain }, url), "12 ms · 5 of 6 targets up · Prometheus 2.53.0");
  const placeholder = { application: undefined, version: "2.24.0", revision: undefined };
  const single = "12 ms · 5 of 6 targets up · VictoriaMetrics, single node";
  assert.equal(describeTest({ ...base, buildInfo: placeholder }, url), single);
  const cluster = { ...base, buildInfo: undefined, marksPartial: true };
  assert.equal(describeTest(cluster, url), "12 ms · 5 of 6 targets up · VictoriaMetrics, cluster");
  assert.equal(describeTest({ ...base, targets: { up: 0, total: 0 } }, url), "12 ms · no up series");
  const failed = { kind: "unauthorized", status: 403, detail: "" } as const;
  assert.equal(
    describeTest({ ...base, durationMs: 0, targets: undefined, upFailure: failed }, url),
    "1 ms · up could not be asked",
  );
});

test("the tooltip says what can be listened to, what was left out and who sends", () => {
  const open = profile({ auth: { type: "basic", username: "u" }, url: "http://10.0.0.1/graph" });
  const failed = { state: "failed", at: 1, failure: { kind: "unreachable", code: "refused", detail: "" } } as const;
  assert.deepEqual(tooltipLines(open, failed, context), [
    "A",
    "http://10.0.0.1",
    "Signs in as u.",
    "A refuses connections (10:00).",
    "Its secret travels over plain http: others on the way can read it.",
    "/graph at the end of the URL is left out.",
    "Requests are sent from this computer.",
  ]);
  assert.equal(tooltipLines(profile({}), { state: "ok", at: 1 }, context).length, 5);
});

test("what must not be overlooked is said in short words and in the tooltip", () => {
  const insecure = { tls: { insecureSkipVerify: true } };
  const notChecked = "Its certificate is not checked: whoever is on the way can read and answer.";
  const cases: readonly {
    readonly title: string;
    readonly raw: Record<string, unknown>;
    readonly cautions: readonly string[];
    readonly lines: readonly string[];
  }[] = [
    { title: "https", raw: { url: "https://a" }, cautions: [], lines: [] },
    {
      title: "any certificate",
      raw: { url: "https://a", ...insecure },
      cautions: ["certificate not checked"],
      lines: [notChecked],
    },
    // There is no certificate to check.
    { title: "any certificate of plain http", raw: { url: "http://a", ...insecure }, cautions: [], lines: [] },
    {
      title: "a secret over plain http",
      raw: { url: "http://a", auth: { type: "bearer" } },
      cautions: ["unencrypted"],
      lines: ["Its secret travels over plain http: others on the way can read it."],
    },
    {
      title: "a secret for this machine, by way of another",
      raw: { url: "http://localhost", auth: { type: "bearer" }, proxy: "http://proxy:3128" },
      cautions: ["unencrypted"],
      lines: [
        "Its secret travels over plain http: others on the way can read it.",
        "Through the proxy http://proxy:3128.",
      ],
    },
    {
      title: "a secret for this machine, by way of itself",
      raw: { url: "http://localhost", auth: { type: "bearer" }, proxy: "http://127.0.0.1:3128" },
      cautions: [],
      lines: ["Through the proxy http://127.0.0.1:3128."],
    },
    { title: "no proxy", raw: { url: "https://a", proxy: "none" }, cautions: [], lines: ["No proxy is used."] },
    {
      title: "VS Code sends",
      raw: { url: "https://a", transport: "vscode" },
      cautions: [],
      lines: ["VS Code sends its requests and chooses proxy and certificates."],
    },
  ];
  for (const { title, raw, cautions, lines } of cases) {
    assert.deepEqual(cautionsOf(profile(raw)), cautions, title);
    assert.deepEqual(tooltipLines(profile(raw), { state: "ok", at: 1 }, context).slice(4, -1), lines, title);
  }
});

test("a proxy's password over plain http is a caution like a secret, and both are said once in the badge", () => {
  const proxied = { url: "https://a", proxy: "http://proxy:3128" };
  const line = "The password for its proxy travels over plain http: others on the way can read it.";
  assert.deepEqual(cautionsOf(profile(proxied)), []);
  assert.deepEqual(cautionsOf(profile(proxied), { sendsProxyPassword: true }), ["unencrypted"]);
  assert.deepEqual(
    cautionsOf(profile({ ...proxied, url: "http://a", auth: { type: "bearer" } }), { sendsProxyPassword: true }),
    ["unencrypted"],
  );
  const open = { ...context, sendsProxyPassword: true };
  assert.equal(tooltipLines(profile(proxied), { state: "ok", at: 1 }, context).includes(line), false);
  assert.equal(tooltipLines(profile(proxied), { state: "ok", at: 1 }, open).includes(line), true);
});

test("the tooltip says which program the server is and when that was learnt", () => {
  const cases: readonly [name: string | undefined, version: string | undefined, line: string][] = [
    ["Grafana Mimir", "2.17.0", "By its build information: Grafana Mimir 2.17.0 (learnt today)."],
    ["VictoriaMetrics", undefined, "By its build information: VictoriaMetrics, version not told (learnt today)."],
    [undefined, "7", "By its build information: version 7 (learnt today)."],
    [undefined, undefined, "Its build information does not say which program it is (asked today)."],
    ["$(x)\n[a](command:b)", "1", "By its build information: $\u200b(x) [a]\u200b(command:b) 1 (learnt today)."],
  ];
  for (const [name, version, line] of cases) {
    const backend = recognise({ baseUrl: url, backend: { name, version } });
    const known = { ...context, backend, backendLearntAt: 1 };
    assert.equal(tooltipLines(profile({}), { state: "ok", at: 1 }, known)[4], line);
  }
  const byAnswers = { ...context, backend: recognise({ baseUrl: url, marksPartial: true }) };
  const [, , , , line] = tooltipLines(profile({}), { state: "ok", at: 1 }, byAnswers);
  assert.equal(line, "By its address and answers: VictoriaMetrics, cluster.");
});

test("the program with how it runs and what stands before it; its own words stay short", () => {
  const grafana = "https://g.example/api/datasources/proxy/uid/abc";
  const cases: readonly [clues: Parameters<typeof recognise>[0], text: string][] = [
    [{ baseUrl: url }, ""],
    [{ baseUrl: grafana }, "through Grafana"],
    [{ baseUrl: grafana, backend: { name: "Prometheus", version: "3.1.0" } }, "Prometheus 3.1.0 through Grafana"],
    [{ baseUrl: url, isAgent: true }, "Prometheus, agent mode"],
    [
      { baseUrl: url, backend: { name: "x".repeat(90), version: "1" }, isAgent: true },
      `${"x".repeat(39)}…, agent mode`,
    ],
  ];
  for (const [clues, text] of cases) assert.equal(describeBackend(recognise(clues)), text);
});

test("what a server offers is one line, in a fixed order", () => {
  const some = offersOf({ rules: "offered", flags: "notOffered", targets: "offered", tsdbStatus: "refused" });
  assert.equal(describeOffers(some), "offers targets, rules; does not offer flags; refuses storage");
  assert.equal(describeOffers(offersOf({ alerts: "unknown", federate: "unknown" })), "not known alerts, federation");
  const lineOf = (capabilities: typeof some | undefined) =>
    tooltipLines(profile({}), { state: "ok", at: 1 }, { ...context, capabilities })[4];
  const line = "Offers targets, rules; does not offer flags; refuses storage (detected today).";
  assert.equal(lineOf(some), line);
  const used = { ...some, probedAt: undefined };
  assert.equal(lineOf(used as unknown as typeof some), line.replace("detected today", "as far as it was used"));
  assert.match(lineOf(offersOf({})) ?? "", /^Its secret|^Requests/);
});

test("why there is nothing to adopt", () => {
  assert.equal(noSuggestion(undefined), "This workspace suggests no other connection.");
  assert.equal(noSuggestion("a\n$(x)"), "This workspace suggests no connection a $\u200b(x) that you do not have.");
});

test("why the form opens for a suggestion whose id is taken", () => {
  const text = describeTakenId({ id: "prod-eu", name: "Prod EU" });
  assert.match(text, /prod-eu stays as it is/);
  assert.match(text, /Prod EU/);
});
