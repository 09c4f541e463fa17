import { builtinVariableDocs } from "../../promql/data/builtinVariableDocs.ts";
import { knownFormats } from "../../promql/data/variableFormats.ts";
import { code, type HelpPart, help, text } from "./helpParts.ts";
import { documentation } from "./wordHelp.ts";

/** A variable where it is named. */
export interface NamedVariable {
  readonly name: string;
  readonly format: string | undefined;
  /** It stands where a name that nothing defines is a group of a regular expression. */
  readonly inReplacement: boolean;
  /** What counts for it here; `where`: a few words behind "Defined". */
  readonly definition: { readonly value: string; readonly where: string } | undefined;
}

/** Help about a variable: what it is, and where its value comes from. */
export function variableHelp({ name, format, inReplacement, definition }: NamedVariable): readonly HelpPart[] {
  const head = code(`$${name}`);
  const builtin = builtinVariableDocs.get(name);
  if (builtin !== undefined) return [head, help("A variable that each run computes."), ...documentation(builtin)];
  const inserted =
    format === "regex" ? [help("`regex`: a regular expression that holds it matches exactly this value.")] : [];
  const unknown = format !== undefined && !knownFormats.has(format) ? [help("This format is not known.")] : [];
  if (definition !== undefined) {
    const { value, where } = definition;
    const shown = value === "" ? help("Its value is empty.") : text(`Value: ${value}`);
    return [head, shown, help(`Defined ${where}.`), ...inserted, ...unknown];
  }
  if (inReplacement) return [head, help("A group of the regular expression: no variable has this name here.")];
  const asked = "Nothing here defines it: a run asks for its value and remembers it in this workspace.";
  return [head, help(asked), help(`\`# @var ${name}=value\` above the query defines it.`), ...inserted, ...unknown];
}
