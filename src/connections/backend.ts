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
    return { name: "VictoriaMetrics", version: undefined };
  }
  if (isBare || version === undefined || version === "") return { name: undefined, version };
  return { name: /^v?0\./.test(version) ? "Thanos" : "Prometheus", version };
}
