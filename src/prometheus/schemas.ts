import * as z from "zod/mini";
import type { Labels } from "../shared/model/labels.ts";
import { maxTimeMs } from "../shared/model/time.ts";
import { parseNumber } from "./decode/numbers.ts";
import { isRecord } from "./errorEnvelope.ts";

/*
 * Shapes of the parts of the API's small answers: strict on what we use, silent about fields we do not know. `nullish` stands where a
 * compatible system leaves a field out or sends null (Go's nil slices and maps).
 */

/** An object of strings as pairs: `__proto__` is a legal label name, which a record would lose. */
export const labelsSchema = z.pipe(
  z.custom<Readonly<Record<string, string>>>(isStringRecord, "an object of strings"),
  z.transform((record): Labels => Object.entries(record)),
);

const optionalLabels = z.pipe(
  z.nullish(labelsSchema),
  z.transform((pairs): Labels => pairs ?? []),
);

/** What is known of one metric family, by as many targets as say different things of it. */
export const familySchema = z.array(
  z.object({ type: z.nullish(z.string()), help: z.nullish(z.string()), unit: z.nullish(z.string()) }),
);

export type FamilyRecord = z.infer<typeof familySchema>;

/** VictoriaMetrics sends none of the last three. */
export const targetSchema = z.object({
  scrapePool: z.nullish(z.string()),
  labels: optionalLabels,
  discoveredLabels: optionalLabels,
  scrapeUrl: z.string(),
  health: z.nullish(z.string()),
  lastError: z.nullish(z.string()),
  lastScrape: z.nullish(z.string()),
  lastScrapeDuration: z.nullish(z.number()),
  scrapeInterval: z.nullish(z.string()),
  scrapeTimeout: z.nullish(z.string()),
  globalUrl: z.nullish(z.string()),
});

export type TargetRecord = z.infer<typeof targetSchema>;

export const droppedTargetSchema = z.object({
  discoveredLabels: optionalLabels,
  scrapePool: z.nullish(z.string()),
});

export type DroppedTargetRecord = z.infer<typeof droppedTargetSchema>;

/** By scrape pool, whether or not the server keeps the targets themselves (Prometheus 2.47). */
export const droppedCountsSchema = z.object({
  droppedTargetCounts: z.nullish(z.record(z.string(), z.number())),
});

/** Without its exemplars, which are read one by one. */
export const exemplarSeriesSchema = z.object({ seriesLabels: optionalLabels });

export const exemplarSchema = z.object({
  labels: optionalLabels,
  value: z.custom<string | number>((value) => sampleValue(value) !== undefined, "a sample value"),
  timestamp: z.custom<number>(isUnixSeconds, "unix seconds"),
});

export type ExemplarRecord = z.infer<typeof exemplarSchema>;

export const alertSchema = z.object({
  labels: optionalLabels,
  annotations: optionalLabels,
  state: z.string(),
  activeAt: z.nullish(z.string()),
  keepFiringSince: z.nullish(z.string()),
  value: z.nullish(z.union([z.string(), z.number()])),
});

export type AlertRecord = z.infer<typeof alertSchema>;

/** Without its alerts, which can be many and are read one by one. vmalert has names of its own for the last two. */
export const ruleSchema = z.object({
  type: z.enum(["alerting", "recording"]),
  name: z.string(),
  query: z.string(),
  labels: optionalLabels,
  health: z.nullish(z.string()),
  lastError: z.nullish(z.string()),
  lastEvaluation: z.nullish(z.string()),
  evaluationTime: z.nullish(z.number()),
  state: z.nullish(z.string()),
  duration: z.nullish(z.number()),
  keepFiringFor: z.nullish(z.number()),
  annotations: optionalLabels,
  keep_firing_for: z.nullish(z.number()),
  datasourceType: z.nullish(z.string()),
});

export type RuleRecord = z.infer<typeof ruleSchema>;

/** Without its rules, for the same reason. */
export const groupSchema = z.object({
  name: z.string(),
  file: z.nullish(z.string()),
  interval: z.nullish(z.number()),
  lastEvaluation: z.nullish(z.string()),
  evaluationTime: z.nullish(z.number()),
});

export type GroupRecord = z.infer<typeof groupSchema>;

/** Without its groups. Where they come in pages, what to ask for the next ones with. */
export const rulesSchema = z.object({ groupNextToken: z.nullish(z.string()) });

/** VictoriaMetrics answers `{}`, or a lone version that is not its own. */
export const buildInfoSchema = z.nullish(
  z.object({
    application: z.nullish(z.string()),
    version: z.nullish(z.string()),
    revision: z.nullish(z.string()),
    branch: z.nullish(z.string()),
    goVersion: z.nullish(z.string()),
  }),
);

export type BuildInfoRecord = z.infer<typeof buildInfoSchema>;

export const runtimeInfoSchema = z.object({
  startTime: z.nullish(z.string()),
  serverTime: z.nullish(z.string()),
  hostname: z.nullish(z.string()),
  storageRetention: z.nullish(z.string()),
  timeSeriesCount: z.nullish(z.number()),
  goroutineCount: z.nullish(z.number()),
  reloadConfigSuccess: z.nullish(z.boolean()),
  lastConfigTime: z.nullish(z.string()),
});

export type RuntimeInfoRecord = z.infer<typeof runtimeInfoSchema>;

export const flagSchema = z.string();

/** By category, then by name. Values other than true are none, whatever they are. */
export const featuresSchema = z.record(z.string(), z.record(z.string(), z.unknown()));

export type FeaturesRecord = z.infer<typeof featuresSchema>;

/** An absent list is not known; null is Go's empty one. */
const namedCounts = z.nullish(z.array(z.object({ name: z.string(), value: z.number() })));

/** What Prometheus and what VictoriaMetrics send, in one. */
export const tsdbStatusSchema = z.object({
  headStats: z.nullish(
    z.object({
      numSeries: z.nullish(z.number()),
      numLabelPairs: z.nullish(z.number()),
      chunkCount: z.nullish(z.number()),
      minTime: z.nullish(z.number()),
      maxTime: z.nullish(z.number()),
    }),
  ),
  totalSeries: z.nullish(z.number()),
  totalLabelValuePairs: z.nullish(z.number()),
  seriesCountByMetricName: namedCounts,
  labelValueCountByLabelName: namedCounts,
  memoryInBytesByLabelName: namedCounts,
  seriesCountByLabelValuePair: namedCounts,
  seriesCountByLabelName: namedCounts,
  seriesCountByFocusLabelValue: namedCounts,
});

export type TsdbStatusRecord = z.infer<typeof tsdbStatusSchema>;

/** The number that an answer gives as text (`+Inf`, `NaN`) or plainly; `undefined`: it is none. */
export function sampleValue(value: unknown): number | undefined {
  if (typeof value !== "string") return typeof value === "number" ? value : undefined;
  const bytes = Buffer.from(value, "utf8");
  return parseNumber(bytes, 0, bytes.length);
}

/** A time beyond what a `Date` holds could be shown by nobody. */
function isUnixSeconds(value: unknown): boolean {
  return typeof value === "number" && Math.abs(value) <= maxTimeMs / 1000;
}

function isStringRecord(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every((text) => typeof text === "string");
}
