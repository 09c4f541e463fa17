import { suggestedName } from "../connectionNames.ts";
import { cleanSecret } from "../secrets.ts";
import { isTokenUrl, parseServerUrl } from "../serverUrl.ts";
import { parseCommand } from "./commandWords.ts";
import { withHeader, withoutTypedSecret, withSecretName, withSecretValue } from "./formHeaders.ts";
import { problemWith } from "./formProblems.ts";
import { isReferred, purposeOf } from "./formSecrets.ts";
import type { FormAuth, FormState } from "./formState.ts";
import { forward } from "./formSteps.ts";

/** The form after an acceptable answer to a text step. Throws nothing: an unacceptable one leaves it as it is. */
export function answered(state: FormState, answer: string): FormState {
  if (problemWith(state, answer) !== undefined) return state;
  const { draft, step } = state;
  switch (step) {
    case "url": {
      const parsed = parseServerUrl(answer);
      if (!parsed.ok) return state;
      const { baseUrl, origin } = parsed.url;
      const before = parseServerUrl(draft.url);
      const staysThere = !before.ok || before.url.origin === origin;
      // What was typed for one server is not carried to another one, and a suggested name follows its host.
      const keepsName = draft.name !== suggestedName(draft.url);
      return forward({
        ...state,
        confirmed: staysThere ? state.confirmed : [],
        draft: {
          ...draft,
          url: baseUrl,
          secret: staysThere || draft.auth === "oauth2" || isReferred(draft) ? draft.secret : "",
          keyPassphrase: staysThere ? draft.keyPassphrase : "",
          headers: staysThere ? draft.headers : draft.headers.map(withoutTypedSecret),
          name: keepsName ? draft.name : "",
        },
      });
    }
    case "name":
      return forward({ ...state, draft: { ...draft, name: answer.trim() } });
    case "username":
      return forward({ ...state, draft: { ...draft, username: answer } });
    case "tokenUrl": {
      const tokenUrl = answer.trim();
      const staysThere = isTokenUrl(draft.tokenUrl) && new URL(draft.tokenUrl).origin === new URL(tokenUrl).origin;
      return forward({ ...state, draft: { ...draft, tokenUrl, secret: staysThere ? draft.secret : "" } });
    }
    case "clientId":
      return forward({ ...state, draft: { ...draft, clientId: answer.trim() } });
    case "scopes":
      return forward({ ...state, draft: { ...draft, scopes: answer.trim().replace(/\s+/g, " ") } });
    case "command":
      return forward({ ...state, draft: { ...draft, command: parseCommand(answer) ?? [] } });
    case "secret":
      return forward({ ...state, draft: { ...draft, secret: cleanSecret(purposeOf(draft) ?? "token", answer) } });
    case "keyPassphrase":
    case "proxyPassword":
      return forward({ ...state, draft: { ...draft, [step]: answer } });
    case "header":
      return withHeader(state, answer);
    case "secretName":
      return withSecretName(state, answer.trim());
    case "secretValue":
      return withSecretValue(state, answer);
    default:
      return forward(state);
  }
}

/** The form after a choice of how to sign in; a secret typed for another way is dropped. */
export function withAuth(state: FormState, auth: FormAuth): FormState {
  const secret = auth === state.draft.auth ? state.draft.secret : "";
  return forward({ ...state, draft: { ...state.draft, auth, secret } });
}
