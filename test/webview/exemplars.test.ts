import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { ReadExemplars } from "../../src/query/answerExemplars.ts";
import { AppError } from "../../src/shared/errors.ts";
import type { Exemplar, ExemplarList } from "../../src/shared/model/source.ts";
import { cacheFolder } from "../servers/binaries.ts";
import { seriousFaults } from "../support/axe.ts";
import { hostileStrings } from "../support/hostileStrings.ts";
import { anAnswer, aRun, aSeries, done, testNow } from "../support/runs.ts";
import { ResultsPages } from "./resultsPage.ts";

/* Exemplars in the results page: asked for by a switch only, drawn, listed, copied, and harmless whatever their labels say. */
const hour = 3_600_000;
const answer = () => {
  const values = Array.from({ length: 240 }, (_, n) => 10 + (n % 5));
  return done(anAnswer({ type: "matrix", series: [aSeries([["job", "checkout"]], values)] }));
};

function listOf(exemplars: readonly Exemplar[], total = exemplars.length): ExemplarList {
  const seriesLabels = [
    ["__name__", "requests_bucket"],
    ["le", "0.5"],
  ] as const;
  return { series: [{ seriesLabels, exemplars }], warnings: [], total, truncated: total > exemplars.length };
}

const half = testNow - hour / 2;
const three = listOf([
  { time: half, value: 12, labels: [["trace_id", "abc"]] },
  { time: half + 60_000, value: 900, labels: [["user", "x"]] },
  { time: half + 120_000, value: Number.NaN, labels: [] },
]);

