import { isSensitiveName } from "../shared/model/sensitiveName.ts";

/** Stands where a secret stood. */
export const redactedMark = "•••";

/** Shorter pieces of base64 would also be found in innocent text. */
const minimumBase64Length = 8;

/**
 * A function that replaces every occurrence of the secrets, also in their percent-encoded (once or twice), form-encoded, JSON
 * and base64 forms (the last also as a part of a longer encoded text, such as a password inside `user:password`).
 */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const forms = new Set<string>();
  for (const secret of secrets) if (secret !== "") for (const form of formsOf(secret)) forms.add(form);
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((rest, form) => rest.replaceAll(form, redactedMark), text);
}

function formsOf(secret: string): string[] {
  const percent = encodeURIComponent(secret.replace(/\p{Surrogate}/gu, "\ufffd"));
  const json = JSON.stringify(secret).slice(1, -1);
  const form = new URLSearchParams([["", secret]]).toString().slice(1);
  const addresses = [percent, form].flatMap(inBothCases);
  // A login page has the address that was asked for in its own.
  const inAddresses = addresses.map(encodeURIComponent).flatMap(inBothCases);
  const base64 = [0, 1, 2].map((before) => base64Core(secret, before));
  const wide = base64.filter((text) => text.length >= minimumBase64Length);
  const urlSafe = wide.map((text) => text.replaceAll("+", "-").replaceAll("/", "_"));
  return [secret, json, ...addresses, ...inAddresses, ...escaped(secret, json), ...wide, ...urlSafe];
}

/** Percent-encoding is written in letters of either case. */
function inBothCases(encoded: string): string[] {
  return [encoded, encoded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())];
}

/** As pages and JSON of other programs write it: HTML of Go and of most others, JSON of PHP (`\/`) and of Go (`\u0026`). */
function escaped(secret: string, json: string): string[] {
  const html = (quote: string, apostrophe: string, others: Readonly<Record<string, string>>) =>
    secret.replace(/[&<>"'+]/g, (sign) => {
      const entities = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': quote, "'": apostrophe, ...others };
      return entities[sign as keyof typeof entities] ?? sign;
    });
  const unicode = (signs: RegExp) =>
    json.replace(signs, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return [
    html("&#34;", "&#39;", { "+": "&#43;" }),
    html("&quot;", "&#39;", {}),
    html("&quot;", "&#x27;", {}),
    json.replaceAll("/", "\\/"),
    unicode(/[&<>]/g),
    unicode(/[&<>+]/g),
  ];
}

/** The characters of a base64 text that depend on `secret` alone when `before` (mod 3) bytes precede it. */
function base64Core(secret: string, before: number): string {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
  const whole = bytes.toString("base64").replace(/=+$/, "");
  const from = before === 0 ? 0 : before + 1;
  // A last group that is not full shares its final character with whatever follows.
  return whole.slice(from, bytes.length % 3 === 0 ? undefined : -1);
}

/** A shorter value would be found in ordinary text everywhere, and its holes would show what it is. */
const minimumHeaderLength = 4;

/**
 * The values of headers that carry credentials by their name, whole and without their scheme (`Bearer`, `Basic`). That
 * is a guess: values too short for a credential are left out.
 */
export function secretsInHeaders(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers)
    .filter(([name]) => isSensitiveName(name))
    .flatMap(([, value]) => [value, value.replace(/^\S+\s+/, "")])
    .filter((value) => value.length >= minimumHeaderLength);
}
