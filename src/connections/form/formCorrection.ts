import type { FailureAction } from "../../shared/failureAction.ts";
import { parseServerUrl } from "../serverUrl.ts";
import { answered } from "./formAnswers.ts";
import { openHeader } from "./formHeaders.ts";
import { purposeOf } from "./formSecrets.ts";
import type { FormState, FormStep } from "./formState.ts";
import { goTo } from "./formSteps.ts";

/** The header that names the tenant in Mimir, Cortex and Loki. */
const tenantHeader = "X-Scope-OrgID";

/** The form where a failure's action wants something corrected; `undefined` for an action that is not done in a form. */
export function corrected(state: FormState, action: FailureAction): FormState | undefined {
  switch (action.kind) {
    case "editConnection":
      return goTo(state, action.at === "credential" ? credentialStep(state) : action.at);
    case "enterSecret":
      return goTo(state, secretStep(state));
    case "replaceSecret": {
      const step = wayStep(state);
      return step && goTo(state, step);
    }
    case "addTenantHeader": {
      const { headers } = state.draft;
      const existing = headers.findIndex(({ name }) => name.toLowerCase() === tenantHeader.toLowerCase());
      return existing < 0
        ? { ...openHeader(state, headers.length), headerBegun: `${tenantHeader}: ` }
        : openHeader(state, existing);
    }
    case "useHttps": {
      const url = httpsUrl(state.draft.url, action.origin);
      // As if it had been typed: what was given for the other address is not carried to this one.
      return url === undefined ? undefined : goTo(answered(goTo(state, "url"), url), "url");
    }
    default:
      return undefined;
  }
}

/** Where it is said how to come by the credential. */
function credentialStep({ draft: { auth } }: FormState): FormStep {
  if (auth === "oauth2") return "tokenUrl";
  if (auth === "command") return "command";
  return auth === "none" ? "auth" : "secret";
}

/** Where the secret is typed: that of signing in before those that go along. */
function secretStep(state: FormState): FormStep {
  if (purposeOf(state.draft) !== undefined) return "secret";
  if (state.draft.headers.some(({ kind }) => kind !== "header")) return "headers";
  return wayStep(state) ?? credentialStep(state);
}

/** Where a secret of the way to the server is typed, the one that is needed first. */
function wayStep({ draft: { keyFile, proxy } }: FormState): FormStep | undefined {
  if (keyFile !== "") return "keyPassphrase";
  return proxy === "" ? undefined : "proxyPassword";
}

/** The same address by https; another `origin` only if it is https of the same host. */
function httpsUrl(text: string, origin: string | undefined): string | undefined {
  const parsed = parseServerUrl(text);
  if (!parsed.ok || !parsed.url.origin.startsWith("http:")) return undefined;
  const { baseUrl } = parsed.url;
  const to = new URL(origin ?? baseUrl.replace(/^http:/, "https:"));
  const isSameHost = to.protocol === "https:" && to.hostname === new URL(baseUrl).hostname;
  return isSameHost ? to.origin + baseUrl.slice(parsed.url.origin.length) : undefined;
}
