import { assertNever } from "../shared/assert.ts";
import type { HeaderProblem } from "./headerRules.ts";
import type { ProfileProblem } from "./profileProblem.ts";
import type { UrlProblem } from "./serverUrl.ts";

/** A sentence for what is wrong with a stored profile, its place first. */
export function describeProfileProblem(problem: ProfileProblem): string {
  const place = problem.path === "" ? "This entry" : problem.path;
  switch (problem.code) {
    case "unknownKey":
      return `${place}: unknown key. Check its spelling or remove it.`;
    case "missing":
      return `${place}: missing.`;
    case "unsupported":
      return `${place}: not supported yet by this version.`;
    case "notWithEditor":
      return `${place}: VS Code decides this itself with "transport": "vscode". Remove one of the two.`;
    case "wrongType":
    case "wrongValue":
      return `${place}: has to be ${problem.expected}.`;
    case "url":
      return `${place}: ${describeUrlProblem(problem.problem)}`;
    case "header":
      return `${place}: ${describeHeaderProblem(problem.problem)}`;
    case "newerVersion":
      return `Written by a newer PromQL Workbench (version ${problem.version}). Update the extension to use it.`;
    case "duplicateId":
      return `${place}: "${problem.id}" is the id of an earlier entry. Give this one its own id.`;
    case "envUnset":
      return `${place}: the environment variable ${problem.name} is not set. VS Code passes on the environment it was started with.`;
    case "envEmpty":
      return `${place}: the environment variable ${problem.name} is empty.`;
    default:
      return assertNever(problem);
  }
}

/** A sentence for why a text is no address of a server. */
export function describeUrlProblem(problem: UrlProblem): string {
  switch (problem) {
    case "empty":
      return "Enter the URL of the server, for example http://localhost:9090.";
    case "scheme":
      return "The URL has to begin with http:// or https://.";
    case "notUrl":
      return "This is not a complete URL. Example: https://prometheus.example.com/prefix.";
    case "userInfo":
      return "Leave user name and password out of the URL; they are asked for separately and stored safely.";
    case "query":
      return "Leave out what follows the question mark; parameters belong into queryParams.";
    case "fragment":
      return "Leave out what follows the # sign.";
    default:
      return assertNever(problem);
  }
}

/** A sentence for what is wrong with a header. */
export function describeHeaderProblem(problem: HeaderProblem | "twice"): string {
  switch (problem) {
    case "name":
      return "A header's name consists of letters, digits and !#$%&'*+-.^_`|~.";
    case "reserved":
      return "This header is set by PromQL Workbench itself.";
    case "credential":
      return "This header carries a credential, which must not stand in settings. Choose how to sign in instead.";
    case "value":
      return "A header's value is one line of Latin-1 characters.";
    case "twice":
      return "This header is there twice (upper and lower case do not matter).";
    default:
      return assertNever(problem);
  }
}
