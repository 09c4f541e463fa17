import { sendsSecretInTheOpen } from "../../connections/connectionService.ts";
import type { TestReport } from "../../connections/connectionTest.ts";
import type { Health } from "../../connections/health.ts";
import type { Profile } from "../../connections/profile.ts";
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
  if (buildInfo?.version !== undefined) {
    parts.push(plainLabel(`${buildInfo.application ?? "version"} ${buildInfo.version}`, 40));
  }
  return parts.join(" · ");
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

/** Everything to know about a connection, a line each; plain text. */
export function tooltipLines(
  profile: Profile,
  health: Health,
  context: { readonly time: (at: number) => string; readonly sender: string },
): readonly string[] {
  const lines = [profile.name, profile.baseUrl, describeAuth(profile), describeHealth(health, profile, context.time)];
  if (sendsSecretInTheOpen(profile)) lines.push("Its secret travels over plain http: others on the way can read it.");
  if (profile.removedFromUrl !== undefined) lines.push(`${profile.removedFromUrl} at the end of the URL is left out.`);
  lines.push(`Requests are sent from ${context.sender}.`);
  return lines;
}
