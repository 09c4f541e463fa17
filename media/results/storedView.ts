import { type ComponentChild, h } from "preact";
import { useContext } from "preact/hooks";
import { wholeSecond } from "../../src/shared/model/zonedTime.ts";
import { type Host, rerun } from "./host.ts";
import { Problem } from "./problem.ts";
import type { StoredResult } from "./storedResult.ts";
import { Zone } from "./zone.ts";

/** A panel of a window that was opened again: nothing is asked until the person says so. */
export function StoredView({
  host,
  stored,
  problem,
}: {
  readonly host: Host;
  readonly stored: StoredResult;
  /** What could not be done. */
  readonly problem: string;
}): ComponentChild {
  const zone = useContext(Zone);
  const { title, server, origin, query, at, picture, facts, choices } = stored;
  const run = () => rerun(host, stored, choices);
  return h(
    "div",
    { class: "panel" },
    h(
      "header",
      { class: "header" },
      h("span", { class: "server", title: origin }, server),
      h("span", { class: "origin" }, origin),
      h("span", { class: "title" }, title),
      h("pre", { class: "query", tabIndex: 0, "aria-label": "Query as sent" }, query),
    ),
    h(
      "div",
      { class: "controls" },
      h("button", { type: "button", class: "primary", onClick: run }, "Run"),
      h("span", { role: "status" }, `From before this window was opened again: an answer of ${wholeSecond(at, zone)}.`),
    ),
    h(Problem, { text: problem }),
    picture.startsWith("data:image/")
      ? h("img", {
          class: "stored-picture",
          src: picture,
          alt: `Chart of ${title} as it was at ${wholeSecond(at, zone)}`,
        })
      : h("p", { class: "empty" }, "No picture was stored. Run asks the server again."),
    facts.map((fact, i) => h("p", { class: "facts", key: i }, fact)),
  );
}
