import { type ComponentChild, h } from "preact";

/** The line that says what a control could not do. */
export function Problem({ text }: { readonly text: string }): ComponentChild {
  return text === "" ? null : h("p", { class: "problem note", role: "alert" }, text);
}
