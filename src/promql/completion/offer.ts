/** What an offer is, which decides its icon. */
export type OfferKind =
  | "metric"
  | "function"
  | "aggregation"
  | "keyword"
  | "operator"
  | "label"
  | "value"
  | "duration"
  | "variable"
  | "directive"
  | "choice"
  | "connection"
  | "separator";

/** Where an offer's help is found. */
export interface HelpKey {
  readonly table: "function" | "aggregation" | "keyword" | "operator" | "moment" | "directive" | "variable";
  readonly key: string;
}

/** One thing that may be inserted. The context that it is offered in says what it takes the place of. */
export interface Offer {
  readonly kind: OfferKind;
  readonly label: string;
  /** Plain text or, with `isSnippet`, one with places to fill in. */
  readonly insert: string;
  readonly isSnippet?: boolean;
  /** What typed text is compared with, where that is not the label. */
  readonly filter?: string;
  /** A few words beside the label. */
  readonly detail?: string;
  readonly help?: HelpKey;
  /** Lower ones come first; those of one rank as they are listed. */
  readonly rank: number;
  /** What the editor shows next. */
  readonly next?: "suggest" | "signature";
  /** The opening brace that follows the span, and blanks before it, go too. */
  readonly takesBrace?: boolean;
}
