import type { Span } from "./problems.ts";

/** What a string of PromQL says, or the first escape in it that PromQL does not know. */
export type StringReading =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly escape: Span & { readonly text: string } };

const simpleEscapes: ReadonlyMap<string, string> = new Map([
  ["a", "\u0007"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
  ["\\", "\\"],
]);

const numberedEscape = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3}))/y;

/**
 * Reads a whole string token, quotes included, by Prometheus' rules (`util/strutil/quote.go`, those of Go): raw between backticks,
 * otherwise with escapes. Places are those of `text`. Bytes above 127 written as `\xNN` or `\NNN` are read as UTF-8.
 */
export function readString(text: string): StringReading {
  const quote = text.charAt(0);
  const inside = text.slice(1, -1);
  if (quote === "`" || !inside.includes("\\")) return { ok: true, value: inside };
  const bytes: number[] = [];
  let value = "";
  const flush = () => {
    if (bytes.length > 0) value += new TextDecoder().decode(Uint8Array.from(bytes.splice(0)));
  };
  let at = 1;
  while (at < text.length - 1) {
    const sign = text.charAt(at);
    if (sign !== "\\") {
      flush();
      value += sign;
      at++;
      continue;
    }
    const next = text.charAt(at + 1);
    const simple = next === quote ? quote : simpleEscapes.get(next);
    if (simple !== undefined) {
      flush();
      value += simple;
      at += 2;
      continue;
    }
    const code = numberedAt(text, at);
    if (code === undefined) return { ok: false, escape: badEscape(text, at) };
    if (code.isByte) bytes.push(code.value);
    else {
      flush();
      value += String.fromCodePoint(code.value);
    }
    at = code.to;
  }
  flush();
  return { ok: true, value };
}

function numberedAt(
  text: string,
  at: number,
): { readonly value: number; readonly isByte: boolean; readonly to: number } | undefined {
  numberedEscape.lastIndex = at;
  const match = numberedEscape.exec(text);
  if (match === null) return undefined;
  const [, byte, short, long, octal] = match;
  const value = octal === undefined ? Number.parseInt(byte ?? short ?? long ?? "", 16) : Number.parseInt(octal, 8);
  const isByte = byte !== undefined || octal !== undefined;
  const isValid = isByte ? value < 256 : value <= 0x10ffff && !(value >= 0xd800 && value < 0xe000);
  return isValid ? { value, isByte, to: numberedEscape.lastIndex } : undefined;
}

/** The escape with the letters that seem to belong to it. */
function badEscape(text: string, from: number): Span & { readonly text: string } {
  const width = (text.codePointAt(from + 1) ?? 0) > 0xffff ? 3 : 2;
  const to = Math.min(from + width, text.length);
  return { from, to, text: text.slice(from, to) };
}
