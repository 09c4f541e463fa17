import { type ComponentChild, h } from "preact";
import type { PartName } from "../../src/shared/protocol/results.ts";
import { Failed, useAsked } from "./asked.ts";
import type { ResultViewProps } from "./chartView.ts";
import { CopyButton } from "./copyButton.ts";

export interface JsonViewProps extends ResultViewProps {
  /** The answers there are, this one among them. */
  readonly parts: readonly PartName[];
  readonly onPart: (part: PartName) => void;
}

const titles: Readonly<Record<PartName, string>> = {
  range: "Range answer",
  instant: "Instant answer",
  before: "Earlier answer",
};

/** The answer in the API's shape, as much of it as can be read. */
export function JsonView({ host, run, part, result, parts, onPart }: JsonViewProps): ComponentChild {
  const of = { key: run.key, part, id: result.id };
  const { read, hasFailed, retry } = useAsked(String(result.id), async () => {
    const json = await host.rpc.request("results/json", of);
    return { ...json, continues: result.continues };
  });
  // What is read stays until the same of the answer that continues it is here.
  const shown = read?.value.continues === result.continues ? read.value : undefined;
  return h(
    "div",
    { class: "json-view" },
    h(
      "div",
      { class: "table-tools" },
      parts.length > 1
        ? h(
            "select",
            {
              "aria-label": "Answer",
              value: part,
              onChange: (event: Event) => {
                const picked = (event.currentTarget as HTMLSelectElement).value;
                onPart(parts.find((name) => name === picked) ?? part);
              },
            },
            parts.map((name) => h("option", { key: name, value: name }, titles[name])),
          )
        : h("span", {}, titles[part]),
      shown?.cut === undefined ? null : h("span", { class: "hint" }, shown.cut),
      shown === undefined
        ? null
        : shown.cut === undefined
          ? h(CopyButton, { host, title: "Copy", text: shown.text })
          : h(CopyButton, {
              host,
              title: "Copy this part",
              text: shown.text,
              done: "Copied: not the whole answer.",
            }),
    ),
    hasFailed
      ? h(Failed, { text: "The answer could not be read", retry })
      : shown === undefined
        ? h("p", { class: "empty" }, "Loading …")
        : h("pre", { class: "json", tabIndex: 0, "aria-label": "Answer as JSON" }, shown.text),
  );
}
