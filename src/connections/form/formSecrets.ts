import type { SecretDrafts } from "../credentials.ts";
import { isReference } from "../references.ts";
import type { SecretNeed } from "../secretNeeds.ts";
import type { SecretPurpose } from "../secrets.ts";
import { isTokenUrl, parseServerUrl } from "../serverUrl.ts";
import type { FormDraft, FormHeader, FormState } from "./formState.ts";

/** Which secret the present way to sign in needs. */
export function purposeOf({ auth }: FormDraft): SecretPurpose | undefined {
  const purposes = { bearer: "token", basic: "password", raw: "authorization", oauth2: "clientSecret" } as const;
  return auth === "none" || auth === "command" ? undefined : purposes[auth];
}

/** Which secret the step that is open asks for. */
export function stepPurpose({ draft, step, headerIndex }: FormState): SecretPurpose | undefined {
  if (step === "secret") return purposeOf(draft);
  const header = step === "secretValue" ? draft.headers[headerIndex] : undefined;
  return header && headerPurpose(header);
}

/** What the value of a header is stored for; `undefined` for a plain one. */
export function headerPurpose({ kind, name }: FormHeader): SecretPurpose | undefined {
  if (kind === "header") return undefined;
  return kind === "secretHeader" ? `header:${name}` : `query:${name}`;
}

/** True for a secret that is typed as a reference to where it is, which is no secret itself. */
export function isReferred({ auth, secret }: FormDraft): boolean {
  return (auth === "bearer" || auth === "basic") && isReference(secret);
}

/** The secrets that the draft needs, each with where it goes and what was typed (empty: nothing). */
function draftNeeds(
  draft: FormDraft,
): readonly (Pick<SecretNeed, "purpose" | "origin"> & { readonly typed: string })[] {
  const parsed = parseServerUrl(draft.url);
  if (!parsed.ok) return [];
  const { origin } = parsed.url;
  const purpose = purposeOf(draft);
  const isIssued = draft.auth === "oauth2" && isTokenUrl(draft.tokenUrl);
  const own =
    purpose === undefined || isReferred(draft)
      ? []
      : [{ purpose, origin: isIssued ? new URL(draft.tokenUrl).origin : origin, typed: draft.secret }];
  const others = draft.headers.flatMap((header) => {
    const named = headerPurpose(header);
    return named === undefined ? [] : [{ purpose: named, origin, typed: header.value }];
  });
  return [...own, ...others];
}

/** What was typed of secrets, and where stored ones may go. */
export function secretDrafts(state: FormState): SecretDrafts {
  const typed = draftNeeds(state.draft).filter((need) => need.typed !== "");
  return { typed: new Map(typed.map(({ purpose, typed: value }) => [purpose, value])), confirmed: state.confirmed };
}

/** True if what is stored for this purpose was found so when the form was opened. */
export function isStored(
  { editing }: FormState,
  purpose: SecretPurpose | undefined,
  state: "found" | "unreadable",
): boolean {
  return purpose !== undefined && editing?.stored.get(purpose) === state;
}

/** True if leaving the open step's secret empty keeps the stored one. */
export function canKeepSecret(state: FormState): boolean {
  return isStored(state, stepPurpose(state), "found");
}

/** True if a secret is stored for the open step that cannot be read, so that typing one replaces it. */
export function replacesUnreadable(state: FormState): boolean {
  return isStored(state, stepPurpose(state), "unreadable");
}

/** True if a typed secret takes the place of one that cannot be read. */
export function replacesAnyUnreadable(state: FormState): boolean {
  return draftNeeds(state.draft).some(({ purpose, typed }) => typed !== "" && isStored(state, purpose, "unreadable"));
}

/** Stored secrets may be sent to this origin. */
export function withConfirmedOrigin(state: FormState, origin: string): FormState {
  return { ...state, confirmed: [...state.confirmed, origin] };
}

/** The origins between which a kept secret would move without the user's word; `undefined`: they stay or were confirmed. */
export function unconfirmedMove(state: FormState): { readonly from: string; readonly to: string } | undefined {
  const { draft, editing, confirmed } = state;
  const target = parseServerUrl(draft.url);
  const unbound = editing?.unboundOrigin;
  const isUnbound = draft.auth === "oauth2" || draft.auth === "command" || isReferred(draft);
  if (target.ok && unbound !== undefined && isUnbound) {
    const to = target.url.origin;
    if (unbound !== to && !confirmed.includes(to)) return { from: unbound, to };
  }
  for (const { purpose, origin: to, typed } of draftNeeds(draft)) {
    const from = editing?.needs.find((need) => need.purpose === purpose)?.origin;
    const isKept = typed === "" && isStored(state, purpose, "found");
    if (isKept && from !== undefined && from !== to && !confirmed.includes(to)) return { from, to };
  }
  return undefined;
}
