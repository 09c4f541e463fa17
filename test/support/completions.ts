import { completionAt } from "../../src/promql/completion/completionAt.ts";
import type { CompletionContext, CompletionPlace } from "../../src/promql/completion/completionContext.ts";
import { formatMatcher } from "../../src/shared/model/labels.ts";

/** A text whose `|` is the cursor; a `‖` stands for a `|` of the text itself. */
export function cursorIn(marked: string): { readonly text: string; readonly offset: number } {
  const offset = marked.indexOf("|");
  if (offset === -1) throw new Error(`no cursor in ${marked}`);
  return { text: (marked.slice(0, offset) + marked.slice(offset + 1)).replaceAll("‖", "|"), offset };
}

/** The context at the cursor of a text that is one block. */
export function contextIn(marked: string, place: Partial<CompletionPlace> = {}): CompletionContext {
  const { text, offset } = cursorIn(marked);
  const whole = { from: 0, to: text.length, kind: "query", endsAtBlankLine: true, isCell: false } as const;
  return completionAt(text, offset, { ...whole, ...place });
}

/** A context in one line: its kind, what it replaces in `<>`, and what it knows. */
export function describeContext(marked: string, place: Partial<CompletionPlace> = {}): string {
  const context = contextIn(marked, place);
  if (context.kind === "none") return "none";
  const replaced = cursorIn(marked).text.slice(context.from, context.to);
  return [context.kind, `<${replaced}>`, ...detailsOf(context)].join(" ");
}

function detailsOf(context: Exclude<CompletionContext, { kind: "none" }>): readonly string[] {
  switch (context.kind) {
    case "operand":
      return [
        ...(context.wants === undefined ? [] : [`${context.callee}:${context.wants}`]),
        ...(context.modifiers.length === 0 ? [] : [context.modifiers.join()]),
        ...(context.next === undefined ? [] : [`before ${context.next}`]),
      ];
    case "operator":
      return [context.behind, ...(context.mayGroup ? ["by"] : []), ...(context.next === undefined ? [] : ["before ("])];
    case "grouping":
      return context.next === undefined ? [] : [`before ${context.next}`];
    case "labelName":
      return [
        scopeText(context.scope),
        ...(context.quote === undefined ? [] : [`in ${context.quote}`]),
        ...(context.mayBeMetric ? ["or metric"] : []),
        ...(context.isFollowedByOperator ? ["before operator"] : []),
      ];
    case "labelValue":
      return [
        `${context.label}${context.operator}`,
        scopeText(context.scope),
        context.quote === undefined ? "bare" : `in ${context.quote}${context.isClosed ? "" : " open"}`,
        `typed ${JSON.stringify(context.typed)}`,
      ];
    case "listedLabel":
      return [
        context.scopes.map(scopeText).join(" ") || "any",
        ...(context.quote === undefined ? [] : [`in ${context.quote}${context.isClosed ? "" : " open"}`]),
        ...(context.isArgument ? ["argument"] : []),
        ...(context.others.length === 0 ? [] : [`beside ${context.others.join()}`]),
      ];
    case "duration":
      return [...(context.isStep ? ["step"] : []), `typed ${JSON.stringify(context.typed)}`];
    case "variable":
      return [context.form, ...(context.isDuration ? ["duration"] : []), ...(context.isClosed ? ["closed"] : [])];
    case "variableFormat":
      return context.isClosed ? ["closed"] : [];
    case "commentStart":
      return [...(context.separators ? ["separators"] : []), ...(context.directives ? ["directives"] : [])];
    case "directiveValue":
      return [context.key];
    default:
      return [];
  }
}

function scopeText({
  metric,
  matchers,
}: {
  readonly metric: string | undefined;
  readonly matchers: readonly Matcher[];
}) {
  const inside = matchers.map(({ label, operator, value }) => formatMatcher(label, operator, value)).join(",");
  return `${metric ?? ""}{${inside}}`;
}

type Matcher = Extract<CompletionContext, { kind: "labelName" }>["scope"]["matchers"][number];
