import { type ComponentChild, h } from "preact";

/** A drop-down list of `[value, title]`; `label` is its name for all who ask. */
export function select(
  label: string,
  value: string,
  options: readonly (readonly [value: string, title: string])[],
  onPick: (value: string) => void,
): ComponentChild {
  return h(
    "select",
    {
      key: label,
      "aria-label": label,
      title: label,
      value,
      onChange: (event: Event) => onPick((event.currentTarget as HTMLSelectElement).value),
    },
    options.map(([name, title]) => h("option", { key: name, value: name }, title)),
  );
}
