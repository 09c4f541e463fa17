import type { SecretDrafts } from "../credentials.ts";
import { type Bound, movesOf } from "../movedSecrets.ts";
import { isReference } from "../references.ts";
import { isConfirmed, type OriginMove, type SecretPurpose } from "../secrets.ts";
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
  if (step === "keyPassphrase" || step === "proxyPassword") return step;
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

/** A secret that the draft needs, where it goes, and what was typed of it (empty: nothing). */
interface DraftNeed {
  readonly purpose: SecretPurpose;
  readonly to: string;
  readonly typed: string;
}

function draftNeeds(draft: FormDraft): readonly DraftNeed[] {
  const parsed = parseServerUrl(draft.url);
  if (!parsed.ok) return [];
  const { origin } = parsed.url;
  const purpose = purposeOf(draft);
  const isIssued = draft.auth === "oauth2" && isTokenUrl(draft.tokenUrl);
  const own =
    purpose === undefined || isReferred(draft)
      ? []
      : [{ purpose, to: isIssued ? new URL(draft.tokenUrl).origin : origin, typed: draft.secret }];
  const others = draft.headers.flatMap((header) => {
    const named = headerPurpose(header);
    return named === undefined ? [] : [{ purpose: named, to: origin, typed: header.value }];
  });
  return [...own, ...others, ...wayNeeds(draft, origin)];
}

/** Secrets of the way to the server. */
function wayNeeds({ keyFile, proxy, keyPassphrase, proxyPassword }: FormDraft, origin: string): readonly DraftNeed[] {
  return [
    ...(keyFile === "" ? [] : [{ purpose: "keyPassphrase", to: origin, typed: keyPassphrase } as const]),
    ...(proxy === "" ? [] : [{ purpose: "proxyPassword", to: new URL(proxy).origin, typed: proxyPassword } as const]),
  ];
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
  return purpose !== undefined && editing?.bindings.stored.get(purpose)?.state === state;
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

/** Credentials may move so. */
export function withConfirmedMove(state: FormState, move: OriginMove): FormState {
  return { ...state, confirmed: [...state.confirmed, move] };
}

/** The first kept credentials that would move without the user's word; `undefined`: they stay or were confirmed. */
export function unconfirmedMove({ draft, editing, confirmed }: FormState): OriginMove | undefined {
  const target = parseServerUrl(draft.url);
  if (!target.ok || editing === undefined) return undefined;
  const isNotStored = draft.auth === "oauth2" || draft.auth === "command" || isReferred(draft) || draft.keyFile !== "";
  const own: readonly Bound[] = isNotStored ? [{ purpose: "notStored", to: target.url.origin }] : [];
  const kept = draftNeeds(draft).filter(({ typed }) => typed === "");
  const moves = movesOf([...own, ...kept], editing.bindings).flatMap((move) => {
    const purposes = move.purposes.filter((purpose) => !isConfirmed(confirmed, purpose, move));
    return purposes.length === 0 ? [] : [{ ...move, purposes }];
  });
  return moves[0];
}
