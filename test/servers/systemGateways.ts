import { basicUser, startNginx } from "./nginx.ts";
import { freePort } from "./processes.ts";

/*
 * Stand-ins for systems that cannot be had here: nginx in front of real servers, which lets in, answers and refuses as the
 * systems' own documentation or source says. Where that is silent the stand-in offers the less.
 */

/** What each system lets in. */
export const credentials = {
  prometheus: {
    username: "sre",
    password: "Tr0ub4dor & drei",
    /** bcrypt of the password at the lowest cost. */
    bcrypt: "$2b$04$abcdefghijklmnopqrstuurw9/UvKvKMY6nnDC4t1OvBJyvC1Ebc6",
  },
  bearerProxy: { token: "eyJhbGciOiJub25lIn0.e30.proxy" },
  thanos: { token: "thanos-0123456789", username: "sre", password: "thanos-password" },
  victoriaMetrics: { username: "vm", password: "vm:password/1" },
  vmauth: { username: "reader", password: "vmauth-password", token: "vmauth-token-0123" },
  mimir: { tenant: "team-a" },
  grafanaCloud: { username: "1234567", password: "glc_eyJvIjoiMSJ9" },
  alibabaV1: { authorization: "eyJ0ZXN0IjoxfQ.alibaba-v1" },
  alibabaV2: { username: "LTAI5tAbCdEf", password: "AccessKeySecret+/=" },
  tencent: { username: "1250000000", password: "tmp-token-0123" },
  cloudQuant: { token: `cqm_${"0123456789abcdef".repeat(3)}` },
} as const;

export interface Upstreams {
  readonly prometheus: string;
  readonly victoriaMetrics: string;
}

