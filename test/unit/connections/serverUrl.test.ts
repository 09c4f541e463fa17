import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isLoopback, isReadableOnTheWay, parseServerUrl } from "../../../src/connections/serverUrl.ts";

describe("addresses as people type and paste them", () => {
  const cases: readonly { input: string; baseUrl: string; removed?: string }[] = [
    { input: "http://localhost:9090", baseUrl: "http://localhost:9090" },
    { input: " HTTPS://Host.Example:443/ ", baseUrl: "https://host.example" },
    { input: "https://host/some/prefix///", baseUrl: "https://host/some/prefix" },
    { input: "https://host/api/v1", baseUrl: "https://host", removed: "/api/v1" },
    { input: "https://host/p/api/v1/", baseUrl: "https://host/p", removed: "/api/v1" },
    { input: "https://host/p/api/v1/query_range", baseUrl: "https://host/p", removed: "/api/v1/query_range" },
    { input: "https://host/api/v1/label/job/values", baseUrl: "https://host", removed: "/api/v1/label/job/values" },
    { input: "https://host/api/v1/status/buildinfo", baseUrl: "https://host", removed: "/api/v1/status/buildinfo" },
    { input: "http://host:9090/graph", baseUrl: "http://host:9090", removed: "/graph" },
    { input: "http://host:9090/graph?g0.expr=up&g0.tab=1", baseUrl: "http://host:9090", removed: "/graph" },
    { input: "http://host:9090/query?g0.expr=up&g0.show_tree=0", baseUrl: "http://host:9090", removed: "/query" },
    { input: "http://host/p/query/?g1.expr=up", baseUrl: "http://host/p", removed: "/query" },
    { input: "http://host:9090/query", baseUrl: "http://host:9090/query" },
    { input: "http://host/classic/graph?g0.expr=up", baseUrl: "http://host", removed: "/classic/graph" },
    { input: "http://host/p/new/graph", baseUrl: "http://host/p", removed: "/new/graph" },
    { input: "http://vm:8428/vmui/?#/?g0.expr=up", baseUrl: "http://vm:8428", removed: "/vmui" },
    { input: "http://vm:8428/prometheus/vmui/#/metrics", baseUrl: "http://vm:8428/prometheus", removed: "/vmui" },
    { input: "http://vm:8428/vmui?g0.expr=up", baseUrl: "http://vm:8428", removed: "/vmui" },
    { input: "http://vm:8481/select/0/vmui/", baseUrl: "http://vm:8481/select/0/prometheus", removed: "/vmui" },
    {
      input: "http://vm:8481/select/7:2/prometheus/vmui",
      baseUrl: "http://vm:8481/select/7:2/prometheus",
      removed: "/vmui",
    },
    {
      input: "http://vm:8481/select/0/prometheus/graph",
      baseUrl: "http://vm:8481/select/0/prometheus",
      removed: "/graph",
    },
    {
      input: "http://host/p/api/v1/query?query=sum(up)&time=1",
      baseUrl: "http://host/p",
      removed: "/api/v1/query",
    },
    {
      input: "http://host/api/v1/series?match[]=up&match%5B%5D=node&start=1",
      baseUrl: "http://host",
      removed: "/api/v1/series",
    },
    { input: "http://host/rules", baseUrl: "http://host/rules" },
    { input: "http://host/alerts", baseUrl: "http://host/alerts" },
    {
      input: "https://k8s/api/v1/namespaces/monitoring/services/prom:9090/proxy",
      baseUrl: "https://k8s/api/v1/namespaces/monitoring/services/prom:9090/proxy",
    },
    {
      input: "https://k8s/api/v1/namespaces/m/services/prom/proxy/api/v1/query",
      baseUrl: "https://k8s/api/v1/namespaces/m/services/prom/proxy",
      removed: "/api/v1/query",
    },
    { input: "http://vm:8481/select/0/prometheus", baseUrl: "http://vm:8481/select/0/prometheus" },
    { input: "http://node:9100/metrics", baseUrl: "http://node:9100/metrics" },
    { input: "http://host/photograph", baseUrl: "http://host/photograph" },
    { input: "http://[::1]:9090/?", baseUrl: "http://[::1]:9090" },
  ];
  for (const { input, baseUrl, removed } of cases) {
    test(input, () => {
      const parsed = parseServerUrl(input);
      assert.ok(parsed.ok);
      assert.deepEqual(parsed.url, { baseUrl, origin: new URL(baseUrl).origin, removed });
    });
  }
});

describe("texts that are no address", () => {
  const cases: readonly [input: string, problem: string][] = [
    ["", "empty"],
    ["   ", "empty"],
    ["localhost:9090", "scheme"],
    ["prometheus", "scheme"],
    ["ftp://host", "scheme"],
    ["javascript://alert(1)", "scheme"],
    ["http://", "notUrl"],
    ["http://a b/", "notUrl"],
    ["https://user:pass@host", "userInfo"],
    ["https://user@host", "userInfo"],
    ["https://host/?dedup=true", "query"],
    ["https://host/graph?token=abc", "query"],
    ["https://host/#/graph", "fragment"],
    ["https://host/graph#x", "fragment"],
    ["https://host/query?g0.expr=up#x", "fragment"],
    ["https://host/query?g0.expr=up&token=abc", "query"],
    ["https://host/query?query=up", "query"],
    ["https://host/vmui/?token=abc#/", "query"],
    ["https://host/api/v1/query?query=up&token=abc", "query"],
    ["https://host/api/v1/query?query=up&dedup=true", "query"],
    ["https://host/api/v1?query=up", "query"],
    ["https://k8s/api/v1/namespaces?limit=1", "query"],
  ];
  for (const [input, problem] of cases) {
    test(JSON.stringify(input), () => assert.deepEqual(parseServerUrl(input), { ok: false, problem }));
  }
});

describe("which origins others can listen to", () => {
  const cases: readonly [origin: string, loopback: boolean, readable: boolean][] = [
    ["http://localhost:9090", true, false],
    ["http://prom.localhost", true, false],
    ["http://127.0.0.1", true, false],
    ["http://127.8.9.1:1", true, false],
    ["http://[::1]:9090", true, false],
    ["http://127.0.0.1.example.com", false, true],
    ["http://localhost.example.com", false, true],
    ["http://10.0.0.1", false, true],
    ["https://10.0.0.1", false, false],
  ];
  for (const [origin, loopback, readable] of cases) {
    test(origin, () => assert.deepEqual([isLoopback(origin), isReadableOnTheWay(origin)], [loopback, readable]));
  }
});
