/** Formats of `${name:format}` that we insert as Grafana does. */
export const knownFormats: ReadonlySet<string> = new Set(["regex", "pipe", "csv"]);

/**
 * All of Grafana's formats (`VariableFormatID` of its `@grafana/schema`). In a string `[[name:format]]` is a reference for these
 * alone: with any other word it may be a set of letters of a regular expression.
 */
export const grafanaFormats: ReadonlySet<string> = new Set([
  ...knownFormats,
  ...["lucene", "raw", "distributed", "html", "json", "percentencode", "uriencode", "singlequote", "doublequote"],
  ...["sqlstring", "date", "glob", "text", "queryparam", "customqueryparam", "join"],
]);
