import { backendOf, type RecognisedBackend, recognise } from "../../connections/backend.ts";
import type { TestReport } from "../../connections/connectionTest.ts";
import type { Health } from "../../connections/health.ts";
import type { Capabilities } from "../../connections/knownCapabilities.ts";
import { acceptsAnyCertificate } from "../../connections/networkPath.ts";
import type { Profile } from "../../connections/profile.ts";
import { sendsSecretInTheOpen } from "../../connections/secretNeeds.ts";
import type { Suggestion } from "../../connections/suggestions.ts";
import { describeFailure } from "../../host/failureMessage.ts";
import { plainLabel } from "../../host/plainLabel.ts";
import { type Offer, type OptionalEndpoint, optionalEndpoints } from "../../shared/model/capabilities.ts";

/** How a connection is, in one sentence; `time` formats a moment for people. */
export function describeHealth(health: Health, profile: Profile, time: (at: number) => string): string {
  switch (health.state) {
    case "unknown":
      return "Not asked yet in this window.";
    case "ok":
      return `Answered at ${time(health.at)}.`;
    case "failed":
      return `${describeFailure(health.failure, { server: profile.name }).title} (${time(health.at)}).`;
  }
}

/**
 * What a successful test found, without the end of a sentence: `12 ms · 5 of 6 targets up · Prometheus 3.1.0`. `baseUrl`: what
 * was tested.
 */
export function describeTest(report: TestReport, baseUrl: string): string {
  const { durationMs, targets, upFailure, buildInfo, marksPartial } = report;
  const parts = [`${Math.max(1, Math.round(durationMs))} ms`];
  if (targets !== undefined) {
    parts.push(targets.total === 0 ? "no up series" : `${targets.up} of ${targets.total} targets up`);
  } else if (upFailure !== undefined) parts.push("up could not be asked");
  const backend = buildInfo === undefined ? undefined : backendOf(buildInfo);
  parts.push(describeBackend(recognise({ baseUrl, backend, marksPartial })));
  return parts.filter((part) => part !== "").join(" · ");
}

/** Which program a server is: `Prometheus 3.1.0, agent mode`; empty where nothing tells it. */
export function describeBackend({ name, version, mode, proxy }: RecognisedBackend): string {
  const lone = version === undefined ? "" : `version ${version}`;
  const program = plainLabel(name === undefined ? lone : [name, version].filter(Boolean).join(" "), 40);
  return [program, mode === undefined ? "" : `, ${mode}`, proxy === undefined ? "" : ` through ${proxy}`]
    .join("")
    .trimStart();
}

/** The same as a sentence of a tooltip; `learntAt`: when its build information said so, `undefined`: it never did. */
function backendSentence(
  backend: RecognisedBackend,
  learntAt: number | undefined,
  date: (at: number) => string,
): string | undefined {
  const program = describeBackend(backend);
  const isNamed = backend.name !== undefined || backend.version !== undefined;
  if (learntAt === undefined) return program === "" ? undefined : `By its address and answers: ${program}.`;
  const at = date(learntAt);
  if (!isNamed) return `Its build information does not say which program it is (asked ${at}).`;
  const silent = backend.name !== undefined && backend.version === undefined ? ", version not told" : "";
  return `By its build information: ${program}${silent} (learnt ${at}).`;
}

/** What people call the endpoints that a server may lack. */
const endpointNames: Readonly<Record<OptionalEndpoint, string>> = {
  buildInfo: "build",
  metadata: "metadata",
  targets: "targets",
  rules: "rules",
  alerts: "alerts",
  flags: "flags",
  runtimeInfo: "process",
  exemplars: "exemplars",
  tsdbStatus: "storage",
  federate: "federation",
  stores: "stores",
  features: "features",
  search: "search for names",
};

const offerWords: readonly (readonly [Offer, string])[] = [
  ["offered", "offers"],
  ["notOffered", "does not offer"],
  ["refused", "refuses"],
  ["unknown", "not known"],
];

