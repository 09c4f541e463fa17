import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { heatColors } from "../../media/plot/heatColors.ts";
import type { Series } from "../../src/shared/model/answer.ts";
import type { Labels } from "../../src/shared/model/labels.ts";
import { seriousFaults } from "../support/axe.ts";
import { hostileStrings } from "../support/hostileStrings.ts";
import { anAnswer, aRun, aSeries, done, testNow } from "../support/runs.ts";
import { noteCanvasTexts } from "./canvasTexts.ts";
import { ResultsPages } from "./resultsPage.ts";

const pictures = fileURLToPath(new URL("../../.vscode-test/pictures", import.meta.url));
mkdirSync(pictures, { recursive: true });

const stepMs = 15_000;
const steps = 241;

/** Buckets of one histogram over the hour: `counts` of each step in (-Inf, 0.1], (0.1, 0.5] and above. */
function histogram(labels: Labels, counts: readonly [number, number, number], length = steps): Series[] {
  return ["0.1", "0.5", "+Inf"].map((le, i) =>
    aSeries(
      [...labels, ["le", le]],
      Array.from({ length }, () => counts.slice(0, i + 1).reduce((a, b) => a + b, 0)),
    ),
  );
}

const classic = histogram([["job", "a"]], [0.25, 0.75, 0]);
const plain = [aSeries([["job", "a"]], [1, 2, 3])];

function native(samples: number): Series {
  const histograms = Array.from({ length: samples }, (_, i) => ({
    time: testNow - (samples - 1 - i) * stepMs,
    count: 4,
    sum: 1,
    buckets: [
      { boundaries: 3, lower: Number.NEGATIVE_INFINITY, upper: 0.03, count: 1 },
      { boundaries: 0, lower: 0.03, upper: 1, count: 3 },
    ],
  }));
  return { ...aSeries([["__name__", "h"]], []), histograms };
}

const range = (series: readonly Series[]) => ({ range: done(anAnswer({ type: "matrix", series })) });

