import * as z from "zod/mini";
import type { Labels } from "../shared/model/labels.ts";
import type { MetricMetadata } from "../shared/model/source.ts";
import { isRecord } from "./errorEnvelope.ts";

/*
 * Shapes of the API's small answers: strict on what we use, silent about fields we do not know. `nullish` stands where a
 * compatible system leaves a field out or sends null (Go's nil slices and maps).
 */

const strings = z.array(z.string());

/** An object of strings as pairs: `__proto__` is a legal label name, which a record would lose. */
const labels = z.pipe(
  z.custom<Readonly<Record<string, string>>>(isStringRecord, "an object of strings"),
  z.transform((record): Labels => Object.entries(record)),
);

const optionalLabels = z.pipe(
  z.nullish(labels),
  z.transform((pairs): Labels => pairs ?? []),
);

/** Around everything. `data` is checked by the endpoint's own schema. */
export const envelopeSchema = z.object({
  status: z.literal("success"),
  data: z.optional(z.unknown()),
  warnings: z.nullish(strings),
});

export const namesSchema = z.nullish(strings);

export const seriesSchema = z.nullish(z.array(labels));

const familyMetadata = z.array(
  z.pipe(
    z.object({ type: z.nullish(z.string()), help: z.nullish(z.string()), unit: z.nullish(z.string()) }),
    z.transform(({ type, help, unit }): MetricMetadata => ({ type: type ?? "", help: help ?? "", unit: unit ?? "" })),
  ),
);

/** Metric families and their descriptions as pairs, for the reason given at `labels`. */
export const metadataSchema = z.pipe(
  z.transform((record) => (isRecord(record) ? Object.entries(record) : (record ?? []))),
  z.array(z.tuple([z.string(), familyMetadata])),
);

/** VictoriaMetrics sends neither `scrapeInterval` nor `globalUrl`. */
const targetSchema = z.object({
  scrapePool: z.nullish(z.string()),
  labels: optionalLabels,
  discoveredLabels: optionalLabels,
  scrapeUrl: z.string(),
  health: z.nullish(z.string()),
  lastError: z.nullish(z.string()),
  lastScrape: z.nullish(z.string()),
  lastScrapeDuration: z.nullish(z.number()),
  scrapeInterval: z.nullish(z.string()),
});

export const targetsSchema = z.object({ activeTargets: z.nullish(z.array(targetSchema)) });

export type TargetRecord = z.infer<typeof targetSchema>;

const alertSchema = z.object({
  labels: optionalLabels,
  annotations: optionalLabels,
  state: z.string(),
  activeAt: z.nullish(z.string()),
  value: z.nullish(z.union([z.string(), z.number()])),
});

export const alertsSchema = z.object({ alerts: z.nullish(z.array(alertSchema)) });

export type AlertRecord = z.infer<typeof alertSchema>;

const ruleSchema = z.object({
  type: z.enum(["alerting", "recording"]),
  name: z.string(),
  query: z.string(),
  labels: optionalLabels,
  health: z.nullish(z.string()),
  lastError: z.nullish(z.string()),
  lastEvaluation: z.nullish(z.string()),
  evaluationTime: z.nullish(z.number()),
  state: z.nullish(z.string()),
  alerts: z.nullish(z.array(alertSchema)),
});

export type RuleRecord = z.infer<typeof ruleSchema>;

const groupSchema = z.object({
  name: z.string(),
  file: z.nullish(z.string()),
  interval: z.nullish(z.number()),
  rules: z.nullish(z.array(ruleSchema)),
});

export type GroupRecord = z.infer<typeof groupSchema>;

export const rulesSchema = z.object({ groups: z.nullish(z.array(groupSchema)) });

/** VictoriaMetrics answers `{}`, or a lone version that is not its own. */
export const buildInfoSchema = z.nullish(
  z.object({
    application: z.nullish(z.string()),
    version: z.nullish(z.string()),
    revision: z.nullish(z.string()),
  }),
);

function isStringRecord(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every((text) => typeof text === "string");
}
