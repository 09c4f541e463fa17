import type { ValueType } from "../syntaxTree.ts";
import { promqlAggregations } from "./aggregations.ts";
import { promqlFunctions } from "./functions.ts";

/** One parameter. What is optional or repeated stands at the end of a signature. */
export interface Parameter {
  readonly name: string;
  readonly type: ValueType;
  /** May be left out. */
  readonly isOptional: boolean;
  /** May be given more than once; with `isOptional` also not at all. */
  readonly isRepeated: boolean;
}

/** How a function or aggregation is called and what it yields. */
export interface Signature {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly leastArguments: number;
  /** `undefined`: any number. */
  readonly mostArguments: number | undefined;
  readonly result: ValueType;
  /** Needs `--enable-feature=promql-experimental-functions` on the server. */
  readonly isExperimental: boolean;
  readonly isAggregation: boolean;
}

const alreadyRead = new Map<string, Signature>();

/** The signature of a function or, in any case, of an aggregation of Prometheus 3.14; `undefined` for other names. */
export function signatureOf(name: string): Signature | undefined {
  const lower = name.toLowerCase();
  const aggregation = promqlAggregations.get(lower);
  const row = aggregation ?? promqlFunctions.get(name);
  if (row === undefined) return undefined;
  const known = alreadyRead.get(row.name);
  if (known !== undefined) return known;
  const isAggregation = aggregation !== undefined;
  const read = readSignature(isAggregation ? `${row.signature} instant-vector` : row.signature);
  if (read === undefined) return undefined;
  const signature = { ...read, isExperimental: row.experimental, isAggregation };
  alreadyRead.set(row.name, signature);
  return signature;
}

/** The parameter that the argument at `index` is for; `undefined` where that is one too many. */
export function parameterAt(signature: Signature, index: number): Parameter | undefined {
  const { parameters, mostArguments } = signature;
  if (mostArguments !== undefined && index >= mostArguments) return undefined;
  const last = parameters.at(-1);
  return parameters[index] ?? (last?.isRepeated === true ? last : undefined);
}

/** How often a repeated parameter may be given, where Prometheus limits it (`Variadic` in its table). */
const mostRepetitions: ReadonlyMap<string, number> = new Map([["histogram_quantiles", 10]]);

type Shape = Omit<Signature, "isExperimental" | "isAggregation">;

/** Reads a text such as `round(v instant-vector, [to_nearest scalar]) instant-vector`. */
function readSignature(text: string): Shape | undefined {
  const match = /^(\w+)\((.*)\) (\S+)$/.exec(text);
  if (match === null) return undefined;
  const [, name = "", inside = "", resultWord = ""] = match;
  const parts = inside === "" ? [] : inside.split(", ");
  const parameters = parts.flatMap((part) => readParameter(part) ?? []);
  const result = valueTypes.get(resultWord);
  if (result === undefined || parameters.length !== parts.length) return undefined;
  const repetitions = parameters.some(({ isRepeated }) => isRepeated) ? (mostRepetitions.get(name) ?? Infinity) : 1;
  const most = parameters.length - 1 + repetitions;
  return {
    name,
    parameters,
    leastArguments: parameters.filter(({ isOptional }) => !isOptional).length,
    mostArguments: Number.isFinite(most) ? most : undefined,
    result,
  };
}

function readParameter(text: string): Parameter | undefined {
  const match = /^(\[?)(\w+) ([a-z-]+)(\.{3})?(\]?)$/.exec(text);
  const type = valueTypes.get(match?.[3] ?? "");
  if (match?.[2] === undefined || type === undefined) return undefined;
  return { name: match[2], type, isOptional: match[1] === "[", isRepeated: match[4] !== undefined };
}

const valueTypes: ReadonlyMap<string, ValueType> = new Map<string, ValueType>([
  ["scalar", "scalar"],
  ["instant-vector", "instant-vector"],
  ["range-vector", "range-vector"],
  ["string", "string"],
]);