describe("the heatmap", { timeout: 240_000 }, () => {
  let pages: ResultsPages;
  before(async () => {
    pages = await ResultsPages.start();
  });
  after(async () => {
    await pages.stop();
  });

  const selected = (page: Page) => page.locator(".tab[aria-selected=true]").textContent();
  const spoken = (page: Page, text: string) =>
    page.locator(".spoken", { hasText: text }).waitFor({ state: "attached", timeout: 5000 });

  test("is spoken of once where an instant answer came with it", async () => {
    const { page, show, close } = await pages.open();
    const series = native(3);
    const vector = done(anAnswer({ type: "vector", series: [{ ...series, histograms: series.histograms.slice(-1) }] }));
    await show([aRun({ ...range([series]), instant: vector })]);
    const said = page.locator(".banner", { hasText: "Native histograms" });
    await said.first().waitFor();
    assert.deepEqual(await said.locator(".banner-text").allTextContents(), [
      "Native histograms: the heatmap draws their buckets, the chart the count of each; the table has sum, average and buckets.",
    ]);
    await close();
  });

  test("is what buckets and native histograms are looked at in first; a picked tab stays", async () => {
    const { page, show, complaints, close } = await pages.open();
    await show([
      aRun(range(classic)),
      aRun(range([native(3)]), { key: "native" }),
      aRun(range(plain), { key: "plain" }),
    ]);
    await page.locator(".plot canvas").waitFor();
    assert.equal(await selected(page), "Heatmap");
    await page.locator("#tab-table").click();
    await page.locator(".table-view").waitFor();
    await page.locator(".picker").selectOption("native");
    await page.locator(".plot canvas").waitFor();
    assert.equal(await selected(page), "Heatmap");
    await page.getByText("the heatmap draws their buckets").waitFor();
    await page.locator(".picker").selectOption("plain");
    await page.locator(".legend").waitFor();
    assert.equal(await selected(page), "Chart");
    assert.equal(await page.locator("#tab-heatmap").count(), 0);
    await page.locator(".picker").selectOption("title:1:Requests");
    await page.locator(".table-view").waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("is there for the asking where not every series is a bucket, and says what it leaves out", async () => {
    const { page, show, close } = await pages.open();
    await show([aRun(range([...classic, ...plain]))]);
    await page.locator(".legend").waitFor();
    assert.equal(await selected(page), "Chart");
    await page.locator("#tab-heatmap").click();
    await page.getByText("1 series of the answer without buckets: not drawn.").waitFor();
    await show([aRun(range([...classic, ...plain]), { key: "asked", view: "heatmap" })], "asked");
    await page.locator(".heat-legend").waitFor();
    assert.equal(await selected(page), "Heatmap");
    await close();
  });

  test("says why it is not there where a block asks for it", async () => {
    const { page, show, close } = await pages.open();
    await show([aRun(range(plain), { view: "heatmap" })]);
    await page.getByText('"@view heatmap" needs buckets, which this answer has not').waitFor();
    assert.equal(await selected(page), "Chart");
    const instant = { instant: done(anAnswer({ type: "vector", series: classic })) };
    await show([aRun(instant, { view: "heatmap" })]);
    await page.getByText('"@view heatmap" shows counts through time: ask for a range.').waitFor();
    await show([aRun(range(classic), { view: "heatmap" })]);
    await page.locator(".heat-legend").waitFor();
    assert.equal(await page.getByText('"@view heatmap"').count(), 0);
    await close();
  });

  test("tells what is under the pointer, in the unit of the bounds", async () => {
    const { page, show, close } = await pages.open();
    // The directive's unit is of the rate, not of the bounds: those are told by the metric's name.
    const query = "sum by (le) (rate(x_seconds_bucket[5m]))";
    await show([aRun(range(classic), { query, unit: "reqps" })]);
    const over = page.locator(".u-over");
    await over.waitFor();
    const box = await over.boundingBox();
    assert.ok(box !== null);
    // Three rows: the middle one is (0.1, 0.5].
    await over.hover({ position: { x: box.width / 2, y: box.height / 2 } });
    const tooltip = page.locator(".tooltip");
    await tooltip.waitFor();
    const text = (await tooltip.textContent()) ?? "";
    assert.match(text, /2026-01-02 11:(29|30):\d\d to 11:(29|30):\d\dZ/);
    assert.match(text, /Z0\.75\(100ms, 500ms\]75% of what was counted then/);
    await over.hover({ position: { x: box.width / 2, y: 5 } });
    await page.locator(".tooltip", { hasText: "0(500ms, +Inf]" }).waitFor();
    await page.mouse.move(5, 5);
    await tooltip.waitFor({ state: "hidden" });
    await close();
  });

  for (const [theme, width] of [
    ["dark", 420],
    ["light", 500],
  ] as const) {
    test(`leaves the cell in sight, and most of the map, in a panel of ${width} pixels: ${theme}`, async () => {
      const { page, show, close } = await pages.open({ theme, width });
      await show([aRun(range(classic), { query: "sum by (le) (rate(x_seconds_bucket[5m]))" })]);
      const over = await page.locator(".u-over").boundingBox();
      assert.ok(over !== null);
      const tooltip = page.locator(".tooltip");
      for (const [x, y] of [0.02, 0.3, 0.5, 0.7, 0.98].flatMap((x) => [0.1, 0.5, 0.9].map((y) => [x, y] as const))) {
        await page.mouse.move(over.x + over.width * x, over.y + over.height * y);
        await tooltip.waitFor();
        const [box, cell] = [await tooltip.boundingBox(), await page.locator(".heat-frame").boundingBox()];
        assert.ok(box !== null && cell !== null);
        assert.ok(box.x >= 0 && box.x + box.width <= width, `${x}, ${y}: beyond the panel`);
        assert.ok(box.width * box.height < (over.width * over.height) / 4, `${box.width} by ${box.height}`);
        // The middle of a row that is as high as a third of the plot, not all of it.
        const [middleX, middleY] = [cell.x + cell.width / 2, cell.y + cell.height / 2];
        const isCovered =
          middleX > box.x && middleX < box.x + box.width && middleY > box.y && middleY < box.y + box.height;
        assert.equal(isCovered, false, `${x}, ${y}`);
        if (x === 0.5 && y === 0.1) await page.screenshot({ path: `${pictures}/heatmap-narrow-${theme}.png` });
      }
      await close();
    });
  }

  test("keeps the unit picked for its bounds apart from that of the chart, and calls it what it is", async () => {
    const { page, show, close } = await pages.open();
    await show([aRun(range(classic), { unit: "reqps" })]);
    const ofBuckets = page.getByLabel("Unit of the buckets");
    const ofValues = page.getByLabel("Unit of the values");
    await page.locator(".heat-legend").waitFor();
    assert.equal(await ofBuckets.inputValue(), "none");
    assert.equal(await ofBuckets.locator("option:checked").textContent(), "Unit of buckets: number");
    assert.equal(await ofValues.count(), 0);
    await ofBuckets.selectOption("s");
    await page.locator("#tab-chart").click();
    await page.locator(".legend").waitFor();
    assert.equal(await ofBuckets.count(), 0);
    assert.equal(await ofValues.inputValue(), "reqps");
    await ofValues.selectOption("bytes");
    await page.locator("#tab-heatmap").click();
    await page.locator(".heat-legend").waitFor();
    assert.equal(await ofBuckets.inputValue(), "s");
    assert.equal(await ofBuckets.locator("option:checked").textContent(), "Unit of buckets: seconds");
    await close();
  });

  test("paints counts, leaves nothing plain and hatches holes", async () => {
    const { page, show, close } = await pages.open();
    const half = classic.map((one) => ({
      ...one,
      times: one.times.subarray(120),
      values: one.values.subarray(120),
    }));
    await show([aRun(range(half))]);
    await page.locator(".plot canvas").waitFor();
    await page.locator(".heat-legend", { hasText: "no data" }).waitFor();
    const [hole, nothing, few, many] = await Promise.all([
      colorsAt(page, 0.25, 0.5),
      colorsAt(page, 0.75, 1 / 6),
      colorsAt(page, 0.75, 5 / 6),
      colorsAt(page, 0.75, 0.5),
    ]);
    assert.equal(nothing?.size, 1);
    assert.ok(nothing.has("0,0,0,0"), [...nothing].join(" "));
    assert.ok((hole?.size ?? 0) > 1);
    // 0.75 is the greatest count of all and has the last colour of the scale; a third of it has another.
    assert.ok(many?.has("253,240,107,255"), [...(many ?? [])].join(" "));
    assert.ok(few !== undefined && !few.has("253,240,107,255") && !few.has("0,0,0,0"));
    await close();
  });

  test("is read with the keys, cell by cell, and zooms with them as the chart does", async () => {
    const { page, show, actions, close } = await pages.open();
    await show([aRun(range(classic))]);
    const plot = page.locator(".plot");
    await page.locator(".plot canvas").waitFor();
    await plot.focus();
    await plot.press("ArrowLeft");
    await spoken(page, "(-Inf, 0.1]: 0.25. 25% of what was counted then. 2026-01-02 11:59:45Z to 2026-01-02 12:00:00Z");
    await page.locator(".heat-frame").waitFor();
    await plot.press("ArrowUp");
    await spoken(page, "(0.1, 0.5]: 0.75");
    await plot.press("ArrowUp");
    await plot.press("ArrowUp");
    await spoken(page, "(0.5, +Inf]: 0");
    await plot.press("ArrowDown");
    await plot.press("Shift+ArrowLeft");
    await spoken(page, "(0.1, 0.5]: 0.75. 75% of what was counted then. 2026-01-02 11:57:15Z");
    await plot.press("Home");
    await spoken(page, "2026-01-02 10:59:45Z to 2026-01-02 11:00:00Z");
    await plot.press("+");
    await spoken(page, "2026-01-02 10:59:45Z to 2026-01-02 11:29:");
    await page.getByText("Reset zoom").waitFor();
    await plot.press("PageDown");
    await spoken(page, "2026-01-02 11:14:");
    await plot.press("Escape");
    await spoken(page, "The whole range");
    await page.getByText("Reset zoom").waitFor({ state: "detached" });
    assert.equal(actions.length, 0);
    await close();
  });

  test("zooms by dragging into what is here, and asks the server only when told to", async () => {
    const { page, show, actions, close } = await pages.open();
    await show([aRun(range(classic))]);
    const over = page.locator(".u-over");
    await over.waitFor();
    const box = await over.boundingBox();
    assert.ok(box !== null);
    await page.mouse.move(box.x + box.width / 4, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + 60, { steps: 4 });
    await page.mouse.up();
    await page.getByText("Query this range").click();
    assert.equal(actions.length, 1);
    const { choices } = (actions[0] ?? assert.fail()).params as { choices: { start: string; end: string } };
    assert.ok(Math.abs(Date.parse(choices.start) - (testNow - 0.75 * 3_600_000)) < 60_000, choices.start);
    assert.ok(Math.abs(Date.parse(choices.end) - (testNow - 0.5 * 3_600_000)) < 60_000, choices.end);
    await close();
  });

  test("draws one histogram after another, and keeps the one that was picked in a new answer", async () => {
    const { page, show, close } = await pages.open();
    const job = (name: string, count: number) => histogram([["job", name]], [0, count, 0]);
    await show([aRun(range([...job("a", 1), ...job("b", 2)]))]);
    const list = page.getByLabel("Histogram", { exact: true });
    await page.getByText("one of 2 histograms").waitFor();
    await list.selectOption({ label: '{job="b"}' });
    const most = (count: string) =>
      page.waitForFunction(
        (wanted) => document.querySelector(".heat-marks span:last-child")?.textContent === wanted,
        count,
      );
    await most("2");
    await show([aRun(range([...job("0", 5), ...job("a", 1), ...job("b", 3)]))]);
    await page.getByText("one of 3 histograms").waitFor();
    await most("3");
    assert.equal(await list.inputValue(), "2");
    await show([aRun(range([...job("a", 1), ...job("c", 4)]))]);
    await page.getByText("one of 2 histograms").waitFor();
    await most("1");
    assert.equal(await list.inputValue(), "0");
    await close();
  });

  test("says what is not as it seems: totals, columns of several steps, series that are not here, no buckets", async () => {
    const { page, show, close } = await pages.open({ width: 500 });
    const totals = ["1", "2"].map((le) =>
      aSeries(
        [
          ["__name__", "x_bucket"],
          ["le", le],
        ],
        Array.from({ length: steps }, (_, i) => i * Number(le)),
      ),
    );
    await show([aRun(range(totals), { choices: { ...aRun({}).request.choices, maxSeries: 2 } })]);
    await page.getByText("These are running totals").waitFor();
    await page.getByText("Each column is the mean of 2 steps.").waitFor();
    await page.locator(".u-over").hover();
    await page.locator(".tooltip", { hasText: "mean of up to 2 steps" }).waitFor();
    await show([aRun(range([...classic, ...plain]), { choices: { ...aRun({}).request.choices, maxSeries: 3 } })]);
    await page.getByText("Not all series are here, so buckets may be missing").waitFor();
    const empty = { ...native(1), histograms: native(1).histograms.map((one) => ({ ...one, buckets: [] })) };
    await show([aRun(range([empty]), { key: "empty" })]);
    await page.getByText("These histograms have no buckets: nothing was observed.").waitFor();
    const zeros = histogram([], [0, 0, 0]);
    await show([aRun(range(zeros), { key: "zeros" })]);
    await page.getByText("Nothing was counted here.").waitFor();
    await close();
  });

  for (const theme of ["dark", "light", "contrast"] as const) {
    test(`gives a picture with the scale of its colours: ${theme}`, async () => {
      const { page, show, actions, complaints, close } = await pages.open({ theme });
      const half = classic.map((one) => ({ ...one, times: one.times.subarray(120), values: one.values.subarray(120) }));
      await show([aRun(range(half))]);
      await page.locator(".plot canvas").waitFor();
      await page.locator(".heat-legend").waitFor();
      await noteCanvasTexts(page);
      await page.getByRole("button", { name: "More …" }).click();
      await page.getByRole("menuitem", { name: "Save Picture …" }).click();
      await page.getByText("Saved.").waitFor();
      const png = Buffer.from(((actions.at(-1) ?? assert.fail()).params as { bytes: ArrayBuffer }).bytes);
      writeFileSync(`${pictures}/saved-heatmap-${theme}.png`, png);
      // Width and height stand in a PNG's first chunk.
      assert.ok(png.readUInt32BE(16) >= 850);
      assert.ok(png.readUInt32BE(20) > 400);
      const written = await page.evaluate(() => (window as unknown as { written: readonly string[] }).written);
      // The greatest count is 0.75; a place of the scale stands for the square of its part of that.
      assert.deepEqual(written.slice(-7), ["no data", "0", ">0", "0.0469", "0.188", "0.422", "0.75"]);
      assert.ok(!written.some((text) => text.includes("strongest colour")), written.join("\n"));
      // All shades from the first to the last stand side by side, in a bar of twelve lines.
      const shades = heatColors(theme === "light").map((shade) => (shade.match(/\d+/g) ?? []).join(","));
      const lines = await pixelLines(page, png);
      const scale = lines.filter((line) => shades.every((shade) => line.includes(shade)));
      assert.ok(scale.length >= 10 && scale.length <= 14, String(scale.length));
      for (const line of scale)
        assert.deepEqual(
          [...new Set(line)].filter((color) => shades.includes(color)),
          shades,
        );
      assert.deepEqual(complaints, []);
      await close();
    });
  }

  test("gives a picture without a scale where there is nothing to count", async () => {
    const { page, show, actions, complaints, close } = await pages.open();
    await show([aRun(range(histogram([], [0, 0, 0])))]);
    await page.getByText("Nothing was counted here.").waitFor();
    await page.getByRole("button", { name: "More …" }).click();
    await page.getByRole("menuitem", { name: "Save Picture …" }).click();
    await page.getByText("Saved.").waitFor();
    const png = Buffer.from(((actions.at(-1) ?? assert.fail()).params as { bytes: ArrayBuffer }).bytes);
    const shades = heatColors(false).map((shade) => (shade.match(/\d+/g) ?? []).join(","));
    assert.ok(!(await pixelLines(page, png)).some((line) => shades.every((shade) => line.includes(shade))));
    assert.deepEqual(complaints, []);
    await close();
  });

  test("follows the theme and the width", async () => {
    const { page, show, close } = await pages.open();
    await show([aRun(range(classic))]);
    await page.locator(".plot canvas").waitFor();
    await page.waitForTimeout(300);
    assert.ok((await colorsAt(page, 0.5, 0.5)).has("253,240,107,255"));
    await page.evaluate(() => {
      document.body.className = "vscode-light";
    });
    await page.waitForTimeout(300);
    assert.ok((await colorsAt(page, 0.5, 0.5)).has("67,20,94,255"));
    await page.setViewportSize({ width: 500, height: 800 });
    await page.waitForFunction(() => (document.querySelector(".plot canvas")?.clientWidth ?? 999) <= 500);
    await close();
  });

  test("runs nothing that a server or a file says", async () => {
    const { page, show, complaints, close } = await pages.open();
    const series = hostileStrings.flatMap((text) => histogram([[text === "" ? "empty" : text, text]], [1, 2, 3], 3));
    await show([aRun(range(series), { unit: "<img src=x onerror=pwned(9)>" })]);
    const list = page.getByLabel("Histogram", { exact: true });
    await list.waitFor();
    const over = page.locator(".u-over");
    await over.waitFor();
    for (let i = 9; i < hostileStrings.length; i += 9) {
      await page.locator(".plot .uplot").evaluate((drawn) => drawn.setAttribute("data-old", ""));
      await list.selectOption(String(i));
      await page.locator(".plot .uplot:not([data-old])").waitFor();
      await over.hover({ position: { x: 300, y: 40 + i } });
      await page.locator(".tooltip").waitFor();
      await page.locator(".plot").press("ArrowUp");
    }
    const one = hostileStrings.slice(0, 5).map((text) => histogram([["a", text]], [1, 2, 3], 3));
    for (const [i, alone] of one.entries()) {
      await show([aRun(range(alone), { key: `alone${i}` })]);
      await page.locator(".heat-name").waitFor();
    }
    await page.waitForTimeout(200);
    assert.deepEqual(complaints, []);
    assert.equal(await page.locator("main img, main iframe, main script, main svg, main object, main a").count(), 0);
    await close();
  });

  for (const theme of ["dark", "light", "contrast"] as const) {
    test(`has nothing serious against it in the eyes of axe: ${theme}`, async () => {
      const { page, show, close } = await pages.open({ theme, bypassCsp: true });
      await show([aRun(range([...classic, ...histogram([["job", "b"]], [1, 2, 3], 20)]))]);
      await page.locator(".heat-legend").waitFor();
      await page.locator(".plot").press("ArrowUp");
      await page.locator(".tooltip").waitFor();
      assert.deepEqual(await seriousFaults(page), []);
      await close();
    });
  }
});

/** The colours (`red,green,blue,alpha`) around a place of the plot, given as parts of its width and height. */
async function colorsAt(page: Page, x: number, y: number): Promise<ReadonlySet<string>> {
  const colors = await page.locator(".u-over").evaluate(
    (over, [partX, partY]) => {
      const canvas = document.querySelector<HTMLCanvasElement>(".plot canvas");
      if (canvas === null || !(over instanceof HTMLElement)) return [];
      const ratio = canvas.width / canvas.clientWidth;
      const left = (over.offsetLeft + over.clientWidth * (partX ?? 0)) * ratio;
      const top = (over.offsetTop + over.clientHeight * (partY ?? 0)) * ratio;
      const data = canvas.getContext("2d")?.getImageData(left - 6, top - 6, 12, 12).data ?? [];
      return Array.from({ length: data.length / 4 }, (_, i) => data.slice(4 * i, 4 * i + 4).join(","));
    },
    [x, y],
  );
  return new Set(colors);
}

/** The colours (`red,green,blue`) of a picture, line by line, without those that follow the same one. */
async function pixelLines(page: Page, png: Buffer): Promise<readonly (readonly string[])[]> {
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const { width, height } = image;
    const context = new OffscreenCanvas(width, height).getContext("2d");
    context?.drawImage(image, 0, 0);
    const data = context?.getImageData(0, 0, width, height).data ?? [];
    return Array.from({ length: height }, (_, y) => {
      const line: string[] = [];
      for (let x = 0; x < width; x++) {
        const at = 4 * (y * width + x);
        const color = data.slice(at, at + 3).join(",");
        if (line.at(-1) !== color) line.push(color);
      }
      return line;
    });
  }, png.toString("base64"));
}
