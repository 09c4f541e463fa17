import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from "@tanstack/virtual-core";
import { type ComponentChild, h } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

export interface VirtualRowsProps {
  readonly count: number;
  readonly rowHeight: number;
  readonly label: string;
  readonly columns: number;
  readonly head: ComponentChild;
  /** The row's cells, or `undefined` while they are on their way. */
  readonly row: (index: number) => {
    readonly props: Readonly<Record<string, unknown>>;
    readonly cells: readonly ComponentChild[];
  };
  /** Told which rows are in view, so that their data can be fetched. */
  readonly onRange?: (from: number, to: number) => void;
  /** A row that is scrolled to when it becomes another one, unless it is in view. */
  readonly reveal?: number | undefined;
}

/** A table of any length of which only the rows in view exist; to a screen reader it has all of them. */
export function VirtualRows({
  count,
  rowHeight,
  label,
  columns,
  head,
  row,
  onRange,
  reveal,
}: VirtualRowsProps): ComponentChild {
  const scroller = useRef<HTMLDivElement>(null);
  const [, redraw] = useState(0);
  const virtualizer = useRef<Virtualizer<HTMLDivElement, Element>>(undefined);
  const options = {
    count,
    estimateSize: () => rowHeight,
    overscan: 8,
    getScrollElement: () => scroller.current,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => redraw((n) => n + 1),
  };
  virtualizer.current ??= new Virtualizer<HTMLDivElement, Element>(options);
  virtualizer.current.setOptions(options);
  useLayoutEffect(() => virtualizer.current?._didMount(), []);
  useLayoutEffect(() => virtualizer.current?._willUpdate());
  const items = virtualizer.current.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => onRange?.(first, last + 1), [first, last, count]);
  useEffect(() => {
    if (reveal === undefined) return undefined;
    virtualizer.current?.scrollToIndex(reveal);
    // By then the row exists; the table itself may lie beyond the page's edge.
    const frame = requestAnimationFrame(() =>
      scroller.current?.querySelector(`[aria-rowindex="${reveal + 2}"]`)?.scrollIntoView({ block: "nearest" }),
    );
    return () => cancelAnimationFrame(frame);
  }, [reveal]);
  return h(
    "div",
    { class: "rows", role: "table", "aria-label": label, "aria-rowcount": count + 1, "aria-colcount": columns },
    h("div", { class: "rows-head", role: "rowgroup" }, head),
    h(
      "div",
      { class: "rows-body", role: "rowgroup", ref: scroller, tabIndex: 0 },
      h(
        "div",
        { class: "rows-space", role: "presentation", style: { height: `${virtualizer.current.getTotalSize()}px` } },
        items.map(({ index, start }) => {
          const { props, cells } = row(index);
          return h(
            "div",
            {
              ...props,
              role: "row",
              key: index,
              "aria-rowindex": index + 2,
              style: { transform: `translateY(${start}px)`, height: `${rowHeight}px` },
            },
            cells,
          );
        }),
      ),
    ),
  );
}
