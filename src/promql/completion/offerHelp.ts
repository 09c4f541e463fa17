import { aggregationDocs } from "../data/aggregationDocs.ts";
import { builtinVariableDocs } from "../data/builtinVariableDocs.ts";
import { type DirectiveDocumentation, directiveDocs } from "../data/directiveDocs.ts";
import { directiveKeys } from "../data/directiveKeys.ts";
import type { Documentation } from "../data/documentation.ts";
import { functionDocs } from "../data/functionDocs.ts";
import { keywordDocs, momentDocs } from "../data/keywordDocs.ts";
import { operatorDocs } from "../data/operatorDocs.ts";
import type { HelpKey } from "./offer.ts";

/** What help says about an offer, if anything. */
export function helpOf({ table, key }: HelpKey): Documentation | DirectiveDocumentation | undefined {
  switch (table) {
    case "function":
      return functionDocs.get(key);
    case "aggregation":
      return aggregationDocs.get(key);
    case "keyword":
      return keywordDocs.get(key);
    case "operator":
      return operatorDocs.get(key);
    case "moment":
      return momentDocs.get(key);
    case "variable":
      return builtinVariableDocs.get(key);
    case "directive": {
      const known = directiveKeys.find((one) => one === key);
      return known === undefined ? undefined : directiveDocs[known];
    }
  }
}
