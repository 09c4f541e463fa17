import { type ComponentChild, h } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import { isCancelled } from "../../src/shared/errors.ts";
import { fullTime } from "../../src/shared/model/zonedTime.ts";
import type { SeriesDetail, SortKey, TableRow } from "../../src/shared/protocol/results.ts";
import { Failed, useAsked } from "./asked.ts";
import type { ResultViewProps } from "./chartView.ts";
import { CopyButton } from "./copyButton.ts";
import { countText } from "./facts.ts";
import { type Sort, sortHead } from "./sortHead.ts";
import { VirtualRows } from "./virtualRows.ts";
import { Zone } from "./zone.ts";

type Column = readonly [SortKey, string, (row: TableRow) => string];

const instantColumns: readonly Column[] = [
  ["series", "Series", (row) => row.name],
  ["value", "Value", (row) => row.value],
];
const rangeColumns: readonly Column[] = [
  ["series", "Series", (row) => row.name],
  ["last", "Last", (row) => row.last],
  ["min", "Min", (row) => row.min],
  ["max", "Max", (row) => row.max],
  ["mean", "Mean", (row) => row.mean],
  ["count", "Points", (row) => String(row.count)],
];

/** Rows that one request brings. */
const pageLength = 200;

/** Every series as a row, at first in the order in which the server sent them, which may be the point of the query; only the rows in view, and a page around them, are ever here. */
export function TableView({ host, run, part, result }: ResultViewProps): ComponentChild {
  const columns = result.type === "vector" ? instantColumns : rangeColumns;
  const [sort, setSort] = useState<Sort<SortKey>>({
    key: "sent",
    descending: false,
  });
  const [search, setSearch] = useState("");
  const [total, setTotal] = useState(result.seriesShown);
  const [pages, setPages] = useState<ReadonlyMap<number, readonly TableRow[]>>(new Map());
  const [selected, setSelected] = useState<TableRow | undefined>(undefined);
  const asked = useRef(new Set<number>());
  const [failed, setFailed] = useState<ReadonlySet<number>>(new Set());
  const of = { key: run.key, part, id: result.id };
  const epoch = useRef(0);
  const inView = useRef({ from: 0, to: 0 });

  const fetchPage = (page: number) => {
    if (asked.current.has(page)) return;
    asked.current.add(page);
    const of_ = epoch.current;
    const ask = {
      ...of,
      from: page * pageLength,
      to: (page + 1) * pageLength,
      sort: sort.key,
      descending: sort.descending,
      search,
    };
    host.rpc.request("results/page", ask).then(
      (answer) => {
        if (of_ !== epoch.current) return;
        setTotal(answer.total);
        setPages((old) => new Map([...old, [page, answer.rows]]));
        setFailed((old) => new Set([...old].filter((one) => one !== page)));
      },
      (error: unknown) => {
        if (of_ !== epoch.current) return;
        // The next look at these rows asks again.
        asked.current.delete(page);
        if (!isCancelled(error)) setFailed((old) => new Set([...old, page]));
      },
    );
  };
  const fetchRows = (from: number, to: number) => {
    for (let page = Math.floor(from / pageLength); page * pageLength < to; page++) fetchPage(page);
  };
  const shown = useRef({ continues: result.continues, sort, search });
  useEffect(() => {
    epoch.current++;
    asked.current = new Set();
    setFailed(new Set());
    const before = shown.current;
    shown.current = { continues: result.continues, sort, search };
    // What is read stays until the same rows of the answer that continues it are here.
    if (before.continues !== result.continues || before.sort !== sort || before.search !== search) {
      setPages(new Map());
      setSelected(undefined);
    }
    // The first page says how many rows there are; those in view may be others, and nobody scrolls just now.
    fetchPage(0);
    fetchRows(inView.current.from, inView.current.to);
  }, [result.id, sort, search]);

  const head = sortHead(columns, sort, setSort, "sent");
  const row = (index: number) => {
    const one = pages.get(Math.floor(index / pageLength))?.[index % pageLength];
    if (one === undefined) return { props: { class: "row" }, cells: [h("div", { class: "cell", role: "cell" }, "…")] };
    return {
      props: { class: one.name === selected?.name ? "row row-selected" : "row" },
      cells: columns.map(([key, , text]) =>
        key === "series"
          ? h(
              "div",
              { key, class: "cell cell-name", role: "cell" },
              h(
                "button",
                {
                  type: "button",
                  class: "name",
                  title: `${one.name}\nClick: labels and samples.`,
                  "aria-expanded": one.name === selected?.name,
                  onClick: () => setSelected(one.name === selected?.name ? undefined : one),
                },
                one.name,
              ),
            )
          : h("div", { key, class: "cell cell-number", role: "cell" }, text(one)),
      ),
    };
  };
  return h(
    "div",
    { class: "table-view" },
    h(
      "div",
      { class: "table-tools" },
      h("input", {
        type: "search",
        class: "search",
        "aria-label": "Find series in the table",
        placeholder: "Find series",
        value: search,
        onInput: (event: Event) => setSearch((event.currentTarget as HTMLInputElement).value),
      }),
      h(
        "span",
        { role: "status" },
        total === result.seriesShown
          ? countText(total, "series")
          : `${countText(total, "series")} of ${countText(result.seriesShown, "series")}`,
      ),
    ),
    failed.size === 0
      ? null
      : h(Failed, {
          text: "Some rows could not be read",
          retry: () => {
            setFailed(new Set());
            for (const page of failed) fetchPage(page);
          },
        }),
    h(VirtualRows, {
      count: total,
      rowHeight: 24,
      label: "Series",
      columns: columns.length,
      head,
      row,
      onRange: (from: number, to: number) => {
        inView.current = { from, to };
        fetchRows(from, to);
      },
    }),
    total === 0 ? h("p", { class: "empty" }, "No series has this in its name or labels.") : null,
    selected === undefined ? null : h(Detail, { host, run, part, result, row: selected, key: selected.name }),
  );
}

