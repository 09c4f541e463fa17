import { type ComponentChild, h } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Host } from "./host.ts";

/** How long a button says what came of it. */
const saidMs = 3000;

export interface CopyButtonProps {
  readonly host: Host;
  readonly title: string;
  readonly text: string;
  /** Names what is copied, where the title does not; begins with the title. */
  readonly label?: string;
  /** What is said once the text is in the clipboard. */
  readonly done?: string;
}

/** Copies a text and says that it did, or that it could not. */
export function CopyButton({ host, title, text, label, done = "Copied." }: CopyButtonProps): ComponentChild {
  const [said, setSaid] = useState<{ readonly text: string } | undefined>(undefined);
  useEffect(() => {
    if (said === undefined) return undefined;
    const timer = setTimeout(() => setSaid(undefined), saidMs);
    return () => clearTimeout(timer);
  }, [said]);
  // What was said is about the text that stood here then.
  useEffect(() => setSaid(undefined), [text]);
  const onClick = () => {
    host.rpc.request("results/copy", { text }).then(
      () => setSaid({ text: done }),
      () => setSaid({ text: "This could not be copied." }),
    );
  };
  return [
    h("button", { key: "copy", type: "button", class: "link", "aria-label": label, onClick }, title),
    h("span", { key: "said", role: "status" }, said?.text ?? ""),
  ];
}
