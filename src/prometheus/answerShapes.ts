import type { Labels } from "../shared/model/labels.ts";
import type { PackedNames } from "../shared/model/names.ts";
import type {
  Alert,
  BuildInfo,
  DroppedTarget,
  ExemplarSeries,
  MetricMetadata,
  Rule,
  RuleGroup,
  RuntimeInfo,
  Target,
  TsdbStatus,
} from "../shared/model/source.ts";
import { anyElement } from "./decode/jsonValue.ts";
import { type DataShape, maxPassedBytes } from "./readData.ts";
import {
  toAlert,
  toBuildInfo,
  toDroppedTarget,
  toExemplar,
  toFeatures,
  toMetadata,
  toRule,
  toRuleGroup,
  toRuntimeInfo,
  toTarget,
  toTsdbStatus,
} from "./records.ts";
import type { RulesPage } from "./rulePages.ts";
import {
  alertSchema,
  buildInfoSchema,
  droppedCountsSchema,
  droppedTargetSchema,
  exemplarSchema,
  exemplarSeriesSchema,
  familySchema,
  featuresSchema,
  flagSchema,
  groupSchema,
  labelsSchema,
  ruleSchema,
  rulesSchema,
  runtimeInfoSchema,
  targetSchema,
  tsdbStatusSchema,
} from "./schemas.ts";
import { check, listOf, names, recordsByKey, recordsOf, type Shape, under, whole } from "./shape.ts";

/** `data` of `labels` and `label/<name>/values`. */
export const namesShape: DataShape<PackedNames> = { shape: names, isNames: true };

/** `data` of `series`. */
export const seriesShape: DataShape<readonly Labels[]> = {
  shape: recordsOf(labelsSchema, (labels) => labels),
};

/** `data` of `metadata`. */
export const metadataShape: DataShape<ReadonlyMap<string, readonly MetricMetadata[]>> = {
  shape: recordsByKey(familySchema, toMetadata),
  isMap: true,
};

/** `data` of `targets` with state `active`. */
export const targetsShape: DataShape<readonly Target[]> = {
  shape: under("activeTargets", recordsOf(targetSchema, toTarget)),
};

const droppedTargets = under("droppedTargets", recordsOf(droppedTargetSchema, toDroppedTarget));

/** `data` of `targets` with state `dropped`, the first `limit` of them; `counted`: how many the server says it dropped. */
export function droppedTargetsShape(
  limit: number,
): DataShape<{ readonly targets: readonly DroppedTarget[]; readonly counted: number }> {
  return {
    *shape(value, place) {
      const { droppedTargetCounts } = check(droppedCountsSchema, value, place);
      const counted = Object.values(droppedTargetCounts ?? {}).reduce((sum, count) => sum + count, 0);
      return { targets: yield* droppedTargets(value, place), counted };
    },
    keepFirst: { at: ["droppedTargets"], count: limit },
    maxBytes: maxPassedBytes,
  };
}

/** Exemplars that are kept of an answer; a chart draws far fewer, and a server may send 100,000. */
export const maxExemplars = 20_000;

const exemplars = under("exemplars", recordsOf(exemplarSchema, toExemplar));

const exemplarSeries: Shape<ExemplarSeries> = function* (value, place) {
  const { seriesLabels } = check(exemplarSeriesSchema, value, place);
  return { seriesLabels, exemplars: yield* exemplars(value, place) };
};

/** `data` of `query_exemplars`, the first `maxExemplars` of all series. */
export const exemplarsShape: DataShape<readonly ExemplarSeries[]> = {
  shape: listOf(exemplarSeries),
  keepFirst: { at: [anyElement, "exemplars"], count: maxExemplars },
};

const alerts = under("alerts", recordsOf(alertSchema, toAlert));

/** `data` of `alerts`. */
export const alertsShape: DataShape<readonly Alert[]> = { shape: alerts };

const rule: Shape<Rule> = function* (value, place) {
  return toRule(check(ruleSchema, value, place), yield* alerts(value, place));
};

const rules = under("rules", listOf(rule));

const group: Shape<RuleGroup> = function* (value, place) {
  return toRuleGroup(check(groupSchema, value, place), yield* rules(value, place));
};

const groups = under("groups", listOf(group));

/** `data` of `rules`, of one page or of all; larger than `maxBytes` it is not read. */
export function rulesShape(maxBytes: number): DataShape<RulesPage> {
  return {
    *shape(value, place) {
      const { groupNextToken } = check(rulesSchema, value, place);
      return { groups: yield* groups(value, place), nextToken: groupNextToken ?? "" };
    },
    maxBytes,
  };
}

/** `data` of `status/buildinfo`. */
export const buildInfoShape: DataShape<BuildInfo> = { shape: whole(buildInfoSchema, toBuildInfo) };

/** `data` of `status/runtimeinfo`. */
export const runtimeInfoShape: DataShape<RuntimeInfo> = { shape: whole(runtimeInfoSchema, toRuntimeInfo) };

/** `data` of `status/flags`. */
export const flagsShape: DataShape<ReadonlyMap<string, string>> = {
  shape: recordsByKey(flagSchema, (flag) => flag),
  isMap: true,
};

/** `data` of `features`: some hundreds. */
export const featuresShape: DataShape<ReadonlySet<string>> = {
  shape: whole(featuresSchema, toFeatures),
  maxBytes: 1024 * 1024,
};

/** `data` of `status/tsdb`. */
export const tsdbStatusShape: DataShape<TsdbStatus> = { shape: whole(tsdbStatusSchema, toTsdbStatus) };
