import type { FormNote, FormProblem } from "../../connections/form/formProblems.ts";
import { describeHeaderProblem, describeUrlProblem } from "../../connections/profileMessage.ts";
import { assertNever } from "../../shared/assert.ts";

/** What is wrong with what stands in the input. */
export function describeFormProblem(problem: FormProblem): string {
  switch (problem.code) {
    case "url":
      return describeUrlProblem(problem.problem);
    case "header":
      return problem.problem === "form"
        ? "Write a header as name, colon and value: X-Scope-OrgID: team-a. Leave it empty to remove it."
        : describeHeaderProblem(problem.problem);
    case "nameInvalid":
      return "Enter a name: one line of at most 100 characters.";
    case "usernameInvalid":
      return "Enter a user name without a colon.";
    case "secretEmpty":
      return "Enter the secret. It is stored in VS Code's secret storage, never in settings.";
    case "tokenUrlInvalid":
      return "Enter the token server's whole address. It has to be https, since a secret goes there (http only on this machine).";
    case "clientIdEmpty":
      return "Enter the client id.";
    case "commandInvalid":
      return 'Write the program and its arguments apart by blanks, with quotes around what has blanks inside, or as ["program", "argument"].';
    case "paramInvalid":
      return "Enter a parameter's name that is not there yet.";
    case "proxyUserInvalid":
      return "Write the user name and the password with a colon between them, or leave it empty.";
    case "secretInvalid":
      return "This contains characters that cannot be sent. Check for line breaks and blanks inside.";
    default:
      return assertNever(problem);
  }
}

/** What is worth knowing about what stands in the input. */
export function describeFormNote(note: FormNote): string {
  switch (note.code) {
    case "removed":
      return `${note.removed} is left out: requests go to ${note.baseUrl}/api/v1/…`;
    case "metricsPage":
      return "This looks like an exporter's page of metrics. Enter the URL of the Prometheus server that scrapes it.";
    case "schemeRemoved":
      return 'The word "Bearer" is left out; it is added when the token is sent.';
    default:
      return assertNever(note);
  }
}
