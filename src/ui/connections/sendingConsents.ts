import * as vscode from "vscode";
import type { ConnectionService } from "../../connections/connectionService.ts";
import { noDrafts, type SecretDrafts } from "../../connections/credentials.ts";
import type { Profile } from "../../connections/profile.ts";
import { openProxyOf } from "../../connections/proxyConsents.ts";
import type { SecretNeed } from "../../connections/secretNeeds.ts";
import { cleanSecret, type MovedPurpose, type OriginMove, secretProblem } from "../../connections/secrets.ts";
import { plainLabel } from "../../host/plainLabel.ts";
import { describeFormProblem } from "./formMessages.ts";
import { secretNoun } from "./secretTexts.ts";

/** Asks before a stored secret goes to another server than the one it was given for. */
export async function confirmMove(name: string, { purposes, from, to }: OriginMove): Promise<boolean> {
  const isOne = purposes.length === 1 && !purposes.includes("notStored");
  const yes = isOne ? "Send It There" : "Send Them There";
  const [given, sent] = isOne ? ["It was", "it"] : ["They were", "they"];
  const answer = await vscode.window.showWarningMessage(
    `Send the ${plainLabel(movedNouns(purposes), 200)} of ${plainLabel(name)} to ${to}?`,
    { modal: true, detail: `${given} given for ${from}. From now on ${sent} would be sent to ${to} only.` },
    yes,
  );
  return answer === yes;
}

function movedNouns(purposes: readonly MovedPurpose[]): string {
  const nouns = purposes.map((purpose) => (purpose === "notStored" ? "credentials" : `stored ${secretNoun(purpose)}`));
  return nouns.join(" and the ");
}

/**
 * Asks before a secret for the server, or the password for its proxy, travels where others can read it. A function that
 * remembers the consent, where one was asked for; `undefined`: the user declined.
 */
export async function confirmPlainHttp(
  service: ConnectionService,
  profile: Profile,
  drafts: SecretDrafts,
): Promise<(() => Promise<void>) | undefined> {
  const name = plainLabel(profile.name);
  const forServer = service.needsPlainHttpConsent(profile);
  if (forServer && !(await mayTravelOpenly(`the secret of ${name}`, profile.origin))) return undefined;
  const proxy = (await service.needsProxyConsent(profile, drafts)) ? openProxyOf(profile) : undefined;
  if (proxy !== undefined && !(await mayTravelOpenly(`the proxy's password of ${name}`, proxy))) return undefined;
  return async () => {
    if (forServer) await service.givePlainHttpConsent(profile);
    if (proxy !== undefined) await service.giveProxyConsent(profile);
  };
}

async function mayTravelOpenly(what: string, origin: string): Promise<boolean> {
  const yes = "Send over Plain http";
  const answer = await vscode.window.showWarningMessage(
    `Send ${what} unencrypted?`,
    { modal: true, detail: `${origin} is plain http: everybody on the way can read what is sent. Asked once.` },
    yes,
  );
  return answer === yes;
}

/** Asks for a secret that is needed and not stored (any more): the storage is of one machine, and forgets what it cannot read. */
async function askMissing({ name }: Profile, need: SecretNeed): Promise<string | undefined> {
  const noun = secretNoun(need.purpose);
  const typed = await vscode.window.showInputBox({
    title: `Sign In to ${plainLabel(name)}`,
    prompt: `The ${noun} is not stored on this machine. It goes to ${need.origin} and is kept in VS Code's secret storage`,
    password: true,
    ignoreFocusOut: true,
    validateInput: (value) => {
      const problem = secretProblem(need.purpose, cleanSecret(need.purpose, value));
      if (problem === undefined || problem === "empty") return undefined;
      return describeFormProblem({ code: "secretInvalid" });
    },
  });
  return typed === undefined || typed === "" ? undefined : cleanSecret(need.purpose, typed);
}

/**
 * Everything that has to be there and agreed to before a saved connection may send its secrets. False: the user declined.
 */
export async function confirmSending(service: ConnectionService, connectionId: string): Promise<boolean> {
  const profile = service.find(connectionId);
  if (profile === undefined) return true;
  for (const need of await service.missingSecrets(profile)) {
    const value = await askMissing(profile, need);
    if (value === undefined) return false;
    await service.replaceSecret(profile.id, need, value);
  }
  for (;;) {
    const move = await service.movedSecret(profile);
    if (move === undefined) break;
    if (!(await confirmMove(profile.name, move))) return false;
    await service.confirmMove(profile, move);
  }
  const remember = await confirmPlainHttp(service, profile, noDrafts);
  await remember?.();
  return remember !== undefined;
}
