import * as vscode from "vscode";
import {
  answered,
  back,
  canKeepSecret,
  type FormAuth,
  type FormState,
  type FormStep,
  goTo,
  headersDone,
  idFromName,
  noteOn,
  openHeader,
  prefilled,
  problemWith,
  progressOf,
  purposeOf,
  replacesUnreadable,
  storedChanges,
  unconfirmedMove,
  withAuth,
  withConfirmedOrigin,
  withoutHeader,
} from "../../connections/connectionForm.ts";
import type { ConnectionService, SecretDraft } from "../../connections/connectionService.ts";
import type { TestReport } from "../../connections/connectionTest.ts";
import { isProfileId, type Profile, parseProfile } from "../../connections/profile.ts";
import { withSignal } from "../../host/cancellation.ts";
import { describeFailure } from "../../host/failureMessage.ts";
import { plainLabel } from "../../host/plainLabel.ts";
import { AppError, type Failure, failureOf, isCancelled } from "../../shared/errors.ts";
import { describeTest } from "./connectionTexts.ts";
import { describeFormNote, describeFormProblem } from "./formMessages.ts";
import { askChoice, askText, type ChoiceItem, type StepFrame } from "./quickSteps.ts";
import { confirmMove, confirmPlainHttp } from "./sendingConsents.ts";

export interface WizardDeps {
  readonly service: ConnectionService;
  /** The stored element that is being edited. */
  readonly rawOf: (id: string) => Readonly<Record<string, unknown>> | undefined;
  /** Shows why saving failed; the form stays open with everything in it. */
  readonly reportError: (error: unknown) => void;
}

