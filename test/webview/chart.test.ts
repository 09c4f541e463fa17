import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import type { Labels } from "../../src/shared/model/labels.ts";
import { anAnswer, aRun, aSeries, done, testNow } from "../support/runs.ts";
import { noteCanvasTexts } from "./canvasTexts.ts";
import { ResultsPages } from "./resultsPage.ts";

const day = 86_400_000;
const pictures = fileURLToPath(new URL("../../.vscode-test/pictures", import.meta.url));

const jobs = ["checkout", "cart", "search"];
const wave = (i: number) => (_: unknown, n: number) => 10 * (i + 1) + Math.round(5 * Math.sin(n / 15 + i));
const series = jobs.map((job, i) => aSeries([["job", job]], Array.from({ length: 240 }, wave(i))));
const matrix = (lines: readonly (readonly [Labels, readonly number[]])[]) =>
  done(anAnswer({ type: "matrix", series: lines.map(([labels, values]) => aSeries(labels, values)) }));
const range = done(anAnswer({ type: "matrix", series }));

/** Puts the keyboard's cursor on the newest point and gives what the tooltip says. */
async function newestTooltip(page: Page): Promise<string> {
  await page.locator(".plot").focus();
  const tooltip = page.locator(".tooltip");
  // A new drawing takes the cursor away, so the key is pressed until the drawing is there.
  while (!(await tooltip.isVisible())) {
    await page.keyboard.press("End");
    await page.waitForTimeout(50);
  }
  return (await tooltip.textContent()) ?? "";
}

