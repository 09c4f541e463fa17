import * as vscode from "vscode";

/** How a step of a series ended. */
export type StepOutcome<T> =
  | { readonly kind: "answer"; readonly value: T }
  | { readonly kind: "back" }
  | { readonly kind: "closed" };

/** What every step shows. */
export interface StepFrame {
  readonly title: string;
  /** Absent where the number of steps says nothing. */
  readonly progress: { readonly step: number; readonly total: number } | undefined;
  readonly canGoBack: boolean;
}

export interface TextStep extends StepFrame {
  readonly prompt: string;
  readonly placeholder: string;
  readonly value: string;
  readonly isPassword: boolean;
  /** What to say of a value; an `error` keeps the step open. */
  readonly judge: (value: string) => { readonly message: string; readonly isError: boolean } | undefined;
}

export interface ChoiceItem<T> extends vscode.QuickPickItem {
  readonly value?: T;
  /** What its one button stands for, if it has one. */
  readonly buttonValue?: T;
}

export interface ChoiceStep<T> extends StepFrame {
  readonly placeholder: string;
  readonly items: readonly ChoiceItem<T>[];
  readonly active?: ChoiceItem<T> | undefined;
}

function frame(input: vscode.QuickInput, { title, progress }: StepFrame): void {
  input.title = title;
  input.ignoreFocusOut = true;
  if (progress !== undefined) {
    input.step = progress.step;
    input.totalSteps = progress.total;
  }
}

/** Shows one input until it is answered, left backwards or closed. */
function shown<T>(input: vscode.QuickInput, listen: (end: (outcome: StepOutcome<T>) => void) => vscode.Disposable[]) {
  return new Promise<StepOutcome<T>>((resolve) => {
    const end = (outcome: StepOutcome<T>) => {
      resolve(outcome);
      for (const subscription of subscriptions) subscription.dispose();
      input.dispose();
    };
    const subscriptions = [...listen(end), input.onDidHide(() => end({ kind: "closed" }))];
    input.show();
  });
}

/** Asks for a text, judged while typing. */
export function askText(step: TextStep): Promise<StepOutcome<string>> {
  const input = vscode.window.createInputBox();
  frame(input, step);
  input.prompt = step.prompt;
  input.placeholder = step.placeholder;
  input.value = step.value;
  input.password = step.isPassword;
  input.buttons = step.canGoBack ? [vscode.QuickInputButtons.Back] : [];
  const judge = () => {
    const verdict = step.judge(input.value);
    const { Error: error, Info: info } = vscode.InputBoxValidationSeverity;
    input.validationMessage =
      verdict === undefined ? undefined : { message: verdict.message, severity: verdict.isError ? error : info };
    return verdict?.isError !== true;
  };
  // An empty field is no mistake before the user has typed.
  if (step.value !== "") judge();
  return shown<string>(input, (end) => [
    input.onDidChangeValue(judge),
    input.onDidTriggerButton(() => end({ kind: "back" })),
    input.onDidAccept(() => {
      if (judge()) end({ kind: "answer", value: input.value });
    }),
  ]);
}

/** Asks for one of several things. Items without value cannot be chosen. */
export function askChoice<T>(step: ChoiceStep<T>): Promise<StepOutcome<T>> {
  const input = vscode.window.createQuickPick<ChoiceItem<T>>();
  frame(input, step);
  input.placeholder = step.placeholder;
  input.items = step.items;
  input.matchOnDescription = true;
  if (step.active !== undefined) input.activeItems = [step.active];
  input.buttons = step.canGoBack ? [vscode.QuickInputButtons.Back] : [];
  const choose = (end: (outcome: StepOutcome<T>) => void, value: T | undefined) => {
    if (value !== undefined) end({ kind: "answer", value });
  };
  return shown<T>(input, (end) => [
    input.onDidTriggerButton(() => end({ kind: "back" })),
    input.onDidTriggerItemButton(({ item }) => choose(end, item.buttonValue)),
    input.onDidAccept(() => choose(end, input.selectedItems[0]?.value)),
  ]);
}