/** What a server offers, in one line without the end of a sentence: `offers targets, rules; does not offer flags`. */
export function describeOffers({ offers }: Pick<Capabilities, "offers">): string {
  return offerWords
    .flatMap(([offer, words]) => {
      const names = optionalEndpoints
        .filter((one) => offers.get(one)?.offer === offer)
        .map((one) => endpointNames[one]);
      return names.length === 0 ? [] : [`${words} ${names.join(", ")}`];
    })
    .join("; ");
}

/** The same as a sentence of a tooltip; `undefined`: nothing is known. */
function offersSentence(capabilities: Capabilities | undefined, date: (at: number) => string): string | undefined {
  const text = capabilities === undefined ? "" : describeOffers(capabilities);
  if (capabilities === undefined || text === "") return undefined;
  const { probedAt } = capabilities;
  const when = probedAt === undefined ? "as far as it was used" : `detected ${date(probedAt)}`;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)} (${when}).`;
}

/** Said where there is nothing to adopt; `name` is what was asked for. */
export function noSuggestion(name: string | undefined): string {
  if (name === undefined) return "This workspace suggests no other connection.";
  return `This workspace suggests no connection ${plainLabel(name)} that you do not have.`;
}

/** Said with the form that opens for a suggestion whose id another connection has. */
export function describeTakenId({ id, name }: Pick<Suggestion, "id" | "name">): string {
  return `Your connection ${plainLabel(id)} stays as it is. Check what the workspace suggests as ${plainLabel(name)}: it is added beside it, under another id.`;
}

/** How a connection signs in, for its tooltip. */
export function describeAuth({ auth }: Profile): string {
  switch (auth.type) {
    case "none":
      return "No sign-in.";
    case "basic":
      return `Signs in as ${auth.username}.`;
    default:
      return "Signs in with a token.";
  }
}

/** How requests get there, where the profile says it. */
function describeWay({ proxy, transport }: Profile): readonly string[] {
  if (transport === "vscode") return ["VS Code sends its requests and chooses proxy and certificates."];
  if (proxy === undefined || proxy === "system") return [];
  return [proxy === "none" ? "No proxy is used." : `Through the proxy ${proxy}.`];
}

/** Short words for what must not be overlooked about a connection. `sendsProxyPassword`: to its proxy, by plain http. */
export function cautionsOf(profile: Profile, { sendsProxyPassword = false } = {}): readonly string[] {
  return [
    ...(sendsProxyPassword || sendsSecretInTheOpen(profile) ? ["unencrypted"] : []),
    ...(acceptsAnyCertificate(profile) ? ["certificate not checked"] : []),
  ];
}

/** Everything to know about a connection, a line each; plain text. */
export function tooltipLines(
  profile: Profile,
  health: Health,
  context: {
    readonly time: (at: number) => string;
    readonly date: (at: number) => string;
    readonly sender: string;
    readonly backend: RecognisedBackend;
    /** When the build information was read; `undefined`: nobody has asked the server yet. */
    readonly backendLearntAt: number | undefined;
    readonly capabilities: Capabilities | undefined;
    /** The password for its proxy goes there by plain http. */
    readonly sendsProxyPassword?: boolean;
  },
): readonly string[] {
  const lines = [profile.name, profile.baseUrl, describeAuth(profile), describeHealth(health, profile, context.time)];
  const { backend, backendLearntAt, capabilities, date } = context;
  for (const line of [backendSentence(backend, backendLearntAt, date), offersSentence(capabilities, date)]) {
    if (line !== undefined) lines.push(line);
  }
  if (sendsSecretInTheOpen(profile)) lines.push("Its secret travels over plain http: others on the way can read it.");
  if (context.sendsProxyPassword) {
    lines.push("The password for its proxy travels over plain http: others on the way can read it.");
  }
  if (acceptsAnyCertificate(profile)) {
    lines.push("Its certificate is not checked: whoever is on the way can read and answer.");
  }
  lines.push(...describeWay(profile));
  if (profile.removedFromUrl !== undefined) lines.push(`${profile.removedFromUrl} at the end of the URL is left out.`);
  lines.push(`Requests are sent from ${context.sender}.`);
  return lines;
}
