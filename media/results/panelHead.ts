import { type ComponentChild, h } from "preact";
import { useContext } from "preact/hooks";
import { wholeSecond } from "../../src/shared/model/zonedTime.ts";
import type { RunSnapshot, Snapshot } from "../../src/shared/protocol/results.ts";
import { isRunning } from "./facts.ts";
import { type Host, rerun } from "./host.ts";
import { Zone } from "./zone.ts";

/** Which server and query the answer is of, with a choice where the file has several. */
export function Header({
  run,
  snapshot,
  onPick,
}: {
  readonly run: RunSnapshot;
  readonly snapshot: Snapshot;
  readonly onPick: (key: string) => void;
}): ComponentChild {
  return h(
    "header",
    { class: "header" },
    h(ServerName, { run }),
    snapshot.runs.length > 1
      ? h(
          "select",
          {
            class: "picker",
            "aria-label": "Query",
            value: run.key,
            onChange: (event: Event) => onPick((event.currentTarget as HTMLSelectElement).value),
          },
          snapshot.runs.map((one) => h("option", { key: one.key, value: one.key }, `${mark(one)} ${one.title}`)),
        )
      : h("span", { class: "title" }, run.title),
    h("pre", { class: "query", tabIndex: 0, "aria-label": "Query as sent" }, run.query),
  );
}

/** Which server it is, and that its certificate was not checked. */
export function ServerName({ run: { target } }: { readonly run: RunSnapshot }): ComponentChild {
  return [
    h("span", { key: "name", class: `server server-${target.color ?? "none"}`, title: target.origin }, target.name),
    h("span", { key: "origin", class: "origin" }, target.origin),
    target.isUnverified === true
      ? h(
          "span",
          {
            key: "unverified",
            class: "unverified",
            title: "Whoever is on the way can read what is sent and answer in the server's name.",
          },
          "certificate not checked",
        )
      : null,
  ];
}

function mark(run: RunSnapshot): string {
  if (isRunning(run)) return "…";
  return run.range?.state === "failed" || run.instant?.state === "failed" ? "✗" : "✓";
}

/** Stands where the controls are: a kept answer stays, and its query runs anew in a panel of its own. */
export function Kept({
  host,
  run,
  at,
}: {
  readonly host: Host;
  readonly run: RunSnapshot;
  readonly at: number;
}): ComponentChild {
  const again = () => rerun(host, run, run.choices);
  return h(
    "div",
    { class: "controls" },
    h("span", {}, `Kept at ${wholeSecond(at, useContext(Zone))}: new runs open another panel.`),
    h("button", { type: "button", class: "link", onClick: again }, "Run again"),
  );
}
