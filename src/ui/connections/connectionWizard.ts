import * as vscode from "vscode";
import { idFromName } from "../../connections/connectionNames.ts";
import type { ConnectionService } from "../../connections/connectionService.ts";
import type { TestReport } from "../../connections/connectionTest.ts";
import type { SecretDrafts } from "../../connections/credentials.ts";
import { answered, withAuth } from "../../connections/form/formAnswers.ts";
import { corrected } from "../../connections/form/formCorrection.ts";
import { openHeader, withoutHeader } from "../../connections/form/formHeaders.ts";
import { noteOn, problemWith } from "../../connections/form/formProblems.ts";
import {
  canKeepSecret,
  replacesAnyUnreadable,
  replacesUnreadable,
  secretDrafts,
  stepPurpose,
  unconfirmedMove,
  withConfirmedMove,
} from "../../connections/form/formSecrets.ts";
import type { FormAuth, FormHeader, FormState, FormStep } from "../../connections/form/formState.ts";
import { back, goTo, headersDone, prefilled, progressOf } from "../../connections/form/formSteps.ts";
import { storedChanges } from "../../connections/form/storedChanges.ts";
import { isProfileId, type Profile, parseProfile } from "../../connections/profile.ts";
import { withSignal } from "../../host/cancellation.ts";
import { describeFailure } from "../../host/failureMessage.ts";
import { plainLabel } from "../../host/plainLabel.ts";
import { AppError, type Failure, failureOf, isCancelled } from "../../shared/errors.ts";
import { type FailureAction, failureActionTitle } from "../../shared/failureAction.ts";
import { describeTest } from "./connectionTexts.ts";
import { describeFormNote, describeFormProblem } from "./formMessages.ts";
import { askChoice, askText, type ChoiceItem, type StepFrame } from "./quickSteps.ts";
import { capitalised, secretNoun } from "./secretTexts.ts";
import { confirmMove, confirmPlainHttp } from "./sendingConsents.ts";

export interface WizardDeps {
  readonly service: ConnectionService;
  /** The stored element that is being edited. */
  readonly rawOf: (id: string) => Readonly<Record<string, unknown>> | undefined;
  /** Shows why saving failed; the form stays open with everything in it. */
  readonly reportError: (error: unknown) => void;
}

/** Steps whose answer is a text that may be seen. */
type PlainStep = Exclude<
  FormStep,
  "auth" | "secret" | "keyPassphrase" | "proxyPassword" | "secretValue" | "headers" | "test"
>;

/** What the text steps ask. */
const texts: Readonly<Record<PlainStep, { prompt: string; placeholder: string }>> = {
  url: {
    prompt: "URL of a Prometheus-compatible server, with its path prefix if it has one",
    placeholder: "http://localhost:9090",
  },
  name: { prompt: "Name, as it is shown in the status bar and above queries", placeholder: "Production EU" },
  username: { prompt: "User name (or tenant, access key or instance id)", placeholder: "" },
  tokenUrl: {
    prompt: "Address of the token server; the client's id and secret go there and nowhere else",
    placeholder: "https://login.example.com/oauth2/token",
  },
  clientId: { prompt: "Client id", placeholder: "" },
  scopes: { prompt: "Scopes, apart by blanks; empty for none", placeholder: "metrics.read" },
  command: {
    prompt: "Program and arguments that print a token; no shell, so nothing but blanks and quotes means anything",
    placeholder: "gcloud auth print-access-token",
  },
  header: { prompt: "A header sent with every request; not for secrets", placeholder: "X-Scope-OrgID: team-a" },
  secretName: { prompt: "Name, which stands in settings; its value is asked for next", placeholder: "X-Api-Key" },
};

/** Leads through a form step by step, tests it, and saves it. Answers the saved connection's id. */
export async function runWizard(start: FormState, deps: WizardDeps): Promise<string | undefined> {
  let state = start;
  for (;;) {
    if (state.step === "test") {
      const outcome = await finish(state, deps);
      if (outcome === undefined || typeof outcome === "string") return outcome;
      state = outcome;
      continue;
    }
    const next = await ask(state);
    if (next === undefined) return undefined;
    state = next;
  }
}

function frameOf(state: FormState): StepFrame {
  const name = plainLabel(state.draft.name);
  return {
    title: state.editing === undefined ? "Add Connection" : `Edit ${name}`,
    progress: progressOf(state),
    canGoBack: state.step !== "url",
  };
}

/** One step: the next state, or `undefined` if the user closed it. */
async function ask(state: FormState): Promise<FormState | undefined> {
  switch (state.step) {
    case "auth":
      return askAuth(state);
    case "headers":
      return askHeaders(state);
    default:
      return askAnswer(state);
  }
}

