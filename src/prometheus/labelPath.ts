const legacyName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/**
 * A label name as a segment of `/label/<name>/values`. Names of the legacy alphabet go as they are; all others, and
 * those that begin with `U__`, take the escaping that Prometheus undoes since 3.1: `U__`, then `_` doubled and every
 * other foreign character as `_<hex code point>_`. Without it a `/` in a name would be read as another path.
 */
export function labelPathSegment(name: string): string {
  if (legacyName.test(name) && !name.startsWith("U__")) return encodeURIComponent(name);
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
