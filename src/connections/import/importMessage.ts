import { assertNever } from "../../shared/assert.ts";
import type { SecretPurpose } from "../secrets.ts";
import { isRecord } from "../strictObject.ts";
import type { ImportProblem, NotTaken, NotTakenCode } from "./importResult.ts";

/** A text of a file in one line that ends somewhere, without what would turn its letters around. */
export function oneLine(text: string, maxLength = 120): string {
  const line = text
    .replace(/[\s\p{Cc}\u2028\u2029]+/gu, " ")
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, "")
    .trim();
  const characters = [...line];
  return characters.length <= maxLength ? line : `${characters.slice(0, maxLength - 1).join("")}…`;
}

/** Why a text was not read, and what to do. */
export function describeImportProblem(problem: ImportProblem): string {
  switch (problem.code) {
    case "unreadable":
      return "It could not be opened.";
    case "empty":
      return "There is nothing in it.";
    case "tooLarge":
      return "It is larger than 1 MB, which is more than connections need.";
    case "notText":
      return "It is no UTF-8 text. Save it as UTF-8 and try again.";
    case "unknownFormat":
      return "It is none of the known forms: Grafana's provisioning of data sources, promtool's HTTP configuration, a .env file with PROMETHEUS_URL, or an export of PromQL Workbench.";
    case "noConnections":
      return "It holds no connections.";
    case "noVariables":
      return "None of PROMETHEUS_URL, PROMETHEUS_AUTH_TYPE, PROMETHEUS_TOKEN, PROMETHEUS_USERNAME and PROMETHEUS_PASSWORD is set there.";
    case "yamlSyntax":
      return `Line ${problem.line} is no valid YAML. Correct it and try again.`;
    case "yamlTag":
      return `Line ${problem.line} has a YAML tag that asks for something else than text, lists and maps. Such tags are not obeyed; remove it.`;
    case "yamlAlias":
      return `Line ${problem.line} has an alias without an anchor before it.`;
    case "yamlKey":
      return `Line ${problem.line} has a key that is no text, or that is there twice.`;
    case "yamlTooComplex":
      return "It is nested or repeated more than a file of connections is. Take the connections out of it and try again.";
    case "grafanaVersion":
      return "Only Grafana's provisioning of apiVersion 1 is read.";
    case "jsonSyntax":
      return "It is no valid JSON.";
    case "jsonForm":
      return 'It has no list "connections", as exports of PromQL Workbench have.';
    case "newerExport":
      return `It was exported by a newer PromQL Workbench (version ${problem.version}). Update the extension to read it.`;
    default:
      return assertNever(problem);
  }
}

/** Why something was not taken over, and what to do; without its place. */
const notTakenTexts: Readonly<Record<NotTakenCode, string>> = {
  grafanaOnly: "of use in Grafana only",
  noCounterpart: "PromQL Workbench has no such option.",
  unknownKey: "unknown key.",
  missing: "missing.",
  wrongType: "not taken.",
  wrongValue: "not taken.",
  otherType: "a data source of another kind.",
  sigV4:
    "requests would have to be signed for Amazon (SigV4), which is not supported. A signing proxy in between works.",
  azure:
    "Azure's own sign-in is not supported. Add the connection with OAuth2 client credentials, or with a command such as az account get-access-token.",
  userIdentity: "Grafana passes on who is signed in to it. Choose a way to sign in by editing the connection.",
  browserCredentials: "cookies of a browser are not sent.",
  inlinePem:
    "a certificate or key that stands in the file itself. Save it as a file of its own and name that file in the settings.",
  halfPair: "of no use without the other half of certificate and key. Name both files by editing the settings.",
  reference: "comes from a variable or a file, and this field cannot refer to one. Enter it by editing the connection.",
  mixed:
    "put together with what comes from a variable or a file. Enter it by editing the connection; where a dollar sign is meant, the file has to say $$.",
  secretManager: "comes from a secret manager, which is not read. Enter it by editing the connection.",
  relativePath: "a relative path, of which is not known where it begins. Write the whole path into the settings.",
  header: "this header cannot be set, or its value cannot be sent.",
  headerWithoutName: "a value without the name of its header.",
  severalValues: "there more than once; one value is sent.",
  secondCredential: "another way to sign in is used in its place.",
  switchedOff: "not used, since the file chooses otherwise.",
  secretCharacters: "contains characters that cannot be sent. Enter it by editing the connection.",
  secretInSettings:
    "may be a secret, for which the settings are no place. If it is none, write it there by editing the settings.",
  notExpanded: "holds a dollar sign, which a shell may fill in. It was taken as it stands.",
  authType: "no known way to sign in: none, bearer or basic. The connection signs in nowhere.",
  tooMany: "and more that were not taken.",
};

/** A sentence for something that was not taken over, its place first. */
export function describeNotTaken({ place, code, detail }: NotTaken): string {
  const at = place === "" ? "" : `${oneLine(place)}: `;
  const told = detail === undefined ? "" : oneLine(detail);
  const expected = (code === "wrongType" || code === "wrongValue") && told !== "" ? `has to be ${told}; ` : "";
  const behind = expected !== "" || told === "" ? "" : ` (${told})`;
  const text = notTakenTexts[code];
  const [, sentence = "", end = ""] = /^([^.]*)(\..*)?$/s.exec(text) ?? [];
  return `${at}${expected}${sentence}${behind}${end}`;
}

/** What a secret is, in words. */
export function purposeText(purpose: SecretPurpose): string {
  if (purpose.startsWith("header:")) return `header ${oneLine(purpose.slice("header:".length), 60)}`;
  if (purpose.startsWith("query:")) return `query parameter ${oneLine(purpose.slice("query:".length), 60)}`;
  const names: Readonly<Record<string, string>> = {
    token: "bearer token",
    password: "password",
    authorization: "value of Authorization",
    clientSecret: "OAuth2 client secret",
    keyPassphrase: "passphrase of the key",
    proxyPassword: "user and password of the proxy",
  };
  return names[purpose] ?? "secret";
}

/** How a connection signs in, without secrets: `basic as 1234, password from $env:X`. */
export function signInText(element: Readonly<Record<string, unknown>>): string {
  const auth = isRecord(element["auth"]) ? element["auth"] : {};
  const told = (key: string) => (typeof auth[key] === "string" ? oneLine(auth[key], 80) : "");
  switch (auth["type"]) {
    case "bearer":
      return auth["tokenRef"] === undefined ? "bearer token" : `bearer token from ${told("tokenRef")}`;
    case "basic": {
      const user = auth["username"] === undefined ? "basic" : `basic as ${told("username")}`;
      return auth["passwordRef"] === undefined ? user : `${user}, password from ${told("passwordRef")}`;
    }
    case "raw":
      return "value of Authorization";
    case "oauth2":
      return `OAuth2 at ${told("tokenUrl")}`;
    case "command": {
      const command = Array.isArray(auth["command"]) ? auth["command"] : [];
      return `runs the program ${oneLine(command.join(" "), 160)}`;
    }
    default:
      return "no sign-in";
  }
}

/** True if using the connection reads variables or files of this machine, or runs a program on it. */
export function reachesIntoMachine(element: Readonly<Record<string, unknown>>): boolean {
  const auth = isRecord(element["auth"]) ? element["auth"] : {};
  return auth["type"] === "command" || auth["tokenRef"] !== undefined || auth["passwordRef"] !== undefined;
}
