import type { ReadOutcome } from "../../src/connections/import/importResult.ts";
import { readImport } from "../../src/connections/import/readImport.ts";

/** Reads a text as an import does. */
export function readText(text: string, fileName = "x.yaml", folder: string | undefined = undefined): ReadOutcome {
  return readImport({ bytes: new TextEncoder().encode(text), fileName, folder });
}

/** What was read, in a form that tables can hold: secrets as `purpose=value`, remarks as `place code`. */
export interface ReadForTable {
  readonly connections: readonly Readonly<Record<string, unknown>>[];
  readonly secrets: readonly string[];
  readonly notTaken: readonly string[];
}

/** The same, or the problem. */
export function readForTable(outcome: ReadOutcome): ReadForTable | { readonly problem: unknown } {
  if (!outcome.ok) return { problem: outcome.problem };
  const { connections, notTaken } = outcome.result;
  return {
    connections: connections.map(({ name, wantedId, element, askUrl, askUsername }) => ({
      name,
      ...(wantedId === undefined ? {} : { wantedId }),
      ...element,
      ...(askUrl === undefined ? {} : { askUrl }),
      ...(askUsername ? { askUsername } : {}),
    })),
    secrets: connections.flatMap(({ secrets }) => secrets.map(({ purpose, value }) => `${purpose}=${value}`)),
    notTaken: notTaken.map(({ place, code, detail }) =>
      [place, code, ...(detail === undefined ? [] : [detail])].join(" "),
    ),
  };
}

/** The provisioning that CloudQuant gives to copy, word for word. */
export const cloudQuantProvisioning = `apiVersion: 1
datasources:
  - name: cloudquant-liberator
    uid: cloudquant-liberator
    type: prometheus
    access: proxy
    url: https://<your-liberator-host>/metrics-api-bearer
    isDefault: true
    editable: true
    jsonData:
      httpMethod: POST
      timeInterval: 30s
      prometheusType: Prometheus
      httpHeaderName1: Authorization
    secureJsonData:
      httpHeaderValue1: "Bearer cqm_<your-token>"
`;
