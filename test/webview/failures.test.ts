import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import type { ResultsContract } from "../../src/shared/protocol/results.ts";
import { anAnswer, aRun, aSeries, done, testNow } from "../support/runs.ts";
import { ResultsPages } from "./resultsPage.ts";

const pictures = fileURLToPath(new URL("../../.vscode-test/pictures", import.meta.url));

const jobs = ["checkout", "cart"];
const series = jobs.map((job, i) =>
  aSeries(
    [
      ["__name__", "requests"],
      ["job", job],
    ],
    Array.from({ length: 240 }, (_, n) => i + n),
  ),
);
const buckets = ["1", "2"].map((le) => aSeries([["le", le]], Array(240).fill(Number(le))));
const rangeOf = (lines: typeof series) => ({ range: done(anAnswer({ type: "matrix", series: lines })) });
const run = aRun(rangeOf(series));

type Method = keyof ResultsContract["requests"];

/** What is asked of the host for a view, and what the view shows once it has come. */
const views: readonly {
  readonly title: string;
  readonly method: Method;
  readonly tab: string;
  readonly run?: typeof run;
  readonly before?: (page: Page) => Promise<void>;
  readonly said: string;
  readonly shown: string;
}[] = [
  {
    title: "the legend",
    method: "results/legend",
    tab: "chart",
    said: "The series could not be read; the log says why.",
    shown: ".legend .rows-body .row",
  },
  {
    title: "the lines of the chart",
    method: "results/frame",
    tab: "chart",
    said: "This chart could not be drawn; the log says why.",
    shown: ".plot canvas",
  },
  {
    title: "the cells of a heatmap",
    method: "results/heatmap",
    tab: "heatmap",
    run: aRun(rangeOf(buckets)),
    said: "This heatmap could not be drawn; the log says why.",
    shown: ".heat-legend",
  },
  {
    title: "big numbers",
    method: "results/legend",
    tab: "stat",
    said: "The series could not be read; the log says why.",
    shown: ".tile",
  },
  {
    title: "the rows of the table",
    method: "results/page",
    tab: "table",
    said: "Some rows could not be read; the log says why.",
    shown: ".table-view .rows-body .name",
  },
  {
    title: "one series",
    method: "results/detail",
    tab: "table",
    before: (page) => page.locator(".table-view .name").first().click(),
    said: "This series could not be read; the log says why.",
    shown: ".labels",
  },
  {
    title: "the answer as JSON",
    method: "results/json",
    tab: "json",
    said: "The answer could not be read; the log says why.",
    shown: ".json",
  },
];

/** What controls ask of the host, and what they are like once that has failed. */
const controls: readonly {
  readonly title: string;
  readonly method: Method;
  readonly use: (page: Page) => Promise<unknown>;
  readonly said: string;
  readonly isTrue: (page: Page) => Promise<boolean>;
}[] = [
  {
    title: "Cancel",
    method: "results/cancel",
    use: (page) => page.getByRole("button", { name: "Cancel" }).click(),
    said: "The query could not be cancelled; the log says why.",
    isTrue: (page) => page.getByRole("button", { name: "Cancel" }).isEnabled(),
  },
  {
    title: "the refresh select",
    method: "results/refresh",
    use: (page) => page.getByLabel("Refresh", { exact: true }).selectOption("10000"),
    said: "Refreshing could not be changed; the log says why.",
    isTrue: async (page) => (await page.getByLabel("Refresh", { exact: true }).inputValue()) === "0",
  },
  {
    title: "the time zone select",
    method: "results/timeZone",
    use: (page) => page.getByLabel("Time zone").selectOption("utc"),
    said: "The time zone could not be changed; the log says why.",
    isTrue: async (page) => (await page.getByLabel("Time zone").inputValue()) === "local",
  },
  {
    title: "Run",
    method: "results/rerun",
    use: (page) => page.getByLabel("Kind of request").selectOption("instant"),
    said: "The query could not be run; the log says why.",
    isTrue: async () => true,
  },
];

