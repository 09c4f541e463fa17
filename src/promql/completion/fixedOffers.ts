import type { CompletionContext } from "./completionContext.ts";
import { type ConnectionChoice, commentOffers, directiveKeyOffers, directiveValueOffers } from "./directiveOffers.ts";
import { durationOffers, timeOffers } from "./durationOffers.ts";
import type { Offer } from "./offer.ts";
import { operandOffers } from "./operandOffers.ts";
import { groupingOffers, matcherOffers, operatorOffers } from "./operatorOffers.ts";
import { formatOffers, variableOffers } from "./variableOffers.ts";

/** What offers depend on besides the context. */
export interface OfferFacts {
  /** The variables that the file gives values to. */
  readonly variables: ReadonlyMap<string, string>;
  readonly connections: readonly ConnectionChoice[];
  /** The sign behind the context's span. */
  readonly following: string;
}

/** Everything that may be offered without asking a server. */
export function fixedOffers(context: CompletionContext, facts: OfferFacts): readonly Offer[] {
  switch (context.kind) {
    case "operand":
      return operandOffers(context);
    case "operator":
      return operatorOffers(context);
    case "grouping":
      return groupingOffers(context.next);
    case "matcherOperator":
      return matcherOffers;
    case "duration":
      return durationOffers(context);
    case "time":
      return timeOffers;
    case "variable":
      return variableOffers(context, facts.variables);
    case "variableFormat":
      return formatOffers(context);
    case "commentStart":
      return commentOffers(context);
    case "directiveKey":
      return directiveKeyOffers({ isSpaced: facts.following === " " });
    case "directiveValue":
      return directiveValueOffers(context.key, facts.connections);
    case "none":
    case "labelName":
    case "labelValue":
    case "listedLabel":
      return [];
  }
}
