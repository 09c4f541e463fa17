import { readString } from "../stringValue.ts";

/** What a string literal says, also one without its closing quote; with a wrong escape in it, what is written there. */
export function looseString(literal: string): string {
  const quote = literal.charAt(0);
  const isClosed = literal.length > 1 && literal.endsWith(quote);
  const whole = isClosed ? literal : literal + quote;
  const reading = readString(whole);
  return reading.ok ? reading.value : whole.slice(1, -1);
}
