import type { Labels } from "../shared/model/labels.ts";
import type { Alert, BuildInfo, MetricMetadata, Rule, RuleGroup, Target } from "../shared/model/source.ts";
import type { DataShape } from "./readData.ts";
import { toAlert, toBuildInfo, toMetadata, toRule, toRuleGroup, toTarget } from "./records.ts";
import {
  alertSchema,
  buildInfoSchema,
  familySchema,
  groupSchema,
  labelsSchema,
  ruleSchema,
  targetSchema,
} from "./schemas.ts";
import { check, listOf, mapOf, type Shape, strings, under, whole } from "./shape.ts";

/** `data` of `labels` and `label/<name>/values`. */
export const namesShape: DataShape<readonly string[]> = { shape: strings };

/** `data` of `series`. */
export const seriesShape: DataShape<readonly Labels[]> = {
  shape: listOf(whole(labelsSchema, (labels) => labels)),
};

/** `data` of `metadata`. */
export const metadataShape: DataShape<ReadonlyMap<string, readonly MetricMetadata[]>> = {
  shape: mapOf(whole(familySchema, toMetadata)),
  isMap: true,
};

/** `data` of `targets` with state `active`. */
export const targetsShape: DataShape<readonly Target[]> = {
  shape: under("activeTargets", listOf(whole(targetSchema, toTarget))),
};

const alerts = under("alerts", listOf(whole(alertSchema, toAlert)));

/** `data` of `alerts`. */
export const alertsShape: DataShape<readonly Alert[]> = { shape: alerts };

const rule: Shape<Rule> = function* (value, place) {
  return toRule(check(ruleSchema, value, place), yield* alerts(value, place));
};

const rules = under("rules", listOf(rule));

const group: Shape<RuleGroup> = function* (value, place) {
  return toRuleGroup(check(groupSchema, value, place), yield* rules(value, place));
};

/** `data` of `rules`. */
export const rulesShape: DataShape<readonly RuleGroup[]> = { shape: under("groups", listOf(group)) };

/** `data` of `status/buildinfo`. */
export const buildInfoShape: DataShape<BuildInfo> = { shape: whole(buildInfoSchema, toBuildInfo) };
