import { lexPromql, type Token } from "./lexer.ts";
import type { Span } from "./problems.ts";

/** A place where a variable's value is wanted: `$name`, `${name}`, `${name:format}` or `[[name]]`. */
export interface VariableReference extends Span {
  readonly name: string;
  /** As written behind the colon, known or not. */
  readonly format: string | undefined;
  /** The quote of the string that it stands in. */
  readonly quote: '"' | "'" | "`" | undefined;
  /** It stands in the replacement argument of `label_replace`, where `$name` may be a group of the regular expression. */
  readonly inReplacement: boolean;
}

const referenceForm =
  /\$([A-Za-z_][A-Za-z0-9_]*)|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::([A-Za-z0-9_]+))?\}|\[\[([A-Za-z_][A-Za-z0-9_]*)\]\]/g;

/** All references of a PromQL text in ascending order, those in strings included, those in comments not. Linear. */
export function findVariableReferences(text: string): readonly VariableReference[] {
  const references: VariableReference[] = [];
  const calls: Call[] = [];
  let previous: Token | undefined;
  for (const token of lexPromql(text)) {
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

function* referencesIn(text: string, token: Token, inReplacement: boolean): Generator<VariableReference> {
  const sign = text.charAt(token.from);
  const quote = sign === '"' || sign === "'" || sign === "`" ? sign : undefined;
  for (const match of text.slice(token.from, token.to).matchAll(referenceForm)) {
    const name = match[1] ?? match[2] ?? match[4] ?? "";
    const from = token.from + match.index;
    yield { name, format: match[3], quote, inReplacement, from, to: from + match[0].length };
  }
}
