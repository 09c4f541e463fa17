import * as vscode from "vscode";
import type { ConnectionService } from "../../connections/connectionService.ts";
import type { Profile } from "../../connections/profile.ts";
import { describeProfileProblem } from "../../connections/profileMessage.ts";
import { plainLabel } from "../../host/plainLabel.ts";
import { describeHealth } from "./connectionTexts.ts";
import { connectionCautions } from "./connectionTooltip.ts";
import { askChoice, type ChoiceItem } from "./quickSteps.ts";

/** What can be picked besides a connection. */
export type Picked =
  | { readonly kind: "connection"; readonly id: string }
  | { readonly kind: "edit"; readonly id: string }
  | { readonly kind: "add" }
  | { readonly kind: "openSettings" };

function itemOf(profile: Profile, service: ConnectionService, isActive: boolean): ChoiceItem<Picked> {
  const health = service.healthOf(profile.id);
  const icon = { unknown: "server-environment", ok: "pass", failed: "error" }[health.state];
  const badges = [isActive ? "active" : "", ...connectionCautions(profile, service)];
  const state =
    health.state === "unknown" ? [] : [describeHealth(health, profile, (at) => new Date(at).toLocaleTimeString())];
  return {
    label: `$(${icon}) ${plainLabel(profile.name)}`,
    description: [plainLabel(profile.baseUrl, 120), ...badges.filter((badge) => badge !== "")].join(" · "),
    ...(state.length === 0 ? {} : { detail: plainLabel(state.join(" "), 160) }),
    buttons: [{ iconPath: new vscode.ThemeIcon("edit"), tooltip: "Edit this connection" }],
    value: { kind: "connection", id: profile.id },
    buttonValue: { kind: "edit", id: profile.id },
  };
}

/** Lets the user pick a connection; entries that cannot be used are listed with the reason and lead to the settings. */
export async function pickConnection(
  service: ConnectionService,
  { title, placeholder }: { readonly title: string; readonly placeholder: string },
): Promise<Picked | undefined> {
  const { active } = service;
  const activeId = active.kind === "ready" ? active.profile.id : undefined;
  const usable = service.list().map((profile) => itemOf(profile, service, profile.id === activeId));
  const disabled = service.disabled().map(
    ({ id, name, index, problems }): ChoiceItem<Picked> => ({
      label: `$(circle-slash) ${plainLabel(name ?? id ?? `Entry ${(index ?? 0) + 1}`)}`,
      description: "disabled · open settings",
      detail: plainLabel(problems.map(describeProfileProblem).join(" "), 160),
      value: { kind: "openSettings" },
    }),
  );
  const outcome = await askChoice<Picked>({
    title,
    placeholder,
    progress: undefined,
    canGoBack: false,
    items: [
      ...usable,
      ...disabled,
      { label: "", kind: vscode.QuickPickItemKind.Separator },
      { label: "$(add) Add Connection…", value: { kind: "add" } },
    ],
    active: usable.find(({ value }) => value?.kind === "connection" && value.id === activeId),
  });
  return outcome.kind === "answer" ? outcome.value : undefined;
}
