import { type ComponentChild, h } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ResultViewProps } from "./chartView.ts";
import { countText } from "./facts.ts";

/** The answer in the API's shape, as much of it as can be read. */
export function JsonView({ host, run, part, result }: ResultViewProps): ComponentChild {
  const [json, setJson] = useState<
    { readonly text: string; readonly seriesShown: number; readonly seriesTotal: number } | undefined
  >(undefined);
  useEffect(() => {
    let isCurrent = true;
    host.rpc.request("results/json", { key: run.key, part, id: result.id }).then(
      (answer) => isCurrent && setJson(answer),
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [result.id]);
  if (json === undefined) return h("p", { class: "empty" }, "Loading …");
  const { text, seriesShown, seriesTotal } = json;
  return h(
    "div",
    { class: "json-view" },
    h(
      "div",
      { class: "table-tools" },
      h("span", {}, `The ${part} answer`),
      seriesShown < seriesTotal
        ? h(
            "span",
            { class: "hint" },
            `First ${countText(seriesShown, "series")} of ${countText(seriesTotal, "series")}.`,
          )
        : null,
      h(
        "button",
        { type: "button", class: "link", onClick: () => void host.rpc.request("results/copy", { text }) },
        "Copy",
      ),
    ),
    h("pre", { class: "json", tabIndex: 0, "aria-label": "Answer as JSON" }, text),
  );
}
