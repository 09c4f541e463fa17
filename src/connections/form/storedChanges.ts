import { isReferred } from "./formSecrets.ts";
import type { FormDraft, FormHeader, FormState } from "./formState.ts";

/** The keys of the stored element that the form decides; `undefined` takes one away. Others keep what they hold. */
export function storedChanges({ draft }: FormState, id: string): Readonly<Record<string, unknown>> {
  const { headers } = draft;
  const plain = headers.filter(({ kind }) => kind === "header").map(({ name, value }) => [name, value] as const);
  const names = (wanted: FormHeader["kind"]) => {
    const found = headers.filter(({ kind }) => kind === wanted).map(({ name }) => name);
    return found.length === 0 ? undefined : found;
  };
  return {
    version: 1,
    id,
    name: draft.name,
    url: draft.url,
    auth: storedAuth(draft),
    headers: plain.length === 0 ? undefined : Object.fromEntries(plain),
    secretHeaders: names("secretHeader"),
    secretQueryParams: names("secretParam"),
  };
}

function storedAuth(draft: FormDraft): Readonly<Record<string, unknown>> {
  const { auth, username, secret, tokenUrl, clientId, scopes, params, command } = draft;
  const referred = isReferred(draft);
  switch (auth) {
    case "none":
    case "raw":
      return { type: auth };
    case "bearer":
      return { type: auth, ...(referred ? { tokenRef: secret } : {}) };
    case "basic":
      return { type: auth, username, ...(referred ? { passwordRef: secret } : {}) };
    case "oauth2":
      return {
        ...{ type: auth, tokenUrl, clientId },
        ...(scopes === "" ? {} : { scopes: scopes.split(" ") }),
        ...(Object.keys(params).length === 0 ? {} : { params }),
      };
    case "command":
      return { type: auth, command };
  }
}
