import * as vscode from "vscode";
import type { ConnectionService } from "../../connections/connectionService.ts";
import type { Profile } from "../../connections/profile.ts";
import { cautionsOf, tooltipLines } from "./connectionTexts.ts";

/** The colour a connection is marked with, in the theme's own shade. */
export function profileColor({ color }: Profile): vscode.ThemeColor | undefined {
  return color === undefined ? undefined : new vscode.ThemeColor(`charts.${color}`);
}

/** Everything about a connection; its texts are never read as Markdown. */
export function connectionTooltip(profile: Profile, service: ConnectionService): vscode.MarkdownString {
  const lines = tooltipLines(profile, service.healthOf(profile.id), {
    time: (at) => new Date(at).toLocaleTimeString(),
    date: (at) => new Date(at).toLocaleString(),
    backend: service.programOf(profile),
    backendLearntAt: service.backends.of(profile)?.learntAt,
    capabilities: service.capabilities.of(profile),
    sendsProxyPassword: service.sendsProxyPasswordInTheOpen(profile),
    sender: vscode.env.remoteName === undefined ? "this computer" : `the remote host (${vscode.env.remoteName})`,
  });
  const tooltip = new vscode.MarkdownString("", false);
  tooltip.isTrusted = false;
  tooltip.supportHtml = false;
  for (const [index, line] of lines.entries()) tooltip.appendText(index === 0 ? line : `\n${line}`);
  return tooltip;
}

/** Short words for what must not be overlooked about a connection as it is set up and agreed to. */
export function connectionCautions(profile: Profile, service: ConnectionService): readonly string[] {
  return cautionsOf(profile, { sendsProxyPassword: service.sendsProxyPasswordInTheOpen(profile) });
}
