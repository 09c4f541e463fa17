import type { Alert, BuildInfo, MetricMetadata, Rule, RuleGroup, Target } from "../shared/model/source.ts";
import { parseServerTime } from "./apiTime.ts";
import type { AlertRecord, BuildInfoRecord, FamilyRecord, GroupRecord, RuleRecord, TargetRecord } from "./schemas.ts";

/** What is known of a metric family in the program's own form. */
export function toMetadata(record: FamilyRecord): readonly MetricMetadata[] {
  return record.map(({ type, help, unit }) => ({ type: type ?? "", help: help ?? "", unit: unit ?? "" }));
}

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
export function toRuleGroup(record: GroupRecord, rules: readonly Rule[]): RuleGroup {
  return {
    name: record.name,
    file: record.file ?? "",
    intervalSeconds: record.interval ?? undefined,
    rules,
  };
}

/** A rule as the API sends it in the program's own form. */
export function toRule(record: RuleRecord, alerts: readonly Alert[]): Rule {
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
    alerts: isAlerting ? alerts : [],
  };
}

/** What a server says of its program in the program's own form. */
export function toBuildInfo(record: BuildInfoRecord): BuildInfo {
  return {
    application: record?.application ?? undefined,
    version: record?.version ?? undefined,
    revision: record?.revision ?? undefined,
  };
}
