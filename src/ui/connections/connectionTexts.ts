import { type Backend, backendOf } from "../../connections/backend.ts";
import type { TestReport } from "../../connections/connectionTest.ts";
import type { Health } from "../../connections/health.ts";
import type { KnownBackend } from "../../connections/knownBackends.ts";
import { acceptsAnyCertificate } from "../../connections/networkPath.ts";
import type { Profile } from "../../connections/profile.ts";
import { sendsSecretInTheOpen } from "../../connections/secretNeeds.ts";
import type { Suggestion } from "../../connections/suggestions.ts";
import { describeFailure } from "../../host/failureMessage.ts";
import { plainLabel } from "../../host/plainLabel.ts";

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

/** What a successful test found, without the end of a sentence: `12 ms · 5 of 6 targets up · Prometheus 3.1.0`. */
export function describeTest({ durationMs, targets, upFailure, buildInfo }: TestReport): string {
  const parts = [`${Math.max(1, Math.round(durationMs))} ms`];
  if (targets !== undefined) {
    parts.push(targets.total === 0 ? "no up series" : `${targets.up} of ${targets.total} targets up`);
  } else if (upFailure !== undefined) parts.push("up could not be asked");
  if (buildInfo !== undefined) parts.push(describeBackend(backendOf(buildInfo)));
  return parts.filter((part) => part !== "").join(" · ");
}

/** Which program a server is: `Prometheus 3.1.0`; empty where it says nothing of it. */
export function describeBackend({ name, version }: Backend): string {
  if (name === undefined) return version === undefined ? "" : plainLabel(`version ${version}`, 40);
  return plainLabel(version === undefined ? name : `${name} ${version}`, 40);
}

/** The same as a sentence of a tooltip, with when it was learnt; `date` formats a day and time for people. */
function backendSentence(backend: KnownBackend, date: (at: number) => string): string {
  const program = describeBackend(backend);
  const at = date(backend.learntAt);
  if (program === "") return `Its build information does not say which program it is (asked ${at}).`;
  const silent = backend.name !== undefined && backend.version === undefined ? ", version not told" : "";
  return `By its build information: ${program}${silent} (learnt ${at}).`;
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

/** Short words for what must not be overlooked about a connection. */
export function cautionsOf(profile: Profile): readonly string[] {
  return [
    ...(sendsSecretInTheOpen(profile) ? ["unencrypted"] : []),
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
    /** `undefined`: nobody has asked the server yet. */
    readonly backend: KnownBackend | undefined;
  },
): readonly string[] {
  const lines = [profile.name, profile.baseUrl, describeAuth(profile), describeHealth(health, profile, context.time)];
  if (context.backend !== undefined) lines.push(backendSentence(context.backend, context.date));
  if (sendsSecretInTheOpen(profile)) lines.push("Its secret travels over plain http: others on the way can read it.");
  if (acceptsAnyCertificate(profile)) {
    lines.push("Its certificate is not checked: whoever is on the way can read and answer.");
  }
  lines.push(...describeWay(profile));
  if (profile.removedFromUrl !== undefined) lines.push(`${profile.removedFromUrl} at the end of the URL is left out.`);
  lines.push(`Requests are sent from ${context.sender}.`);
  return lines;
}
