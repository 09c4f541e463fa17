import * as vscode from "vscode";
import type { ConnectionService } from "../../connections/connectionService.ts";
import type { Profile } from "../../connections/profile.ts";
import { secretPurposeOf } from "../../connections/secrets.ts";
import { plainLabel } from "../../host/plainLabel.ts";

/** Asks before a stored secret goes to another server than the one it was given for. */
export async function confirmMove(name: string, from: string, to: string): Promise<boolean> {
  const yes = "Send It There";
  const answer = await vscode.window.showWarningMessage(
    `Send the stored secret of ${plainLabel(name)} to ${to}?`,
    { modal: true, detail: `It was given for ${from}. From now on it would be sent to ${to} only.` },
    yes,
  );
  return answer === yes;
}

/** Asks before a secret travels where others can read it. */
export async function confirmPlainHttp({ name, origin }: Profile): Promise<boolean> {
  const yes = "Send over Plain http";
  const answer = await vscode.window.showWarningMessage(
    `Send the secret of ${plainLabel(name)} unencrypted?`,
    { modal: true, detail: `${origin} is plain http: everybody on the way can read what is sent. Asked once.` },
    yes,
  );
  return answer === yes;
}

/** Everything that has to be agreed to before a saved connection may send its secret. False: the user declined. */
export async function confirmSending(service: ConnectionService, connectionId: string): Promise<boolean> {
  const profile = service.find(connectionId);
  if (profile === undefined) return true;
  const purpose = secretPurposeOf(profile.auth);
  // Without a secret there is nothing to agree to: sending fails and says that it is missing.
  if (purpose === undefined || (await service.storedSecret(profile.id, purpose)) === "none") return true;
  const from = await service.changedOrigin(profile);
  if (from !== undefined) {
    if (!(await confirmMove(profile.name, from, profile.origin))) return false;
    await service.confirmOrigin(profile);
  }
  if (service.needsPlainHttpConsent(profile)) {
    if (!(await confirmPlainHttp(profile))) return false;
    await service.givePlainHttpConsent(profile);
  }
  return true;
}
