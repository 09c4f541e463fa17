import { builtinVariableNames } from "./data/builtinVariables.ts";
import type { Directive } from "./directives.ts";
import type { PromqlFile } from "./file.ts";
import { lexPromql } from "./lexer.ts";
import type { Span } from "./problems.ts";
import { findReferencesInText, variableReferencesOf } from "./variableReferences.ts";

/** A place where a variable is named; the place is the name's alone, without `$` and brackets. */
export interface VariablePlace extends Span {
  readonly name: string;
  readonly role: "definition" | "reference";
  /** It may be a group of a regular expression: only a definition makes it a variable. */
  readonly inReplacement: boolean;
  /** Of a definition: the value as text. */
  readonly value: string | undefined;
  /** The whole reference or directive. */
  readonly around: Span;
}

/** A part of a file, or a cell, whose own definitions beat the defaults. */
export interface VariableScope {
  /** True for the prologue and for the cell that sets defaults: their definitions count wherever a name has no own one. */
  readonly isDefaults: boolean;
  /** In ascending order. */
  readonly places: readonly VariablePlace[];
}

/** The prologue, which comes first, and the blocks of a file with the variables that each names. Linear. */
export function variableScopes(text: string, file: PromqlFile): readonly VariableScope[] {
  const prologue = { isDefaults: true, places: definitions(text, file.prologue.directives) };
  return [
    prologue,
    ...file.blocks.map(({ kind, directives, expression }): VariableScope => {
      const own = definitions(text, directives);
      const used = expression === undefined || kind === "markdown" ? [] : references(text, expression);
      return { isDefaults: false, places: [...own, ...used].sort((a, b) => a.from - b.from) };
    }),
  ];
}

/** The same for a cell. Its defaults stand in another cell, whose scope is this one's with `isDefaults`. */
export function cellScope(text: string, file: PromqlFile, isDefaults: boolean): VariableScope {
  const [, own] = variableScopes(text, { ...file, prologue: { ...file.prologue, directives: [] } });
  return { isDefaults, places: own?.places ?? [] };
}

/** The variable whose name stands at `offset`, an end counting as well as a start; `$` and brackets belong to it too. */
export function placeAt(scope: VariableScope, offset: number): VariablePlace | undefined {
  // Between two that touch, the one that begins there.
  return scope.places.findLast((place) => {
    const { from, to } = place.role === "reference" ? place.around : place;
    return from <= offset && offset <= to;
  });
}

/** Where a variable of one scope is named, with the number of the scope. */
export interface Related {
  readonly scope: number;
  readonly place: VariablePlace;
}

/**
 * All places that mean the variable `name` of the scope with this number: those of the scope itself if it defines the name, else
 * those of the defaults and of every scope without a definition of its own.
 */
export function relatedPlaces(scopes: readonly VariableScope[], scope: number, name: string): readonly Related[] {
  const own = scopes[scope];
  if (own === undefined) return [];
  const isAlone = !own.isDefaults && defines(own, name);
  const found = scopes.flatMap((one, i) => {
    const counts = isAlone ? i === scope : one.isDefaults || !defines(one, name);
    return counts ? one.places.filter((place) => place.name === name).map((place) => ({ scope: i, place })) : [];
  });
  const isDefined = found.some(({ place }) => place.role === "definition");
  return isDefined ? found : found.filter(({ place }) => !place.inReplacement);
}

/** The definition that counts for `name` in the scope: the last one of its own, else of the defaults. */
export function definitionOf(scopes: readonly VariableScope[], scope: number, name: string): Related | undefined {
  return relatedPlaces(scopes, scope, name).findLast(({ place }) => place.role === "definition");
}

/** Why a variable cannot have another name. */
export type RenameRefusal = "builtin" | "badName" | "newIsBuiltin" | "taken";

/** The places to be written anew when a variable is called `newName`, or why it cannot be. */
export function renamePlaces(
  scopes: readonly VariableScope[],
  at: Related,
  newName: string,
): readonly Related[] | RenameRefusal {
  const { name } = at.place;
  if (builtinVariableNames.has(name)) return "builtin";
  if (!/^[A-Za-z_]\w*$/.test(newName)) return "badName";
  if (newName === name) return [];
  if (builtinVariableNames.has(newName)) return "newIsBuiltin";
  const places = relatedPlaces(scopes, at.scope, name);
  const touched = new Set(places.map(({ scope }) => scope));
  const isTaken = [...touched].some((scope) => relatedPlaces(scopes, scope, newName).length > 0);
  return isTaken ? "taken" : places;
}

function defines({ places }: VariableScope, name: string): boolean {
  return places.some((place) => place.role === "definition" && place.name === name);
}

function definitions(text: string, directives: readonly Directive[]): readonly VariablePlace[] {
  return directives.flatMap(({ from, to, value, valueSpan }): VariablePlace[] => {
    if (value?.key !== "var") return [];
    const raw = text.slice(valueSpan.from, valueSpan.to);
    const { name, value: assigned } = value.value;
    const start = valueSpan.from + (raw.startsWith('"') ? 1 : 0);
    const place = { name, from: start, to: start + name.length, role: "definition" as const };
    const used = findReferencesInText(raw, { quote: undefined, inReplacement: false });
    return [
      { ...place, inReplacement: false, value: assigned, around: { from, to } },
      ...used.map((one) => reference(text, one, valueSpan.from)),
    ];
  });
}

function references(text: string, expression: Span): readonly VariablePlace[] {
  const tokens = lexPromql(text, expression.from, expression.to);
  return variableReferencesOf(text, tokens).map((one) => reference(text, one, 0));
}

function reference(
  text: string,
  one: Span & { readonly name: string; readonly inReplacement: boolean },
  offset: number,
): VariablePlace {
  const around = { from: one.from + offset, to: one.to + offset };
  const isBracketed = text.charAt(around.from) === "[" || text.charAt(around.from + 1) === "{";
  const from = around.from + (isBracketed ? 2 : 1);
  const { name, inReplacement } = one;
  return { name, from, to: from + name.length, role: "reference", inReplacement, value: undefined, around };
}
