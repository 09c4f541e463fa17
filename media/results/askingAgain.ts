import { type ComponentChild, h } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { RetrySnapshot, RunSnapshot } from "../../src/shared/protocol/results.ts";

/** That a run's requests failed and are sent again, when, and why; each reason once. */
export function AskingAgain({ run }: { readonly run: RunSnapshot }): ComponentChild {
  const parts = [run.range, run.instant, run.before].filter((part) => part !== undefined);
  const retries = new Map(parts.flatMap(({ retry }) => (retry === undefined ? [] : [[retry.title, retry] as const])));
  return [...retries.values()].map((retry) =>
    // Another wait has a clock of its own.
    h(Retry, { key: `${run.key} ${retry.title} ${retry.attempt}`, retry }),
  );
}

/** The waiting is counted from when the page hears of it: its clock need not be the host's. */
function Retry({ retry: { waitMs, title } }: { readonly retry: RetrySnapshot }): ComponentChild {
  const [isWaiting, setWaiting] = useState(true);
  useEffect(() => {
    const timer = setTimeout(() => setWaiting(false), waitMs);
    return () => clearTimeout(timer);
  }, []);
  const seconds = Math.round(waitMs / 1000);
  const what = !isWaiting ? "Asked again" : seconds < 1 ? "Asking again" : `Asking again in ${seconds} s`;
  return h(
    "div",
    { class: "banner banner-info" },
    h("span", { class: "banner-mark", "aria-label": "info" }, "ℹ"),
    h("div", { class: "banner-text" }, `${what}: ${title}.`),
  );
}
