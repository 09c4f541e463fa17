/** Letters, digits and what no server or gateway gives a meaning to. */
const plainName = /^[\p{L}\p{M}\p{N}_:. -]+$/u;

/** Dots alone would be a way up in the path, blanks alone nothing. */
const letter = /[\p{L}\p{N}_]/u;

/**
 * A label name as a segment of `/label/<name>/values`. Names of letters, digits, `_`, `:`, `.`, `-` and blanks go as they
 * are (percent-encoded), which VictoriaMetrics and every Prometheus that has such names understand; all others, and those
 * that begin with `U__`, take the escaping that Prometheus undoes since 3.1: `U__`, then `_` doubled and every other
 * foreign character as `_<hex code point>_`. Without it a `/` in a name would be read as another path.
 */
export function labelPathSegment(name: string): string {
  if (plainName.test(name) && letter.test(name) && !name.startsWith("U__")) return encodeURIComponent(name);
  let out = "U__";
  let isFirst = true;
  for (const char of name) {
    if (char === "_") out += "__";
    else if (/[a-zA-Z:]/.test(char) || (/[0-9]/.test(char) && !isFirst)) out += char;
    else out += `_${(char.codePointAt(0) ?? 0).toString(16)}_`;
    isFirst = false;
  }
  return encodeURIComponent(out);
}
