import type { FunctionDocumentation } from "./documentation.ts";
import { histogramFunctions } from "./functionDocs/histogramFunctions.ts";
import { mathFunctions } from "./functionDocs/mathFunctions.ts";
import { rangeFunctions } from "./functionDocs/rangeFunctions.ts";
import { seriesFunctions } from "./functionDocs/seriesFunctions.ts";
import { timeFunctions } from "./functionDocs/timeFunctions.ts";

/** What help says about each function of Prometheus 3.14, by name. */
export const functionDocs: ReadonlyMap<string, FunctionDocumentation> = new Map(
  [rangeFunctions, histogramFunctions, mathFunctions, seriesFunctions, timeFunctions].flatMap(Object.entries),
);
