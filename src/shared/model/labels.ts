/** Labels of one series in the server's order, `__name__` included. Pairs, since `__proto__` is a legal label name. */
export type Labels = readonly (readonly [name: string, value: string])[];

/** The value of one label; `undefined` where the series does not carry it. */
export function labelValue(labels: Labels, name: string): string | undefined {
  for (const [key, value] of labels) if (key === name) return value;
  return undefined;
}

const legacyMetricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const legacyLabelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** A PromQL string literal in double quotes that reads back as `value` (Go escapes, line breaks and control characters included). */
export function quoteString(value: string): string {
  let out = '"';
  for (const char of value) {
    const code = char.codePointAt(0) ?? 0;
    if (char === "\\" || char === '"') out += `\\${char}`;
    else if (char === "\n") out += "\\n";
    else if (char === "\t") out += "\\t";
    else if (char === "\r") out += "\\r";
    else if (code < 0x20 || code === 0x7f) out += `\\x${code.toString(16).padStart(2, "0")}`;
    else out += char;
  }
  return `${out}"`;
}

/**
 * A selector or another text of quoted strings as it may stand in a `.promql` file, where `$name`, `${name}` and `[[name]]` in a
 * string would be variables: the sign that begins one is written as its number, which PromQL reads as the same value.
 */
export function withoutVariables(quoted: string): string {
  return quoted.replace(
    /\$(?=[A-Za-z_]|\{[A-Za-z_])|\[(?=\[[A-Za-z_])/g,
    (sign) => `\\x${sign.charCodeAt(0).toString(16)}`,
  );
}

/** A label's name as PromQL reads it; one outside the legacy character set is quoted (Prometheus 3 UTF-8 names). */
export function formatLabelName(name: string): string {
  return legacyLabelName.test(name) ? name : quoteString(name);
}

/** One matcher of a selector. */
export function formatMatcher(name: string, operator: "=" | "!=" | "=~" | "!~", value: string): string {
  return `${formatLabelName(name)}${operator}${quoteString(value)}`;
}

/**
 * The series as a PromQL selector, as Prometheus prints it: `up{job="node"}`. Names outside the legacy character set
 * take the quoted form `{"my.metric","a.b"="c"}` (Prometheus 3 UTF-8 names).
 */
export function formatLabels(labels: Labels): string {
  const name = labelValue(labels, "__name__");
  const matchers: string[] = [];
  const bareName = name !== undefined && legacyMetricName.test(name);
  if (name !== undefined && !bareName) matchers.push(quoteString(name));
  for (const [key, value] of labels) {
    if (key === "__name__") continue;
    matchers.push(formatMatcher(key, "=", value));
  }
  const prefix = bareName ? name : "";
  return matchers.length > 0 || prefix === "" ? `${prefix}{${matchers.join(", ")}}` : prefix;
}