/** What the text steps ask. */
const texts: Readonly<Record<"url" | "name" | "username" | "header", { prompt: string; placeholder: string }>> = {
  url: {
    prompt: "URL of a Prometheus-compatible server, with its path prefix if it has one",
    placeholder: "http://localhost:9090",
  },
  name: { prompt: "Name, as it is shown in the status bar and above queries", placeholder: "Production EU" },
  username: { prompt: "User name (or tenant, access key or instance id)", placeholder: "" },
  header: { prompt: "A header sent with every request; not for secrets", placeholder: "X-Scope-OrgID: team-a" },
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
  const words =
    step === "url" || step === "name" || step === "username" || step === "header" ? texts[step] : secretTexts(state);
  const outcome = await askText({
    ...frameOf(state),
    ...words,
    value: prefilled(state),
    isPassword: step === "secret",
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

function secretTexts(state: FormState): { prompt: string; placeholder: string } {
  const noun = purposeOf(state.draft) === "password" ? "Password" : "Token";
  const kept = "kept in VS Code's secret storage on this machine";
  if (replacesUnreadable(state)) {
    return { prompt: `${noun}, ${kept}. The stored one cannot be read; this replaces it`, placeholder: "" };
  }
  const placeholder = canKeepSecret(state) ? `Leave empty to keep the stored ${noun.toLowerCase()}` : "";
  return { prompt: `${noun}, ${kept}`, placeholder };
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

type HeaderChoice = { readonly do: "done" } | { readonly do: "open" | "remove"; readonly index: number };

async function askHeaders(state: FormState): Promise<FormState | undefined> {
  const { headers } = state.draft;
  const remove = { iconPath: new vscode.ThemeIcon("trash"), tooltip: "Remove this header" };
  const items: ChoiceItem<HeaderChoice>[] = [
    { label: headers.length === 0 ? "Test, without further headers" : "Test", value: { do: "done" } },
    { label: "$(add) Add header…", detail: "For example X-Scope-OrgID", value: { do: "open", index: headers.length } },
    ...(headers.length === 0 ? [] : [{ label: "Headers", kind: vscode.QuickPickItemKind.Separator }]),
    ...headers.map(([name, value], index) => ({
      label: plainLabel(name),
      description: plainLabel(value),
      buttons: [remove],
      value: { do: "open", index } as const,
      buttonValue: { do: "remove", index } as const,
    })),
  ];
  const outcome = await askChoice<HeaderChoice>({
    ...frameOf(state),
    placeholder: "Plain headers sent with every request",
    items,
  });
  if (outcome.kind === "closed") return undefined;
  if (outcome.kind === "back") return back(state);
  const { value } = outcome;
  if (value.do === "done") return headersDone(state);
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
  const move = unconfirmedMove(state);
  if (move !== undefined) {
    if (!(await confirmMove(state.draft.name, move.from, move.to))) return goTo(state, "secret");
    state = withConfirmedOrigin(state);
  }
  const { profile, changes } = draftProfile(state, deps);
  const { service } = deps;
  const needsConsent = service.needsPlainHttpConsent(profile);
  if (needsConsent && !(await confirmPlainHttp(profile))) return goTo(state, "url");
  const secret: SecretDraft =
    state.draft.secret === "" && canKeepSecret(state)
      ? { kind: "stored", confirmedOrigin: state.confirmedOrigin }
      : { kind: "typed", value: state.draft.secret };
  const tested = await test(profile, secret, service);
  const choice = await askResult(state, profile, tested);
  if (choice === undefined) return undefined;
  if (choice !== "save") return choice === "again" ? state : goTo(state, choice);
  try {
    await service.save(profile, changes, secret, { replaceUnreadable: replacesUnreadable(state) });
  } catch (error) {
    deps.reportError(error);
    return goTo(state, "headers");
  }
  if (needsConsent) await service.givePlainHttpConsent(profile);
  if (tested.kind === "ok") service.noteAnswer(profile, tested.report);
  else if (tested.kind === "failed") service.noteOutcome(profile.id, tested.failure);
  return profile.id;
}

type Tested =
  | { readonly kind: "ok"; readonly report: TestReport }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "cancelled" };

async function test(profile: Profile, secret: SecretDraft, service: ConnectionService): Promise<Tested> {
  try {
    const report = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: `Testing ${plainLabel(profile.baseUrl)}`,
        cancellable: true,
      },
      (_progress, token) =>
        withSignal(token, (signal) => service.test(profile, secret, { signal, mayUsePlainHttp: true })),
    );
    return { kind: "ok", report };
  } catch (error) {
    return isCancelled(error) ? { kind: "cancelled" } : { kind: "failed", failure: failureOf(error) };
  }
}

/** Where the user most likely wants to correct something. */
function stepToCorrect(failure: Failure, state: FormState): FormStep {
  const isCredential = failure.kind === "unauthorized" || failure.kind === "redirected";
  if (!isCredential) return "url";
  return state.draft.auth === "none" ? "auth" : "secret";
}

async function askResult(
  state: FormState,
  profile: Profile,
  tested: Tested,
): Promise<"save" | "again" | FormStep | undefined> {
  const items: ChoiceItem<"save" | "again" | FormStep>[] = [];
  const again = { label: "$(refresh) Test Again", value: "again" } as const;
  const name = plainLabel(profile.name);
  let placeholder: string;
  if (tested.kind === "ok") {
    placeholder = `${name} answers`;
    items.push(
      { label: "$(check) Save", detail: describeTest(tested.report), value: "save" },
      { label: "$(edit) Change Something…", value: "url" },
      again,
    );
  } else {
    const save = { label: "$(save) Save Anyway", value: "save" } as const;
    if (tested.kind === "cancelled") {
      placeholder = "The test was cancelled";
      items.push(again, { label: "$(edit) Change Something…", value: "url" }, save);
    } else {
      const { title, detail, next } = describeFailure(tested.failure, { server: profile.origin });
      placeholder = title;
      items.push(
        { label: "$(edit) Correct It…", detail: plainLabel(next, 160), value: stepToCorrect(tested.failure, state) },
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
  return outcome.kind === "back" ? (back(state)?.step ?? "url") : outcome.value;
}
