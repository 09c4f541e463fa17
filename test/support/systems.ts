import type { SecretPurpose } from "../../src/connections/secrets.ts";
import type { Failure } from "../../src/shared/errors.ts";
import { credentials } from "../servers/systemGateways.ts";
import type { SystemName } from "../servers/systems.ts";

/** What is read from a system, in the words of README. */
export const parts = {
  query: "instant queries",
  queryRange: "range queries",
  metricNames: "metrics",
  labelNames: "labels",
  labelValues: "their values",
  series: "series",
  metadata: "types and help",
  exemplars: "exemplars",
  targets: "targets",
  rules: "rules",
  alerts: "alerts",
  buildInfo: "version",
  runtimeInfo: "uptime",
  flags: "flags",
  tsdbStatus: "cardinality",
} as const;

export type Part = keyof typeof parts;

export const allParts = Object.keys(parts) as readonly Part[];

/** Values by purpose. */
type Secrets = { readonly [purpose in SecretPurpose]?: string };

/** A mistake of the person who filled the form, or a credential that has had its day. */
export interface Mistake {
  readonly title: string;
  /** Of the profile; `undefined` takes a field out. */
  readonly change?: Readonly<Record<string, unknown>>;
  readonly secrets?: Secrets;
  /** At least these fields of the failure. */
  readonly failure: { readonly kind: Failure["kind"]; readonly [field: string]: unknown };
  /** What the person reads. */
  readonly says: RegExp;
}

export interface OtherWay extends Pick<Mistake, "title" | "change" | "secrets"> {
  /** Where it is set up like this. */
  readonly server?: SystemName;
}

/** A system, a connection to it as its user writes it, and what comes of it. */
export interface SystemCase {
  readonly system: string;
  /** How to fill the form. */
  readonly form: string;
  readonly shownOn: "real" | "stand-in";
  readonly server: SystemName;
  /** An element of `promqlWorkbench.connections`; `$SERVER` in its URL stands for the server's address. */
  readonly profile: Readonly<Record<string, unknown>> & { readonly url: string };
  readonly secrets: Secrets;
  /** The program and the version that the connection is said to lead to; `undefined`: the system does not tell. */
  readonly backend: string | undefined;
  /** What it answers without ever having any. */
  readonly empty: readonly Part[];
  /** What it does not offer. All the rest has to work. */
  readonly without: readonly Part[];
  /** What comes with the answer to a query. */
  readonly remarks?: { readonly warning?: RegExp; readonly isPartial?: boolean };
  /** Statuses of a query that cannot be read and of one that cannot be evaluated; 400 and 422 if nothing is said. */
  readonly refusals?: readonly [unreadable: number, unevaluable: number];
  /** Other ways to sign in, after which it is the same. */
  readonly otherWays?: readonly OtherWay[];
  readonly mistakes: readonly Mistake[];
}

const beyondQueries: readonly Part[] = [
  ...(["metadata", "exemplars", "targets", "rules", "alerts"] as const),
  ...(["buildInfo", "runtimeInfo", "flags", "tsdbStatus"] as const),
];

const refused = { kind: "unauthorized", status: 401 } as const;
const notAccepted = /did not accept the credentials \(401\).*Edit the connection/;

const { prometheus, bearerProxy, thanos, victoriaMetrics, vmauth, grafanaCloud } = credentials;
const { alibabaV1, alibabaV2, tencent, cloudQuant } = credentials;

