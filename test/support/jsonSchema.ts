import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";

/** As much of JSON schema, and of what VS Code adds to it, as our manifest uses. */
export interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly enumDescriptions?: readonly string[];
  readonly pattern?: string;
  readonly patternErrorMessage?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly description?: string;
  readonly markdownDescription?: string;
  readonly items?: JsonSchema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly not?: JsonSchema;
  readonly defaultSnippets?: readonly { readonly label: string; readonly body: unknown }[];
  readonly scope?: string;
  readonly order?: number;
  readonly tags?: readonly string[];
}

const keywords: ReadonlySet<string> = new Set([
  ...["type", "const", "enum", "pattern", "minLength", "maxLength", "minimum", "maximum", "items", "required"],
  ...["properties", "additionalProperties", "propertyNames", "oneOf", "anyOf", "not"],
  // These explain and do not judge.
  ...["enumDescriptions", "patternErrorMessage", "default", "examples", "description", "markdownDescription"],
  ...["defaultSnippets", "scope", "order", "tags"],
]);

/** True if the value is as the schema wants it. Fails on a keyword that it does not know, rather than pass it over. */
export function isValid(schema: JsonSchema, value: unknown): boolean {
  for (const key of Object.keys(schema)) assert.ok(keywords.has(key), `unknown keyword ${key}`);
  if (schema.type !== undefined && !hasType(schema.type, value)) return false;
  if ("const" in schema && !isDeepStrictEqual(schema.const, value)) return false;
  if (schema.enum?.some((one) => isDeepStrictEqual(one, value)) === false) return false;
  if (schema.not !== undefined && isValid(schema.not, value)) return false;
  if (schema.anyOf?.some((one) => isValid(one, value)) === false) return false;
  if (schema.oneOf !== undefined && schema.oneOf.filter((one) => isValid(one, value)).length !== 1) return false;
  if (typeof value === "string") return isValidText(schema, value);
  if (typeof value === "number") return value >= (schema.minimum ?? value) && value <= (schema.maximum ?? value);
  if (Array.isArray(value)) return value.every((one: unknown) => isValid(schema.items ?? {}, one));
  return typeof value === "object" && value !== null ? isValidObject(schema, value) : true;
}

function hasType(type: string, value: unknown): boolean {
  if (type === "integer") return Number.isInteger(value);
  if (type === "array") return Array.isArray(value);
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return typeof value === type;
}

function isValidText({ pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY }: JsonSchema, value: string) {
  return (
    value.length >= minLength && value.length <= maxLength && (pattern === undefined || regExp(pattern).test(value))
  );
}

/** VS Code reads `(?i)` in front of a pattern as "letters large or small", and all patterns as Unicode. */
function regExp(pattern: string): RegExp {
  return pattern.startsWith("(?i)") ? new RegExp(pattern.slice(4), "iu") : new RegExp(pattern, "u");
}

function isValidObject({ required, properties, additionalProperties, propertyNames }: JsonSchema, value: object) {
  if (required?.some((key) => !Object.hasOwn(value, key)) === true) return false;
  return Object.entries(value).every(([key, one]) => {
    if (propertyNames !== undefined && !isValid(propertyNames, key)) return false;
    const known = properties?.[key];
    if (known !== undefined) return isValid(known, one);
    if (typeof additionalProperties === "object") return isValid(additionalProperties, one);
    return additionalProperties !== false;
  });
}
