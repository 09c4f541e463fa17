/** What help says about one name. */
export interface Documentation {
  /** One plain sentence without code: what it yields or does. */
  readonly summary: string;
  /** What to know before using it, in Markdown that has code in backticks and nothing else. */
  readonly detail?: string;
  /** A whole query that uses it. */
  readonly example?: string;
  /** The release of Prometheus that brought it, where the change logs tell. */
  readonly since?: string;
}

/** What help says about a function. */
export interface FunctionDocumentation extends Documentation {
  /** The type of metric that it makes sense for, where it is only one. */
  readonly wants?: "counter" | "gauge" | "histogram";
}

/** What help says about a word or sign of the language. */
export interface KeywordDocumentation extends Documentation {
  /** The server's `--enable-feature` that it needs. */
  readonly flag?: string;
}