/** Basic credentials as the header carries them, for a regular expression of nginx. */
function basic({ username, password }: { readonly username: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`.replaceAll(/[+/=.]/g, "\\$&");
}

const unauthorized = '{"status":"error","errorType":"unauthorized","error":"Authentication failed"}';

/** The build information that Mimir sends, and Grafana Cloud with it. */
const mimirBuild =
  '{"status":"success","data":{"application":"Grafana Mimir","version":"2.17.0","revision":"a1b2c3d","branch":"r350","goVersion":"go1.24.6","features":{"ruler_config_api":"true","alertmanager_config_api":"true","query_sharding":"false","federated_rules":"false"}}}';

const notFound = 'default_type text/plain; return 404 "404 page not found\\n";';

/** The five read APIs that every documentation has. */
const readApis = "(?:query|query_range|series|labels|label/[^/]+/values)";

/** Maps of nginx' `http` block, shared by all servers. */
const maps = `
  map $http_authorization $bearer_ok { default 0; "~^Bearer ${credentials.bearerProxy.token}$" 1; }
  map $http_authorization $thanos_ok { default 0; "~^Bearer ${credentials.thanos.token}$" 1; "~^${basic(credentials.thanos)}$" 1; }
  map "$thanos_ok $http_accept" $thanos { default login; "~^1" pass; "0 application/json" refuse; }
  map $http_authorization $alibaba_v1 { default 0; "~^${credentials.alibabaV1.authorization}$" 1; }
  map $http_authorization $tencent { default 0; "~^Bearer ${credentials.tencent.password}$" 1; "~^${basic(credentials.tencent)}$" 1; }
  map $http_authorization $cloudquant { default 0; "~^Bearer cqm_[0-9a-f]{48}$" 1; }
  map $http_x_scope_orgid $tenants { default one; "" none; "~\\|" several; }
  map $request_uri $is_partial { default false; "~^/select/1/" true; }
`;

/** The content of one `server` for each system; `own` is the server's address. */
const servers = {
  /** A private Prometheus behind a reverse proxy that knows one token. */
  bearerProxy: ({ prometheus }) => `
    if ($bearer_ok = 0) { return 401 "Unauthorized\\n"; }
    location / { proxy_pass ${prometheus}; }`,

  /**
   * oauth2-proxy in front of a Thanos Querier: who asks for exactly application/json is told 401, everybody else is sent
   * to log in. Each answer to a query carries `analysis`, and the warning of a store that did not answer.
   */
  thanos: ({ prometheus }, own) => `
    default_type application/json;
    if ($thanos = refuse) { return 401 "{}"; }
    if ($thanos = login) { return 302 ${own}/oauth2/start?rd=$request_uri; }
    location / { proxy_pass ${prometheus}; }
    location ~ ^/api/v1/query(?:_range)?$ {
      proxy_pass ${prometheus}; proxy_set_header Accept-Encoding "";
      sub_filter_types application/json;
      sub_filter ']}}' '],"analysis":{}},"warnings":["receive series from Addr: store-2:10901 LabelSets: {replica=\\\\"b\\\\"}: rpc error: code = Unavailable desc = connection refused"]}';
    }
    location = /api/v1/stores { return 200 '{"status":"success","data":{"store":[]}}'; }
    location = /api/v1/status/buildinfo {
      return 200 '{"status":"success","data":{"version":"0.39.2","revision":"d4e5f6a","branch":"HEAD","buildUser":"root@thanos","buildDate":"20250801-09:00:00","goVersion":"go1.24.6"}}';
    }`,

  /** vmselect: its API below the tenant, answers that say whether they are whole, no targets, no status but the storage's. */
  vmselect: ({ victoriaMetrics }) => `
    location ~ ^/select/[0-9:]+/prometheus(/api/v1/status/(?:runtimeinfo|flags)|/api/v1/targets)$ {
      default_type text/plain;
      return 400 'remoteAddr: "$remote_addr:$remote_port"; requestURI: $request_uri; unsupported path requested: "$1"';
    }
    location ~ ^/select/[0-9:]+/prometheus/api/v1/status/buildinfo$ {
      default_type application/json; return 200 '{"status":"success","data":{"version":"2.24.0"}}';
    }
    location ~ ^/select/[0-9:]+/prometheus/ {
      rewrite ^/select/[0-9:]+(/prometheus/.*)$ $1 break;
      proxy_pass ${victoriaMetrics}; proxy_set_header Accept-Encoding "";
      sub_filter_types application/json;
      sub_filter '"status":"success"' '"status":"success","isPartial":$is_partial';
    }
    location / { default_type text/plain; return 400 'unsupported URL format for path "$uri"'; }`,

  /** Mimir without a gateway: it wants a tenant; `buildinfo` answers below every prefix, queries do not. */
  mimir: ({ prometheus }) => `
    location /prometheus/ {
      default_type text/plain;
      if ($tenants = none) { return 401 "no org id\\n"; }
      proxy_pass ${prometheus}/;
    }
    location = /prometheus/api/v1/rules {
      default_type application/json;
      if ($tenants = several) { return 500 '{"status":"error","errorType":"server_error","error":"no valid org id found"}'; }
      if ($tenants = none) { return 401 "no org id\\n"; }
      proxy_pass ${prometheus}/api/v1/rules;
    }
    location ~ ^/prometheus/api/v1/(?:targets|status/(?!buildinfo)) { ${notFound} }
    location ~ /api/v1/status/buildinfo$ { default_type application/json; return 200 '${mimirBuild}'; }
    location = /api/v1/alerts { default_type application/yaml; return 200 "alertmanager_config: ''\\n"; }
    location / { ${notFound} }`,

  grafanaCloud: ({ prometheus }) => `
    auth_basic "Grafana Cloud"; auth_basic_user_file grafanaCloud;
    location /api/prom/ { proxy_pass ${prometheus}/; }
    location ~ ^/api/prom/api/v1/(?:targets|rules|alerts|status/) { ${notFound} }
    location = /api/prom/api/v1/status/buildinfo { default_type application/json; return 200 '${mimirBuild}'; }`,

  /** Below the path of an instance, as the console prints it; the token in the header has no scheme. */
  alibabaV1: ({ prometheus }) => `
    default_type application/json;
    if ($alibaba_v1 = 0) { return 401 '{"code":401}'; }
    rewrite ^/api/v1/prometheus/0a1b2c/1234/c5d6/cn-hangzhou(/api/v1/${readApis})$ $1 last;
    location ~ ^/api/v1/${readApis}$ { proxy_pass ${prometheus}; }
    location / { return 404 '{"code":404}'; }`,

  /** The form of a MetricStore, with an AccessKey. */
  alibabaV2: ({ prometheus }) => `
    auth_basic "Prometheus"; auth_basic_user_file alibabaV2;
    rewrite ^/prometheus/shop/metrics(/api/v1/${readApis})$ $1 last;
    location ~ ^/api/v1/${readApis}$ { proxy_pass ${prometheus}; }
    location / { default_type application/json; return 404 '{"code":404}'; }`,

  /** Five read APIs, values of labels by GET only; `busy` in the address stands for a query that was cancelled. */
  tencent: ({ prometheus }) => `
    default_type application/json;
    if ($tencent = 0) { return 401 '${unauthorized}'; }
    if ($arg_busy) { return 503 '{"status":"error","errorType":"canceled","error":"query was canceled in query queue"}'; }
    location ~ ^/api/v1/label/[^/]+/values$ { if ($request_method = POST) { return 405; } proxy_pass ${prometheus}; }
    location ~ ^/api/v1/${readApis}$ { proxy_pass ${prometheus}; }
    location / { ${notFound} }`,

  /** A prefix where strangers are sent to log in, one whose route is off, a page everywhere else; no room for long addresses. */
  cloudQuant: ({ prometheus }, own) => `
    large_client_header_buffers 4 1k;
    location /metrics-api-bearer/ {
      if ($cloudquant = 0) {
        return 302 ${own.replace("127.0.0.1", "localhost")}/realms/liberator/protocol/openid-connect/auth?client_id=metrics;
      }
      rewrite ^/metrics-api-bearer(/api/v1/(?:${readApis}|status/buildinfo))$ $1 last;
      rewrite ^/metrics-api-bearer(/federate)$ $1 last;
      ${notFound}
    }
    location ~ ^/(?:api/v1/|federate$) { internal; proxy_pass ${prometheus}; }
    location /metrics-api-closed/ { default_type text/html; return 403 "<html><head><title>403 Forbidden</title></head><body><h1>RBAC: access denied</h1></body></html>"; }
    location / { default_type text/html; return 200 "<!DOCTYPE html><html><head><title>Sign in to Liberator</title></head><body></body></html>"; }`,
} as const satisfies Record<string, (upstreams: Upstreams, own: string) => string>;

export type GatewayName = keyof typeof servers;

const files = {
  grafanaCloud: basicUser(credentials.grafanaCloud.username, credentials.grafanaCloud.password),
  alibabaV2: basicUser(credentials.alibabaV2.username, credentials.alibabaV2.password),
};

export interface SystemGateways {
  readonly urls: Readonly<Record<GatewayName, string>>;
  stop(): Promise<void>;
}

/** One nginx with a port for each system. */
export async function startSystemGateways(upstreams: Upstreams): Promise<SystemGateways> {
  const names = Object.keys(servers) as GatewayName[];
  const ports = await Promise.all(names.map(() => freePort()));
  const places = names.map((name, i) => ({ name, port: ports[i], url: `http://127.0.0.1:${ports[i]}` }));
  const blocks = places.map(
    ({ name, port, url }) => `server { listen 127.0.0.1:${port}; ${servers[name](upstreams, url)} }`,
  );
  const urls = Object.fromEntries(places.map(({ name, url }) => [name, url])) as Record<GatewayName, string>;
  const nginx = await startNginx({ http: maps + blocks.join("\n"), files, firstUrl: urls.mimir });
  return { urls, stop: nginx.stop };
}
