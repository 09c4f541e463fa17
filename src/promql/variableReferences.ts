import { grafanaFormats, knownFormats } from "./data/variableFormats.ts";
import { lexPromql, type Token } from "./lexer.ts";
import type { Span } from "./problems.ts";

export type Quote = '"' | "'" | "`";

/** A place where a variable's value is wanted: `$name`, `${name}`, `${name:format}`, `[[name]]` or a form that only Grafana knows. */
export interface VariableReference extends Span {
  readonly name: string;
  /** As written behind the colon, known or not. */
  readonly format: string | undefined;
  /** The quote of the string that it stands in. */
  readonly quote: Quote | undefined;
  /** It stands in the replacement argument of `label_replace`, where `$name` may be a group of the regular expression. */
  readonly inReplacement: boolean;
  /** A form of Grafana's that we do not fill in: `${name.text}`, `${name:date:iso}` or `[[name:format]]`, and what to write for it. */
  readonly foreign: { readonly form: string; readonly instead: string } | undefined;
}

// Names, then the field or the formats of Grafana's forms; quotes and line ends bound a slip such as `${job.`.
const referenceForm =
  /\$([A-Za-z_]\w*)|\$\{([A-Za-z_]\w*)(\.[^:{}$"'`\r\n]+)?(?::([^{}$"'`\r\n]+))?\}|\[\[([A-Za-z_]\w*)(?::(\w+))?\]\]/g;

/** All references of a PromQL text in ascending order, those in strings included, those in comments not. Linear. */
export function findVariableReferences(text: string): readonly VariableReference[] {
  return variableReferencesOf(text, lexPromql(text));
}

/** The same for the part of a text that these tokens are of; offsets are those of the whole text. */
export function variableReferencesOf(text: string, tokens: Iterable<Token>): readonly VariableReference[] {
  const references: VariableReference[] = [];
  const calls: Call[] = [];
  let previous: Token | undefined;
  for (const token of tokens) {
    switch (token.kind) {
      case "comment":
        continue;
      case "open":
        calls.push({ isLabelReplace: isLabelReplace(text, previous), argument: 0 });
        break;
      case "close":
        calls.pop();
        break;
      case "comma": {
        const call = calls.at(-1);
        if (call !== undefined) call.argument++;
        break;
      }
      case "variable":
      case "string":
      case "unterminatedString":
        references.push(...referencesIn(text, token, isReplacement(calls.at(-1))));
        break;
    }
    previous = token;
  }
  return references;
}

/** The references of a text that is no PromQL of its own but, say, a part of a string that `quote` encloses. */
export function findReferencesInText(
  text: string,
  { quote, inReplacement }: Pick<VariableReference, "quote" | "inReplacement">,
): readonly VariableReference[] {
  return [...matchesIn(text, 0, quote, inReplacement)];
}

/** An open bracket and the number of the argument that is read. */
interface Call {
  readonly isLabelReplace: boolean;
  argument: number;
}

function isLabelReplace(text: string, callee: Token | undefined): boolean {
  return callee?.kind === "identifier" && text.slice(callee.from, callee.to) === "label_replace";
}

/** The third of `label_replace(v, dst, replacement, src, regex)`. */
function isReplacement(call: Call | undefined): boolean {
  return call?.isLabelReplace === true && call.argument === 2;
}

function referencesIn(text: string, token: Token, inReplacement: boolean): Iterable<VariableReference> {
  const sign = text.charAt(token.from);
  const quote = sign === '"' || sign === "'" || sign === "`" ? sign : undefined;
  return matchesIn(text.slice(token.from, token.to), token.from, quote, inReplacement);
}

function* matchesIn(
  text: string,
  offset: number,
  quote: Quote | undefined,
  inReplacement: boolean,
): Generator<VariableReference> {
  for (const match of text.matchAll(referenceForm)) {
    const [form, plain, braced, field, bracedFormat, bracketed, bracketedFormat] = match;
    if (bracketedFormat !== undefined && !grafanaFormats.has(bracketedFormat)) continue;
    const name = plain ?? braced ?? bracketed ?? "";
    const format = bracedFormat ?? bracketedFormat;
    const isForeign = field !== undefined || bracketedFormat !== undefined || /\W/.test(format ?? "");
    // A group of a regular expression may look like anything; what is no variable of ours is left alone there.
    if (isForeign && inReplacement) continue;
    const instead = `\${${name}${format !== undefined && knownFormats.has(format) ? `:${format}` : ""}}`;
    const from = offset + match.index;
    yield {
      name,
      format,
      quote,
      inReplacement,
      foreign: isForeign ? { form, instead } : undefined,
      from,
      to: from + form.length,
    };
  }
}
