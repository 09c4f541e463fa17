import * as vscode from "vscode";
import { reachesIntoMachine, signInText } from "../../connections/import/importMessage.ts";
import type { ExistingConnection, ImportAnswers } from "../../connections/import/importPlan.ts";
import type { ImportedConnection } from "../../connections/import/importResult.ts";
import { describeUrlProblem } from "../../connections/profileMessage.ts";
import { isReadableOnTheWay, parseServerUrl } from "../../connections/serverUrl.ts";
import { isRecord } from "../../connections/strictObject.ts";
import { plainLabel } from "../../host/plainLabel.ts";

/** A connection that could be imported. */
export interface ImportCandidate {
  readonly connection: ImportedConnection;
  readonly name: string;
  /** The text that it stands in. */
  readonly source: string;
  /** The connection of the same id or name. */
  readonly existing: ExistingConnection | undefined;
}

/**
 * Shows what was read, with a box for each. Ticked are those that are new. Not those that would run a program, nor, in
 * Restricted Mode, those that would read variables or files of this machine: a file of a strange repository may ask for
 * what is not its own to be sent to where it says. `undefined`: the person gave up.
 */
export async function pickImports(
  candidates: readonly ImportCandidate[],
): Promise<ReadonlySet<ImportCandidate> | undefined> {
  const items = candidates.map((candidate) => ({
    label: plainLabel(candidate.name),
    description: plainLabel(addressText(candidate.connection), 120),
    detail: plainLabel(detailText(candidate), 300),
    picked: candidate.existing === undefined && !needsALook(candidate.connection),
    candidate,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: "Import Connections",
    placeHolder: "Which of these? Nothing is sent to any server.",
    canPickMany: true,
    ignoreFocusOut: true,
    matchOnDescription: true,
  });
  return picked === undefined ? undefined : new Set(picked.map(({ candidate }) => candidate));
}

function needsALook({ element }: ImportedConnection): boolean {
  const auth = isRecord(element["auth"]) ? element["auth"] : {};
  return auth["type"] === "command" || (!vscode.workspace.isTrusted && reachesIntoMachine(element));
}

function addressText({ element, askUrl }: ImportedConnection): string {
  return askUrl === undefined ? String(element["url"]) : "asks for its URL";
}

function detailText({ connection, source, existing }: ImportCandidate): string {
  const { element, secrets } = connection;
  const { url, tls, auth } = element;
  const signsIn = secrets.length > 0 || (isRecord(auth) && auth["type"] !== "none");
  const isOpen = typeof url === "string" && URL.canParse(url) && isReadableOnTheWay(new URL(url).origin);
  // The end of a long line is not seen: what a person has to know comes first.
  return [
    ...(existing === undefined ? [] : [`already there as ${existing.name} (${existing.baseUrl ?? "cannot be used"})`]),
    signInText(element),
    ...(isOpen && signsIn ? ["plain http"] : []),
    ...(isRecord(tls) && tls["insecureSkipVerify"] === true ? ["certificates are not checked"] : []),
    ...(secrets.length === 0
      ? []
      : [secrets.length === 1 ? "1 secret to store" : `${secrets.length} secrets to store`]),
    `from ${source}`,
  ].join(" · ");
}

/** Asks for what the file does not say. `undefined`: the person gave up. */
export async function askMissing({ connection, name }: ImportCandidate): Promise<ImportAnswers | undefined> {
  const { askUrl, askUsername } = connection;
  const title = `Import ${plainLabel(name)}`;
  let url: string | undefined;
  if (askUrl !== undefined) {
    const answer = await vscode.window.showInputBox({
      title,
      prompt: "The URL of its server, which the file does not say",
      value: askUrl,
      placeHolder: "https://prometheus.example.com",
      ignoreFocusOut: true,
      validateInput: (value) => {
        const parsed = parseServerUrl(value);
        return parsed.ok ? undefined : describeUrlProblem(parsed.problem);
      },
    });
    const parsed = answer === undefined ? undefined : parseServerUrl(answer);
    if (parsed?.ok !== true) return undefined;
    url = parsed.url.baseUrl;
  }
  if (!askUsername) return { url };
  const username = await vscode.window.showInputBox({
    title,
    prompt: "The user name, which the file does not say",
    ignoreFocusOut: true,
    validateInput: (value) => (/[:\p{Cc}]/u.test(value) ? "A user name has no colon in it." : undefined),
  });
  return username === undefined ? undefined : { url, username };
}

/** What to do about a connection that is there already. */
export type Collision = "both" | "replace" | "skip";

/** Asks what to do with a connection of the same id or name; `undefined` is never a consent to replace it. */
export async function askCollision({ name }: ImportCandidate, existing: ExistingConnection): Promise<Collision> {
  const old = `${plainLabel(existing.name)}, ${plainLabel(existing.baseUrl ?? "which cannot be used", 120)}`;
  const items: (vscode.QuickPickItem & { readonly choice: Collision })[] = [
    { label: "$(add) Keep Both", detail: "The imported one gets an id of its own", choice: "both" },
    { label: "$(debug-step-over) Skip", detail: "Everything stays as it is", choice: "skip" },
  ];
  // Nobody knows what stands in one that cannot be read, so it is not overwritten.
  if (existing.baseUrl !== undefined) {
    items.push({ label: "$(replace) Replace", detail: `What is there is overwritten: ${old}`, choice: "replace" });
  }
  const picked = await vscode.window.showQuickPick(items, {
    title: `Import ${plainLabel(name)}`,
    placeHolder: `There already: ${old}`,
    ignoreFocusOut: true,
  });
  return picked?.choice ?? "skip";
}
