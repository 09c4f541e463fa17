import {
  findReferencesInText,
  findVariableReferences,
  type Quote,
  type VariableReference,
} from "../promql/variableReferences.ts";

/** Why a query with variables is not sent: a form that we do not know, or a definition's name. */
export interface VariableRefusal {
  readonly what: "variableForm" | "variableCycle" | "variableSize";
  readonly detail: string;
}

/** Definitions inside definitions. */
const deepest = 100;

/** Characters of a definition with everything filled in: a few that double each other would fill the memory. */
const longest = 100_000;

/** Where a definition is inserted: in PromQL, in a string with this quote, or as a text that is then escaped. */
type Place = Quote | "code" | "text";

/** The values of one text's variables: those of definitions with their own references filled in, each worked out once a place. */
export class VariableValues {
  readonly #values: ReadonlyMap<string, string>;
  readonly #definitions: ReadonlyMap<string, string>;
  readonly #open: string[] = [];
  readonly #done = new Map<string, string | undefined>();
  readonly #undefined = new Set<string>();
  #refusal: VariableRefusal | undefined;

  /** `values` are taken as they are, `definitions` beat them and may refer to both. */
  constructor(values: ReadonlyMap<string, string>, definitions: ReadonlyMap<string, string>) {
    this.#values = values;
    this.#definitions = definitions;
  }

  /** Names that were met and have no value, in order of appearance. */
  get undefinedNames(): ReadonlySet<string> {
    return this.#undefined;
  }

  /** The first reason met not to send anything. */
  get refusal(): VariableRefusal | undefined {
    return this.#refusal;
  }

  /** What stands in the place of a reference; `undefined`: it stays as it is. */
  at({ name, format, quote, inReplacement, foreign }: VariableReference): string | undefined {
    if (foreign !== undefined) return this.#refuse("variableForm", foreign.form);
    if (format !== "regex") return this.#valueOf(name, quote ?? "code", inReplacement);
    const value = this.#valueOf(name, "text", inReplacement);
    return value === undefined ? undefined : escapeForRegex(value, quote);
  }

  #valueOf(name: string, place: Place, inReplacement: boolean): string | undefined {
    const definition = this.#definitions.get(name);
    if (definition !== undefined) return this.#defined(name, definition, place, inReplacement);
    const value = this.#values.get(name);
    if (value === undefined && !inReplacement) this.#undefined.add(name);
    return value;
  }

  #defined(name: string, definition: string, place: Place, inReplacement: boolean): string | undefined {
    const key = `${place} ${inReplacement} ${name}`;
    if (this.#done.has(key)) return this.#done.get(key);
    if (this.#open.includes(name)) return this.#refuse("variableCycle", name);
    if (this.#open.length === deepest) return this.#refuse("variableSize", name);
    this.#open.push(name);
    const filled = this.#filled(definition, place, inReplacement);
    this.#open.pop();
    const value = filled === undefined ? this.#refuse("variableSize", name) : filled;
    this.#done.set(key, value);
    return value;
  }

  /** A definition with its references filled in; `undefined` where that is too long. */
  #filled(definition: string, place: Place, inReplacement: boolean): string | undefined {
    let filled = "";
    let copiedTo = 0;
    for (const reference of referencesOf(definition, place, inReplacement)) {
      const inserted = this.at(reference);
      if (inserted === undefined) continue;
      filled += definition.slice(copiedTo, reference.from) + inserted;
      copiedTo = reference.to;
      if (filled.length > longest) return undefined;
    }
    return filled + definition.slice(copiedTo);
  }

  #refuse(what: VariableRefusal["what"], detail: string): undefined {
    this.#refusal ??= { what, detail };
    return undefined;
  }
}

/** The references of a definition as they count where it is inserted. */
function referencesOf(definition: string, place: Place, inReplacement: boolean): readonly VariableReference[] {
  if (place !== "code") {
    return findReferencesInText(definition, { quote: place === "text" ? undefined : place, inReplacement });
  }
  return findVariableReferences(definition).map((one) => ({
    ...one,
    inReplacement: one.inReplacement || inReplacement,
  }));
}

/** RE2's metacharacters (`regexp.QuoteMeta` of Go), then what the enclosing string would take for an escape or its end. */
function escapeForRegex(value: string, quote: Quote | undefined): string {
  const pattern = value.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");
  switch (quote) {
    case undefined:
      return pattern;
    case "`":
      // A raw string cannot hold its own quote, but RE2 knows it by its number.
      return pattern.replaceAll("`", "\\x60");
    default:
      return pattern
        .replaceAll("\\", "\\\\")
        .replaceAll(quote, `\\${quote}`)
        .replaceAll("\n", "\\n")
        .replaceAll("\r", "\\r");
  }
}