async function askAnswer(state: FormState): Promise<FormState | undefined> {
  const { step } = state;
  const isPassword = !isPlain(step);
  const words = isPlain(step) ? texts[step] : secretTexts(state);
  const outcome = await askText({
    ...frameOf(state),
    ...words,
    value: prefilled(state),
    isPassword,
    judge(value) {
      const problem = problemWith(state, value);
      if (problem !== undefined) return { message: describeFormProblem(problem), isError: true };
      const note = noteOn(state, value);
      return note === undefined ? undefined : { message: describeFormNote(note), isError: false };
    },
  });
  if (outcome.kind === "closed") return undefined;
  return outcome.kind === "back" ? back(state) : answered(state, outcome.value);
}

function isPlain(step: FormStep): step is PlainStep {
  return step in texts;
}

function secretTexts(state: FormState): { prompt: string; placeholder: string } {
  const purpose = stepPurpose(state) ?? "token";
  const noun = secretNoun(purpose);
  const kept = `${capitalised(noun)}, kept in VS Code's secret storage on this machine`;
  if (replacesUnreadable(state)) {
    return { prompt: `${kept}. The stored one cannot be read; this replaces it`, placeholder: "" };
  }
  if (canKeepSecret(state)) return { prompt: kept, placeholder: `Leave empty to keep the stored ${noun}` };
  if (purpose === "keyPassphrase") {
    return { prompt: kept, placeholder: `Leave empty if ${plainLabel(state.draft.keyFile, 80)} is not encrypted` };
  }
  if (purpose === "proxyPassword") {
    return { prompt: kept, placeholder: `Leave empty if ${plainLabel(state.draft.proxy, 80)} asks for none` };
  }
  const takesReference = purpose === "token" || purpose === "password";
  return { prompt: kept, placeholder: takesReference ? "Or where it is: $env:NAME or $file:/absolute/path" : "" };
}

async function askAuth(state: FormState): Promise<FormState | undefined> {
  const items: ChoiceItem<FormAuth>[] = [
    { label: "None", detail: "The server asks for nothing", value: "none" },
    {
      label: "Basic",
      detail: "User name and password, for example Grafana Cloud's instance id and token",
      value: "basic",
    },
    { label: "Bearer token", detail: "Authorization: Bearer …", value: "bearer" },
    {
      label: "Authorization header as it is",
      detail: "For servers that want a token without a scheme, for example Alibaba Cloud V1",
      value: "raw",
    },
    {
      label: "OAuth2 client credentials",
      detail: "A token server issues tokens for a client id and secret",
      value: "oauth2",
    },
    {
      label: "Credential command",
      detail: "A program prints a token, for example gcloud auth print-access-token",
      value: "command",
    },
  ];
  const outcome = await askChoice({
    ...frameOf(state),
    placeholder: "How to sign in",
    items,
    active: items.find(({ value }) => value === state.draft.auth),
  });
  if (outcome.kind === "closed") return undefined;
  return outcome.kind === "back" ? back(state) : withAuth(state, outcome.value);
}

type HeaderChoice =
  | { readonly do: "done" }
  | { readonly do: "add"; readonly kind: FormHeader["kind"] }
  | { readonly do: "open" | "remove"; readonly index: number };

async function askHeaders(state: FormState): Promise<FormState | undefined> {
  const { headers } = state.draft;
  const remove = { iconPath: new vscode.ThemeIcon("trash"), tooltip: "Remove" };
  const items: ChoiceItem<HeaderChoice>[] = [
    { label: headers.length === 0 ? "Test, without further headers" : "Test", value: { do: "done" } },
    { label: "$(add) Add header…", detail: "For example X-Scope-OrgID", value: { do: "add", kind: "header" } },
    {
      label: "$(key) Add secret header…",
      detail: "For example X-Api-Key; its value is kept in the secret storage",
      value: { do: "add", kind: "secretHeader" },
    },
    {
      label: "$(key) Add secret parameter…",
      detail: "For example authKey, added to every request's address",
      value: { do: "add", kind: "secretParam" },
    },
    ...(headers.length === 0 ? [] : [{ label: "Sent With Every Request", kind: vscode.QuickPickItemKind.Separator }]),
    ...headers.map(({ kind, name, value }, index) => ({
      label: plainLabel(name),
      description:
        kind === "header" ? plainLabel(value) : kind === "secretHeader" ? "secret header" : "secret parameter",
      buttons: [remove],
      value: { do: "open", index } as const,
      buttonValue: { do: "remove", index } as const,
    })),
  ];
  const outcome = await askChoice<HeaderChoice>({
    ...frameOf(state),
    placeholder: "What else goes with every request",
    items,
  });
  if (outcome.kind === "closed") return undefined;
  if (outcome.kind === "back") return back(state);
  const { value } = outcome;
  if (value.do === "done") return headersDone(state);
  if (value.do === "add") return openHeader(state, headers.length, value.kind);
  return value.do === "open" ? openHeader(state, value.index) : withoutHeader(state, value.index);
}

