import { formatDuration } from "../../shared/model/time.ts";
import type { SentQueries } from "./sentQueries.ts";

/** Where a query is seen in its server's own pages, or why it cannot be. */
export type ServerUi =
  | { readonly kind: "page"; readonly url: string }
  | { readonly kind: "none"; readonly reason: "noPage" | "notHttp"; readonly server: string };

/** Addresses of services whose API has no page of its own beside it. */
const withoutPage: readonly (readonly [form: RegExp, server: string])[] = [
  [/^https?:\/\/aps-workspaces\./, "Amazon Managed Service for Prometheus"],
  [/^https?:\/\/monitoring\.googleapis\.com\//, "Google Cloud Managed Service for Prometheus"],
  [/\.prometheus\.monitor\.azure\.com(?:$|[:/])/, "Azure Monitor"],
  [/\/api\/datasources\/(?:proxy\/|uid\/)/, "A data source of Grafana"],
  [/\/api\/prom$/, "Grafana Cloud"],
];

/**
 * The page of a run's query on its server: the graph of its window, or the table of its moment where no range was sent.
 * `program` is which one the server is; `undefined` where that is not known, which is taken for Prometheus or Thanos.
 */
export function serverUi(baseUrl: string, program: string | undefined, sent: SentQueries): ServerUi {
  if (!/^https?:\/\//.test(baseUrl)) return { kind: "none", reason: "notHttp", server: "This server" };
  const known = withoutPage.find(([form]) => form.test(baseUrl))?.[1];
  const named = /mimir|cortex|enterprise metrics/i.test(program ?? "") ? program : undefined;
  const server = known ?? named;
  if (server !== undefined) return { kind: "none", reason: "noPage", server };
  // A cluster's path says it by itself.
  const isVictoria = /victoria/i.test(program ?? "") || /\/select\/[^/]+\/prometheus$/.test(baseUrl);
  return { kind: "page", url: isVictoria ? vmuiUrl(baseUrl, sent) : graphUrl(baseUrl, sent) };
}

/**
 * Prometheus from 2.0 on and Thanos. Releases from 3.0 on send `/graph` to `/query` and read the parameters of the older page,
 * so this form is understood by all. Times are UTC, without fractions.
 */
function graphUrl(baseUrl: string, sent: SentQueries): string {
  const { query, range, instant } = sent;
  const params = new URLSearchParams([["g0.expr", query]]);
  if (range === undefined) {
    params.append("g0.tab", "1");
    if (instant !== undefined && !sent.endsNow) params.append("g0.moment_input", pageTime(instant));
  } else {
    params.append("g0.tab", "0");
    params.append("g0.range_input", pageDuration(range.end - range.start));
    if (!sent.endsNow) params.append("g0.end_input", pageTime(range.end));
    if (!range.stepIsAutomatic && range.stepMs >= 1000) {
      params.append("g0.step_input", String(Math.round(range.stepMs / 1000)));
    }
  }
  return `${baseUrl}/graph?${encoded(params)}`;
}

/** VictoriaMetrics' page; for a single node and for `/select/TENANT/prometheus` it stands beside the API. */
function vmuiUrl(baseUrl: string, sent: SentQueries): string {
  const { query, range, instant } = sent;
  const params = new URLSearchParams([["g0.expr", query]]);
  const end = range?.end ?? instant;
  params.append("g0.range_input", pageDuration(range === undefined ? 3_600_000 : range.end - range.start));
  if (end !== undefined && !sent.endsNow) params.append("g0.end_input", pageTime(end).replace(" ", "T"));
  params.append("g0.relative_time", "none");
  if (range !== undefined && !range.stepIsAutomatic) params.append("g0.step_input", formatDuration(range.stepMs));
  params.append("g0.tab", range === undefined ? "1" : "0");
  return `${baseUrl.replace(/\/prometheus$/, "")}/vmui/#/?${encoded(params)}`;
}

/** Blanks as `%20`: behind `#` not every page takes `+` for one. */
function encoded(params: URLSearchParams): string {
  return params.toString().replaceAll("+", "%20");
}

/** `2026-01-02 12:00:00`, UTC. */
function pageTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace("T", " ");
}

function pageDuration(ms: number): string {
  return formatDuration(Math.max(1, Math.round(ms / 1000)) * 1000);
}
