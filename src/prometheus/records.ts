import type { UnixMs } from "../shared/model/answer.ts";
import type {
  Alert,
  BuildInfo,
  DroppedTarget,
  Exemplar,
  MetricMetadata,
  NamedCount,
  Rule,
  RuleGroup,
  RuntimeInfo,
  Target,
  TsdbStatus,
} from "../shared/model/source.ts";
import { parseServerTime } from "./apiTime.ts";
import {
  type AlertRecord,
  type BuildInfoRecord,
  type DroppedTargetRecord,
  type ExemplarRecord,
  type FamilyRecord,
  type FeaturesRecord,
  type GroupRecord,
  type RuleRecord,
  type RuntimeInfoRecord,
  sampleValue,
  type TargetRecord,
  type TsdbStatusRecord,
} from "./schemas.ts";

/** What is known of a metric family in the program's own form. */
export function toMetadata(record: FamilyRecord): readonly MetricMetadata[] {
  return record.map(({ type, help, unit }) => ({ type: type ?? "", help: help ?? "", unit: unit ?? "" }));
}

/** A target as the API sends it in the program's own form. */
export function toTarget(record: TargetRecord): Target {
  const lastScrape = parseServerTime(record.lastScrape);
  const isUnscraped = lastScrape === undefined && typeof record.lastScrape === "string";
  return {
    pool: record.scrapePool ?? "",
    labels: record.labels,
    discoveredLabels: record.discoveredLabels,
    scrapeUrl: record.scrapeUrl,
    health: toHealth(record, isUnscraped),
    lastError: record.lastError ?? "",
    lastScrape,
    lastScrapeSeconds: isUnscraped ? undefined : (record.lastScrapeDuration ?? undefined),
    scrapeInterval: record.scrapeInterval ?? undefined,
    scrapeTimeout: record.scrapeTimeout ?? undefined,
    globalUrl: record.globalUrl ?? undefined,
  };
}

/** VictoriaMetrics calls a target down that it has not scraped yet, and says the unix epoch. */
function toHealth({ health, lastError }: TargetRecord, isUnscraped: boolean): Target["health"] {
  const isNew = isUnscraped && (lastError ?? "") === "";
  return health === "up" || (health === "down" && !isNew) ? health : "unknown";
}

/** A dropped target as the API sends it in the program's own form. */
export function toDroppedTarget(record: DroppedTargetRecord): DroppedTarget {
  return { pool: record.scrapePool ?? undefined, discoveredLabels: record.discoveredLabels };
}

/** An exemplar as the API sends it in the program's own form. */
export function toExemplar({ labels, value, timestamp }: ExemplarRecord): Exemplar {
  return { labels, value: sampleValue(value) ?? Number.NaN, time: Math.round(timestamp * 1000) };
}

/** An alert as the API sends it in the program's own form. */
export function toAlert(record: AlertRecord): Alert {
  return {
    labels: record.labels,
    annotations: record.annotations,
    state: record.state,
    activeAt: parseServerTime(record.activeAt),
    keepFiringSince: parseServerTime(record.keepFiringSince),
    value: String(record.value ?? ""),
  };
}

/** A rule group as the API sends it in the program's own form. */
export function toRuleGroup(record: GroupRecord, rules: readonly Rule[]): RuleGroup {
  return {
    name: record.name,
    file: record.file ?? "",
    intervalSeconds: record.interval ?? undefined,
    lastEvaluation: parseServerTime(record.lastEvaluation),
    evaluationSeconds: record.evaluationTime ?? undefined,
    rules,
  };
}

/** A rule as the API sends it in the program's own form. */
export function toRule(record: RuleRecord, alerts: readonly Alert[]): Rule {
  const isAlerting = record.type === "alerting";
  const keepFiringFor = record.keepFiringFor ?? record.keep_firing_for ?? undefined;
  const language = record.datasourceType ?? "";
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
    durationSeconds: isAlerting ? (record.duration ?? undefined) : undefined,
    keepFiringForSeconds: isAlerting ? keepFiringFor : undefined,
    annotations: record.annotations,
    alerts: isAlerting ? alerts : [],
    ...(language === "" || language === "prometheus" ? {} : { foreignLanguage: language }),
  };
}

/** What a server says of its program in the program's own form. */
export function toBuildInfo(record: BuildInfoRecord): BuildInfo {
  return {
    application: record?.application ?? undefined,
    version: record?.version ?? undefined,
    revision: record?.revision ?? undefined,
    branch: record?.branch ?? undefined,
    goVersion: record?.goVersion ?? undefined,
  };
}

/** The names of features that are switched on, each behind its category: `api.search`. */
export function toFeatures(record: FeaturesRecord): ReadonlySet<string> {
  const pairs = Object.entries(record).flatMap(([category, features]) =>
    Object.entries(features).flatMap(([name, isOn]) => (isOn === true ? [`${category}.${name}`] : [])),
  );
  return new Set(pairs);
}

/** The state of a server's process in the program's own form. */
export function toRuntimeInfo(record: RuntimeInfoRecord): RuntimeInfo {
  return {
    startTime: parseServerTime(record.startTime),
    serverTime: parseServerTime(record.serverTime),
    hostname: record.hostname ?? undefined,
    storageRetention: record.storageRetention ?? undefined,
    timeSeriesCount: record.timeSeriesCount ?? undefined,
    goroutineCount: record.goroutineCount ?? undefined,
    reloadConfigSuccess: record.reloadConfigSuccess ?? undefined,
    lastConfigTime: parseServerTime(record.lastConfigTime),
  };
}

/** The state of a server's storage in the program's own form. */
export function toTsdbStatus(record: TsdbStatusRecord): TsdbStatus {
  const head = record.headStats;
  return {
    headStats: {
      numSeries: head?.numSeries ?? record.totalSeries ?? undefined,
      numLabelPairs: head?.numLabelPairs ?? undefined,
      totalLabelValuePairs: record.totalLabelValuePairs ?? undefined,
      chunkCount: head?.chunkCount ?? undefined,
      minTime: toTime(head?.minTime),
      maxTime: toTime(head?.maxTime),
    },
    seriesCountByMetricName: toList(record.seriesCountByMetricName),
    labelValueCountByLabelName: toList(record.labelValueCountByLabelName),
    memoryInBytesByLabelName: toList(record.memoryInBytesByLabelName),
    seriesCountByLabelValuePair: toList(record.seriesCountByLabelValuePair),
    seriesCountByLabelName: toList(record.seriesCountByLabelName),
    seriesCountByFocusLabelValue: toList(record.seriesCountByFocusLabelValue),
  };
}

function toList(counts: readonly NamedCount[] | null | undefined): readonly NamedCount[] | undefined {
  return counts === null ? [] : counts;
}

/** The largest time that a `Date` can hold; Prometheus sends the ends of its integers while the head is empty. */
const longestTime = 8.64e15;

function toTime(ms: number | null | undefined): UnixMs | undefined {
  return typeof ms === "number" && Math.abs(ms) <= longestTime ? ms : undefined;
}
