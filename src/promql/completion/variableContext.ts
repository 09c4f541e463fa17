import type { Token } from "../lexer.ts";
import type { CompletionContext, CompletionInput } from "./completionContext.ts";

/** Names of variables are short; more is not looked at, whatever stands before the cursor. */
const longestForm = 100;

const nameBefore = /(\$\{|\$|\[\[)([A-Za-z_]\w*)?$/;
const formatBefore = /\$\{[A-Za-z_]\w*:(\w*)$/;

interface VariableInput extends Pick<CompletionInput, "text" | "at" | "tokens" | "touched"> {
  /** What stands before this is none of it. */
  readonly from: number;
}

/** What may stand behind `$`, `${`, `[[` and in `${name:format}`, in an expression and in its strings; `undefined`: the cursor is elsewhere. */
export function variableContext({
  text,
  at,
  tokens,
  touched,
  from: begin,
}: VariableInput): CompletionContext | undefined {
  const before = text.slice(Math.max(begin, at - longestForm), at);
  const format = formatBefore.exec(before);
  const rest = /^\w*/.exec(text.slice(at, at + longestForm))?.[0] ?? "";
  const end = at + rest.length;
  if (format !== null) {
    const isClosed = text.charAt(end) === "}";
    return { kind: "variableFormat", isClosed, from: at - (format[1]?.length ?? 0), to: end };
  }
  const match = nameBefore.exec(before);
  const [whole, form] = match ?? [];
  if (whole === undefined || (form !== "$" && form !== "${" && form !== "[[")) return undefined;
  const from = at - whole.length;
  // Two brackets in an expression that none follow may be a range typed with a slip; three and more are none of ours.
  if (form === "[[" && text.charAt(from - 1) === "[") return undefined;
  const isString = touched?.kind === "string" || touched?.kind === "unterminatedString";
  if (isString && isReplacement(text, tokens, touched)) return { kind: "none" };
  const close = form === "${" ? "}" : form === "[[" ? "]]" : "";
  const isClosed = close !== "" && text.startsWith(close, end);
  return {
    kind: "variable",
    form,
    isDuration: !isString && isInBrackets(text, tokens, from),
    isClosed,
    from,
    to: isClosed ? end + close.length : end,
  };
}

/** The third argument of `label_replace`, where `$name` is a group of the regular expression. */
function isReplacement(text: string, tokens: readonly Token[], string: Token): boolean {
  let depth = 0;
  let commas = 0;
  for (let i = tokens.indexOf(string) - 1; i >= 0; i--) {
    const token = tokens[i];
    if (token === undefined) return false;
    if (token.kind === "close") depth++;
    else if (token.kind === "comma" && depth === 0) commas++;
    else if (token.kind === "open" && depth > 0) depth--;
    else if (token.kind === "open") {
      const callee = tokens[i - 1];
      return commas === 2 && callee !== undefined && text.slice(callee.from, callee.to) === "label_replace";
    }
  }
  return false;
}

/** True where a duration is wanted: in brackets, or right behind `offset`. */
function isInBrackets(text: string, tokens: readonly Token[], from: number): boolean {
  const before = tokens.findLast((token) => token.to <= from);
  if (before === undefined) return false;
  const sign = text.slice(before.from, before.to).toLowerCase();
  return sign === "[" || sign === ":" || sign === "offset";
}