describe("how a chart is drawn", { timeout: 180_000 }, () => {
  let pages: ResultsPages;
  before(async () => {
    mkdirSync(pictures, { recursive: true });
    pages = await ResultsPages.start();
  });
  after(async () => {
    await pages.stop();
  });

  test("stacked lines add up, and say so", async () => {
    for (const theme of ["dark", "light"] as const) {
      const { page, show, complaints, close } = await pages.open({ theme });
      await show([aRun({ range })]);
      await page.getByLabel("Style of the chart").selectOption("stacked");
      const last = series.map(({ values }) => values.at(-1) ?? 0);
      const tooltip = await newestTooltip(page);
      for (const value of last) assert.match(tooltip, new RegExp(`${value}/s`));
      assert.match(tooltip, new RegExp(`total of what is drawn ${last.reduce((a, b) => a + b)}/s`));
      // A logarithmic axis under areas would lie.
      assert.equal(await page.getByLabel("Y axis").count(), 0);
      await page.screenshot({ path: `${pictures}/stacked-${theme}.png` });
      assert.deepEqual(complaints, []);
      await close();
    }
  });

  test("a logarithmic axis says how many values have no place on it", async () => {
    const { page, show, complaints, close } = await pages.open();
    await show([aRun({ range: matrix([[[["a", "b"]], [0, 1, 10, 100, -5, 1000]]]) })]);
    await page.getByLabel("Y axis").selectOption("log");
    await page.getByText("2 values of zero or less cannot be drawn here.").waitFor();
    await page.screenshot({ path: `${pictures}/logarithmic.png` });
    await page.getByLabel("Y axis").selectOption("zero");
    await page.getByText("cannot be drawn here").waitFor({ state: "detached" });
    await page.getByLabel("Style of the chart").selectOption("points");
    await page.screenshot({ path: `${pictures}/points.png` });
    assert.deepEqual(complaints, []);
    await close();
  });

  test("the labels of neighbouring ticks differ, and seconds are told as on a clock", async () => {
    const cases = [
      { values: [123_450, 123_454, 123_458], unit: "none", expected: ["123.452k", "123.454k", "123.456k"] },
      { values: [864_000, 864_050, 864_100], unit: "s", expected: ["10 d 30s", "10 d 1 min", "10 d 1 min 30s"] },
      { values: [0.99991, 0.99995, 0.99999], unit: "percentunit", expected: ["99.992%", "99.994%", "99.996%"] },
    ];
    for (const { values, unit, expected } of cases) {
      const { page, show, complaints, close } = await pages.open();
      await noteCanvasTexts(page);
      await show([aRun({ range: matrix([[[["a", "b"]], values]]) }, { unit })]);
      // The legend may be there before the lines are.
      for (const text of expected) {
        await page.waitForFunction(
          (one) => (window as unknown as { written: readonly string[] }).written.includes(one),
          text,
        );
      }
      assert.deepEqual(complaints, []);
      await close();
    }
  });

  test("a unit is guessed from the query, and another one can be chosen", async () => {
    const { page, show, complaints, close } = await pages.open();
    const query = "process_resident_memory_bytes";
    await show([aRun({ range: matrix([[[["a", "b"]], [1024, 1536]]]) }, { query })]);
    const cell = page.locator(".legend .rows-body .cell-number").first();
    await page.getByText("1.5 KiB").first().waitFor();
    const unit = page.getByLabel("Unit of the values");
    assert.match((await unit.locator("option:checked").textContent()) ?? "", /bytes \(1024\) \(guessed\)/);
    await unit.selectOption("none");
    await page.getByText("1.5 KiB").first().waitFor({ state: "detached" });
    assert.equal(await cell.textContent(), "1536");
    // What the text says is no guess.
    await show([aRun({ range: matrix([[[["a", "b"]], [1, 2]]]) }, { key: "said", query, unit: "furlongs" })]);
    await page.getByText("2 furlongs").first().waitFor();
    assert.equal(await unit.locator("option:checked").textContent(), "Unit: furlongs");
    assert.deepEqual(complaints, []);
    await close();
  });

  test("an earlier answer lies over the present one, with its own lines in the legend", async () => {
    const { page, show, actions, complaints, close } = await pages.open();
    const earlier = series.map(({ values, ...one }) => ({
      ...one,
      times: one.times.map((time) => time - day),
      values: values.map((value) => value / 2),
    }));
    const run = aRun({ range, before: done(anAnswer({ type: "matrix", series: earlier })) });
    const choices = { ...run.request.choices, compareMs: day };
    await show([{ ...run, request: { ...run.request, choices } }]);
    const names = page.locator(".legend .name");
    await names.nth(5).waitFor();
    assert.equal((await names.allTextContents()).filter((name) => name.startsWith("1d earlier · ")).length, 3);
    const tooltip = await newestTooltip(page);
    const last = series[0]?.values.at(-1) ?? 0;
    assert.match(tooltip, new RegExp(`${last / 2}/s1d earlier · \\{job="checkout"\\}`));
    await page.screenshot({ path: `${pictures}/compare.png` });
    await page.getByLabel("Compare with").selectOption("1w");
    const { params } = actions.at(-1) ?? {};
    assert.equal((params as { choices: { compare: string } }).choices.compare, "1w");
    assert.deepEqual(complaints, []);
    await close();
  });

  test("an earlier answer is no part of a sum, and one to another question is not drawn", async () => {
    const { page, show, complaints, close } = await pages.open();
    const lines = [aSeries([["job", "a"]], [10, 10]), aSeries([["job", "b"]], [5, 5])];
    const earlier = lines.map((one) => ({ ...one, times: one.times.map((time) => time - day) }));
    const before = done(anAnswer({ type: "matrix", series: earlier }));
    const run = aRun({ range: done(anAnswer({ type: "matrix", series: lines })), before });
    const asked = { ...run.request, choices: { ...run.request.choices, compareMs: day } };
    await show([{ ...run, request: asked }]);
    await page.locator(".legend .name").nth(3).waitFor();
    await page.getByLabel("Style of the chart").selectOption("stacked");
    assert.match(await newestTooltip(page), /total of what is drawn 15\/s/);
    // A week before is asked for, but has not come: yesterday is not shown in its place.
    const choices = { ...asked.choices, compareMs: 7 * day };
    const failure = { kind: "unreachable", code: "refused", detail: "" } as const;
    const failed = { state: "failed", failure, finishedAt: testNow } as const;
    await show([{ ...run, request: { ...asked, choices }, before: { sent: undefined, part: failed } }]);
    await page.locator(".legend .name").nth(3).waitFor({ state: "detached" });
    assert.equal(await page.locator(".legend .name").count(), 2);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("other blocks join the chart with their titles, and leave it", async () => {
    const { page, show, complaints, close } = await pages.open();
    const memory = aSeries(
      [["job", "cart"]],
      Array.from({ length: 240 }, (_, n) => n),
    );
    const other = aRun(
      { range: done(anAnswer({ type: "matrix", series: [memory] }, { warnings: ["half of it"] })) },
      { key: "title:1:Memory", title: "Memory", query: "process_resident_memory_bytes" },
    );
    await show([aRun({ range }), other]);
    await page.locator(".legend .name").nth(2).waitFor();
    await page.getByText("Add other queries").click();
    const box = page.getByRole("checkbox", { name: "Memory", exact: true });
    await box.check();
    await page.locator(".legend .name").nth(3).waitFor();
    const names = await page.locator(".legend .name").allTextContents();
    assert.deepEqual(
      names.filter((name) => name.startsWith("Memory · ")),
      ['Memory · {job="cart"}'],
    );
    await page.getByText("Different units on one axis: cps, bytes.").waitFor();
    await page.locator(".banner", { hasText: "Memory: half of it" }).waitFor();
    assert.match(await newestTooltip(page), /Memory · \{job="cart"\}/);
    await page.screenshot({ path: `${pictures}/overlay.png` });
    await box.uncheck();
    await page.locator(".legend .name").nth(3).waitFor({ state: "detached" });
    assert.deepEqual(complaints, []);
    await close();
  });

  test("ten lines have ten strokes", async () => {
    const { page, show, close } = await pages.open();
    await show([
      aRun({ range: matrix(Array.from({ length: 10 }, (_, i) => [[["job", `job ${i}`]], [i, i + 1, i]] as const)) }),
    ]);
    const swatches = page.locator(".legend .swatch");
    await swatches.nth(9).waitFor();
    const looks = await swatches.evaluateAll((all) =>
      all.map((one) => `${(one as HTMLElement).style.backgroundColor} ${one.className}`),
    );
    assert.equal(new Set(looks).size, 10);
    await close();
  });

  test("big numbers: the newest value of each series in its unit, and the way to the table where there are many", async () => {
    const { page, show, complaints, close } = await pages.open();
    const many = Array.from({ length: 61 }, (_, i) => [[["job", `job ${i}`]], [1024, 2048 + i]] as const);
    await show([aRun({ range: matrix(many) }, { view: "stat", query: "process_resident_memory_bytes" })]);
    const tiles = page.locator(".tile");
    await tiles.nth(59).waitFor();
    assert.equal(await tiles.count(), 60);
    assert.deepEqual(await tiles.first().locator("div").allTextContents(), [
      "2 KiB",
      '{job="job 0"}',
      "1 KiB to 2 KiB",
    ]);
    await page.getByText("First 60 of 61 series.").waitFor();
    await page.screenshot({ path: `${pictures}/stat.png` });
    await page.getByText("Show all in table").click();
    await page.getByRole("table", { name: "Series" }).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a big number that is no present one is dimmed and has its time", async () => {
    const { page, show, complaints, close } = await pages.open({ timeZone: "Europe/Berlin" });
    const [alive, dead] = [aSeries([["job", "alive"]], [1, 2]), aSeries([["job", "dead"]], [1, 2])];
    const late = aSeries([["job", "late"]], [1, 2]);
    const back = (ms: number) => (time: number) => time - ms;
    const lines = [
      alive,
      { ...late, times: late.times.map(back(20_000)) },
      { ...dead, times: dead.times.map(back(5 * 60_000)) },
    ];
    await show([aRun({ range: done(anAnswer({ type: "matrix", series: lines })) }, { view: "stat" })]);
    const tile = (job: string) => page.locator(".tile", { hasText: job });
    await tile("dead").getByText("last at 12:55", { exact: true }).waitFor();
    const opacity = (job: string) =>
      tile(job)
        .locator(".tile-value")
        .evaluate((one) => getComputedStyle(one).opacity);
    assert.deepEqual([await opacity("alive"), await opacity("late"), await opacity("dead")], ["1", "1", "0.6"]);
    assert.equal(await page.getByText("last at").count(), 1);
    assert.deepEqual(complaints, []);
    await close();
  });
});
