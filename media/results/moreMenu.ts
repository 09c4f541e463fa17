import { type ComponentChild, h } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** An entry of the menu; it says what came of it, or nothing where that shows by itself. */
export interface MenuEntry {
  readonly title: string;
  readonly run: () => Promise<string>;
}

/** How long the menu says what came of an action. */
const saidMs = 5000;

/** A button that opens a menu: arrow keys, Home, End, Enter, Escape, as in VS Code's own. */
export function MoreMenu({ groups }: { readonly groups: readonly (readonly MenuEntry[])[] }): ComponentChild {
  const [isOpen, setOpen] = useState(false);
  const [said, setSaid] = useState("");
  const place = useRef<HTMLDivElement>(null);
  const entries = () => [...(place.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
  const close = () => {
    setOpen(false);
    place.current?.querySelector("button")?.focus();
  };
  // Before the next key arrives.
  useLayoutEffect(() => {
    if (isOpen) entries()[0]?.focus();
  }, [isOpen]);
  useEffect(() => {
    if (!isOpen) return undefined;
    const onAway = (event: Event) => {
      if (event.target instanceof Node && place.current?.contains(event.target) === true) return;
      setOpen(false);
    };
    document.addEventListener("mousedown", onAway);
    document.addEventListener("focusin", onAway);
    return () => {
      document.removeEventListener("mousedown", onAway);
      document.removeEventListener("focusin", onAway);
    };
  }, [isOpen]);
  useEffect(() => {
    if (said === "") return undefined;
    const timer = setTimeout(() => setSaid(""), saidMs);
    return () => clearTimeout(timer);
  }, [said]);
  const onKeyDown = (event: KeyboardEvent) => {
    const all = entries();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const targets: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
    const target = targets[event.key];
    if (event.key === "Escape") close();
    else if (target === undefined) return;
    else all.at(target % all.length)?.focus();
    event.preventDefault();
  };
  const perform = (entry: MenuEntry) => {
    close();
    entry.run().then(setSaid, () => setSaid("This could not be done; the log says why."));
  };
  return h(
    "div",
    { class: "more", ref: place },
    h("span", { class: "hint", role: "status" }, said),
    h(
      "button",
      {
        type: "button",
        class: "quiet",
        "aria-haspopup": "menu",
        "aria-expanded": isOpen,
        title: "Keep, copy, export, open …",
        onClick: () => setOpen(!isOpen),
      },
      "More …",
    ),
    isOpen
      ? h(
          "div",
          { class: "menu", role: "menu", "aria-label": "More", onKeyDown },
          groups
            .filter((group) => group.length > 0)
            .map((group, i) => [
              i === 0 ? null : h("div", { key: `line ${i}`, class: "menu-line", role: "separator" }),
              group.map((entry) =>
                h(
                  "button",
                  {
                    key: entry.title,
                    type: "button",
                    class: "menu-entry",
                    role: "menuitem",
                    tabIndex: -1,
                    onClick: () => perform(entry),
                  },
                  entry.title,
                ),
              ),
            ]),
        )
      : null,
  );
}