/** How many samples of a series are listed, of how many. */
function samplesText({ samples, sampleCount, histogram }: SeriesDetail): string {
  const all = countText(sampleCount, "sample", "samples");
  if (histogram !== undefined)
    return `Last ${countText(samples.length, "number", "numbers")} of ${all}, histograms among them`;
  return samples.length < sampleCount ? `Last ${countText(samples.length, "sample", "samples")} of ${all}` : all;
}

/** Labels, samples and buckets of one series; in a newer answer of the one that has its name there. */
function Detail({
  host,
  run,
  part,
  result,
  row: { index, name },
}: ResultViewProps & { readonly row: TableRow }): ComponentChild {
  const zone = useContext(Zone);
  const of = { key: run.key, part, id: result.id, index, name };
  const asked = useAsked(`${result.id} ${name}`, () => host.rpc.request("results/detail", of));
  if (asked.hasFailed) return h(Failed, { text: "This series could not be read", retry: asked.retry });
  if (asked.read === undefined) return h("p", { class: "empty" }, "Loading …");
  const detail = asked.read.value;
  if (detail === null) return h("p", { class: "empty", role: "status" }, `The newest answer has no ${name} any more.`);
  const { labels, samples, histogram, selector } = detail;
  return h(
    "section",
    { class: "detail", "aria-label": "Series" },
    h("div", { class: "table-tools" }, h(CopyButton, { host, title: "Copy as selector", text: selector })),
    h(
      "dl",
      { class: "labels" },
      labels.flatMap(([name, value], i) => [h("dt", { key: `n${i}` }, name), h("dd", { key: `v${i}` }, value)]),
    ),
    histogram === undefined
      ? null
      : h(
          "table",
          { class: "plain" },
          h(
            "caption",
            {},
            `Native histogram at ${fullTime(histogram.time, zone)}: count ${histogram.count}, sum ${histogram.sum}`,
          ),
          h(
            "thead",
            {},
            h(
              "tr",
              {},
              h("th", { scope: "col" }, "Bucket"),
              h("th", { scope: "col" }, "Count"),
              h("th", { scope: "col" }, "Share of the fullest"),
            ),
          ),
          h(
            "tbody",
            {},
            histogram.buckets.map((bucket, i) =>
              h(
                "tr",
                { key: i },
                h("td", {}, bucket.interval),
                h("td", { class: "number" }, bucket.count),
                h("td", {}, h("div", { class: "bar", style: { width: `${bucket.share * 100}%` } })),
              ),
            ),
          ),
        ),
    samples.length === 0
      ? null
      : h(
          "table",
          { class: "plain" },
          h("caption", {}, `${samplesText(detail)}${samples.length > 1 ? ", newest first" : ""}`),
          h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Time"), h("th", { scope: "col" }, "Value"))),
          h(
            "tbody",
            {},
            samples.map(([time, value], i) =>
              h("tr", { key: i }, h("td", {}, fullTime(time, zone)), h("td", { class: "number" }, value)),
            ),
          ),
        ),
  );
}
