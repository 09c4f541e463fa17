import * as vscode from "vscode";
import type { ConnectionService } from "../../connections/connectionService.ts";
import type { Profile } from "../../connections/profile.ts";
import { plainLines } from "../../host/plainText.ts";
import { cautionsOf, tooltipLines } from "./connectionTexts.ts";

/** The colour a connection is marked with, in the theme's own shade. */
export function profileColor({ color }: Profile): vscode.ThemeColor | undefined {
  return color === undefined ? undefined : new vscode.ThemeColor(`charts.${color}`);
}

/** Everything about a connection, as text: in Markdown what a server calls itself could be a link. */
export function connectionTooltip(profile: Profile, service: ConnectionService): string {
  const lines = tooltipLines(profile, service.healthOf(profile.id), {
    time: (at) => new Date(at).toLocaleTimeString(),
    date: (at) => new Date(at).toLocaleString(),
    backend: service.programOf(profile),
    backendLearntAt: service.backends.of(profile)?.learntAt,
    capabilities: service.capabilities.of(profile),
    sendsProxyPassword: service.sendsProxyPasswordInTheOpen(profile),
    sender: vscode.env.remoteName === undefined ? "this computer" : `the remote host (${vscode.env.remoteName})`,
  });
  return plainLines(lines.join("\n"));
}

/** Short words for what must not be overlooked about a connection as it is set up and agreed to. */
export function connectionCautions(profile: Profile, service: ConnectionService): readonly string[] {
  return cautionsOf(profile, { sendsProxyPassword: service.sendsProxyPasswordInTheOpen(profile) });
}
