import { metricSelector } from "../query/defaultQuery.ts";
import { throwIfCancelled } from "../shared/abort.ts";
import { type Failure, failureOf } from "../shared/errors.ts";
import { formatMatcher, withoutVariables } from "../shared/model/labels.ts";
import type {
  BuildInfo,
  MetricsSource,
  NamedCount,
  RequestOptions,
  RuntimeInfo,
  TsdbStatus,
} from "../shared/model/source.ts";
import { formatDuration } from "../shared/model/time.ts";
import { unitNumber } from "../shared/model/units.ts";
import { isNotOffered } from "../shared/notOffered.ts";
import { fact, inStretches, remark, type TreeNode } from "./treeNode.ts";

/** A part of what a server says of itself, or why it could not be read. */
export type ServerPart<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };

/** What a server says of itself; each part may be missing alone. */
export interface ServerFacts {
  readonly build: ServerPart<BuildInfo>;
  readonly runtime: ServerPart<RuntimeInfo>;
  readonly tsdb: ServerPart<TsdbStatus>;
  readonly flags: ServerPart<ReadonlyMap<string, string>>;
}

/** Entries of each list of the largest. */
const listLimit = 20;

/** Reads all parts at once. Throws the failure only if not a single part could be read and one of them is a real failure. */
export async function readServerFacts(source: MetricsSource, options: RequestOptions): Promise<ServerFacts> {
  const part = <T>(reading: Promise<T>): Promise<ServerPart<T>> =>
    reading.then(
      (value) => ({ ok: true, value }),
      (error: unknown) => ({ ok: false, failure: failureOf(error) }),
    );
  const [build, runtime, tsdb, flags] = await Promise.all([
    part(source.buildInfo(options)),
    part(source.runtimeInfo(options)),
    part(source.tsdbStatus({ limit: listLimit }, options)),
    part(source.flags(options)),
  ]);
  throwIfCancelled(options.signal);
  return { build, runtime, tsdb, flags };
}

/** The failure of a server that answered nothing at all; `undefined` if any part was read or is just not offered. */
export function wholeFailure({ build, runtime, tsdb, flags }: ServerFacts): Failure | undefined {
  const parts = [build, runtime, tsdb, flags];
  if (parts.some(({ ok }) => ok)) return undefined;
  return parts.flatMap((part) => (part.ok || isNotOffered(part.failure) ? [] : [part.failure]))[0];
}

export interface ServerNodesOptions {
  readonly now: number;
  readonly time: (at: number) => string;
  /** One sentence for a failure. */
  readonly describe: (failure: Failure) => string;
}

const numbers = new Intl.NumberFormat("en-US");

/** Build, process, storage with its largest metrics and labels, and flags. */
export function serverNodes(facts: ServerFacts, options: ServerNodesOptions): readonly TreeNode[] {
  return [
    section("build", "Build", "package", facts.build, options, (build) => buildRows(build)),
    section("runtime", "Process", "pulse", facts.runtime, options, (runtime) => runtimeRows(runtime, options)),
    section("tsdb", "Storage and cardinality", "database", facts.tsdb, options, (tsdb) => tsdbRows(tsdb, options)),
    section("flags", "Flags", "settings", facts.flags, options, (flags) =>
      inStretches(
        [...flags].map(([name, value]) => fact(`flag ${name}`, name, value === "" ? '""' : value, "symbol-field")),
        "flags",
      ),
    ),
  ];
}

function section<T>(
  id: string,
  label: string,
  icon: string,
  part: ServerPart<T>,
  { describe }: ServerNodesOptions,
  rows: (value: T) => readonly TreeNode[],
): TreeNode {
  if (part.ok) {
    const below = rows(part.value);
    const none = [remark(`${id} nothing`, "The server says nothing of it.")];
    return { id, label, icon, isOpen: id !== "flags", children: () => (below.length === 0 ? none : below) };
  }
  if (isNotOffered(part.failure)) {
    return {
      id,
      label,
      icon,
      description: "not offered by this server",
      tooltip: `${label}: not offered by this server.`,
    };
  }
  const text = describe(part.failure);
  return { id, label, icon: "error", description: text, tooltip: text };
}

