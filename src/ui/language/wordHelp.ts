import { aggregationDocs } from "../../promql/data/aggregationDocs.ts";
import { promqlAggregations } from "../../promql/data/aggregations.ts";
import { directiveDocs } from "../../promql/data/directiveDocs.ts";
import type { DirectiveKey } from "../../promql/data/directiveKeys.ts";
import type { FunctionDocumentation, KeywordDocumentation } from "../../promql/data/documentation.ts";
import { functionDocs } from "../../promql/data/functionDocs.ts";
import { promqlFunctions } from "../../promql/data/functions.ts";
import { keywordDocs } from "../../promql/data/keywordDocs.ts";
import { labelDocs } from "../../promql/data/labelDocs.ts";
import { metricsqlFunctions } from "../../promql/data/metricsqlFunctions.ts";
import { operatorDocs } from "../../promql/data/operatorDocs.ts";
import { code, type HelpPart, help } from "./helpParts.ts";

/** Help about a function or aggregation; nothing for a name that is neither. */
export function callableHelp(name: string): readonly HelpPart[] {
  const lower = name.toLowerCase();
  const aggregation = promqlAggregations.get(lower);
  const row = aggregation ?? promqlFunctions.get(name);
  if (row === undefined) {
    const isForeign = metricsqlFunctions.has(lower);
    return isForeign
      ? [code(name), help("A function of MetricsQL: VictoriaMetrics knows it, Prometheus does not.")]
      : [];
  }
  const docs = aggregation === undefined ? functionDocs.get(name) : aggregationDocs.get(lower);
  const flag = row.experimental ? "promql-experimental-functions" : undefined;
  return [code(row.signature), ...documentation({ ...docs, summary: docs?.summary ?? "", ...(flag && { flag }) })];
}

/** Help about a word or sign of the language; nothing for others. */
export function wordHelp(word: string): readonly HelpPart[] {
  const docs = keywordDocs.get(word) ?? operatorDocs.get(word);
  return docs === undefined ? [] : [code(word), ...documentation(docs)];
}

/** Help about the key of a directive. */
export function directiveHelp(key: DirectiveKey): readonly HelpPart[] {
  const { summary, detail, value, example } = directiveDocs[key];
  return [
    code(`# @${key}`),
    ...documentation({ summary, ...(detail && { detail }) }),
    help(`Value: ${value}.`),
    code(example),
  ];
}

/** What a label means, where it has a meaning of its own. */
export function labelHelp(name: string): readonly HelpPart[] {
  const meaning = labelDocs.get(name);
  return meaning === undefined ? [] : [help(meaning)];
}

/** The parts of a documentation, without the name that it is about. */
export function documentation({
  summary,
  detail,
  example,
  since,
  flag,
}: KeywordDocumentation & FunctionDocumentation): readonly HelpPart[] {
  const notes = [
    ...(since === undefined ? [] : [`Since Prometheus ${since}.`]),
    ...(flag === undefined ? [] : [`Experimental: the server needs \`--enable-feature=${flag}\`.`]),
  ];
  return [
    ...[summary, detail ?? "", notes.join(" ")].filter((part) => part !== "").map(help),
    ...(example === undefined ? [] : [code(example)]),
  ];
}