describe("exemplars in the results page", { timeout: 180_000 }, () => {
  let pages: ResultsPages;
  before(async () => {
    pages = await ResultsPages.start();
  });
  after(async () => {
    await pages.stop();
  });

  /** A page with an answer; `asked` counts what reached the server. */
  async function open(
    read: ReadExemplars = async () => three,
    options: { readonly theme?: "light"; readonly bypassCsp?: boolean } = {},
  ) {
    const asked: Parameters<ReadExemplars>[] = [];
    const opened = await pages.open({
      ...options,
      exemplars: (...params) => {
        asked.push(params);
        return read(...params);
      },
    });
    await opened.show([aRun({ range: answer() })]);
    await opened.page.locator(".plot canvas").waitFor();
    const list = opened.page.getByRole("table", { name: "Exemplars" });
    return { ...opened, asked, list };
  }

  test("nothing is asked before the switch, and again nothing after another answer", async () => {
    const { page, show, asked, list, complaints, close } = await open();
    await page.waitForTimeout(300);
    assert.equal(asked.length, 0);
    const box = page.getByRole("checkbox", { name: "Exemplars" });
    await box.check();
    await list.waitFor();
    assert.equal(asked.length, 1);
    const [run, window] = asked[0] ?? assert.fail();
    assert.equal(run.request.query, "rate(http_requests_total[5m])");
    assert.deepEqual(window, { start: testNow - hour, end: testNow });
    await show([aRun({ range: answer() })]);
    await list.waitFor({ state: "detached" });
    assert.equal(await box.isChecked(), false);
    await page.waitForTimeout(300);
    assert.equal(asked.length, 1);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("each is a row with its value, time, labels and trace id, which keys reach and copy", async () => {
    const { page, actions, list, close } = await open();
    await page.getByRole("checkbox", { name: "Exemplars" }).check();
    const rows = list.locator(".rows-body .row");
    await rows.nth(2).waitFor();
    const cells = async (at: number) => rows.nth(at).getByRole("cell").allTextContents();
    const series = 'requests_bucket{le="0.5"}';
    assert.deepEqual(await cells(0), ["12", "2026-01-02 11:30:00Z", '{trace_id="abc"}', series, "Copy trace id"]);
    assert.deepEqual(await cells(2), ["NaN", "2026-01-02 11:32:00Z", "{}", series, ""]);
    await page.getByText("3 exemplars. 1 value cannot be drawn.").waitFor();
    await rows.nth(0).getByRole("button", { name: "12" }).focus();
    await page.keyboard.press("Enter");
    await list.locator('[aria-pressed="true"]').waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText("Copied.").waitFor();
    assert.deepEqual(actions.at(-1), { method: "results/copy", params: { text: "abc" } });
    await close();
  });

  test("each that an axis has room for is a diamond: it says what it is, and a click picks its row", async () => {
    const { page, list, close } = await open();
    await page.getByRole("checkbox", { name: "Exemplars" }).check();
    await list.waitFor();
    const over = await page.locator(".u-over").boundingBox();
    assert.ok(over !== null);
    // The first is in the middle of the hour; the axis ends little above the line's 14, and the second stands at its edge.
    const tops = await page.evaluate(() => document.querySelector(".u-over")?.clientHeight ?? 0);
    const x = over.x + over.width / 2;
    const middle = page.locator(".exemplar-box");
    let found = -1;
    for (let y = 2; y < tops && found < 0; y += 4) {
      await page.mouse.move(x, over.y + y);
      if (await middle.isVisible()) found = y;
    }
    assert.ok(found > 0, "no diamond in the middle");
    assert.match((await middle.textContent()) ?? "", /Exemplar 12.*11:30:00.*trace_id: abc/);
    await page.mouse.click(x, over.y + found);
    await list.locator(".row-selected", { hasText: "abc" }).waitFor();
    assert.ok(await middle.isVisible(), "what the diamond says is gone");
    await page.mouse.move(over.x + (over.width * 31) / 60, over.y + 1);
    await middle.waitFor();
    assert.match((await middle.textContent()) ?? "", /Exemplar 900/);
    await page.screenshot({ path: join(cacheFolder, "pictures", "exemplars-dark.png") });
    await close();
  });

  test("the row of a diamond that was clicked is brought into view, however long the list", async () => {
    const step = hour / 120;
    // One above another would be told apart by nothing; at the line's height all have room.
    const many = Array.from({ length: 120 }, (_, i) => ({
      time: testNow - hour + (i + 0.5) * step,
      value: 12,
      labels: [["trace_id", `t${i}`]] as const,
    }));
    const { page, list, close } = await open(async () => listOf(many));
    await page.getByRole("checkbox", { name: "Exemplars" }).check();
    const body = list.locator(".rows-body");
    await body.waitFor();
    // The list lies partly below the page's lower edge.
    await page.setViewportSize({ width: 900, height: 560 });
    for (const at of [100, 3]) {
      await page.locator(".u-over").scrollIntoViewIfNeeded();
      const over = await page.locator(".u-over").boundingBox();
      assert.ok(over !== null);
      const x = over.x + (over.width * (at + 0.5)) / 120;
      const box = page.locator(".exemplar-box", { hasText: `trace_id: t${at}` });
      let y = over.y + 2;
      for (; y < over.y + over.height && !(await box.isVisible()); y += 4) await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.up();
      const row = list.locator(".row-selected", { hasText: `"t${at}"` });
      await row.waitFor({ timeout: 5000 });
      await page.waitForTimeout(100);
      const [inner, outer] = [await row.boundingBox(), await body.boundingBox()];
      assert.ok(inner !== null && outer !== null);
      assert.ok(inner.y >= outer.y && inner.y + inner.height <= outer.y + outer.height + 1, "the row is out of view");
      assert.ok(inner.y + inner.height <= 560, "the row is below the page");
    }
    // A row that is in view stays where it is.
    const before = await body.evaluate((element) => element.scrollTop);
    await list.locator(".rows-body .row", { hasText: '"t5"' }).getByRole("button", { name: "12" }).click();
    await list.locator(".row-selected", { hasText: '"t5"' }).waitFor();
    assert.equal(await body.evaluate((element) => element.scrollTop), before);
    await close();
  });

  test("long values and times end in an ellipsis in a narrow panel, none is cut off as if it were whole", async () => {
    const { page, list, close } = await open(async () =>
      listOf([{ time: half + 123, value: 1.945922358123, labels: [["trace_id", "abc"]] }]),
    );
    await page.setViewportSize({ width: 500, height: 700 });
    await page.getByRole("checkbox", { name: "Exemplars" }).check();
    const row = list.locator(".rows-body .row").first();
    await row.waitFor();
    const value = row.getByRole("button", { name: "1.945922358123" });
    const [button, cell] = [await value.boundingBox(), await row.getByRole("cell").first().boundingBox()];
    assert.ok(button !== null && cell !== null);
    assert.ok(button.x + button.width <= cell.x + cell.width, "the cell cuts the value off");
    // The time tells exemplars apart: it is whole.
    const isWhole = await row
      .getByRole("cell")
      .nth(1)
      .evaluate((time) => time.scrollWidth <= time.clientWidth);
    assert.ok(isWhole, "the time is cut");
    await page.setViewportSize({ width: 400, height: 700 });
    await row.locator(".exemplar-labels").first().waitFor({ state: "hidden" });
    const left = (await value.boundingBox())?.width ?? 0;
    assert.ok(left >= 60, `${left} pixels for a value`);
    await close();
  });

  test("the box at a diamond has a trace id's 32 digits whole in a narrow panel and stays within the plot", async () => {
    const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    const labels = [
      ["trace_id", traceId],
      ["note", "word ".repeat(1000)],
    ] as const;
    const { page, list, close } = await open(async () => listOf([{ time: half, value: 12, labels }]));
    await page.setViewportSize({ width: 420, height: 700 });
    await page.getByRole("checkbox", { name: "Exemplars" }).check();
    await list.waitFor();
    const over = await page.locator(".u-over").boundingBox();
    assert.ok(over !== null);
    const box = page.locator(".exemplar-box");
    for (let y = 2; y < over.height && !(await box.isVisible()); y += 4) {
      await page.mouse.move(over.x + over.width / 2, over.y + y);
    }
    const lines = (text: string) =>
      box.locator(".tooltip-name", { hasText: text }).evaluate((line) => ({
        isWhole: line.scrollWidth <= line.clientWidth && line.scrollHeight <= line.clientHeight,
        count: Math.round(line.clientHeight / Number.parseFloat(getComputedStyle(line).lineHeight)),
      }));
    assert.equal((await lines(`trace_id: ${traceId}`)).isWhole, true);
    assert.ok((await lines("note: ")).count <= 2);
    const [inner, plot] = [await box.boundingBox(), await page.locator(".plot").boundingBox()];
    assert.ok(inner !== null && plot !== null && inner.x + inner.width <= plot.x + plot.width, "beyond the plot");
    await close();
  });

  test("a zoom shows those of its stretch without asking again, and says how many gave way", async () => {
    const many = Array.from({ length: 4000 }, (_, i) => ({
      time: testNow - hour + i * 900,
      value: i % 17,
      labels: [["trace_id", String(i)]] as const,
    }));
    const { page, asked, close } = await open(async () => listOf(many, 9000));
    await page.getByRole("checkbox", { name: "Exemplars" }).check();
    const said = page.locator(".exemplars-said");
    await page
      .getByText(
        "Of 4,000 exemplars in the stretch shown, the highest 300. The server sent 9,000 exemplars; the first 4,000 are looked at.",
      )
      .waitFor();
    await page.locator(".plot").focus();
    for (let i = 0; i < 6; i++) await page.keyboard.press("+");
    // A 64th of the hour has 62 or 63 of them.
    await page.getByText(/^6[234] exemplars\./).waitFor();
    assert.equal(asked.length, 1);
    assert.doesNotMatch((await said.textContent()) ?? "", /stretch shown/);
    await close();
  });

  const ends: readonly { readonly title: string; readonly read: ReadExemplars; readonly said: RegExp }[] = [
    {
      title: "none",
      read: async () => ({ series: [], warnings: ["Store x\nis down"], total: 0, truncated: false }),
      said: /no exemplars of these series.*exemplar-storage\. Store x is down\./s,
    },
    {
      title: "a server without them",
      read: () => Promise.reject(new AppError({ kind: "notPrometheus", status: 404, content: "text", detail: "" })),
      said: /^This server does not offer exemplars/,
    },
    {
      title: "a failure",
      read: () =>
        Promise.reject(new AppError({ kind: "rejected", status: 500, errorType: "internal", message: "disk" })),
      said: /^Production EU said no\. disk\. Try again\.$/,
    },
    { title: "a person who declined", read: async () => undefined, said: /was not asked/ },
  ];
  for (const { title, read, said } of ends) {
    test(`says what came of it: ${title}`, async () => {
      const { page, asked, close } = await open(read);
      await page.getByRole("checkbox", { name: "Exemplars" }).check();
      const status = page.locator(".exemplars-said");
      await page.waitForFunction(() => {
        const text = document.querySelector(".exemplars-said")?.textContent ?? "";
        return text !== "" && !text.startsWith("Reading");
      });
      assert.match(((await status.textContent()) ?? "").replace(/\s+/g, " "), said);
      await page.setViewportSize({ width: 700, height: 700 });
      await page.waitForTimeout(300);
      assert.equal(asked.length, 1, "another width changes nothing about it");
      const again = page.getByRole("button", { name: "Try again" });
      if ((await again.count()) > 0) {
        await again.click();
        await page.waitForTimeout(300);
        assert.equal(asked.length, 2);
      } else assert.ok(["none", "a server without them"].includes(title));
      await close();
    });
  }

  test("switched off while they are read, the reading is given up and nothing is shown", async () => {
    const { page, asked, list, close } = await open(
      (_run, _window, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason as Error))),
    );
    const box = page.getByRole("checkbox", { name: "Exemplars" });
    await box.check();
    await page.getByText("Reading exemplars").waitFor();
    await box.uncheck();
    await page.locator(".exemplars").waitFor({ state: "detached" });
    await page.waitForTimeout(200);
    assert.equal(asked[0]?.[2].aborted, true);
    assert.equal(await list.count(), 0);
    await close();
  });

  test("hostile labels are text", async () => {
    const exemplars = hostileStrings.map((text, i) => ({
      time: testNow - hour + i * 20_000,
      value: 10 + (i % 5),
      labels: [
        [`trace_id`, text],
        [text, text],
      ] as const,
    }));
    const { page, list, actions, complaints, close } = await open(
      async () => ({
        ...listOf(exemplars),
        warnings: hostileStrings.slice(0, 20),
      }),
      { theme: "light" },
    );
    await page.getByRole("checkbox", { name: "Exemplars" }).check();
    await list.locator(".rows-body .row").first().waitFor();
    const body = list.locator(".rows-body");
    for (let top = 0; top < hostileStrings.length * 24; top += 120) {
      await body.evaluate((element, to) => element.scrollTo({ top: to }), top);
      await page.waitForTimeout(20);
    }
    await body.evaluate((element) => element.scrollTo({ top: 0 }));
    const over = await page.locator(".u-over").boundingBox();
    assert.ok(over !== null);
    for (let x = 0; x < over.width; x += 12)
      for (const part of [0.2, 0.4, 0.6]) {
        await page.mouse.move(over.x + x, over.y + over.height * part);
      }
    await list.getByRole("button", { name: "Copy trace id" }).first().click();
    await page.getByText("Copied.").waitFor();
    assert.deepEqual(actions.at(-1), { method: "results/copy", params: { text: hostileStrings[0] } });
    assert.equal(await page.locator(".exemplars img, .exemplars script, .exemplars a, .exemplar-box img").count(), 0);
    await page.screenshot({ path: join(cacheFolder, "pictures", "exemplars-light.png") });
    assert.deepEqual(complaints, []);
    await close();
  });

  test("has nothing serious against it in the eyes of axe", async () => {
    const { page, list, close } = await open(undefined, { bypassCsp: true });
    await page.getByRole("checkbox", { name: "Exemplars" }).check();
    await list.locator(".rows-body .row").first().waitFor();
    assert.deepEqual(await seriousFaults(page), []);
    await close();
  });
});
