import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { hostileStrings } from "./hostileStrings.ts";

/** A metrics server every name, text, label and value of which is a hostile string. */
export interface HostileMetrics {
  readonly url: string;
  /** Paths that were asked for. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

/** What a markup of links and icons would be made of, by itself and inside a sentence. */
const links: readonly string[] = [
  "https://example.invalid/bare",
  "see http://example.invalid/bare, www.example.invalid or sre@example.invalid",
  ...hostileStrings.filter((text) => /\]\(|\$\(|<http|^command:/.test(text)),
];

/** Each kind of hostile string; of those that differ only in whom they call, one. */
const texts: readonly string[] = [...new Set([...links, ...hostileStrings.slice(60)])];

/** A text that holds all short hostile strings; links first, since a tooltip is cut somewhere. */
export const everything = texts.filter((text) => text.length < 200).join(" \n ");

/** Every hostile string as a value, under numbered names. */
const numbered = Object.fromEntries(texts.map((text, i) => [`name${i}`, text]));

/** Every hostile string as a name; values are one too. */
const named = Object.fromEntries(texts.map((text, i) => [text, texts.at(-i) ?? ""]));

function dataOf(path: string): unknown {
  if (path === "label/a/values") return ["b c", "twice", "twice"];
  if (path === "label/a%20b/values") return ["c"];
  if (/^label\/.*\/values$/.test(path)) return [...texts, "twice", "twice"];
  switch (path) {
    case "labels":
      // Two of them, with their values, would be one if names and values were just put beside each other.
      return ["a", "a b", ...texts, "twice", "twice"];
    case "metadata":
      return Object.fromEntries(texts.map((text) => [text, [{ type: text, help: everything, unit: `unit ${text}` }]]));
    case "targets":
      return { activeTargets: texts.flatMap((text) => [target(text), target(text)]) };
    case "rules":
      return { groups: [...texts.map((text) => group(text)), group("twice"), group("twice")] };
    case "status/buildinfo":
      return { application: everything, version: texts[0], revision: texts[2] };
    case "status/runtimeinfo":
      return { hostname: everything, storageRetention: texts[4] };
    case "status/flags":
      return named;
    case "status/tsdb": {
      const list = texts.map((name, value) => ({ name, value }));
      return { headStats: { numSeries: 1 }, seriesCountByMetricName: list, seriesCountByLabelValuePair: list };
    }
    default:
      return undefined;
  }
}

function target(text: string): unknown {
  return {
    ...{ scrapePool: text, scrapeUrl: text, labels: { ...numbered, instance: text }, discoveredLabels: named },
    ...{ health: text.length % 2 === 0 ? "down" : "up", lastError: everything, lastScrape: "2026-01-02T03:04:05Z" },
  };
}

function group(text: string): unknown {
  const alert = { labels: { ...numbered, alertname: text }, annotations: named, state: "firing", value: text };
  const rule = { name: text, query: text, labels: named, annotations: named, health: text, lastError: everything };
  return {
    ...{ name: text, file: text, interval: 1 },
    rules: [
      { ...rule, type: "alerting", state: "firing", alerts: [alert] },
      { ...rule, type: "recording" },
    ],
  };
}

/** Starts the server on a free loopback port; a query is refused with a hostile error. */
export async function startHostileMetrics(): Promise<HostileMetrics> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://stub").pathname.replace("/api/v1/", "");
    asked.push(path);
    const data = dataOf(path);
    response.setHeader("content-type", "application/json");
    if (data === undefined) {
      response.statusCode = 400;
      response.end(JSON.stringify({ status: "error", errorType: "bad_data", error: everything }));
    } else {
      response.end(JSON.stringify({ status: "success", data, warnings: [everything] }));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
