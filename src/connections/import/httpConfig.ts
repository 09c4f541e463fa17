import { isRecord, type Read, StrictObject, text, textsByName } from "../strictObject.ts";
import { ConnectionBuilder, decoded, Remarks } from "./connectionBuilder.ts";
import { type GrafanaValue, isAbsolutePath } from "./grafanaValue.ts";
import type { ReadOutcome } from "./importResult.ts";
import { partedByName, withoutSecretParams } from "./plainSecrets.ts";
import { flag, passOver, remarkingReport, texts } from "./yamlFields.ts";

const ownKeys = [
  ...["basic_auth", "authorization", "oauth2", "bearer_token", "bearer_token_file", "tls_config", "proxy_url"],
  ...["no_proxy", "proxy_from_environment", "proxy_connect_header", "http_headers", "follow_redirects", "enable_http2"],
];

/** True for what looks like the file of promtool's `--http.config.file`. */
export function isHttpConfig(data: unknown): data is Readonly<Record<string, unknown>> {
  return isRecord(data) && Object.keys(data).some((key) => ownKeys.includes(key));
}

const anyText = text();
const nothing: GrafanaValue = { kind: "text", text: "" };

/** What reading a section of the file needs. */
interface Context {
  readonly builder: ConnectionBuilder;
  readonly remarks: Remarks;
  /** Reads the name of a file; Prometheus looks for relative ones beside the file that names them. */
  readonly file: Read<string>;
}

/**
 * Reads Prometheus' HTTP client configuration. It says how to sign in and not where: the URL is asked for. `folder` is where
 * the file lies, without a slash at its end; `undefined`: it is no file of this machine.
 */
export function readHttpConfig(
  data: Readonly<Record<string, unknown>>,
  { name, folder }: { readonly name: string; readonly folder: string | undefined },
): ReadOutcome {
  const remarks = new Remarks();
  const builder = new ConnectionBuilder(name, remarks);
  builder.askUrl("");
  const file: Read<string> = (value, path, report) => {
    const found = anyText(value, path, report);
    if (found === undefined || isAbsolutePath(found)) return found;
    const whole = folder === undefined ? "" : `${folder}/${found.replace(/^(?:\.\/)+/, "")}`;
    if (isAbsolutePath(whole)) return whole;
    remarks.add(path, "relativePath");
    return undefined;
  };
  const context: Context = { builder, remarks, file };
  const fields = new StrictObject(data, "", remarkingReport(remarks));
  within(fields, "basic_auth", "", context, takeBasic);
  within(fields, "authorization", "", context, takeAuthorization);
  within(fields, "oauth2", "", context, takeOAuth2);
  const token = secretOf(fields, "bearer_token", "", context);
  if (token !== undefined) builder.bearer("bearer_token", token, "bearer_token");
  within(fields, "tls_config", "", context, takeTls);
  takeProxy(fields, context);
  within(fields, "http_headers", "", context, takeHeaders);
  if (fields.optional("follow_redirects", flag) === false) remarks.add("follow_redirects", "noCounterpart");
  if (fields.optional("enable_http2", flag) === true) remarks.add("enable_http2", "noCounterpart");
  fields.finish();
  return { ok: true, result: { connections: [builder.build()], notTaken: remarks.list } };
}

type Section = (fields: StrictObject, path: string, context: Context, raw: Readonly<Record<string, unknown>>) => void;

/** Reads a nested object, if it is there. */
function within(fields: StrictObject, key: string, path: string, context: Context, read: Section): void {
  const report = remarkingReport(context.remarks);
  fields.optional(key, (raw, at) => {
    if (!isRecord(raw)) {
      report({ path: at, code: "wrongType", expected: "an object" });
      return undefined;
    }
    const section = new StrictObject(raw, at, report);
    read(section, path === "" ? at : `${path}.${at}`, context, raw);
    section.finish();
    return true;
  });
}

/** A secret that stands there (`x`), in a file (`x_file`) or in a secret manager (`x_ref`); `undefined`: in neither. */
function secretOf(
  fields: StrictObject,
  key: string,
  path: string,
  { file, remarks }: Context,
): GrafanaValue | undefined {
  const place = path === "" ? key : `${path}.${key}`;
  const literal = fields.optional(key, anyText);
  const found = fields.optional(`${key}_file`, file);
  const isReferred = fields.optional(`${key}_ref`, passOver(remarks, "secretManager")) === true;
  if (literal !== undefined) {
    if (found !== undefined) remarks.add(`${place}_file`, "secondCredential");
    return { kind: "text", text: literal };
  }
  if (found !== undefined) return { kind: "reference", ref: `$file:${found}` };
  return isReferred ? nothing : undefined;
}

function takeBasic(fields: StrictObject, path: string, context: Context): void {
  const { builder, remarks } = context;
  const username = fields.optional("username", anyText);
  const isElsewhere = [
    fields.optional("username_file", passOver(remarks, "reference")),
    fields.optional("username_ref", passOver(remarks, "secretManager")),
  ].includes(true);
  const password = secretOf(fields, "password", path, context);
  builder.basic(path, username ?? (isElsewhere ? undefined : ""), password ?? nothing, `${path}.password`);
}

