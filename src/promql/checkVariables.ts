import { builtinVariableNames } from "./data/builtinVariables.ts";
import { knownFormats } from "./data/variableFormats.ts";
import type { Directive } from "./directives.ts";
import type { Token } from "./lexer.ts";
import type { Problem, Span } from "./problems.ts";
import { findReferencesInText, type VariableReference, variableReferencesOf } from "./variableReferences.ts";

/** Appends what is wrong with the variables of the expression that these tokens are of. */
export function checkReferences(text: string, tokens: readonly Token[], problems: Problem[]): void {
  for (const reference of variableReferencesOf(text, tokens)) reportReference(reference, reference, problems);
}

function reportReference(reference: VariableReference, { from, to }: Span, problems: Problem[]): void {
  const { name, format, foreign } = reference;
  if (foreign !== undefined) problems.push({ code: "foreignVariable", name, ...foreign, from, to });
  else if (format !== undefined && !knownFormats.has(format))
    problems.push({ code: "unknownVariableFormat", name, format, from, to });
}

/** A `@var` that counts, with the references in its value. */
interface Definition {
  readonly directive: Directive;
  readonly references: readonly VariableReference[];
}

/**
 * Appends what is wrong with the values of these `@var` directives, `defaults` standing for names that they do not define. A
 * value lies in quotes and escapes, so the whole assignment is the place.
 */
export function checkDefinitions(own: readonly Directive[], defaults: readonly Directive[], problems: Problem[]): void {
  if (!own.some(({ key }) => key === "var")) return;
  const definitions = new Map([...definitionsOf(defaults), ...definitionsOf(own)]);
  const cyclic = cyclicNames(definitions);
  for (const [name, { directive, references }] of definitionsOf(own)) {
    for (const reference of references) reportReference(reference, directive.valueSpan, problems);
    const { from, to } = directive.valueSpan;
    if (cyclic.has(name)) problems.push({ code: "variableCycle", name, from, to });
  }
}

function definitionsOf(directives: readonly Directive[]): ReadonlyMap<string, Definition> {
  const definitions = new Map<string, Definition>();
  for (const directive of directives) {
    if (directive.value?.key !== "var" || builtinVariableNames.has(directive.value.value.name)) continue;
    const { name, value } = directive.value.value;
    const references = findReferencesInText(value, { quote: undefined, inReplacement: false });
    definitions.set(name, { directive, references });
  }
  return definitions;
}

/** Names whose values lead back to them: what is left when names that lead nowhere, or that nothing leads to, are taken away. */
function cyclicNames(definitions: ReadonlyMap<string, Definition>): ReadonlySet<string> {
  const targets = new Map<string, ReadonlySet<string>>();
  const origins = new Map<string, Set<string>>([...definitions.keys()].map((name) => [name, new Set()]));
  for (const [name, { references }] of definitions) {
    const names = new Set(references.map((one) => one.name).filter((one) => definitions.has(one)));
    targets.set(name, names);
    for (const one of names) origins.get(one)?.add(name);
  }
  const leading = withoutEnds(new Set(definitions.keys()), targets, origins);
  return withoutEnds(leading, origins, targets);
}

/** The names without those that lead to none of them, again and again. */
function withoutEnds(
  names: ReadonlySet<string>,
  targets: ReadonlyMap<string, ReadonlySet<string>>,
  origins: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  const left = new Set(names);
  const counts = new Map(
    [...left].map((name) => [name, [...(targets.get(name) ?? [])].filter((one) => left.has(one)).length]),
  );
  const ends = [...left].filter((name) => counts.get(name) === 0);
  for (let end = ends.pop(); end !== undefined; end = ends.pop()) {
    left.delete(end);
    for (const origin of origins.get(end) ?? []) {
      const count = (counts.get(origin) ?? 0) - 1;
      counts.set(origin, count);
      if (count === 0 && left.has(origin)) ends.push(origin);
    }
  }
  return left;
}
