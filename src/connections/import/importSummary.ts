import { assertNever } from "../../shared/assert.ts";
import { describeProfileProblem } from "../profileMessage.ts";
import type { ProfileProblem } from "../profileProblem.ts";
import { isRecord } from "../strictObject.ts";
import { describeImportProblem, describeNotTaken, oneLine, purposeText, signInText } from "./importMessage.ts";
import type { PlannedConnection } from "./importPlan.ts";
import type { ImportProblem, NotTaken } from "./importResult.ts";

/** What became of one connection of a text. */
export type ImportOutcome =
  | { readonly kind: "saved"; readonly planned: PlannedConnection; readonly isReplacing: boolean }
  | { readonly kind: "notChosen" | "keptOld" | "notAnswered"; readonly name: string }
  | { readonly kind: "unusable"; readonly name: string; readonly problems: readonly ProfileProblem[] }
  | { readonly kind: "failed"; readonly name: string; readonly reason: string };

/** What became of one text. */
export interface ImportedText {
  /** How it is called: a file's name, `Clipboard`, `Environment`. */
  readonly title: string;
  readonly problem?: ImportProblem;
  readonly outcomes: readonly ImportOutcome[];
  readonly notTaken: readonly NotTaken[];
}

/** A text beside a side bar is seen this far. */
const mostColumns = 100;

/** Everything that an import did and did not do, as plain text. It holds no value of a secret. */
export function importSummary(texts: readonly ImportedText[]): string {
  const saved = texts.flatMap(({ outcomes }) => outcomes.filter(({ kind }) => kind === "saved"));
  const lines = [
    "Import of connections into PromQL Workbench",
    "",
    `${saved.length} imported. Nothing was sent to any server: "PromQL: Test Connection" does that.`,
  ];
  for (const { title, problem, outcomes, notTaken } of texts) {
    lines.push("", `== ${oneLine(title)}`);
    if (problem !== undefined) lines.push("", `Not read. ${describeImportProblem(problem)}`);
    for (const outcome of outcomes) lines.push("", ...outcomeLines(outcome));
    lines.push(...notTakenLines(notTaken));
  }
  const hasSecrets = saved.some((outcome) => outcome.kind === "saved" && outcome.planned.secrets.length > 0);
  if (hasSecrets) {
    lines.push(
      "",
      "Secrets were copied into VS Code's secret storage, and nowhere else. They still stand where they were read from.",
    );
  }
  return `${lines.map(wrapped).join("\n")}\n`;
}

/** Breaks a long line between words; what follows is indented a little more. Addresses and names stay whole. */
function wrapped(line: string): string {
  const indent = " ".repeat(line.search(/\S|$/) + 2);
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(/(?<=\S) /)) {
    // A line that would be left almost empty gains nothing.
    if (current.length > mostColumns / 2 && current.length + 1 + word.length > mostColumns) {
      lines.push(current);
      current = indent + word;
    } else current = current === "" ? word : `${current} ${word}`;
  }
  return [...lines, current].join("\n");
}

function outcomeLines(outcome: ImportOutcome): readonly string[] {
  switch (outcome.kind) {
    case "saved":
      return savedLines(outcome.planned, outcome.isReplacing);
    case "notChosen":
      return [`Not imported: ${oneLine(outcome.name)}`, "  It was not chosen."];
    case "keptOld":
      return [`Not imported: ${oneLine(outcome.name)}`, "  The connection that was there is as it was."];
    case "notAnswered":
      return [`Not imported: ${oneLine(outcome.name)}`, "  What the file does not say was not entered."];
    case "unusable":
      return [
        `Not imported: ${oneLine(outcome.name)}`,
        ...outcome.problems.map((problem) => `  ${oneLine(describeProfileProblem(problem), 200)}`),
      ];
    case "failed":
      return [`Not imported: ${oneLine(outcome.name)}`, `  ${oneLine(outcome.reason, 400)}`];
    default:
      return assertNever(outcome);
  }
}

function savedLines({ name, id, element, secrets, toEnter, unsupported }: PlannedConnection, isReplacing: boolean) {
  const list = (purposes: readonly { readonly purpose: (typeof secrets)[number]["purpose"] }[]) =>
    purposes.map(({ purpose }) => purposeText(purpose)).join(", ");
  return [
    `${isReplacing ? "Replaced" : "Imported"}: ${oneLine(name)}  (# @connection ${id})`,
    `  Server: ${oneLine(String(element["url"]), 200)}`,
    `  Sign-in: ${signInText(element)}`,
    ...optionLines(element),
    ...(secrets.length === 0 ? [] : [`  In the secret storage: ${list(secrets)}`]),
    ...(toEnter.length === 0
      ? []
      : [`  Still to enter ("PromQL: Edit Connection"): ${list(toEnter.map((purpose) => ({ purpose })))}`]),
    ...unsupported.map((problem) => `  ${oneLine(describeProfileProblem(problem), 200)}`),
  ];
}

/** Everything else that was taken, each key with its value, except where a value may be meant for few eyes. */
function optionLines(element: Readonly<Record<string, unknown>>): readonly string[] {
  const lines: string[] = [];
  const { method, minStep, timeoutMs, proxy, transport, headers, queryParams, tls } = element;
  if (isRecord(headers)) lines.push(`  Headers: ${oneLine(Object.keys(headers).join(", "))}`);
  if (isRecord(queryParams)) lines.push(`  Query parameters: ${oneLine(Object.keys(queryParams).join(", "))}`);
  const plain = { method, minStep, timeoutMs, proxy, transport };
  for (const [key, value] of Object.entries(plain)) {
    if (value !== undefined) lines.push(`  ${key}: ${oneLine(String(value))}`);
  }
  if (isRecord(tls)) {
    for (const [key, value] of Object.entries(tls)) {
      const warning = key === "insecureSkipVerify" && value === true ? "  (certificates are not checked)" : "";
      lines.push(`  tls.${oneLine(key, 40)}: ${oneLine(String(value))}${warning}`);
    }
  }
  return lines;
}

function notTakenLines(notTaken: readonly NotTaken[]): readonly string[] {
  const others = notTaken.filter(({ code }) => code !== "grafanaOnly");
  const grafana = notTaken.filter(({ code }) => code === "grafanaOnly").map(({ place }) => oneLine(place));
  return [
    ...(others.length === 0 ? [] : ["", "Not taken:", ...others.map((one) => `  ${describeNotTaken(one)}`)]),
    ...(grafana.length === 0
      ? []
      : ["", "Not taken, since it is of use in Grafana only:", ...grafana.map((one) => `  ${one}`)]),
  ];
}
