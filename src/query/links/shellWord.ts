/**
 * Signs that no copied command may hold, whatever quotes stand around them: a terminal without bracketed paste obeys them (0x03
 * gives the line up, so that what follows it is a command of its own), and NUL ends an argument. Line ends and tabs are none.
 */
const obeyedByTerminals = /(?![\t\n\r])\p{Cc}|\r(?!\n)/u;

/** True for a text that cannot be pasted into a terminal safely, not even in quotes. */
export function isObeyed(text: string): boolean {
  return obeyedByTerminals.test(text);
}

/**
 * `text` as one word of a POSIX shell, which hands it on unchanged (a lone surrogate as U+FFFD); bare where that reads the same.
 * `undefined` where no safe word exists.
 */
export function shellWord(text: string): string | undefined {
  if (isObeyed(text)) return undefined;
  if (/^[A-Za-z0-9_@%+:,./-]+$/.test(text)) return text;
  // Within single quotes a shell takes every sign as it is, but the quote itself.
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Names of variables of the shell that stand for secrets, each name once. */
export class Placeholders {
  readonly #taken = new Map<string, string>();

  /** `"$NAME"` for what `purpose` is about, such as `HEADER_X_API_KEY`; the same purpose has the same name. */
  word(purpose: string): string {
    return `"${this.reference(purpose)}"`;
  }

  /** `$NAME`, to stand within double quotes. */
  reference(purpose: string): string {
    const stem = `PROMQL_${purpose.toUpperCase().replace(/[^A-Z0-9]+/g, "_")}`;
    let name = stem;
    for (let n = 2; (this.#taken.get(name) ?? purpose) !== purpose; n++) name = `${stem}_${n}`;
    this.#taken.set(name, purpose);
    return `$${name}`;
  }
}
