import { quotedTextValue } from "../../promql/directiveValue.ts";
import { lexPromql } from "../../promql/lexer.ts";
import { scanLines } from "../../promql/lines.ts";
import { literalStrings } from "../../promql/literalStrings.ts";
import { readSeparator } from "../../promql/separators.ts";
import { withoutComments } from "../../promql/withoutComments.ts";
import { formatDuration, formatTime, type TimeExpression } from "../../shared/model/time.ts";
import type { LinkBlock } from "./linkBlock.ts";

/**
 * An expression of a stranger as text of one block: without comments, which could be directives; without variables in strings, where
 * no other program fills them in; raw strings of several lines as
 * quoted ones with the same value; and whatever still reads as a separator indented by a blank.
 */
export function blockExpression(expression: string): string {
  const bare = literalStrings(withoutComments(expression));
  let out = "";
  let at = 0;
  for (const { kind, from, to } of lexPromql(bare, 0, bare.length)) {
    if (kind !== "string" || bare.charAt(from) !== "`") continue;
    const value = bare.slice(from + 1, to - 1);
    if (!/[\r\n]/.test(value)) continue;
    out += bare.slice(at, from) + quoted(value);
    at = to;
  }
  const text = (out + bare.slice(at)).replace(/\r\n?/g, "\n");
  return scanLines(text)
    .map((line) => (readSeparator(text, line) === undefined ? "" : " ") + text.slice(line.from, line.to))
    .join("\n");
}

/** A value as a quoted string of PromQL, which is one line. */
function quoted(value: string): string {
  const escaped = value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n").replaceAll("\r", "\\r");
  return `"${escaped}"`;
}

/** A query of a link with the id of the connection it belongs to, if that is certain. */
export interface BlockToWrite extends LinkBlock {
  readonly connection: string | undefined;
}

/** Blocks of a `.promql` file, each below a separator, a blank line between them, final line end included. */
export function blocksText(blocks: readonly BlockToWrite[]): string {
  return blocks.map((block) => `# %%\n${blockBody(block)}`).join("\n");
}

/** One block without its separator, such as the text of a notebook's cell. */
export function blockBody(block: BlockToWrite): string {
  const { connection, mode, rangeMs, start, end, time, stepMs, legend, expr } = block;
  const times = [
    ...(mode === undefined ? [] : [`@mode ${mode}`]),
    ...(rangeMs === undefined ? [] : [`@range ${formatDuration(rangeMs)}`]),
    ...(start === undefined ? [] : [`@start ${timeText(start)}`]),
    ...(end === undefined ? [] : [`@end ${timeText(end)}`]),
    ...(time === undefined ? [] : [`@time ${timeText(time)}`]),
    ...(stepMs === undefined ? [] : [`@step ${formatDuration(stepMs)}`]),
  ];
  const lines = [
    ...(connection === undefined ? [] : [`# @connection ${connection}`]),
    ...(times.length === 0 ? [] : [`# ${times.join("  ")}`]),
    ...(legend === undefined ? [] : [`# @legend ${quotedTextValue(legend)}`]),
  ];
  return `${[...lines, expr].join("\n")}\n`;
}

/** As a directive has it; years of more than four digits only as seconds. */
function timeText(time: TimeExpression): string {
  const text = formatTime(time);
  return time.kind === "now" || /^\d{4}-/.test(text) ? text : String(time.time / 1000);
}
