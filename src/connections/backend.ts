import type { BuildInfo } from "../shared/model/source.ts";

/** Which program a server is; `version` is `undefined` where it does not tell its own. */
export interface Backend {
  readonly name: string | undefined;
  readonly version: string | undefined;
}

/** What VictoriaMetrics answers for clients that need a version of Prometheus to go by (VictoriaMetrics#5370). */
const victoriaMetricsPlaceholder = "2.24.0";

/**
 * The program behind a build information. Mimir and Cortex name themselves; Prometheus and Thanos do not, and Thanos has
 * never come to a version 1; VictoriaMetrics sends nothing, or a lone version that is not its own.
 */
export function backendOf({ application, version, revision, branch, goVersion }: BuildInfo): Backend {
  if (application !== undefined && application !== "") return { name: application, version };
  const isBare = [revision, branch, goVersion].every((text) => text === undefined);
  if (isBare && (version === undefined || version === victoriaMetricsPlaceholder)) {
    return { name: victoriaMetrics, version: undefined };
  }
  if (isBare || version === undefined || version === "") return { name: undefined, version };
  return { name: /^v?0\./.test(version) ? "Thanos" : "Prometheus", version };
}

const victoriaMetrics = "VictoriaMetrics";

/** Whether a server is known to have rule groups in Prometheus' pages: since 3.0, where the token's name was misspelt. */
export function pagesRules(backend: Backend | undefined): boolean {
  return backend?.name === "Prometheus" && backend.version !== undefined && isAtLeast(backend.version, 3, 1);
}

/** A program with how it runs and what stands before it, as far as its answers and its address show that. */
export interface RecognisedBackend extends Backend {
  readonly mode: "single node" | "cluster" | "agent mode" | undefined;
  /** Requests go through this program's proxy. */
  readonly proxy: "Grafana" | undefined;
}

/** What there is to recognise a server by; each may be missing. */
export interface BackendClues {
  readonly baseUrl: string;
  /** From its build information. */
  readonly backend?: Backend | undefined;
  /** It said so. */
  readonly isAgent?: boolean | undefined;
  /** Whether its answers say if they are partial; `undefined`: none was seen. */
  readonly marksPartial?: boolean | undefined;
}

/** VictoriaMetrics' cluster has a path for each tenant, by number or for all of them. */
const clusterPath = /\/select\/(?:\d+(?::\d+)?|multitenant)(?:\/prometheus)?$/;

/** Grafana's proxy for a data source, by its unique name, its old number, or in the newer API. */
const grafanaPath = /\/api\/datasources\/(?:proxy\/(?:uid\/[^/]+|\d+)|uid\/[^/]+\/resources)(?:\/|$)/;

/** Tells a server by all its clues. What it says of its build comes before the others, which a gateway may have in common. */
export function recognise({ baseUrl, backend, isAgent = false, marksPartial }: BackendClues): RecognisedBackend {
  const path = new URL(baseUrl).pathname;
  const proxy = grafanaPath.test(path) ? "Grafana" : undefined;
  const { name, version } = backend ?? { name: undefined, version: undefined };
  const isCluster = marksPartial ?? clusterPath.test(path);
  if (name === victoriaMetrics || (name === undefined && version === undefined && isCluster)) {
    const isKnown = isCluster || marksPartial === false;
    const mode = isCluster ? "cluster" : "single node";
    return { name: victoriaMetrics, version, mode: isKnown ? mode : undefined, proxy };
  }
  const isAgentOfPrometheus = isAgent && (name === undefined || name === "Prometheus");
  return { name: isAgentOfPrometheus ? "Prometheus" : name, version, mode: isAgent ? "agent mode" : undefined, proxy };
}

/** Whether a version such as `3.14.0-rc.1` or `2.42.0+ds` is of this release or a later one; false for what is no version. */
export function isAtLeast(version: string, major: number, minor: number): boolean {
  const numbers = /^v?(\d+)\.(\d+)/.exec(version);
  if (numbers === null) return false;
  const [own, ownMinor] = [Number(numbers[1]), Number(numbers[2])];
  return own > major || (own === major && ownMinor >= minor);
}
