/** True for names of metrics whose values are moments in unix seconds; other times in seconds are durations. */
export function isMomentName(name: string): boolean {
  return /_created$|(?:timestamp|(?:^|_)(?:start|boot|push|success|failure)_time)_seconds$/i.test(name);
}
