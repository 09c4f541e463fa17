import { builtinVariableDocs } from "../data/builtinVariableDocs.ts";
import { knownFormats } from "../data/variableFormats.ts";
import type { CompletionContext } from "./completionContext.ts";
import type { Offer } from "./offer.ts";

type Form = Extract<CompletionContext, { kind: "variable" }>["form"];

/** A reference to a variable as it is written. */
function reference(name: string, form: Form): string {
  if (form === "$") return `$${name}`;
  return form === "${" ? `\${${name}}` : `[[${name}]]`;
}

/** The file's own variables with their values, then those that every run computes. */
export function variableOffers(
  { form, isDuration }: Extract<CompletionContext, { kind: "variable" }>,
  own: ReadonlyMap<string, string>,
): readonly Offer[] {
  const ownOffers = [...own].map(([name, value]): Offer => {
    const text = reference(name, form);
    return { kind: "variable", label: text, insert: text, detail: `= ${value}`, rank: isDuration ? 5 : 0 };
  });
  return [...ownOffers, ...builtinVariableOffers(form, { isDuration })];
}

/** The variables that every run computes; those that are no durations last where one is wanted. */
export function builtinVariableOffers(form: Form, { isDuration }: { readonly isDuration: boolean }): readonly Offer[] {
  const durations = ["__rate_interval", "__interval", "__range"];
  return [...builtinVariableDocs].flatMap(([name, { summary }]) => {
    const index = durations.indexOf(name);
    if (isDuration && index === -1) return [];
    const text = reference(name, form);
    return {
      kind: "variable",
      label: text,
      insert: text,
      detail: summary,
      help: { table: "variable", key: name },
      rank: index === -1 ? 4 : 1 + index,
    };
  });
}

const formatDetails: Readonly<Record<string, string>> = {
  regex: "values escaped for a regular expression, with | between",
  pipe: "values with | between",
  csv: "values with commas between",
};

/** The formats of `${name:format}`. */
export function formatOffers({ isClosed }: { readonly isClosed: boolean }): readonly Offer[] {
  return [...knownFormats].map((format, rank) => ({
    kind: "choice",
    label: format,
    insert: isClosed ? format : `${format}}`,
    detail: formatDetails[format] ?? "",
    rank,
  }));
}
