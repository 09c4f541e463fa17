import { type ComponentChild, h } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import type { UnixMs } from "../../src/shared/model/answer.ts";
import { formatDuration } from "../../src/shared/model/time.ts";
import { type TimeZone, wholeSecond } from "../../src/shared/model/zonedTime.ts";
import type { EmptyAnswer, EmptyReason, OfResult } from "../../src/shared/protocol/results.ts";
import { countText } from "./facts.ts";
import type { Host } from "./host.ts";
import { Zone } from "./zone.ts";

type State = EmptyAnswer | { readonly kind: "unasked" | "asking" };

/**
 * Below an empty answer, which came `at` that time: asks the server on a click why it is empty, and says it. What was said of
 * an answer stays with the newer ones that continue it, and says of which it is.
 */
export function WhyEmpty({
  host,
  of,
  at,
}: {
  readonly host: Host;
  readonly of: OfResult;
  readonly at: UnixMs;
}): ComponentChild {
  const [state, setState] = useState<State>({ kind: "unasked" });
  const zone = useContext(Zone);
  const asked = useRef({ of, at });
  const giveUp = () => {
    host.rpc.request("results/whyEmptyOff", asked.current.of).catch(() => undefined);
  };
  // An answer that is looked at no longer needs no reason.
  useEffect(() => giveUp, []);
  const ask = () => {
    setState({ kind: "asking" });
    asked.current = { of, at };
    const asking = host.rpc.request("results/whyEmpty", of);
    host.attempt(asking, "The server could not be asked");
    asking.then(setState, () => setState({ kind: "unasked" }));
  };
  const button = (title: string, onClick: () => void) =>
    h("button", { type: "button", class: "link", onClick, key: title }, title);
  const advice =
    of.part === "range"
      ? "Check the selector's labels, or look at another range."
      : "Check the selector's labels and the time.";
  switch (state.kind) {
    case "unasked":
    case "declined":
      return [h("p", { key: "advice" }, advice), h("p", { key: "ask" }, button("Why is it empty?", ask))];
    case "asking":
      return h("p", { role: "status" }, "Asking the server … ", button("Cancel", giveUp));
    case "failed": {
      const { title, detail, next } = state.error;
      const text = [title, detail, next].filter((part) => part !== "").join(" · ");
      return h("p", { role: "status" }, `Why it is empty cannot be said: ${text} `, button("Ask Again", ask));
    }
    case "read":
      return h(
        "div",
        { role: "status", class: "why-empty" },
        sentencesOf(state.reason, { zone, isRange: of.part !== "instant" }).map((text) => h("p", { key: text }, text)),
        asked.current.of.id === of.id
          ? null
          : h(
              "p",
              { key: "age", class: "hint" },
              `This is about the answer of ${wholeSecond(asked.current.at, zone)}. `,
              button("Ask Again", ask),
            ),
      );
  }
}

function foundText(found: readonly { readonly selector: string; readonly series: number }[]): string {
  return found.map(({ selector, series }) => `${selector} (${countText(series, "series")})`).join(", ");
}

/** The reason in words: what the server has, and what that means for the query. */
function sentencesOf(
  reason: EmptyReason,
  { zone, isRange }: { readonly zone: TimeZone; readonly isRange: boolean },
): readonly string[] {
  const then = isRange ? "in this window" : "at this time";
  const about = (time: number) => `about ${wholeSecond(time, zone)}`;
  switch (reason.kind) {
    case "cannotTell":
      return [
        reason.why === "noSelector"
          ? "The query reads no metric, so the server cannot tell: its result depends on the expression alone."
          : 'The query says by itself when to look, such as with "@", so its window does not tell which series it should have.',
      ];
    case "present": {
      const since = reason.since === undefined ? "" : `, the first since ${about(reason.since)}`;
      return [
        `The server has series for ${reason.isWhole ? "every selector" : "the selectors that were looked at"} ${then}${since}: ${foundText(reason.found)}.`,
        "So the rest of the query drops them: a comparison, labels that do not match between two sides, or too few samples for a range such as [5m].",
      ];
    }
    case "arrived":
      return [`The server has series now: ${foundText(reason.found)}. They came after the query: run it again.`];
    case "shortRange":
      return [
        `${reason.selector} has series, with the newest sample ${about(reason.last)}, but the query looks only ${formatDuration(reason.rangeMs)} back from each moment.`,
        "A range of four times the scrape interval or more always holds samples.",
      ];
    case "between":
      return [
        `${reason.selector} had series in this window, the last ${about(reason.last)}, but none at the moments that the query looks at, one every ${formatDuration(reason.stepMs)}.`,
        "A smaller step or a shorter range finds them.",
      ];
    case "gone": {
      const { selector, first, last } = reason;
      if (first === undefined || last === undefined)
        return [`${selector} has no series ${then}. It had some in the 30 days before, but only briefly.`];
      const hour = reason.toTheHour === true ? " (to the hour)" : "";
      return [
        `${selector} has no series ${then}: its series ended ${about(last)}${hour}. Looking back 30 days, the server saw it first ${about(first)} (to the hour).`,
      ];
    }
    case "otherLabels":
      return [
        `The metric ${reason.name} is there, but ${reason.selector} had no series in the 30 days before: its labels have other values.`,
      ];
    case "neverSeen":
      return [
        `The server had no series for ${reason.selector} in the last ${reason.days} days${reason.name === "" ? "" : ", nor any other of that name"}.`,
        "Check the spelling, and whether this is the right server.",
      ];
  }
}