/** Every system of the product's table. */
export const systems: readonly SystemCase[] = [
  {
    system: "Prometheus 2",
    form: "URL; sign in: None",
    shownOn: "real",
    server: "prometheus",
    profile: { id: "local", name: "Local", url: "$SERVER/graph", auth: { type: "none" } },
    secrets: {},
    backend: "Prometheus 2.42.0",
    empty: [],
    without: [],
    mistakes: [
      {
        title: "a port where nobody listens",
        change: { url: "http://127.0.0.1:1" },
        failure: { kind: "unreachable", code: "refused" },
        says: /Local refuses connections.*Check the port/,
      },
    ],
  },
  {
    system: "Prometheus 2 with `basic_auth_users`",
    form: "URL; sign in: Basic",
    shownOn: "real",
    server: "prometheusBasic",
    profile: { id: "prod", name: "Prod", url: "$SERVER/", auth: { type: "basic", username: prometheus.username } },
    secrets: { password: prometheus.password },
    backend: "Prometheus 2.42.0",
    empty: [],
    without: [],
    mistakes: [
      { title: "another password", secrets: { password: "n0t the one" }, failure: refused, says: notAccepted },
      {
        title: "another user",
        change: { auth: { type: "basic", username: "nobody" } },
        failure: refused,
        says: notAccepted,
      },
      { title: "no credentials", change: { auth: { type: "none" } }, failure: refused, says: notAccepted },
    ],
  },
  {
    system: "Prometheus behind a proxy",
    form: "URL; sign in: Bearer token",
    shownOn: "real",
    server: "bearerProxy",
    profile: { id: "proxied", name: "Proxied", url: "$SERVER/api/v1", auth: { type: "bearer" } },
    secrets: { token: bearerProxy.token },
    backend: "Prometheus 2.42.0",
    empty: [],
    without: [],
    mistakes: [{ title: "another token", secrets: { token: "expired-0" }, failure: refused, says: notAccepted }],
  },
  {
    system: "Prometheus 3",
    form: "URL; sign in: as it is set up",
    shownOn: "stand-in",
    server: "prometheus3",
    profile: { id: "three", name: "Three", url: "$SERVER", auth: { type: "none" } },
    secrets: {},
    backend: "Prometheus 3.14.0",
    empty: [],
    without: [],
    mistakes: [
      {
        title: "a prefix that is not there",
        change: { url: "$SERVER/prometheus" },
        failure: { kind: "notPrometheus", status: 404 },
        says: /no Prometheus API at this path.*Check the path/,
      },
    ],
  },
  {
    system: "Thanos Querier behind an auth proxy",
    form: "URL; sign in: Bearer token or Basic, as the proxy wants",
    shownOn: "stand-in",
    server: "thanos",
    profile: {
      id: "thanos",
      name: "Thanos",
      url: "$SERVER",
      auth: { type: "bearer" },
      queryParams: { dedup: "true", partial_response: "true" },
    },
    secrets: { token: thanos.token },
    backend: "Thanos 0.39.2",
    empty: [],
    without: [],
    otherWays: [
      {
        title: "Basic",
        change: { auth: { type: "basic", username: thanos.username } },
        secrets: { password: thanos.password },
      },
    ],
    remarks: { warning: /^receive series from Addr: store-2:10901 LabelSets: \{replica="b"\}/ },
    mistakes: [
      { title: "another token", secrets: { token: "expired-0" }, failure: refused, says: notAccepted },
      { title: "no credentials", change: { auth: { type: "none" } }, failure: refused, says: notAccepted },
    ],
  },
  {
    system: "VictoriaMetrics, single node",
    form: "URL; sign in: None, or Basic where it runs with `-httpAuth`",
    shownOn: "real",
    server: "victoriaMetricsBasic",
    profile: {
      id: "vm",
      name: "VM",
      url: "$SERVER/prometheus",
      auth: { type: "basic", username: victoriaMetrics.username },
    },
    secrets: { password: victoriaMetrics.password },
    backend: "VictoriaMetrics",
    empty: ["metadata", "exemplars", "rules", "alerts"],
    without: ["runtimeInfo", "flags"],
    refusals: [422, 422],
    otherWays: [{ title: "None", server: "victoriaMetrics", change: { url: "$SERVER", auth: { type: "none" } } }],
    mistakes: [
      { title: "another password", secrets: { password: "n0t the one" }, failure: refused, says: notAccepted },
      { title: "no credentials", change: { auth: { type: "none" } }, failure: refused, says: notAccepted },
      {
        title: "a path that it does not know",
        change: { url: "$SERVER/prom" },
        failure: { kind: "notPrometheus", status: 400 },
        says: /\(400\).*unsupported path requested.*Check the/,
      },
      {
        // VictoriaMetrics says the whole address that it was asked at.
        title: "a path that it does not know, with a secret in the address",
        change: { url: "$SERVER/prom", secretQueryParams: ["authKey"] },
        secrets: { "query:authKey": "k&y/+=1 ü" },
        failure: { kind: "notPrometheus", status: 400 },
        says: /requestURI: \/prom\/api\/v1\/query\?authKey=•••&/,
      },
    ],
  },
  {
    system: "VictoriaMetrics cluster behind vmauth",
    form: "URL ends in `/select/0/prometheus` (0: the tenant); sign in: Basic or Bearer token",
    shownOn: "stand-in",
    server: "vmauth",
    profile: {
      id: "vm-cluster",
      name: "VM cluster",
      url: "$SERVER/select/0/prometheus",
      auth: { type: "bearer" },
    },
    secrets: { token: vmauth.token },
    backend: "VictoriaMetrics",
    empty: ["metadata", "exemplars", "rules", "alerts"],
    without: ["targets", "runtimeInfo", "flags"],
    remarks: { isPartial: false },
    refusals: [422, 422],
    otherWays: [
      {
        title: "Basic",
        change: { auth: { type: "basic", username: vmauth.username } },
        secrets: { password: vmauth.password },
      },
      { title: "another tenant, of a project", change: { url: "$SERVER/select/7:2/prometheus/" } },
    ],
    mistakes: [
      {
        // vmauth says what it was sent, which must not be seen.
        title: "another token",
        secrets: { token: "stolen-token-4711" },
        failure: refused,
        says: notAccepted,
      },
      {
        title: "another password",
        change: { auth: { type: "basic", username: vmauth.username } },
        secrets: { password: "n0t the one" },
        failure: refused,
        says: notAccepted,
      },
      { title: "no credentials", change: { auth: { type: "none" } }, failure: refused, says: notAccepted },
      {
        title: "a URL without the tenant",
        change: { url: "$SERVER" },
        failure: { kind: "notPrometheus", status: 400 },
        says: /\(400\).*unsupported URL format.*Check the/,
      },
    ],
  },
  {
    system: "Grafana Mimir",
    form: "URL ends in `/prometheus`; sign in: None; header `X-Scope-OrgID: tenant`",
    shownOn: "stand-in",
    server: "mimir",
    profile: {
      id: "mimir",
      name: "Mimir",
      url: "$SERVER/prometheus",
      auth: { type: "none" },
      headers: { "X-Scope-OrgID": credentials.mimir.tenant },
    },
    secrets: {},
    backend: "Grafana Mimir 2.17.0",
    empty: [],
    without: ["targets", "runtimeInfo", "flags", "tsdbStatus"],
    mistakes: [
      {
        title: "no tenant",
        change: { headers: undefined },
        failure: refused,
        says: /wants to know the tenant \(401\).*Add the header X-Scope-OrgID/,
      },
      {
        title: "a URL without the prefix, where the version answers and queries do not",
        change: { url: "$SERVER" },
        failure: { kind: "notPrometheus", status: 404 },
        says: /no Prometheus API at this path \(404\).*want a prefix/,
      },
    ],
  },
  {
    system: "Grafana Cloud",
    form: "URL ends in `/api/prom`; sign in: Basic with instance id and access policy token",
    shownOn: "stand-in",
    server: "grafanaCloud",
    profile: {
      id: "grafana-cloud",
      name: "Grafana Cloud",
      url: "$SERVER/api/prom",
      auth: { type: "basic", username: grafanaCloud.username },
    },
    secrets: { password: grafanaCloud.password },
    backend: "Grafana Mimir 2.17.0",
    empty: [],
    without: ["targets", "rules", "alerts", "runtimeInfo", "flags", "tsdbStatus"],
    mistakes: [
      { title: "a revoked token", secrets: { password: "glc_revoked" }, failure: refused, says: notAccepted },
      {
        title: "the token as bearer",
        change: { auth: { type: "bearer" } },
        secrets: { token: grafanaCloud.password },
        failure: refused,
        says: notAccepted,
      },
    ],
  },
  {
    system: "Alibaba Cloud, V1 instance",
    form: "HTTP API URL of the console; sign in: Authorization header as it is, with the token",
    shownOn: "stand-in",
    server: "alibabaV1",
    profile: {
      id: "aliyun-v1",
      name: "Aliyun V1",
      url: "$SERVER/api/v1/prometheus/0a1b2c/1234/c5d6/cn-hangzhou",
      auth: { type: "raw" },
    },
    secrets: { authorization: alibabaV1.authorization },
    backend: undefined,
    empty: [],
    without: beyondQueries,
    mistakes: [
      { title: "another token", secrets: { authorization: "expired-0" }, failure: refused, says: notAccepted },
      {
        title: "the token as bearer, which has a scheme",
        change: { auth: { type: "bearer" } },
        secrets: { token: alibabaV1.authorization },
        failure: refused,
        says: /check how to sign in/,
      },
    ],
  },
  {
    system: "Alibaba Cloud, V2 instance or MetricStore",
    form: "HTTP API URL of the console; sign in: Basic with AccessKey ID and Secret",
    shownOn: "stand-in",
    server: "alibabaV2",
    profile: {
      id: "aliyun-v2",
      name: "Aliyun V2",
      url: "$SERVER/prometheus/shop/metrics",
      auth: { type: "basic", username: alibabaV2.username },
    },
    secrets: { password: alibabaV2.password },
    backend: undefined,
    empty: [],
    without: beyondQueries,
    mistakes: [{ title: "another secret", secrets: { password: "0ld" }, failure: refused, says: notAccepted }],
  },
  {
    system: "Tencent Cloud",
    form: "URL of the instance; sign in: Basic with APPID and token, or Bearer token",
    shownOn: "stand-in",
    server: "tencent",
    profile: {
      id: "tencent",
      name: "Tencent",
      url: "$SERVER",
      auth: { type: "basic", username: tencent.username },
    },
    secrets: { password: tencent.password },
    backend: undefined,
    empty: [],
    without: beyondQueries,
    otherWays: [{ title: "Bearer token", change: { auth: { type: "bearer" } }, secrets: { token: tencent.password } }],
    mistakes: [
      {
        title: "another token",
        secrets: { password: "expired-0" },
        failure: { ...refused, detail: "Authentication failed" },
        says: /did not accept the credentials \(401\)\. Authentication failed/,
      },
      {
        title: "another token, as bearer",
        change: { auth: { type: "bearer" } },
        secrets: { token: "expired-0" },
        failure: refused,
        says: notAccepted,
      },
      {
        title: "a server that is too busy",
        change: { queryParams: { busy: "1" } },
        failure: { kind: "rejected", status: 503, errorType: "canceled" },
        says: /cancelled the query\. query was canceled in query queue/,
      },
    ],
  },
  {
    system: "CloudQuant Data Liberator",
    form: "URL ends in `/metrics-api-bearer`; sign in: Bearer token (`cqm_…`); in the settings `method: POST`, `minStep: 30s`",
    shownOn: "stand-in",
    server: "cloudQuant",
    profile: {
      version: 1,
      id: "liberator",
      name: "Liberator",
      kind: "prometheus",
      url: "$SERVER/metrics-api-bearer/",
      auth: { type: "bearer" },
      method: "POST",
      minStep: "30s",
    },
    secrets: { token: cloudQuant.token },
    backend: "Prometheus 2.42.0",
    empty: [],
    without: beyondQueries.filter((part) => part !== "buildInfo"),
    mistakes: [
      {
        title: "a revoked token, for which one is sent to log in",
        secrets: { token: "cqm_revoked" },
        failure: { kind: "redirected", status: 302, crossOrigin: true },
        says: /redirects to a login page \(302\)\. http:\/\/localhost:\d+\/realms\/.*\/auth\. The credentials were missing, wrong/,
      },
      {
        title: "a path that answers with a page to log in on",
        change: { url: "$SERVER/metrics-api" },
        failure: { kind: "notPrometheus", content: "html", status: 200, detail: "Sign in to Liberator" },
        says: /a web page instead of data.*often a login page/,
      },
      {
        title: "a route that is switched off",
        change: { url: "$SERVER/metrics-api-closed" },
        failure: { kind: "unauthorized", status: 403, detail: "403 Forbidden RBAC: access denied" },
        says: /refuses access \(403\)/,
      },
    ],
  },
];