function known(id: string, rows: readonly (readonly [string, string | number | undefined])[]): readonly TreeNode[] {
  return rows.flatMap(([name, value]) => {
    if (value === undefined || value === "") return [];
    return [fact(`${id} ${name}`, name, typeof value === "number" ? numbers.format(value) : value, "info")];
  });
}

function buildRows({ application, version, revision, branch, goVersion }: BuildInfo): readonly TreeNode[] {
  return known("build", [
    ["Application", application],
    ["Version", version],
    ["Revision", revision],
    ["Branch", branch],
    ["Go", goVersion],
  ]);
}

function runtimeRows(runtime: RuntimeInfo, { now, time }: ServerNodesOptions): readonly TreeNode[] {
  const { startTime, hostname, storageRetention, timeSeriesCount, goroutineCount } = runtime;
  const up =
    startTime === undefined ? undefined : Math.max(0, Math.round(((runtime.serverTime ?? now) - startTime) / 1000));
  const reload = runtime.reloadConfigSuccess;
  return [
    ...(reload === false
      ? [remark("config refused", "The configuration on disk was refused; an older one is in use.", "warning")]
      : []),
    ...known("runtime", [
      ["Host", hostname],
      ["Up for", up === undefined ? undefined : formatDuration(up * 1000)],
      ["Started", startTime === undefined ? undefined : time(startTime)],
      ["Retention", storageRetention],
      ["Series", timeSeriesCount],
      ["Goroutines", goroutineCount],
      ["Configuration loaded", runtime.lastConfigTime === undefined ? undefined : time(runtime.lastConfigTime)],
    ]),
  ];
}

function tsdbRows(tsdb: TsdbStatus, { time }: ServerNodesOptions): readonly TreeNode[] {
  const { numSeries, numLabelPairs, totalLabelValuePairs, chunkCount, minTime, maxTime } = tsdb.headStats;
  const list = (
    id: string,
    label: string,
    entries: readonly NamedCount[] | undefined,
    row: (name: string) => Partial<TreeNode>,
  ): readonly TreeNode[] => {
    if (entries === undefined || entries.length === 0) return [];
    const children = () =>
      entries.map(({ name, value }): TreeNode => {
        const count = id === "bytes" ? unitNumber(value, "bytes") : numbers.format(value);
        return { id: `${id} ${name}`, label: name, description: count, spoken: `${name}, ${count}`, ...row(name) };
      });
    return [{ id, label, icon: "list-ordered", description: `largest ${entries.length}`, children }];
  };
  const asLabel = (name: string): Partial<TreeNode> => ({
    icon: "tag",
    context: "fact",
    subject: { kind: "text", text: name },
  });
  const query = (title: string, text: string): Partial<TreeNode> => ({
    icon: "symbol-numeric",
    context: "query",
    subject: { kind: "query", title, text },
    command: "promqlWorkbench.row.run",
  });
  return [
    ...known("tsdb", [
      ["Series", numSeries],
      ["Label pairs", numLabelPairs],
      ["Labels of all series", totalLabelValuePairs],
      ["Chunks", chunkCount],
      ["Oldest sample", minTime === undefined ? undefined : time(minTime)],
      ["Newest sample", maxTime === undefined ? undefined : time(maxTime)],
    ]),
    ...list("by metric", "Series by metric", tsdb.seriesCountByMetricName, (name) =>
      query(`${name}, number of series by job`, `count by (job) (${metricSelector(name)})`),
    ),
    ...list("values", "Values by label", tsdb.labelValueCountByLabelName, asLabel),
    ...list("by label", "Series by label", tsdb.seriesCountByLabelName, asLabel),
    ...list("bytes", "Memory by label", tsdb.memoryInBytesByLabelName, asLabel),
    ...list("by pair", "Series by label and value", tsdb.seriesCountByLabelValuePair, (name) => {
      const [label = "", ...value] = name.split("=");
      const selector = withoutVariables(`{${formatMatcher(label, "=", value.join("="))}}`);
      return query(`Series of ${name}`, `topk(20, count by (__name__) (${selector}))`);
    }),
  ];
}
