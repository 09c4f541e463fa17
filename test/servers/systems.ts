import type { UnixMs } from "../../src/shared/model/answer.ts";
import { basicHeaders, startPrometheus, waitForSeries } from "./prometheus.ts";
import { startPrometheus3 } from "./prometheus3.ts";
import { checkoutImport, checkoutOpenMetrics } from "./shopSamples.ts";
import { credentials, type GatewayName, startSystemGateways } from "./systemGateways.ts";
import { startVictoriaMetrics } from "./victoriaMetrics.ts";
import { startVmauth } from "./vmauth.ts";

export type SystemName =
  | "prometheus"
  | "prometheusBasic"
  | "prometheus3"
  | "victoriaMetrics"
  | "victoriaMetricsBasic"
  | "vmauth"
  | GatewayName;

/** Every system that a connection can lead to, each on an origin of its own. */
export interface Systems {
  readonly urls: Readonly<Record<SystemName, string>>;
  /** When the hour of known samples ends. */
  readonly end: UnixMs;
  stop(): Promise<void>;
}

const rules = [
  {
    name: "shop",
    rules: [
      { record: "orders", expr: "vector(1)" },
      { alert: "Always", expr: "vector(1)", labels: { severity: "page" } },
    ],
  },
];

/** The first scrape comes some seconds after the start, and with it targets and their metadata. */
const isReady = 'ALERTS{alertstate="firing"} and on() up';

/** Starts the real servers, the gateways in front of them and the small server of Prometheus 3's shapes, all at once. */
export async function startSystems(): Promise<Systems> {
  const minute = 60_000;
  const end = Math.floor(Date.now() / minute) * minute - 60 * minute;
  const backfill = checkoutOpenMetrics(end);
  const imported = checkoutImport(end);
  const { prometheus: user, victoriaMetrics: basicAuth } = credentials;
  const started: { stop(): Promise<void> }[] = [];
  const owned = async <T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const running = await starting;
    started.push(running);
    return running;
  };
  const stop = async () => void (await Promise.all(started.map((one) => one.stop())));
  try {
    const [prometheus, prometheusBasic, prometheus3, victoriaMetrics, victoriaMetricsBasic] = await Promise.all([
      owned(startPrometheus({ backfill, rules })),
      owned(startPrometheus({ backfill, rules, user })),
      owned(startPrometheus3(end)),
      owned(startVictoriaMetrics({ imported })),
      owned(startVictoriaMetrics({ imported, basicAuth })),
    ]);
    const upstreams = { prometheus: prometheus.url, victoriaMetrics: victoriaMetrics.url };
    const gateways = await owned(startSystemGateways(upstreams));
    const [vmauth] = await Promise.all([
      owned(startVmauth(gateways.urls.vmselect)),
      waitForSeries(prometheus, isReady),
      waitForSeries(prometheusBasic, isReady, 1, basicHeaders(user)),
    ]);
    const real = { prometheus, prometheusBasic, prometheus3, victoriaMetrics, victoriaMetricsBasic, vmauth };
    const addresses = Object.entries(real).map(([name, { url }]) => [name, url]);
    return { urls: { ...gateways.urls, ...Object.fromEntries(addresses) }, end, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
