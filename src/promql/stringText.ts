const simpleEscapes: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  '"': '"',
  "'": "'",
};

const escapeForm = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([\s\S]?))/g;

/** What a string literal stands for, its quotes included in `literal` or its end missing; what is no escape stays as it is. */
export function stringText(literal: string): string {
  const quote = literal.charAt(0);
  const isClosed = literal.length > 1 && literal.endsWith(quote);
  const inside = literal.slice(1, isClosed ? -1 : undefined);
  if (quote === "`" || !inside.includes("\\")) return inside;
  return inside.replace(escapeForm, (whole, x?: string, u?: string, big?: string, octal?: string, sign?: string) => {
    if (sign !== undefined) return simpleEscapes[sign] ?? whole;
    const code = octal === undefined ? Number.parseInt(x ?? u ?? big ?? "", 16) : Number.parseInt(octal, 8);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
