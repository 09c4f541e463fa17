import type { Alert, Rule, RuleGroup, Target } from "../shared/model/source.ts";
import { parseServerTime } from "./apiTime.ts";
import type { AlertRecord, GroupRecord, RuleRecord, TargetRecord } from "./schemas.ts";

/** A target as the API sends it in the program's own form. */
export function toTarget(record: TargetRecord): Target {
  return {
    pool: record.scrapePool ?? "",
    labels: record.labels,
    discoveredLabels: record.discoveredLabels,
    scrapeUrl: record.scrapeUrl,
    health: record.health === "up" || record.health === "down" ? record.health : "unknown",
    lastError: record.lastError ?? "",
    lastScrape: parseServerTime(record.lastScrape),
    lastScrapeSeconds: record.lastScrapeDuration ?? undefined,
    scrapeInterval: record.scrapeInterval ?? undefined,
  };
}

/** An alert as the API sends it in the program's own form. */
export function toAlert(record: AlertRecord): Alert {
  return {
    labels: record.labels,
    annotations: record.annotations,
    state: record.state,
    activeAt: parseServerTime(record.activeAt),
    value: String(record.value ?? ""),
  };
}

/** A rule group as the API sends it in the program's own form. */
export function toRuleGroup(record: GroupRecord): RuleGroup {
  return {
    name: record.name,
    file: record.file ?? "",
    intervalSeconds: record.interval ?? undefined,
    rules: (record.rules ?? []).map(toRule),
  };
}

function toRule(record: RuleRecord): Rule {
  const isAlerting = record.type === "alerting";
  return {
    kind: record.type,
    name: record.name,
    query: record.query,
    labels: record.labels,
    health: record.health ?? "unknown",
    lastError: record.lastError ?? "",
    lastEvaluation: parseServerTime(record.lastEvaluation),
    evaluationSeconds: record.evaluationTime ?? undefined,
    state: isAlerting ? (record.state ?? undefined) : undefined,
    alerts: isAlerting ? (record.alerts ?? []).map(toAlert) : [],
  };
}
