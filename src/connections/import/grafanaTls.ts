import type { Read, StrictObject } from "../strictObject.ts";
import type { ConnectionBuilder, Remarks } from "./connectionBuilder.ts";
import type { GrafanaValue } from "./grafanaValue.ts";
import { flag, passOver } from "./yamlFields.ts";

/** Which of Grafana's secrets belongs into which of our options, and which flag switches it on. */
const materials = [
  { secret: "tlsCACert", flag: "tlsAuthWithCACert", option: "caFile" },
  { secret: "tlsClientCert", flag: "tlsAuth", option: "certFile" },
  { secret: "tlsClientKey", flag: "tlsAuth", option: "keyFile" },
] as const;

/** Takes over Grafana's TLS options. It keeps certificates as text, we name files: only `$__file{/path}` is both. */
export function takeGrafanaTls(
  builder: ConnectionBuilder,
  deps: {
    readonly options: StrictObject;
    readonly secure: StrictObject;
    readonly path: string;
    readonly remarks: Remarks;
    readonly literal: Read<string>;
    readonly value: Read<GrafanaValue>;
  },
): void {
  const { options, secure, path, remarks, literal, value } = deps;
  const isOn = {
    tlsAuth: options.optional("tlsAuth", flag) === true,
    tlsAuthWithCACert: options.optional("tlsAuthWithCACert", flag) === true,
  };
  for (const material of materials) {
    if (!isOn[material.flag]) {
      secure.optional(material.secret, passOver(remarks, "switchedOff"));
      continue;
    }
    const place = `${path}.secureJsonData.${material.secret}`;
    const found = secure.optional(material.secret, value);
    const file = found?.kind === "reference" && found.ref.startsWith("$file:") ? found.ref.slice(6) : undefined;
    if (file !== undefined) builder.setTls(material.option, file);
    else if (found === undefined) remarks.add(place, "missing");
    else remarks.add(place, found.kind === "text" ? "inlinePem" : found.kind, `tls.${material.option}`);
  }
  if (options.optional("tlsSkipVerify", flag) === true) builder.setTls("insecureSkipVerify", true);
  const serverName = options.optional("serverName", literal);
  if (serverName !== undefined && serverName !== "") builder.setTls("serverName", serverName);
}
