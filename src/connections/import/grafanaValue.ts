/** A part of a value in Grafana's provisioning: text, or what Grafana puts in from elsewhere when it starts. */
export type ValuePart =
  | { readonly kind: "text"; readonly text: string }
  /** `ref` as our settings write it, `$env:NAME` or `$file:/path`; `undefined`: a place that we cannot refer to. */
  | { readonly kind: "elsewhere"; readonly ref: string | undefined };

/** A value that is text, a reference and nothing else, or something that we have no way to write. */
export type GrafanaValue =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "reference"; readonly ref: string }
  | { readonly kind: "mixed" };

/** `$$` is a dollar sign; `$NAME`, `${NAME}`, `$__env{NAME}` and `$__file{/path}` are filled in, `$__vault{...}` too. */
const forms = /\$(?:(?<dollar>\$)|(?<provider>__\w+)?\{(?<braced>[^}]*)\}|(?<bare>[A-Za-z_]\w*|[0-9*#@!?-]))/g;

/** Splits a value as Grafana does before it fills in what comes from elsewhere. */
export function grafanaParts(value: string): readonly ValuePart[] {
  const parts: ValuePart[] = [];
  const addText = (text: string) => {
    const last = parts.at(-1);
    if (last?.kind === "text") parts[parts.length - 1] = { kind: "text", text: last.text + text };
    else if (text !== "") parts.push({ kind: "text", text });
  };
  let end = 0;
  for (const match of value.matchAll(forms)) {
    addText(value.slice(end, match.index));
    end = match.index + match[0].length;
    const { dollar, provider, braced = "", bare } = match.groups ?? {};
    if (dollar !== undefined) addText("$");
    else parts.push({ kind: "elsewhere", ref: referenceOf(provider ?? "__env", bare ?? braced.trim()) });
  }
  addText(value.slice(end));
  return parts;
}

function referenceOf(provider: string, what: string): string | undefined {
  if (provider === "__env") return /^[A-Za-z_]\w*$/.test(what) ? `$env:${what}` : undefined;
  return provider === "__file" && isAbsolutePath(what) ? `$file:${what}` : undefined;
}

/** What a list of parts amounts to. */
export function valueOfParts(parts: readonly ValuePart[]): GrafanaValue {
  const [first, ...others] = parts;
  if (first === undefined) return { kind: "text", text: "" };
  if (others.length > 0) return { kind: "mixed" };
  if (first.kind === "text") return first;
  return first.ref === undefined ? { kind: "mixed" } : { kind: "reference", ref: first.ref };
}

/** True for a path that means the same file from everywhere: `/etc/x`, `C:\x`; one line. */
export function isAbsolutePath(path: string): boolean {
  return /^(?:\/|[A-Za-z]:[\\/])[^\p{Cc}]+$/u.test(path);
}
