/** A line of `NAME=value`, as shells and dotenv write it; the value is read by its first letter. */
const assignment = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.]*)[ \t]*=[ \t]*(.*)$/;

/** A private key has some fifty lines; a quote that nothing closes must not make every line be read to the end. */
const mostQuotedLines = 200;

/** True for a text that has nothing but assignments, comments and empty lines, and at least one assignment. */
export function isDotEnv(text: string): boolean {
  const { variables, strayLine } = parseDotEnv(text);
  return variables.size > 0 && strayLine === undefined;
}

/**
 * Reads a `.env` file: `export` in front, single quotes (as it stands), double quotes (`\n`, `\t`, `\"`, `\\`, `\$`), values over several
 * lines in quotes, comments after a blank and `#`. Nothing is expanded or executed; the last of several lines with one name
 * counts. `expands` are names whose value a shell would change; `strayLine` is the first line that is none of this.
 */
export function parseDotEnv(text: string): {
  readonly variables: ReadonlyMap<string, string>;
  readonly expands: ReadonlySet<string>;
  readonly strayLine: number | undefined;
} {
  const variables = new Map<string, string>();
  const expands = new Set<string>();
  let strayLine: number | undefined;
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\n|\r/);
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? "";
    if (/^\s*(?:#|$)/.test(line)) continue;
    const [, name, written = ""] = assignment.exec(line) ?? [];
    if (name === undefined) {
      strayLine ??= i + 1;
      continue;
    }
    const quote = /^["']/.exec(written)?.[0];
    const quoted = quote === undefined ? undefined : quotedText(quote, written.slice(1), lines, i);
    if (quoted !== undefined) i = quoted.lastLine;
    const value = quoted?.text ?? unquoted(written);
    variables.set(name, value);
    if (quote !== "'" && /(?<!\\)\$(?:\w|[({])/.test(written)) expands.add(name);
    else expands.delete(name);
  }
  return { variables, expands, strayLine };
}

function unquoted(written: string): string {
  return written.replace(/(?:^|\s)#.*$/, "").trim();
}

/** A text in quotes that begins with `first` on line `start`; `undefined`: nothing closes it, and the quote is a letter like others. */
function quotedText(
  quote: string,
  first: string,
  lines: readonly string[],
  start: number,
): { readonly text: string; readonly lastLine: number } | undefined {
  let text = "";
  for (let i = start; i < Math.min(lines.length, start + mostQuotedLines); i++) {
    const line = i === start ? first : (lines[i] ?? "");
    const end = closing(line, quote);
    if (end >= 0) {
      const whole = text + line.slice(0, end);
      return { text: quote === "'" ? whole : unescaped(whole), lastLine: i };
    }
    text += `${line}\n`;
  }
  return undefined;
}

/** Where a quoted text ends; -1: not in it. */
function closing(text: string, quote: string): number {
  if (quote === "'") return text.indexOf("'");
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === '"') return i;
  }
  return -1;
}

function unescaped(text: string): string {
  const letters: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };
  return text.replace(/\\([nrt"\\$`])/g, (_all, letter: string) => letters[letter] ?? letter);
}
