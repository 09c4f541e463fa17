import * as vscode from "vscode";
import type { ConnectionService } from "../../connections/connectionService.ts";
import type { SecretDrafts } from "../../connections/credentials.ts";
import type { Profile } from "../../connections/profile.ts";
import { type SecretNeed, secretNeedsOf } from "../../connections/secretNeeds.ts";
import { cleanSecret, secretProblem } from "../../connections/secrets.ts";
import { withSignal } from "../../host/cancellation.ts";
import { describeFailure } from "../../host/failureMessage.ts";
import { plainLabel } from "../../host/plainLabel.ts";
import { type Failure, failureOf, isCancelled } from "../../shared/errors.ts";
import { describeTest } from "./connectionTexts.ts";
import { describeFormProblem } from "./formMessages.ts";
import { askChoice, askText, type ChoiceItem } from "./quickSteps.ts";
import { capitalised, secretNoun } from "./secretTexts.ts";
import { confirmPlainHttp } from "./sendingConsents.ts";

/**
 * Replaces a stored secret: the new one is tested first, and until it is saved the old one goes on working. Nothing changes if
 * the person gives up on the way.
 */
export async function replaceSecret(profile: Profile, service: ConnectionService): Promise<void> {
  const need = await chooseNeed(profile);
  if (need === undefined) return;
  // What will be typed goes where a stored one would.
  const remember = await confirmPlainHttp(service, profile, { typed: new Map([[need.purpose, ""]]), confirmed: [] });
  if (remember === undefined) return;
  await remember();
  for (;;) {
    const value = await askValue(profile, need);
    if (value === undefined) return;
    const decision = await tested(profile, need, value, service);
    if (decision === "again") continue;
    if (decision === "save") {
      await service.replaceSecret(profile.id, need, value);
      const text = `The ${secretNoun(need.purpose)} of ${plainLabel(profile.name)} is replaced.`;
      void vscode.window.setStatusBarMessage(`$(check) ${text}`, 10_000);
    }
    return;
  }
}

async function chooseNeed(profile: Profile): Promise<SecretNeed | undefined> {
  const needs = secretNeedsOf(profile);
  const [only] = needs;
  if (only === undefined) {
    // Not awaited: the message may stand as long as it likes.
    vscode.window
      .showInformationMessage(
        `${plainLabel(profile.name)} has no secret in VS Code's secret storage: there is nothing to replace.`,
      )
      .then(undefined, () => undefined);
    return undefined;
  }
  if (needs.length === 1) return only;
  const items = needs.map(
    (need): ChoiceItem<SecretNeed> => ({
      label: capitalised(plainLabel(secretNoun(need.purpose))),
      description: need.origin,
      value: need,
    }),
  );
  const outcome = await askChoice({ ...frameOf(profile), placeholder: "Which secret?", items });
  return outcome.kind === "answer" ? outcome.value : undefined;
}

async function askValue(profile: Profile, { purpose, origin }: SecretNeed): Promise<string | undefined> {
  const outcome = await askText({
    ...frameOf(profile),
    prompt: `New ${secretNoun(purpose)}, which goes to ${origin}. It is tested before the old one is dropped`,
    placeholder: "",
    value: "",
    isPassword: true,
    judge(typed) {
      const problem = secretProblem(purpose, cleanSecret(purpose, typed));
      if (problem === undefined) return undefined;
      const code = problem === "empty" ? "secretEmpty" : "secretInvalid";
      return { message: describeFormProblem({ code }), isError: true };
    },
  });
  return outcome.kind === "answer" ? cleanSecret(purpose, outcome.value) : undefined;
}

/** `keep`: the old secret stays. */
async function tested(
  profile: Profile,
  need: SecretNeed,
  value: string,
  service: ConnectionService,
): Promise<"save" | "again" | "keep"> {
  const drafts: SecretDrafts = { typed: new Map([[need.purpose, value]]), confirmed: [] };
  const name = plainLabel(profile.name);
  try {
    const report = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: `Testing the new secret of ${name}`, cancellable: true },
      (_progress, token) =>
        withSignal(token, (signal) => service.test(profile, drafts, { signal, mayUsePlainHttp: true })),
    );
    vscode.window
      .showInformationMessage(`${name} answers: ${describeTest(report, profile.baseUrl)}`)
      .then(undefined, () => undefined);
    return "save";
  } catch (error) {
    return isCancelled(error) ? "keep" : askAfterFailure(profile, failureOf(error));
  }
}

async function askAfterFailure(profile: Profile, failure: Failure): Promise<"save" | "again" | "keep"> {
  const { title, next } = describeFailure(failure, { server: profile.origin });
  const outcome = await askChoice<"save" | "again" | "keep">({
    ...frameOf(profile),
    placeholder: title,
    items: [
      { label: "$(edit) Enter It Again…", detail: plainLabel(next, 160), value: "again" },
      { label: "$(discard) Keep the Old One", value: "keep" },
      { label: "$(save) Replace It Anyway", detail: "The old one is dropped", value: "save" },
    ],
  });
  return outcome.kind === "answer" ? outcome.value : "keep";
}

function frameOf({ name }: Profile) {
  return { title: `Replace a Secret of ${plainLabel(name)}`, progress: undefined, canGoBack: false };
}
