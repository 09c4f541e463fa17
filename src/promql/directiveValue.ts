import { parseDuration, parseTime, type TimeExpression } from "../shared/model/time.ts";
import { type DirectiveKey, directiveModes, directiveViews } from "./data/directiveKeys.ts";
import type { ExpectedValue } from "./problems.ts";

/** What each key's value is once read. Durations in milliseconds. */
export interface DirectiveValues {
  readonly connection: string;
  readonly mode: (typeof directiveModes)[number];
  readonly range: number;
  readonly start: TimeExpression;
  readonly end: TimeExpression;
  readonly time: TimeExpression;
  readonly step: number;
  readonly title: string;
  readonly legend: string;
  readonly unit: string;
  readonly view: (typeof directiveViews)[number];
  readonly "max-series": number;
  readonly var: { readonly name: string; readonly value: string };
}

/** A directive's value together with the key that says what it is. */
export type DirectiveValue = {
  [K in DirectiveKey]: { readonly key: K; readonly value: DirectiveValues[K] };
}[DirectiveKey];

type ValueOrExpected =
  | { readonly value: DirectiveValue; readonly expected?: undefined }
  | { readonly value?: undefined; readonly expected: ExpectedValue };

/** Reads the text after a known key, trimmed, with its quotes; says what it should have been where it is wrong. */
export function readDirectiveValue(key: DirectiveKey, raw: string): ValueOrExpected {
  const text = unquote(raw);
  switch (key) {
    case "connection":
      return text === "" ? { expected: "text" } : { value: { key, value: text } };
    case "title":
    case "legend":
    case "unit":
      // `""` says "none" on purpose; nothing at all is a slip.
      return raw === "" ? { expected: "text" } : { value: { key, value: text } };
    case "mode": {
      const value = directiveModes.find((mode) => mode === text);
      return value === undefined ? { expected: "mode" } : { value: { key, value } };
    }
    case "view": {
      const value = directiveViews.find((view) => view === text);
      return value === undefined ? { expected: "view" } : { value: { key, value } };
    }
    case "range":
    case "step": {
      const value = parseDuration(text);
      return value === undefined || !(value > 0 && Number.isFinite(value))
        ? { expected: "duration" }
        : { value: { key, value } };
    }
    case "start":
    case "end":
    case "time": {
      const value = parseTime(text);
      return value === undefined ? { expected: "time" } : { value: { key, value } };
    }
    case "max-series": {
      const value = /^[0-9]+$/.test(text) ? Number(text) : 0;
      return value > 0 && Number.isSafeInteger(value) ? { value: { key, value } } : { expected: "positiveInteger" };
    }
    case "var": {
      const match = /^([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*(.*)$/.exec(text);
      if (match?.[1] === undefined || match[2] === undefined) return { expected: "assignment" };
      return { value: { key, value: { name: match[1], value: unquote(match[2]) } } };
    }
  }
}

/** The inside of a value that is one `"..."`, where `\"` and `\\` stand for their second sign; any other text as it is. */
function unquote(raw: string): string {
  const match = /^"((?:[^"\\]|\\.)*)"$/.exec(raw);
  return match?.[1] === undefined ? raw : match[1].replace(/\\(["\\])/g, "$1");
}

/** A text as a directive's value that reads back as the text on one line, in quotes where it needs them. */
export function textValue(text: string): string {
  const quoted = quotedTextValue(text);
  const line = unquote(quoted);
  return line === "" || /["\\]|(?:^|\s)@/.test(line) ? quoted : line;
}

/** A text as a directive's value in quotes, so that nothing in it begins another directive; line ends become blanks. */
export function quotedTextValue(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, " ").trim();
  return `"${line.replace(/["\\]/g, "\\$&")}"`;
}
