import { cleanSecret } from "../secrets.ts";
import { headerPurpose, isStored } from "./formSecrets.ts";
import type { FormHeader, FormState } from "./formState.ts";

/** Opens one header of the list for typing; an index past the end is a new one, of this kind. */
export function openHeader(state: FormState, index: number, kind: FormHeader["kind"] = "header"): FormState {
  const headerKind = state.draft.headers[index]?.kind ?? kind;
  return {
    ...state,
    headerBegun: "",
    step: headerKind === "header" ? "header" : "secretName",
    headerIndex: index,
    headerKind,
  };
}

/** The form without one header. */
export function withoutHeader(state: FormState, index: number): FormState {
  return { ...state, draft: { ...state.draft, headers: state.draft.headers.toSpliced(index, 1) } };
}

/** A secret header that never got its value is none. */
export function withoutEmptySecret(state: FormState): FormState {
  const header = state.draft.headers[state.headerIndex];
  const isEmpty = header !== undefined && header.value === "" && !isStored(state, headerPurpose(header), "found");
  return isEmpty ? withoutHeader(state, state.headerIndex) : state;
}

/** A header without the secret that was typed for it. */
export function withoutTypedSecret(header: FormHeader): FormHeader {
  return header.kind === "header" ? header : { ...header, value: "" };
}

/** The header in `name: value`; `undefined` where there is no name before a colon. */
export function splitHeader(answer: string): FormHeader | undefined {
  const colon = answer.indexOf(":");
  if (colon < 1) return undefined;
  return { kind: "header", name: answer.slice(0, colon).trim(), value: answer.slice(colon + 1).trim() };
}

/** Names of headers are the same in upper and lower case, whether they are secret or not; those of parameters are not. */
export function isTwice({ draft, headerIndex }: FormState, { kind, name }: Pick<FormHeader, "kind" | "name">): boolean {
  return draft.headers.some((one, i) => {
    if (i === headerIndex || (one.kind === "secretParam") !== (kind === "secretParam")) return false;
    return kind === "secretParam" ? one.name === name : one.name.toLowerCase() === name.toLowerCase();
  });
}

/** The form with the open header as typed; an empty answer takes it away. */
export function withHeader(state: FormState, answer: string): FormState {
  const header = splitHeader(answer);
  const { draft, headerIndex } = state;
  const headers = draft.headers.toSpliced(headerIndex, 1, ...(header === undefined ? [] : [header]));
  return { ...state, step: "headers", draft: { ...draft, headers } };
}

/** The form with a name for the open secret header, whose value is asked for next. */
export function withSecretName(state: FormState, name: string): FormState {
  const { draft, headerIndex, headerKind: kind } = state;
  const before = draft.headers[headerIndex];
  const value = before?.name === name ? before.value : "";
  const headers = draft.headers.toSpliced(headerIndex, 1, { kind, name, value });
  return { ...state, step: "secretValue", draft: { ...draft, headers } };
}

/** The form with a value for the open secret header. */
export function withSecretValue(state: FormState, answer: string): FormState {
  const { draft, headerIndex } = state;
  const headers = draft.headers.map((one, i) =>
    i === headerIndex ? { ...one, value: cleanSecret(headerPurpose(one) ?? "token", answer) } : one,
  );
  return { ...state, step: "headers", draft: { ...draft, headers } };
}
