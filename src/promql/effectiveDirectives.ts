import type { TimeExpression } from "../shared/model/time.ts";
import { builtinVariableNames } from "./data/builtinVariables.ts";
import type { DirectiveKey } from "./data/directiveKeys.ts";
import type { Directive } from "./directives.ts";
import type { DirectiveValue, DirectiveValues } from "./directiveValue.ts";
import type { Problem, Span } from "./problems.ts";
import { isInstantOnly } from "./resultShape.ts";

/** What a block's text asks for; `undefined` is left to the connection and the settings. Durations in milliseconds. */
export interface EffectiveDirectives {
  readonly connection: string | undefined;
  /** `undefined`: both kinds of request. */
  readonly mode: DirectiveValues["mode"] | undefined;
  /** Length of the window that ends at `end` (or now); `undefined` where `start` is given, which beats it. */
  readonly rangeMs: number | undefined;
  readonly start: TimeExpression | undefined;
  readonly end: TimeExpression | undefined;
  /** Of the query if it runs as instant, whether the text says so or whoever runs it; the other modes do not look at it. */
  readonly time: TimeExpression | undefined;
  readonly stepMs: number | undefined;
  readonly title: string | undefined;
  readonly legend: string | undefined;
  readonly unit: string | undefined;
  readonly view: DirectiveValues["view"] | undefined;
  readonly maxSeries: number | undefined;
  readonly vars: ReadonlyMap<string, string>;
  /** The directive that each value comes from (not those of `@var`), to show something at its place. */
  readonly sources: ReadonlyMap<DirectiveKey, Directive>;
}

/** Something with directives and perhaps a title from its separator and an expression. */
interface DirectiveHolder {
  readonly directives: readonly Directive[];
  readonly title?: { readonly text: string };
  readonly expression?: Span;
}

/** The last valid directive of each key, and of each variable. */
interface Level {
  readonly byKey: ReadonlyMap<DirectiveKey, Directive>;
  readonly vars: ReadonlyMap<string, Directive>;
}

function levelOf(directives: readonly Directive[]): Level {
  const byKey = new Map<DirectiveKey, Directive>();
  const vars = new Map<string, Directive>();
  for (const directive of directives) {
    if (directive.value === undefined) continue;
    if (directive.value.key === "var") vars.set(directive.value.value.name, directive);
    else byKey.set(directive.key, directive);
  }
  return { byKey, vars };
}

/**
 * The directives that hold for a block: its own beat the prologue's. `@start` beats a `@range` of the same level; a block's
 * own `@range` beats the prologue's `@start`. A separator's title counts as the block's, below its own `@title`.
 */
export function resolveDirectives(
  file: { readonly prologue: DirectiveHolder },
  block: DirectiveHolder,
): EffectiveDirectives {
  const own = levelOf(block.directives);
  const defaults = levelOf(file.prologue.directives);
  const sources = new Map([...defaults.byKey, ...own.byKey]);
  if (block.title !== undefined && !own.byKey.has("title")) sources.delete("title");
  if (own.byKey.has("range") && !own.byKey.has("start")) sources.delete("start");
  if (sources.has("start")) sources.delete("range");
  const vars = [...defaults.vars, ...own.vars].flatMap(([name, { value }]): [string, string][] =>
    value?.key === "var" ? [[name, value.value.value]] : [],
  );
  return {
    connection: typedValue(sources, "connection"),
    mode: typedValue(sources, "mode"),
    rangeMs: typedValue(sources, "range"),
    start: typedValue(sources, "start"),
    end: typedValue(sources, "end"),
    time: typedValue(sources, "time"),
    stepMs: typedValue(sources, "step"),
    title: typedValue(sources, "title") ?? block.title?.text,
    legend: typedValue(sources, "legend"),
    unit: typedValue(sources, "unit"),
    view: typedValue(sources, "view"),
    maxSeries: typedValue(sources, "max-series"),
    vars: new Map(vars),
    sources,
  };
}

/** The value of `key`, as the type that belongs to it. */
function typedValue<K extends DirectiveKey>(
  sources: ReadonlyMap<DirectiveKey, Directive>,
  key: K,
): DirectiveValues[K] | undefined {
  const value = sources.get(key)?.value;
  return value !== undefined && hasKey(value, key) ? value.value : undefined;
}

function hasKey<K extends DirectiveKey>(
  value: DirectiveValue,
  key: K,
): value is DirectiveValue & { readonly key: K; readonly value: DirectiveValues[K] } {
  return value.key === key;
}

/** What is checked together: a file's text, the defaults of its blocks, and the blocks. */
interface Checked {
  readonly text: string;
  readonly defaults: DirectiveHolder;
  readonly blocks: readonly DirectiveHolder[];
}

/** Appends what is wrong with blocks' directives together: repeated ones, and those that another one leaves without effect. */
export function checkDirectives({ text, defaults, blocks }: Checked, problems: Problem[]): void {
  for (const block of blocks) {
    if (block.directives.length === 0) continue;
    checkLevel(block.directives, () => isInstant(text, block, defaults), problems);
  }
}

/** Appends what is wrong with the defaults of these blocks. */
export function checkDefaults({ text, defaults, blocks }: Checked, problems: Problem[]): void {
  const mayHaveTime = () =>
    isInstant(text, defaults, defaults) || blocks.some((block) => isInstant(text, block, defaults));
  checkLevel(defaults.directives, mayHaveTime, problems);
}

/** True if a query runs as instant without being told to: its directives say so, or its answer has no range query. */
function isInstant(text: string, { directives, expression }: DirectiveHolder, defaults: DirectiveHolder): boolean {
  const mode = typedValue(levelOf(directives).byKey, "mode") ?? typedValue(levelOf(defaults.directives).byKey, "mode");
  return mode === "instant" || (expression !== undefined && isInstantOnly(text.slice(expression.from, expression.to)));
}

function checkLevel(directives: readonly Directive[], mayHaveTime: () => boolean, problems: Problem[]): void {
  const level = levelOf(directives);
  for (const directive of directives) {
    const { key, value, from, to } = directive;
    if (value === undefined) continue;
    const name = value.key === "var" ? value.value.name : undefined;
    const winner = name === undefined ? level.byKey.get(key) : level.vars.get(name);
    if (winner !== directive) problems.push({ code: "duplicateDirective", key, name, from, to });
    else if (name !== undefined && builtinVariableNames.has(name))
      problems.push({ code: "builtinVariable", name, from, to });
    else if (key === "range" && level.byKey.has("start")) problems.push({ code: "startEndBeatRange", from, to });
    else if (key === "time" && !mayHaveTime()) problems.push({ code: "timeOnlyForInstant", from, to });
  }
}