function takeAuthorization(fields: StrictObject, path: string, context: Context): void {
  const { builder, remarks } = context;
  // Prometheus takes an empty scheme for Bearer.
  const scheme = fields.optional("type", anyText)?.trim() || "Bearer";
  const credentials = secretOf(fields, "credentials", path, context) ?? nothing;
  const place = `${path}.credentials`;
  if (scheme.toLowerCase() === "bearer") builder.bearer(path, credentials, place);
  else if (builder.signIn(path, { type: "raw" })) {
    if (credentials.kind !== "text") remarks.add(`${place}_file`, "reference");
    else if (credentials.text.trim() !== "")
      builder.secret("authorization", `${scheme} ${credentials.text.trim()}`, place);
  }
}

function takeOAuth2(fields: StrictObject, path: string, context: Context): void {
  const { builder, remarks } = context;
  const grant = fields.optional("grant_type", anyText);
  const clientId = fields.optional("client_id", anyText);
  const tokenUrl = fields.optional("token_url", anyText);
  const scopes = fields.optional("scopes", texts);
  const params = fields.optional("endpoint_params", textsByName);
  const secret = secretOf(fields, "client_secret", path, context);
  for (const key of ["tls_config", "proxy_url", "no_proxy", "proxy_from_environment", "proxy_connect_header"]) {
    fields.optional(key, passOver(remarks, "noCounterpart"));
  }
  if (grant !== undefined && grant !== "client_credentials") {
    remarks.add(`${path}.grant_type`, "noCounterpart");
    for (const key of ["client_certificate_key_id", "client_certificate_key", "client_certificate_key_file"]) {
      fields.optional(key, passOver(remarks, "noCounterpart"));
    }
    for (const key of ["signature_algorithm", "iss", "audience", "claims"]) {
      fields.optional(key, passOver(remarks, "noCounterpart"));
    }
    return;
  }
  // Both are sent to the token server as they stand in the settings.
  const { plain, sensitive } = partedByName(params);
  const { address, names } = withoutSecretParams(tokenUrl ?? "");
  const isTaken = builder.signIn(path, {
    type: "oauth2",
    ...(tokenUrl === undefined ? {} : { tokenUrl: address }),
    ...(clientId === undefined ? {} : { clientId }),
    ...(scopes === undefined ? {} : { scopes }),
    ...(params === undefined ? {} : { params: plain }),
  });
  if (!isTaken) return;
  for (const name of names) remarks.add(`${path}.token_url`, "secretInSettings", name);
  for (const [name] of sensitive) remarks.add(`${path}.endpoint_params.${name}`, "secretInSettings");
  if (secret === undefined) return;
  if (secret.kind === "text") builder.secret("clientSecret", secret.text, `${path}.client_secret`);
  else remarks.add(`${path}.client_secret_file`, "reference");
}

function takeTls(fields: StrictObject, _path: string, { builder, remarks, file }: Context): void {
  for (const [key, option] of [
    ["ca", "caFile"],
    ["cert", "certFile"],
    ["key", "keyFile"],
  ] as const) {
    fields.optional(key, passOver(remarks, "inlinePem", `tls.${option}`));
    fields.optional(`${key}_ref`, passOver(remarks, "secretManager"));
    const found = fields.optional(`${key}_file`, file);
    if (found !== undefined) builder.setTls(option, found);
  }
  const serverName = fields.optional("server_name", anyText);
  if (serverName !== undefined && serverName !== "") builder.setTls("serverName", serverName);
  if (fields.optional("insecure_skip_verify", flag) === true) builder.setTls("insecureSkipVerify", true);
  for (const key of ["min_version", "max_version"]) fields.optional(key, passOver(remarks, "noCounterpart"));
}

function takeProxy(fields: StrictObject, { builder, remarks }: Context): void {
  const proxy = fields.optional("proxy_url", anyText);
  const isSystem = fields.optional("proxy_from_environment", flag) === true;
  fields.optional("no_proxy", passOver(remarks, "noCounterpart"));
  fields.optional("proxy_connect_header", passOver(remarks, "noCounterpart"));
  if (isSystem) builder.set("proxy", "system");
  if (proxy === undefined || proxy === "") return;
  const isProxy = /^https?:\/\//i.test(proxy) && URL.canParse(proxy);
  if (isSystem || !isProxy) {
    if (isSystem) remarks.add("proxy_url", "switchedOff");
    else remarks.add("proxy_url", "wrongValue", "an http or https URL");
    return;
  }
  const url = new URL(proxy);
  builder.set("proxy", url.origin);
  // Both are the proxy's to know: the setting holds its address alone.
  const user = [url.username, url.password].map(decoded).join(":");
  if (user !== ":") builder.secret("proxyPassword", user, "proxy_url");
}

/** Each name has values, secrets and files; we send one value of a name. */
function takeHeaders(
  fields: StrictObject,
  path: string,
  context: Context,
  raw: Readonly<Record<string, unknown>>,
): void {
  const { builder, remarks } = context;
  for (const name of Object.keys(raw)) {
    within(fields, name, path, context, (section) => {
      const place = `${path}.${name}`;
      const values = section.optional("values", texts) ?? [];
      const secrets = section.optional("secrets", texts) ?? [];
      const files = section.optional("files", texts) ?? [];
      const [value] = values;
      if (values.length + secrets.length + files.length > 1) remarks.add(place, "severalValues");
      else if (value !== undefined) builder.header(name, value, place);
      else if (secrets.length > 0) builder.secretHeader(name, secrets[0], place);
      else if (files.length > 0) {
        builder.secretHeader(name, undefined, place);
        remarks.add(`${place}.files`, "reference");
      }
    });
  }
}
