import type { SecretPurpose } from "../../connections/secrets.ts";
import { plainLabel } from "../../host/plainLabel.ts";

/** What a secret is called inside a sentence. */
export function secretNoun(purpose: SecretPurpose): string {
  switch (purpose) {
    case "token":
    case "password":
      return purpose;
    case "authorization":
      return "value of the Authorization header";
    case "clientSecret":
      return "client secret";
    case "keyPassphrase":
      return "passphrase of the client's key";
    case "proxyPassword":
      return "user:password of the proxy";
    default: {
      const [kind = "", ...name] = purpose.split(":");
      const what = kind === "header" ? "header" : "parameter";
      return `value of the ${what} ${plainLabel(name.join(":"))}`;
    }
  }
}

/** The same at the beginning of a sentence. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