/** The profile that would be saved. A key outside the form that is wrong makes it unusable, which is said. */
function draftProfile(
  state: FormState,
  { service, rawOf }: WizardDeps,
): { readonly profile: Profile; readonly changes: Readonly<Record<string, unknown>> } {
  const taken = new Set([...service.list(), ...service.disabled()].flatMap(({ id }) => (id === undefined ? [] : [id])));
  const { wantedId } = state;
  const free = wantedId !== undefined && isProfileId(wantedId) && !taken.has(wantedId) ? wantedId : undefined;
  const id = state.editing?.id ?? free ?? idFromName(state.draft.name, taken);
  const changes = storedChanges(state, id);
  const element = Object.entries({ ...rawOf(id), ...changes }).filter(([, value]) => value !== undefined);
  const parsed = parseProfile(Object.fromEntries(element));
  if (parsed.ok) return { profile: parsed.profile, changes };
  throw new AppError({ kind: "misconfigured", what: parsed.problems[0]?.path ?? id, detail: "" });
}

/** Tests and asks what to do: the saved id, a state to go on from, or `undefined` if the user gave up. */
async function finish(asked: FormState, deps: WizardDeps): Promise<string | FormState | undefined> {
  let state = asked;
  for (let move = unconfirmedMove(state); move !== undefined; move = unconfirmedMove(state)) {
    if (!(await confirmMove(state.draft.name, move))) return goTo(state, "auth");
    state = withConfirmedMove(state, move);
  }
  const { profile, changes } = draftProfile(state, deps);
  const { service } = deps;
  const drafts = secretDrafts(state);
  const rememberConsent = await confirmPlainHttp(service, profile, drafts);
  if (rememberConsent === undefined) return goTo(state, "url");
  const tested = await test(profile, drafts, service);
  const choice = await askResult(state, profile, tested);
  if (choice === undefined) return undefined;
  if (choice !== "save") return choice === "again" ? state : choice;
  try {
    await service.save(profile, changes, drafts, { replaceUnreadable: replacesAnyUnreadable(state) });
  } catch (error) {
    deps.reportError(error);
    return goTo(state, "headers");
  }
  await rememberConsent();
  if (tested.kind === "ok") service.noteAnswer(profile, tested.report);
  else if (tested.kind === "failed") service.noteTestFailure(profile.id, tested.failure);
  return profile.id;
}

type Tested =
  | { readonly kind: "ok"; readonly report: TestReport }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "cancelled" };

async function test(profile: Profile, drafts: SecretDrafts, service: ConnectionService): Promise<Tested> {
  try {
    const report = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: `Testing ${plainLabel(profile.baseUrl)}`,
        cancellable: true,
      },
      (_progress, token) =>
        withSignal(token, (signal) => service.test(profile, drafts, { signal, mayUsePlainHttp: true })),
    );
    return { kind: "ok", report };
  } catch (error) {
    return isCancelled(error) ? { kind: "cancelled" } : { kind: "failed", failure: failureOf(error) };
  }
}

/** What the form can do about a failure, the likeliest first; always some way back into it. */
function corrections(state: FormState, actions: readonly FailureAction[]): ChoiceItem<FormState>[] {
  const found = actions.flatMap((action): ChoiceItem<FormState>[] => {
    const value = corrected(state, action);
    if (value === undefined) return [];
    const isStep = ["editConnection", "enterSecret", "replaceSecret"].includes(action.kind);
    return [{ label: `$(edit) ${isStep ? "Correct It" : failureActionTitle(action)}…`, value }];
  });
  const [first, ...others] = found;
  if (first === undefined) return [{ label: "$(edit) Correct It…", value: goTo(state, "url") }];
  return [first, ...others.filter(({ label }) => label !== first.label)];
}

async function askResult(
  state: FormState,
  profile: Profile,
  tested: Tested,
): Promise<"save" | "again" | FormState | undefined> {
  const items: ChoiceItem<"save" | "again" | FormState>[] = [];
  const again = { label: "$(refresh) Test Again", value: "again" } as const;
  const name = plainLabel(profile.name);
  let placeholder: string;
  if (tested.kind === "ok") {
    placeholder = `${name} answers`;
    items.push(
      { label: "$(check) Save", detail: describeTest(tested.report, profile.baseUrl), value: "save" },
      { label: "$(edit) Change Something…", value: goTo(state, "url") },
      again,
    );
  } else {
    const save = { label: "$(save) Save Anyway", value: "save" } as const;
    if (tested.kind === "cancelled") {
      placeholder = "The test was cancelled";
      items.push(again, { label: "$(edit) Change Something…", value: goTo(state, "url") }, save);
    } else {
      const { origin: server, method, baseUrl } = profile;
      const { title, detail, next, actions } = describeFailure(tested.failure, { server, method, baseUrl });
      placeholder = title;
      items.push(
        ...corrections(state, actions ?? []).map((item, i) =>
          i === 0 ? { ...item, detail: plainLabel(next, 160) } : item,
        ),
        again,
        save,
      );
      if (detail !== "") {
        items.push(
          { label: "What was said", kind: vscode.QuickPickItemKind.Separator },
          { label: "$(info)", description: plainLabel(detail, 300) },
        );
      }
    }
  }
  const outcome = await askChoice({ ...frameOf(state), placeholder, items });
  if (outcome.kind === "closed") return undefined;
  return outcome.kind === "back" ? (back(state) ?? goTo(state, "url")) : outcome.value;
}
