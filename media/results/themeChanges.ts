import { useEffect, useState } from "preact/hooks";

/** Draws everything again when VS Code changes its theme: swatches hold colours of it. */
export function useThemeChanges(): void {
  const [, redraw] = useState(0);
  useEffect(() => {
    const observer = new MutationObserver(() => redraw((n) => n + 1));
    observer.observe(document.body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-id"] });
    return () => observer.disconnect();
  }, []);
}
