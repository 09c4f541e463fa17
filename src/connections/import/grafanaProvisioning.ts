import { parseDuration } from "../../shared/model/time.ts";
import { isRecord, type Read, StrictObject, text } from "../strictObject.ts";
import { ConnectionBuilder, Remarks } from "./connectionBuilder.ts";
import { takeGrafanaTls } from "./grafanaTls.ts";
import { type GrafanaValue, grafanaParts, valueOfParts } from "./grafanaValue.ts";
import type { ImportedConnection, NotTakenCode, ReadOutcome } from "./importResult.ts";
import { flag, passOver, remarkingReport } from "./yamlFields.ts";

/** Plug-ins whose servers speak Prometheus' API. */
const takenTypes = new Set(["prometheus", "victoriametrics-metrics-datasource", "victoriametrics-datasource"]);

/** Plug-ins that sign requests in a way that we cannot. */
const signingTypes: Readonly<Record<string, NotTakenCode>> = {
  "grafana-amazonprometheus-datasource": "sigV4",
  "grafana-azureprometheus-datasource": "azure",
};

/** Keys of a data source that concern Grafana itself. */
const grafanaKeys = [
  ...["uid", "orgId", "isDefault", "editable", "readOnly", "version", "apiVersion", "database", "user", "correlations"],
  ...["access"],
] as const;

/** The same within `jsonData`. */
const grafanaOptions = [
  ...["prometheusType", "prometheusVersion", "cacheLevel", "defaultEditor", "manageAlerts", "alertmanagerUid"],
  ...["allowAsRecordingRulesTarget", "disableMetricsLookup", "disableRecordingRules", "incrementalQuerying"],
  ...["incrementalQueryOverlapWindow", "exemplarTraceIdDestinations", "codeModeMetricNamesSuggestionLimit"],
  ...["seriesEndpoint", "seriesLimit", "queryStatsEnabled", "maxSamplesProcessedWarningThreshold"],
  ...["maxSamplesProcessedErrorThreshold", "keepCookies", "enableSecureSocksProxy", "pdcInjected"],
] as const;

const anyText = text();

/** A value in which Grafana fills in variables and files. */
const value: Read<GrafanaValue> = (raw, path, report) => {
  const found = anyText(raw, path, report);
  return found === undefined ? undefined : valueOfParts(grafanaParts(found));
};

/** True for what looks like a file of Grafana's provisioning. */
export function isGrafanaProvisioning(data: unknown): data is Readonly<Record<string, unknown>> {
  return isRecord(data) && ("datasources" in data || "deleteDatasources" in data);
}

/** Reads data sources of Grafana's provisioning, of API version 1. */
export function readGrafanaProvisioning(data: Readonly<Record<string, unknown>>): ReadOutcome {
  // Without a version Grafana reads a form from before 2018, whose keys are other ones.
  if (data["apiVersion"] !== "1") return { ok: false, problem: { code: "grafanaVersion" } };
  const remarks = new Remarks();
  const report = remarkingReport(remarks);
  const fields = new StrictObject(data, "", report);
  fields.optional("apiVersion", () => true);
  fields.optional("deleteDatasources", passOver(remarks, "grafanaOnly"));
  fields.optional("prune", passOver(remarks, "grafanaOnly"));
  const list = fields.optional("datasources", (raw, path) => {
    if (Array.isArray(raw)) return raw as readonly unknown[];
    report({ path, code: "wrongType", expected: "a list" });
    return undefined;
  });
  fields.finish();
  const connections: ImportedConnection[] = [];
  for (const [i, raw] of (list ?? []).entries()) {
    const path = `datasources[${i}]`;
    if (!isRecord(raw)) report({ path, code: "wrongType", expected: "an object" });
    else connections.push(...readDataSource(raw, path, remarks));
  }
  return { ok: true, result: { connections, notTaken: remarks.list } };
}

function readDataSource(
  raw: Readonly<Record<string, unknown>>,
  path: string,
  remarks: Remarks,
): readonly ImportedConnection[] {
  const report = remarkingReport(remarks);
  const fields = new StrictObject(raw, path, report);
  const type = fields.required("type", anyText);
  if (type === undefined) return [];
  const refusal = takenTypes.has(type) ? signingOf(raw["jsonData"]) : (signingTypes[type] ?? "otherType");
  if (refusal !== undefined) {
    remarks.add(path, refusal, refusal === "otherType" ? type : undefined);
    return [];
  }
  /** What has to be text here; what comes from elsewhere is remarked. */
  const literal: Read<string> = (one, at, reportHere) => {
    const found = value(one, at, reportHere);
    if (found === undefined || found.kind === "text") return found?.text;
    remarks.add(at, found.kind);
    return undefined;
  };
  const name = fields.required("name", literal) ?? "";
  const builder = new ConnectionBuilder(name, remarks);
  const url = fields.optional("url", literal);
  // As Grafana does: an address without a scheme is one of http.
  if (url !== undefined) builder.address(/^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `http://${url}`, `${path}.url`);
  const secure = section(fields, "secureJsonData", path, remarks);
  const options = section(fields, "jsonData", path, remarks);
  // Grafana sets its own header last, so that it is the one that is sent.
  takeHeaders(builder, { options, secure, raw, path, remarks });
  takeBasic(builder, { fields, secure, literal, path, remarks });
  if (fields.optional("withCredentials", flag) === true) remarks.add(`${path}.withCredentials`, "browserCredentials");
  for (const key of grafanaKeys) fields.optional(key, passOver(remarks, "grafanaOnly"));
  fields.finish();
  takeOptions(builder, options, literal, remarks);
  takeGrafanaTls(builder, { options, secure, path, remarks, literal, value });
  options.finish();
  secure.finish();
  return [builder.build()];
}

