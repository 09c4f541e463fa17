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
export function MoreMenu({
  hint,
  groups,
}: {
  /** What the menu is for. */
  readonly hint: string;
  readonly groups: readonly (readonly MenuEntry[])[];
}): ComponentChild {
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
      if (place.current !== null && !event.composedPath().includes(place.current)) setOpen(false);
    };
    // Where the page is in a shadow tree, the document hears nothing of a focus that only moves within that.
    const roots = [...new Set([document, rootOf(place.current)])];
    for (const root of roots) {
      root.addEventListener("mousedown", onAway);
      root.addEventListener("focusin", onAway);
    }
    return () => {
      for (const root of roots) {
        root.removeEventListener("mousedown", onAway);
        root.removeEventListener("focusin", onAway);
      }
    };
  }, [isOpen]);
  useEffect(() => {
    if (said === "") return undefined;
    const timer = setTimeout(() => setSaid(""), saidMs);
    return () => clearTimeout(timer);
  }, [said]);
  const onKeyDown = (event: KeyboardEvent) => {
    const all = entries();
    const at = all.findIndex((one) => one.matches(":focus"));
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
        title: hint,
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

/** The document or shadow tree that an element is in. */
function rootOf(element: HTMLElement | null): Document | ShadowRoot {
  const root = element?.getRootNode();
  return root instanceof ShadowRoot ? root : document;
}
