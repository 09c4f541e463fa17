import { promqlAggregations } from "./data/aggregations.ts";
import { promqlFunctions } from "./data/functions.ts";
import { parameterAt, signatureOf } from "./data/signatures.ts";
import type { Span } from "./problems.ts";
import type { ValueType } from "./syntaxTree.ts";

/** A signature as one line, with the place of each parameter in it. */
export interface SignatureText {
  readonly label: string;
  readonly parameters: readonly (Span & { readonly type: ValueType; readonly isOptional: boolean })[];
  /** The parameter that the argument is for; as many as there are where it is one too many. */
  readonly active: number;
}

/** The signature of a function or aggregation for somebody who writes the argument of this number; `undefined` for other names. */
export function signatureText(name: string, argument: number): SignatureText | undefined {
  const signature = signatureOf(name);
  const row = promqlAggregations.get(name.toLowerCase()) ?? promqlFunctions.get(name);
  if (signature === undefined || row === undefined) return undefined;
  const label = row.signature;
  let at = label.indexOf("(") + 1;
  const parameters = signature.parameters.map(({ type, isOptional }) => {
    const from = at;
    const comma = label.indexOf(", ", from);
    const to = comma === -1 ? label.lastIndexOf(")") : comma;
    at = to + 2;
    return { type, isOptional, from, to };
  });
  const parameter = parameterAt(signature, argument);
  const active = parameter === undefined ? parameters.length : signature.parameters.indexOf(parameter);
  return { label, parameters, active };
}