describe("what the host does not answer", { timeout: 180_000 }, () => {
  let pages: ResultsPages;
  before(async () => {
    mkdirSync(pictures, { recursive: true });
    pages = await ResultsPages.start();
  });
  after(async () => {
    await pages.stop();
  });

  for (const { title, method, tab, run: ofView = run, before: prepare, said, shown } of views) {
    test(`is said where ${title} would be, and asked for once more by Retry`, async () => {
      for (const theme of ["dark", "light"] as const) {
        const { page, show, breakDown, complaints, close } = await pages.open({ theme });
        await breakDown(method);
        await show([ofView]);
        await page.locator(`#tab-${tab}`).click();
        await prepare?.(page);
        const alert = page.getByRole("alert").filter({ hasText: said });
        await alert.waitFor();
        assert.equal(await page.getByRole("alert").count(), 1);
        assert.equal(await page.locator(shown).count(), 0);
        assert.equal(await page.getByText("Loading …").count(), 0);
        await page.screenshot({ path: `${pictures}/failed-${method.replace("/", "-")}-${tab}-${theme}.png` });
        // Once more in vain: it is still said.
        await alert.getByRole("button", { name: "Retry" }).click();
        await alert.waitFor();
        await breakDown();
        await alert.getByRole("button", { name: "Retry" }).press("Enter");
        await page.locator(shown).first().waitFor();
        assert.equal(await page.getByRole("alert").count(), 0);
        assert.deepEqual(complaints, []);
        await close();
      }
    });
  }

  test("is not said of an answer once a newer one is shown, whose rows come", async () => {
    const { page, show, breakDown, complaints, close } = await pages.open();
    await breakDown("results/legend");
    await show([run]);
    await page.getByRole("alert").waitFor();
    await breakDown();
    await show([aRun(rangeOf(series.slice(1)))]);
    await page.locator(".legend .rows-body .row").first().waitFor();
    assert.equal(await page.getByRole("alert").count(), 0);
    assert.deepEqual(complaints, []);
    await close();
  });

  for (const { title, method, use, said, isTrue } of controls) {
    test(`is said of ${title}, which then shows how things are`, async () => {
      for (const theme of ["dark", "light"] as const) {
        const { page, show, breakDown, complaints, close } = await pages.open({ theme });
        const running = { state: "running", startedAt: testNow } as const;
        await show([aRun(method === "results/cancel" ? { range: running } : rangeOf(series))]);
        await breakDown(method);
        const alert = page.getByRole("alert").filter({ hasText: said });
        for (let i = 0; i < 2; i++) {
          await use(page);
          await alert.waitFor();
          assert.equal(await isTrue(page), true);
        }
        await page.screenshot({ path: `${pictures}/failed-${method.replace("/", "-")}-${theme}.png` });
        // What works afterwards takes it away.
        await breakDown();
        await use(page);
        await alert.waitFor({ state: "detached" });
        assert.deepEqual(complaints, []);
        await close();
      }
    });
  }

  test("is not said where nobody asked: which answer is looked at", async () => {
    const { page, show, complaints, close } = await pages.open({ broken: ["results/looking"] });
    await show([run]);
    await page.locator("#tab-table").click();
    await page.locator(".table-view .name").first().waitFor();
    assert.equal(await page.getByRole("alert").count(), 0);
    // A rejection that nobody handles is among them.
    assert.deepEqual(complaints, []);
    await close();
  });

  test("is said where a whole panel would be", async () => {
    const { page, breakDown, complaints, close } = await pages.open({ broken: ["results/ready"] });
    const alert = page.getByRole("alert").filter({ hasText: "The results could not be read; the log says why." });
    await alert.waitFor();
    await breakDown();
    await alert.getByRole("button", { name: "Retry" }).click();
    await page.getByText("Nothing has been run yet").waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });
});