/** A nested object; an empty one where there is none. */
function section(fields: StrictObject, key: string, path: string, remarks: Remarks): StrictObject {
  const report = remarkingReport(remarks);
  const found = fields.optional(key, (raw, at) => {
    if (isRecord(raw)) return raw;
    report({ path: at, code: "wrongType", expected: "an object" });
    return undefined;
  });
  return new StrictObject(found ?? {}, `${path}.${key}`, report);
}

/** What signs requests in a way that we cannot, if anything does. */
function signingOf(options: unknown): NotTakenCode | undefined {
  if (!isRecord(options)) return undefined;
  if (flag(options["sigV4Auth"], "", () => undefined) === true) return "sigV4";
  return "azureCredentials" in options ? "azure" : undefined;
}

/** `httpHeaderName1` in `jsonData` belongs to `httpHeaderValue1` in `secureJsonData`. */
function takeHeaders(
  builder: ConnectionBuilder,
  deps: {
    readonly options: StrictObject;
    readonly secure: StrictObject;
    readonly raw: Readonly<Record<string, unknown>>;
    readonly path: string;
    readonly remarks: Remarks;
  },
): void {
  const { options, secure, raw, path, remarks } = deps;
  const keysOf = (one: unknown) => (isRecord(one) ? Object.keys(one) : []);
  const numbers = new Set<string>();
  for (const key of [...keysOf(raw["jsonData"]), ...keysOf(raw["secureJsonData"])]) {
    const number = /^httpHeader(?:Name|Value)(\d+)$/.exec(key)?.[1];
    if (number !== undefined) numbers.add(number);
  }
  for (const number of [...numbers].sort((a, b) => Number(a) - Number(b))) {
    const place = `${path}.secureJsonData.httpHeaderValue${number}`;
    const name = options.optional(`httpHeaderName${number}`, anyText)?.trim();
    const parts = secure.optional(`httpHeaderValue${number}`, (one, at, report) => {
      const found = anyText(one, at, report);
      return found === undefined ? undefined : grafanaParts(found);
    });
    if (name === undefined || name === "") remarks.add(place, "headerWithoutName");
    else if (name.toLowerCase() === "authorization") builder.authorization(parts ?? [], place);
    else {
      const found = valueOfParts(parts ?? []);
      if (found.kind !== "text") remarks.add(place, found.kind);
      builder.secretHeader(name, found.kind === "text" ? found.text : undefined, place);
    }
  }
}

function takeBasic(
  builder: ConnectionBuilder,
  deps: {
    readonly fields: StrictObject;
    readonly secure: StrictObject;
    readonly literal: Read<string>;
    readonly path: string;
    readonly remarks: Remarks;
  },
): void {
  const { fields, secure, literal, path, remarks } = deps;
  const isOn = fields.optional("basicAuth", flag) === true;
  if (!isOn) {
    fields.optional("basicAuthUser", passOver(remarks, "switchedOff"));
    fields.optional("basicAuthPassword", passOver(remarks, "switchedOff"));
    secure.optional("basicAuthPassword", passOver(remarks, "switchedOff"));
    return;
  }
  const username = fields.optional("basicAuthUser", literal);
  // Before Grafana 9 the password stood beside the user.
  const old = fields.optional("basicAuthPassword", value);
  const password = secure.optional("basicAuthPassword", value) ?? old;
  const place = `${path}.secureJsonData.basicAuthPassword`;
  builder.basic(`${path}.basicAuth`, username, password ?? { kind: "text", text: "" }, place);
}

function takeOptions(builder: ConnectionBuilder, options: StrictObject, literal: Read<string>, remarks: Remarks): void {
  const method = options.optional("httpMethod", (raw, path, report) => {
    const found = literal(raw, path, report)?.toUpperCase();
    if (found === undefined || found === "GET" || found === "POST") return found;
    return void report({ path, code: "wrongValue", expected: "GET or POST" });
  });
  if (method !== undefined) builder.set("method", method);
  const minStep = options.optional("timeInterval", (raw, path, report) => {
    const found = literal(raw, path, report)?.trim();
    if (found === undefined || found === "") return undefined;
    if ((parseDuration(found) ?? 0) > 0) return found;
    return void report({ path, code: "wrongValue", expected: 'a duration such as "15s"' });
  });
  if (minStep !== undefined) builder.set("minStep", minStep);
  const timeoutMs = options.optional("timeout", (raw, path, report) => {
    const found = literal(raw, path, report);
    const ms = Math.round(Number(found) * 1000);
    if (found === undefined || found.trim() === "") return undefined;
    if (ms >= 100 && ms <= 600_000) return ms;
    return void report({ path, code: "wrongValue", expected: "a number of seconds, at most 600" });
  });
  if (timeoutMs !== undefined) builder.set("timeoutMs", timeoutMs);
  options.optional("customQueryParameters", (raw, path, report) => {
    const found = literal(raw, path, report);
    for (const [name, one] of new URLSearchParams(found ?? "")) builder.queryParam(name, one, path);
    return true;
  });
  const passesIdentity = options.optional("oauthPassThru", (raw, path, report) => {
    const isOn = flag(raw, path, report);
    if (isOn === true) remarks.add(path, "userIdentity");
    return isOn;
  });
  if (passesIdentity === undefined) options.optional("forwardOauthIdentity", passOver(remarks, "userIdentity"));
  options.optional("queryTimeout", passOver(remarks, "noCounterpart"));
  options.optional("sigV4Auth", () => true);
  for (const key of grafanaOptions) options.optional(key, passOver(remarks, "grafanaOnly"));
}
