import { type ComponentChild, h } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import type { RunSnapshot } from "../../src/shared/protocol/results.ts";
import { Failed } from "../results/asked.ts";
import type { ChartPicture } from "../results/chartView.ts";
import type { Look } from "../results/look.ts";
import { ServerName } from "../results/panelHead.ts";
import { RunResult } from "../results/runResult.ts";
import { Surroundings } from "../results/surroundings.ts";
import type { NotebookPage } from "./notebookPage.ts";

/** A cell has its height from its output, and there are several on a screen. */
const surroundings = { plotHeight: 260, canKeep: false, foldsControls: true } as const;

export interface CellResultProps {
  readonly page: NotebookPage;
  /** Of the run that the output is of. */
  readonly cell: string;
  /** What the output says where its run is not to be had. */
  readonly text: string;
}

/** The output of a cell: the result of its run with all that the panel has, or what can be said without it. */
export function CellResult({ page, cell, text }: CellResultProps): ComponentChild {
  const [problem, setProblem] = useState("");
  const host = useMemo(() => page.host(setProblem), [page]);
  const picture = useRef<(() => ChartPicture | undefined) | undefined>(undefined);
  const [, redraw] = useState(0);
  const { rest } = page;
  const run = page.run(cell);
  if (rest === undefined || run === undefined) return h(Missing, { page, text });
  const onLook = (change: Look) => {
    page.setLook(run, change);
    redraw((n) => n + 1);
  };
  return h(
    Surroundings.Provider,
    { value: surroundings },
    h(
      "section",
      { "aria-label": `Result of ${run.title}` },
      h(RunResult, {
        host,
        run,
        // Other cells show theirs themselves.
        snapshot: { ...rest, runs: [run], front: undefined },
        head: h(Head, { run }),
        problem,
        look: page.look(run),
        onLook,
        picture,
      }),
    ),
  );
}

/** Which server the answer is of, and the query as sent where the cell's text does not say it. */
function Head({ run }: { readonly run: RunSnapshot }): ComponentChild {
  const { query, text } = run;
  return h(
    "header",
    { class: "header" },
    h(ServerName, { run }),
    query.trim() === text.trim()
      ? null
      : h("pre", { class: "query", tabIndex: 0, "aria-label": "Query as sent" }, query),
  );
}

/** Stands for a result that is not here: its text, and what can be done. */
function Missing({ page, text }: Pick<CellResultProps, "page" | "text">): ComponentChild {
  const { asking } = page;
  return h(
    "div",
    { class: "missing" },
    text === "" ? null : h("p", { class: "note" }, text),
    asking === "failed"
      ? h(Failed, { text: "The result could not be read", retry: () => page.retry() })
      : h(
          "p",
          { class: "note hint", role: "status" },
          asking === "asking" ? "Loading …" : "Run this cell to see its result again.",
        ),
  );
}
