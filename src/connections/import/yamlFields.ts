import type { ProfileProblem } from "../profileProblem.ts";
import type { Read, Report } from "../strictObject.ts";
import type { Remarks } from "./connectionBuilder.ts";
import type { NotTakenCode } from "./importResult.ts";

/** YAML 1.1, which Grafana and Prometheus read, has several words for a truth value. */
const truthWords: Readonly<Record<string, boolean>> = {
  ...{ true: true, yes: true, on: true, y: true },
  ...{ false: false, no: false, off: false, n: false },
};

/** Reads a truth value that YAML holds as a word. */
export const flag: Read<boolean> = (value, path, report) => {
  const found = typeof value === "string" ? truthWords[value.toLowerCase()] : undefined;
  if (found === undefined) report({ path, code: "wrongType", expected: "true or false" });
  return found;
};

/** Reads a list of texts; where it is one text, that. */
export const texts: Read<readonly string[]> = (value, path, report) => {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const found = list.filter((one) => typeof one === "string");
  if (found.length < list.length) report({ path, code: "wrongType", expected: "a list of texts" });
  return found;
};

/** Reads a key that is known and not taken over, which is remarked. */
export function passOver(remarks: Remarks, code: NotTakenCode, detail?: string): Read<true> {
  return (_value, path) => {
    remarks.add(path, code, detail);
    return true;
  };
}

/** Findings about the form of a file, as remarks. */
export function remarkingReport(remarks: Remarks): Report {
  return (problem: ProfileProblem) => {
    switch (problem.code) {
      case "unknownKey":
      case "missing":
        remarks.add(problem.path, problem.code);
        break;
      case "wrongType":
      case "wrongValue":
        remarks.add(problem.path, problem.code, problem.expected);
        break;
      default:
        remarks.add(problem.path, "wrongValue");
    }
  };
}
