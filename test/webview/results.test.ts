import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import type { Run } from "../../src/query/run.ts";
import type { Failure } from "../../src/shared/errors.ts";
import type { ResultsContract } from "../../src/shared/protocol/results.ts";
import { seriousFaults } from "../support/axe.ts";
import { hostileStrings } from "../support/hostileStrings.ts";
import { anAnswer, aRun, aSeries, done, testNow } from "../support/runs.ts";
import { type Action, ResultsPages } from "./resultsPage.ts";

const jobs = ["checkout", "cart", "search", "login"];
const series = jobs.map((job, i) =>
  aSeries(
    [
      ["__name__", "requests"],
      ["job", job],
    ],
    Array.from({ length: 240 }, (_, n) => (i + 1) * 10 + (n % 5)),
  ),
);
const last = series.map((one) => ({ ...one, times: one.times.slice(-1), values: one.values.slice(-1) }));
const both = aRun({
  range: done(anAnswer({ type: "matrix", series })),
  instant: done(anAnswer({ type: "vector", series: last })),
});

describe("the results page", { timeout: 180_000 }, () => {
  let pages: ResultsPages;
  before(async () => {
    pages = await ResultsPages.start();
  });
  after(async () => {
    await pages.stop();
  });

  test("says where the answer is from and draws it; its numbers are those of the data", async () => {
    const { page, show, complaints, close } = await pages.open();
    await show([both]);
    await page.locator(".plot canvas").waitFor();
    const rows = page.locator(".legend .rows-body .row");
    await rows.nth(3).waitFor();
    assert.deepEqual(await rows.nth(0).locator(".cell-number").allTextContents(), ["24/s", "20/s", "24/s", "22/s"]);
    // The head says that rows are in the order of names.
    assert.equal(await page.locator(".legend [aria-sort=ascending]").textContent(), "Series ↑");
    const names = await page.locator(".legend .name").allTextContents();
    assert.deepEqual(
      names.map((name) => /job="(.*)"/.exec(name)?.[1]),
      ["cart", "checkout", "login", "search"],
    );
    assert.equal(await page.locator(".server").textContent(), "Production EU");
    assert.equal(await page.locator(".server").getAttribute("title"), "https://prometheus.example");
    assert.match((await page.locator(".facts").textContent()) ?? "", /step 15s \(automatic\).*4 series, 960 samples/);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("leaves one line after a click, hides one after Ctrl+click, and shows all again", async () => {
    const { page, show, close } = await pages.open();
    await show([both]);
    const hidden = page.locator(".legend .row-hidden");
    await page.locator(".legend .name").nth(1).click();
    await hidden.nth(2).waitFor();
    assert.equal(await hidden.count(), 3);
    await page.getByText("Show all series").click();
    await hidden.first().waitFor({ state: "detached" });
    await page
      .locator(".legend .name")
      .nth(0)
      .click({ modifiers: ["Control"] });
    await hidden.first().waitFor();
    assert.equal(await hidden.count(), 1);
    await close();
  });

  test("keeps hidden and lone lines by name in a new answer, and forgets them in another query", async () => {
    const { page, show, close } = await pages.open();
    const answer = (names: readonly string[]) =>
      done(anAnswer({ type: "matrix", series: names.map((name) => aSeries([["job", name]], [1, 2, 3])) }));
    const checked = async () =>
      page
        .locator(".legend input[type=checkbox]")
        .evaluateAll((boxes) =>
          boxes.filter((box) => box instanceof HTMLInputElement && box.checked).map((box) => box.ariaLabel),
        );
    const rows = page.locator(".legend .rows-body .row");
    await show([aRun({ range: answer(["a", "b", "c"]) })]);
    await page.locator(".legend .name", { hasText: '"b"' }).click();
    await page.locator(".legend .row-hidden").nth(1).waitFor();
    await show([aRun({ range: answer(["0", "a", "b", "c"]) })]);
    await rows.nth(3).waitFor();
    assert.deepEqual(await checked(), ['Show {job="b"}']);
    const other = aRun({ range: answer(["a", "b", "d"]) }, { key: "other", title: "Other" });
    await show([aRun({ range: answer(["a", "c"]) }), other]);
    await page.locator(".legend .row-hidden").first().waitFor({ state: "detached" });
    assert.deepEqual((await checked()).sort(), ['Show {job="a"}', 'Show {job="c"}']);
    await page.locator(".legend .name", { hasText: '"a"' }).click({ modifiers: ["Control"] });
    await page.locator(".legend .row-hidden").waitFor();
    await page.locator(".picker").selectOption("other");
    await rows.nth(2).waitFor();
    assert.equal((await checked()).length, 3);
    await close();
  });

  test("zooms by dragging without a request, and asks the server only when told to", async () => {
    const { page, show, actions, close } = await pages.open();
    await show([both]);
    await page.locator(".u-over").waitFor();
    const box = await page.locator(".u-over").boundingBox();
    assert.ok(box !== null);
    await page.mouse.move(box.x + box.width / 4, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + 60, { steps: 4 });
    await page.mouse.up();
    await page.getByText("Query this range").waitFor();
    assert.equal(actions.length, 0);
    await page.getByText("Query this range").click();
    const { choices } = lastParams(actions) as { choices: { start: string; end: string } };
    const hour = 3_600_000;
    assert.ok(Math.abs(Date.parse(choices.start) - (testNow - 0.75 * hour)) < 60_000, choices.start);
    assert.ok(Math.abs(Date.parse(choices.end) - (testNow - 0.5 * hour)) < 60_000, choices.end);
    await close();
  });

  test("draws lines, not dots, of series that are sampled at other times, and a point that is alone", async () => {
    const { page, show, close } = await pages.open();
    const one = aSeries([["target", "a"]], [1, 1, 1, 1, 1]);
    const two = aSeries([["target", "b"]], [3, 3, 3, 3, 3]);
    const later = { ...two, times: two.times.map((time) => time + 5000) };
    await show([aRun({ instant: done(anAnswer({ type: "matrix", series: [one, later] })) }, { view: "chart" })]);
    await page.locator(".plot canvas").waitFor();
    assert.ok((await coloredPixels(page)) > 800);
    const run = aRun({ range: done(anAnswer({ type: "matrix", series: [aSeries([["lone", "p"]], [5])] })) });
    const window = { start: testNow, end: testNow, stepMs: 3_600_000, stepIsAutomatic: false };
    const range = run.range && { ...run.range, sent: window };
    await show([{ ...run, request: { ...run.request, key: "lone" }, window, range }]);
    await page.locator(".picker, .title").waitFor();
    await page.getByText('{lone="p"}').first().waitFor();
    await page.waitForTimeout(300);
    const dot = await coloredPixels(page);
    assert.ok(dot > 5 && dot < 100, String(dot));
    await close();
  });

  test("asks the server for a zoomed range only where the answer is of a range", async () => {
    const { page, show, close } = await pages.open();
    await show([aRun({ instant: done(anAnswer({ type: "matrix", series })) }, { view: "chart" })]);
    await page.locator(".u-over").waitFor();
    const box = await page.locator(".u-over").boundingBox();
    assert.ok(box !== null);
    await page.mouse.move(box.x + box.width / 4, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + 60, { steps: 4 });
    await page.mouse.up();
    await page.getByText("Reset zoom").waitFor();
    assert.equal(await page.getByText("Query this range").count(), 0);
    await close();
  });

  test("zooms and moves by keyboard, within what is here, and says so", async () => {
    const { page, show, actions, close } = await pages.open();
    await show([both]);
    await page.locator(".plot canvas").waitFor();
    const plot = page.locator(".plot");
    assert.match((await plot.getAttribute("aria-label")) ?? "", /\+ and - zoom.*Page Up and Page Down.*0 or Escape/);
    await page.locator(".legend .rows-body .row").first().waitFor();
    await plot.focus();
    const spoken = async (text: string) => page.locator(".spoken", { hasText: text }).waitFor({ timeout: 5000 });
    await plot.press("+");
    await spoken("2026-01-02 11:15:00Z to 2026-01-02 11:45:00Z");
    await plot.press("PageDown");
    await spoken("2026-01-02 11:30:00Z to 2026-01-02 12:00:00Z");
    await plot.press("PageDown");
    await plot.press("PageUp");
    await plot.press("PageUp");
    await spoken("2026-01-02 11:00:00Z to 2026-01-02 11:30:00Z");
    await plot.press("+");
    await spoken("2026-01-02 11:07:30Z to 2026-01-02 11:22:30Z");
    await plot.press("-");
    await spoken("2026-01-02 11:00:00Z to 2026-01-02 11:30:00Z");
    assert.equal(await page.getByText("Reset zoom").count(), 1);
    await plot.press("Control+0");
    assert.equal(await page.getByText("Reset zoom").count(), 1);
    await plot.press("0");
    await page.getByText("Reset zoom").waitFor({ state: "detached" });
    await spoken("The whole range");
    await page.waitForTimeout(300);
    await plot.press("Home");
    await spoken("2026-01-02 11:00:15Z");
    // Around what is being read, which stays in view.
    await plot.press("+");
    await spoken("2026-01-02 11:00:00Z to 2026-01-02 11:30:00Z");
    await page.waitForTimeout(300);
    await plot.press("ArrowRight");
    await spoken("2026-01-02 11:00:30Z");
    assert.equal(actions.length, 0);
    await close();
  });

  test("sorts and searches the table, and opens a series", async () => {
    const { page, show, close } = await pages.open();
    await show([both]);
    await page.locator("#tab-table").click();
    const values = page.locator(".table-view .rows-body .cell-number");
    await values.nth(3).waitFor();
    await page.getByRole("button", { name: "Value" }).click();
    await page.locator("[aria-sort=descending]", { hasText: "Value" }).waitFor();
    await page.waitForFunction(
      () => document.querySelector(".table-view .rows-body .cell-number")?.textContent === "44",
    );
    assert.deepEqual(await values.allTextContents(), ["44", "34", "24", "14"]);
    await page.getByLabel("Find series in the table").fill("CART");
    await page.getByText("1 series of 4 series").waitFor();
    await page.locator(".table-view .name").click();
    await page.locator(".labels dd", { hasText: "cart" }).waitFor();
    await close();
  });

  test("begins the table in the server's order, to which a third click on a head returns", async () => {
    const { page, show, close } = await pages.open();
    const sent = [
      ["c", 3],
      ["a", 1],
      ["b", 2],
    ] as const;
    const rows = sent.map(([job, value]) => aSeries([["job", job]], [value]));
    await show([aRun({ instant: done(anAnswer({ type: "vector", series: rows })) })]);
    const values = page.locator(".table-view .rows-body .cell-number");
    const shows = async (expected: readonly string[]) => {
      await page.waitForFunction(
        (all) =>
          [...document.querySelectorAll(".table-view .rows-body .cell-number")]
            .map(({ textContent }) => textContent)
            .join() === all,
        expected.join(),
      );
      assert.deepEqual(await values.allTextContents(), expected);
    };
    await shows(["3", "1", "2"]);
    assert.equal(await page.locator("[aria-sort=none]").count(), 2);
    for (const [name, first, second] of [
      ["Value", "descending", "ascending"],
      ["Series", "ascending", "descending"],
    ] as const) {
      const head = page.getByRole("columnheader", { name });
      for (const direction of [first, second, "none"]) {
        await head.getByRole("button").click();
        await page.waitForFunction(
          ([name, direction]) =>
            [...document.querySelectorAll(".table-view [aria-sort]")].some(
              (one) => one.textContent?.startsWith(name ?? "") && one.getAttribute("aria-sort") === direction,
            ),
          [name, direction],
        );
        const isAscending = direction === "ascending";
        await shows(direction === "none" ? ["3", "1", "2"] : isAscending ? ["1", "2", "3"] : ["3", "2", "1"]);
      }
    }
    await close();
  });

  test("lists the newest samples of a series first, and says of how many", async () => {
    const { page, show, close } = await pages.open();
    const numbers = Array.from({ length: 1234 }, (_, i) => i);
    const few = aSeries([["job", "few"]], [5, 6]);
    const range = done(anAnswer({ type: "matrix", series: [aSeries([["job", "many"]], numbers), few] }));
    await show([aRun({ range }, { view: "table" })]);
    await page.locator(".table-view .name", { hasText: "many" }).click();
    const detail = page.getByRole("region", { name: "Series" });
    await detail.getByText("Last 1,000 samples of 1,234 samples, newest first").waitFor();
    const first = detail.locator("tbody tr").first();
    assert.deepEqual(await first.locator("td").allTextContents(), ["2026-01-02 12:00:00Z", "1233"]);
    await page.locator(".table-view .name", { hasText: "few" }).click();
    await detail.getByText("2 samples, newest first", { exact: true }).waitFor();
    await close();
  });

  test("fills the rows in view after sorting, searching, a new answer or a failed request while scrolled", async () => {
    const { page, show, close } = await pages.open();
    const many = (add: number) => {
      const rows = Array.from({ length: 1000 }, (_, i) => aSeries([["i", `x${i}`]], [i + add]));
      return aRun({ instant: done(anAnswer({ type: "vector", series: rows })) });
    };
    await show([many(0)]);
    const scrollTo = (top: number) =>
      page.locator(".table-view .rows-body").evaluate((body, to) => body.scrollTo(0, to), top);
    const shows = (row: number, value: string) =>
      page
        .locator(`.table-view [aria-rowindex="${row + 2}"] .cell-number`, { hasText: value })
        .waitFor({ timeout: 5000 });
    await shows(0, "0");
    await scrollTo(600 * 24);
    await shows(605, "605");
    await page.getByRole("button", { name: "Value" }).click();
    await shows(605, "394");
    await page.getByLabel("Find series in the table").fill("x");
    await page.waitForTimeout(200);
    await shows(605, "394");
    await show([many(1000)]);
    await shows(605, "1394");
    // One page's request fails; looking there again asks again.
    await page.evaluate(() => {
      const host = window as unknown as { sendToHost(json: string): unknown };
      const send = host.sendToHost;
      host.sendToHost = (json) => {
        host.sendToHost = send;
        const failure = { kind: "bug", detail: "not now" };
        window.postMessage({ kind: "failure", id: JSON.parse(json).id, failure }, "*");
      };
    });
    await scrollTo(900 * 24);
    await page.locator('.table-view [aria-rowindex="907"]', { hasText: "…" }).waitFor();
    await page.waitForTimeout(100);
    await scrollTo(910 * 24);
    await shows(915, "1084");
    await close();
  });

  const running = { state: "running", startedAt: testNow + 10_000 } as const;
  const again = (run: Run): Run => ({ ...run, isAutomatic: true, startedAt: testNow + 10_000 });

  test("takes nothing away from who reads while it asks by itself", async () => {
    const { page, show, complaints, close } = await pages.open();
    const answer = (add: number, names: readonly string[]) => {
      const rows = names.map((job, i) => aSeries([["job", job]], [i + add]));
      return aRun({ instant: done(anAnswer({ type: "vector", series: rows })) });
    };
    await show([answer(0, ["a", "b", "c"])]);
    await page.locator(".table-view .name", { hasText: '"b"' }).click();
    const detail = page.getByRole("region", { name: "Series" });
    await detail.getByText("2026-01-02 12:00:00Z").waitFor();
    // Whatever is taken away, be it for a moment, is seen here.
    await page.evaluate(() => {
      const seen = window as unknown as { lost: string[] };
      seen.lost = [];
      new MutationObserver(() => {
        const texts = [...document.querySelectorAll(".table-view .cell, .detail, .banners")].map(
          (one) => one.textContent,
        );
        if (document.querySelector(".detail") === null) seen.lost.push("detail");
        if (document.querySelector(".view .stale") !== null) seen.lost.push("shade");
        if (texts.some((text) => text === "…" || text?.includes("on its way"))) seen.lost.push("text");
        if (document.querySelector(".controls .primary")?.textContent !== "Run") seen.lost.push("button");
      }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    });
    await show([again(aRun({ instant: running }))]);
    await show([again(answer(100, ["0", "a", "b", "c"]))]);
    await page.locator(".table-view .cell-number", { hasText: "103" }).waitFor();
    await detail.locator("tbody td", { hasText: "102" }).waitFor();
    assert.deepEqual(await page.evaluate(() => (window as unknown as { lost: string[] }).lost), []);
    assert.equal(await page.locator(".facts").getAttribute("aria-live"), "off");
    // A series that is gone is said to be.
    await show([again(answer(100, ["a"]))]);
    await page.getByText('The newest answer has no {job="b"} any more.').waitFor();
    // Another run is a person's own, and begins anew.
    await show([answer(100, ["a", "b"])]);
    await page.getByText("The newest answer has no").waitFor({ state: "detached" });
    assert.equal(await page.locator(".facts").getAttribute("aria-live"), "polite");
    assert.deepEqual(complaints, []);
    await close();
  });

  test("says of a run that it is under way if it takes long, whoever asked for it", async () => {
    const { page, show, forward, close } = await pages.open();
    await show([both]);
    await page.locator(".plot canvas").waitFor();
    await show([again(aRun({ range: running, instant: running }))]);
    assert.equal(await page.getByText("the new one is on its way").count(), 0);
    forward(2000);
    await page.getByText("the new one is on its way").waitFor();
    await page.getByRole("button", { name: "Cancel" }).waitFor();
    await close();
  });

  test("keeps what was said of an empty answer while it asks by itself, and says of which it was", async () => {
    const reason = { kind: "neverSeen", selector: "upp", name: "upp", days: 30 } as const;
    const { page, show, actions, close } = await pages.open({ whyEmpty: async () => ({ kind: "read", reason }) });
    const empty = aRun({ range: done(anAnswer({ type: "matrix", series: [] })) });
    await show([empty]);
    await page.getByRole("button", { name: "Why is it empty?" }).click();
    const said = page.getByText("The server had no series for upp");
    await said.waitFor();
    await show([again(aRun({ range: running }))]);
    await show([again({ ...empty, range: aRun({ range: done(anAnswer({ type: "matrix", series: [] })) }).range })]);
    await page.getByText("This is about the answer of 2026-01-02 12:00:00Z.").waitFor();
    assert.equal(await said.count(), 1);
    assert.deepEqual(
      actions.map(({ method }) => method),
      ["results/whyEmpty"],
    );
    await page.getByRole("button", { name: "Ask Again" }).click();
    await page.getByText("This is about the answer of").waitFor({ state: "detached" });
    await said.waitFor();
    await close();
  });

  test("keeps the old answer, marked stale, while a new one is under way and after it failed", async () => {
    const { page, show, actions, close } = await pages.open();
    await show([both]);
    await page.locator(".plot canvas").waitFor();
    await show([
      aRun({ range: { state: "running", startedAt: testNow }, instant: { state: "running", startedAt: testNow } }),
    ]);
    await page.locator(".stale .plot canvas").waitFor();
    await page.getByText("the new one is on its way").waitFor();
    await page.getByRole("button", { name: "Cancel" }).click();
    assert.deepEqual(
      actions.map(({ method }) => method),
      ["results/cancel"],
    );
    const failure = {
      kind: "rejected",
      status: 400,
      errorType: "bad_data",
      message: "1:3: parse error: no",
      position: { line: 1, column: 3 },
    } as const;
    await show([
      aRun({
        range: { state: "failed", failure, finishedAt: testNow },
        instant: { state: "failed", failure, finishedAt: testNow },
      }),
    ]);
    await page.locator(".banner-error", { hasText: "parse error: no" }).waitFor();
    assert.equal(await page.locator(".banner-error").count(), 1);
    await page.locator(".stale .plot canvas").waitFor();
    await page.getByText("Show in Editor").click();
    assert.deepEqual(actions.at(-1)?.params, { key: both.request.key, position: { line: 1, column: 3 } });
    await close();
  });

  test("counts how long a run takes on its own clock, whatever the host's says", async () => {
    const { page, show, close } = await pages.open();
    for (const startedAt of [testNow, Date.now() + 86_400_000]) {
      const running = { state: "running", startedAt } as const;
      await show([aRun({ range: running, instant: running })]);
      await page.locator(".elapsed", { hasText: /^\d{1,4} ms$/ }).waitFor();
      await show([both]);
      await page.locator(".elapsed").waitFor({ state: "detached" });
    }
    await close();
  });

  test("says that it asks again, when and why, once for all requests; a failure that stays leaves Run", async () => {
    const { page, show, actions, complaints, close } = await pages.open();
    const failure = { kind: "notPrometheus", status: 429, content: "text", detail: "", retryAfterSeconds: 2 } as const;
    const waiting = (waitMs: number) =>
      ({ state: "running", startedAt: testNow, retry: { attempt: 2, waitMs, failure } }) as const;
    await show([aRun({ range: waiting(2034), instant: waiting(2011) })]);
    const said = page.locator(".banner-text", { hasText: "said no" });
    await page.getByText("Asking again in 2 s: Production EU said no.", { exact: true }).waitFor();
    assert.equal(await said.count(), 1);
    // A wait can be given up as any request.
    await page.getByRole("button", { name: "Cancel" }).click();
    assert.equal(actions.at(-1)?.method, "results/cancel");
    await page.getByText("Asked again: Production EU said no.", { exact: true }).waitFor();
    await show([aRun({ range: waiting(200), instant: waiting(200) }, { key: "other" })]);
    await page.getByText("Asked again: Production EU said no.", { exact: true }).waitFor();
    const failed = { state: "failed", failure, finishedAt: testNow } as const;
    await show([aRun({ range: failed, instant: failed })]);
    await page.locator(".banner-error", { hasText: "Production EU said no" }).waitFor();
    assert.equal(await said.count(), 1);
    await page.getByRole("button", { name: "Run", exact: true }).click();
    assert.equal(actions.at(-1)?.method, "results/rerun");
    assert.deepEqual(complaints, []);
    await close();
  });

  test("offers what can be done about a failure, and does nothing before a click", async () => {
    const { page, show, actions, close } = await pages.open();
    const late = { kind: "timedOut", by: "server", afterMs: 30_000, detail: "query timed out" } as const;
    const refused = { kind: "unauthorized", status: 401, detail: "no org id" } as const;
    const part = (failure: Failure) => ({ state: "failed", failure, finishedAt: testNow }) as const;
    await show([aRun({ range: part(late), instant: part(late) })]);
    const buttons = page.locator(".banner-error button");
    await buttons.first().waitFor();
    assert.deepEqual(await buttons.allTextContents(), ["Wider Step: 30s", "Shorter Range: from now-30m", "Retry"]);
    assert.equal(actions.length, 0);
    const choices = async (name: string) => {
      await page.getByRole("button", { name }).click();
      const asked = actions.at(-1);
      assert.equal(asked?.method, "results/rerun");
      return (asked.params as ResultsContract["requests"]["results/rerun"]["params"]).choices;
    };
    const before = await choices("Retry");
    assert.deepEqual(await choices("Wider Step"), { ...before, step: "30s" });
    assert.deepEqual(await choices("Shorter Range"), { ...before, start: "now-30m" });
    assert.equal(actions.length, 3);
    await show([aRun({ instant: part(refused) })]);
    await page.getByRole("button", { name: "Add Tenant Header" }).click();
    const { key } = both.request;
    assert.deepEqual(actions.at(-1), { method: "results/remedy", params: { key, kind: "addTenantHeader" } });
    await close();
  });

  test("offers the same in a kept panel, where running again is what its head offers", async () => {
    const { page, show, keep, actions, close } = await pages.open();
    const late = { kind: "timedOut", by: "server", afterMs: 30_000, detail: "query timed out" } as const;
    const refused = { kind: "unauthorized", status: 401, detail: "no org id" } as const;
    const part = (failure: Failure) => ({ state: "failed", failure, finishedAt: testNow }) as const;
    const buttons = page.locator(".banner-error button");
    await show([aRun({ range: part(late) })]);
    keep();
    await page.getByRole("button", { name: "Run again" }).waitFor();
    assert.deepEqual(await buttons.allTextContents(), ["Wider Step: 30s", "Shorter Range: from now-30m"]);
    await page.getByRole("button", { name: "Wider Step" }).click();
    assert.equal(actions.at(-1)?.method, "results/rerun");
    await show([aRun({ range: part(refused) })]);
    await page.getByRole("button", { name: "Add Tenant Header" }).click();
    assert.equal(actions.at(-1)?.method, "results/remedy");
    await close();
  });

  test("asks why an answer is empty on a click only, and says it as text", async () => {
    const selector = "<img src=x onerror=pwned(1)>";
    const { page, show, actions, complaints, close } = await pages.open({
      timeZone: "utc",
      whyEmpty: async () => ({
        kind: "read",
        reason: { kind: "gone", selector, first: testNow - 86_400_000, last: testNow - 3_600_000 },
      }),
    });
    await show([aRun({ range: done(anAnswer({ type: "matrix", series: [] })) })]);
    const button = page.getByRole("button", { name: "Why is it empty?" });
    await button.waitFor();
    assert.equal(actions.length, 0);
    await button.click();
    const text = await page.locator(".why-empty").textContent();
    assert.ok(text?.startsWith(`${selector} has no series in this window:`), text ?? "");
    assert.match(text ?? "", /ended about 2026-01-02 11:00:00Z\. .*first about 2026-01-01 12:00:00/);
    assert.deepEqual(
      actions.map(({ method }) => method),
      ["results/whyEmpty"],
    );
    assert.deepEqual(complaints, []);
    await close();
  });

  test("brings a block to the front each time it is run, and otherwise leaves the choice alone", async () => {
    const { page, show, close } = await pages.open();
    const other = aRun({ range: done(anAnswer({ type: "matrix", series })) }, { key: "other", title: "Other" });
    const running = (startedAt: number) => ({ ...aRun({ range: { state: "running", startedAt } }), startedAt });
    const picker = page.locator(".picker");
    for (const startedAt of [testNow, testNow + 1000]) {
      await show([running(startedAt), other], both.request.key);
      await page.waitForFunction(
        (key) => document.querySelector<HTMLSelectElement>(".picker")?.value === key,
        both.request.key,
      );
      await picker.selectOption("other");
      await show([both, other]);
      assert.equal(await picker.inputValue(), "other");
    }
    await close();
  });

  test("remembers a picked tab for its query, and otherwise does as the block says", async () => {
    const { page, show, close } = await pages.open();
    const table = aRun({ range: done(anAnswer({ type: "matrix", series })) }, { key: "table", view: "table" });
    await show([both, table]);
    const selected = async () => page.locator(".tab[aria-selected=true]").textContent();
    await page.locator("#tab-json").click();
    await page.locator(".json").waitFor();
    await page.locator(".picker").selectOption("table");
    await page.locator(".table-view").waitFor({ timeout: 5000 });
    assert.equal(await selected(), "Table");
    await page.locator("#tab-chart").click();
    await page.locator(".plot canvas").waitFor();
    await page.locator(".picker").selectOption(both.request.key);
    await page.locator(".json").waitFor();
    await page.locator(".picker").selectOption("table");
    await page.locator(".plot canvas").waitFor();
    // Another directive is a newer wish than the pick.
    await show([both, { ...table, request: { ...table.request, view: "json" } }]);
    await page.locator(".json").waitFor({ timeout: 5000 });
    await close();
  });

  test("says what is not whole", async () => {
    const { page, show, actions, close } = await pages.open();
    const answer = anAnswer(
      { type: "matrix", series },
      {
        warnings: ["PromQL warning: a", "results truncated due to limit"],
        infos: ["PromQL info: b"],
        isPartial: true,
        serverClock: { server: testNow + 90_000, local: testNow },
      },
    );
    await show([
      aRun({ range: done(answer, 4) }, { choices: { ...both.request.choices, mode: "range", maxSeries: 4 } }),
    ]);
    for (const text of [
      "First 4 series; the server has more.",
      "PromQL warning: a",
      "PromQL info: b",
      "Partial answer",
      "1m30s ahead of",
    ]) {
      await page.getByText(text).waitFor();
    }
    await page.getByText("Load All").click();
    assert.equal((lastParams(actions) as { choices: { maxSeries: number } }).choices.maxSeries, 0);
    const cut = anAnswer({ type: "matrix", series }, { cut: { limit: "samples", allowed: 1000 } });
    await show([aRun({ range: done(cut) }, { choices: { ...both.request.choices, maxSeries: 3 } })]);
    await page.getByText("First 3 series of 4 series.").waitFor();
    await page.getByText("The answer was cut at 1,000 samples").waitFor();
    // They are here: showing them asks the server for nothing.
    await page.getByRole("button", { name: "Show All" }).click();
    await page.getByText("First 3 series of 4 series.").waitFor({ state: "detached" });
    await page.locator(".legend .name").nth(3).waitFor();
    assert.deepEqual(actions.at(-1), { method: "results/showAll", params: { key: both.request.key } });
    await close();
  });

  test("shows a scalar, a string, a histogram, an empty answer, and any of them as JSON", async () => {
    const { page, show, close } = await pages.open();
    await show([aRun({ instant: done(anAnswer({ type: "scalar", time: testNow, value: Number.POSITIVE_INFINITY })) })]);
    await page.locator(".single-value", { hasText: "+Inf" }).waitFor();
    await show([aRun({ instant: done(anAnswer({ type: "string", time: testNow, value: "<b>text</b>" })) })]);
    await page.locator(".single-value", { hasText: "<b>text</b>" }).waitFor();
    const buckets = [
      { boundaries: 0, lower: 1, upper: 2, count: 40 },
      { boundaries: 3, lower: -1, upper: 1, count: 2 },
    ];
    const native = {
      ...aSeries([["__name__", "h"]], []),
      histograms: [{ time: testNow, count: 42, sum: 84, buckets }],
    };
    await show([aRun({ instant: done(anAnswer({ type: "vector", series: [native] })) })]);
    await page.getByText("count 42 · sum 84 · avg 2").waitFor();
    await page.locator(".table-view .name").click();
    await page.getByText("(1, 2]").waitFor();
    await page.getByText("[-1, 1]").waitFor();
    await page.locator("#tab-json").click();
    await page.locator(".json", { hasText: '"resultType": "vector"' }).waitFor();
    await page.locator("#tab-table").click();
    await show([aRun({ instant: done(anAnswer({ type: "vector", series: [] })) })]);
    await page.getByText("an empty answer").waitFor();
    await close();
  });

  test("keeps a native histogram's buckets within a narrow panel, however many digits they have", async () => {
    const { page, show, close } = await pages.open();
    await page.setViewportSize({ width: 500, height: 700 });
    // As a rate of a histogram whose bounds grow by the eighth root of two.
    const buckets = [
      { boundaries: 0, lower: 0.009290680585958758, upper: 0.010131559020711013, count: 0.02222222222222222 },
      { boundaries: 0, lower: 0.010131559020711013, upper: 0.011048543456039804, count: 0.04444444444444444 },
    ];
    const native = {
      ...aSeries([["__name__", "h"]], []),
      histograms: [{ time: testNow, count: 6.666666666666666, sum: 0.7158199702102642, buckets }],
    };
    await show([aRun({ instant: done(anAnswer({ type: "vector", series: [native] })) })]);
    await page.locator(".table-view .name").click();
    const bars = page.locator(".bar");
    await bars.nth(1).waitFor();
    const sizes = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok((sizes[0] ?? 0) <= (sizes[1] ?? 0), `${sizes}`);
    const [table, view] = [await page.locator(".plain").boundingBox(), await page.locator(".rows").boundingBox()];
    assert.ok(table !== null && view !== null && table.x + table.width <= view.x + view.width + 1, "too wide");
    const [half, whole] = [await bars.nth(0).boundingBox(), await bars.nth(1).boundingBox()];
    assert.ok(Math.abs((half?.width ?? 0) * 2 - (whole?.width ?? 0)) <= 1);
    await close();
  });

  test("shows the JSON of both answers, says when it is cut, and that it is copied", async () => {
    const { page, show, actions, close } = await pages.open();
    const copied = () => (lastParams(actions) as { text: string }).text;
    const long = aSeries(
      [["job", "a"]],
      Array.from({ length: 40_000 }, (_, i) => i + 0.123456789),
    );
    const short = { ...long, times: long.times.slice(-1), values: long.values.slice(-1) };
    await show([
      aRun({
        range: done(anAnswer({ type: "matrix", series: [long] })),
        instant: done(anAnswer({ type: "vector", series: [short] })),
      }),
    ]);
    await page.locator("#tab-json").click();
    await page.locator(".json", { hasText: '"resultType": "vector"' }).waitFor();
    await page.getByRole("button", { name: "Copy", exact: true }).click();
    await page.getByText("Copied.", { exact: true }).waitFor();
    assert.equal(JSON.parse(copied()).resultType, "vector");
    await page.getByLabel("Answer", { exact: true }).selectOption("range");
    await page.locator(".json", { hasText: '"resultType": "matrix"' }).waitFor();
    await page.locator(".json-view .hint", { hasText: "of 40,000 samples" }).waitFor();
    await page.getByRole("button", { name: "Copy this part" }).click();
    await page.getByText("Copied: not the whole answer.").waitFor();
    assert.match(JSON.parse(copied()).cut, /Only the first .* of 40,000 samples/);
    await page.locator("#tab-table").click();
    await page.locator(".table-view .name").click();
    await page.getByText("Copy as selector").click();
    await page.getByText("Copied.", { exact: true }).waitFor();
    assert.equal(copied(), '{job="a"}');
    await close();
  });

  test("runs nothing that a server or a file says, wherever it stands", async () => {
    assert.ok(hostileStrings.length >= 100);
    const { page, show, complaints, close } = await pages.open();
    const hostile = hostileStrings.map((text, i) =>
      aSeries(
        [
          ["__name__", text],
          [text === "" ? "empty" : text, text],
        ],
        [i, i + 1, i + 2],
      ),
    );
    const failure = (text: string) => ({ kind: "rejected", status: 400, errorType: text, message: text }) as const;
    const runs: Run[] = hostileStrings.slice(0, 30).map((text, i) =>
      aRun(
        { range: { state: "failed", failure: failure(text), finishedAt: testNow } },
        {
          key: `k${i}`,
          title: text,
          text,
          query: text,
          legend: text,
          target: { connectionId: text, name: text, origin: text, color: text },
        },
      ),
    );
    const answer = anAnswer({ type: "matrix", series: hostile }, { warnings: hostileStrings, infos: hostileStrings });
    const vector = hostile.map((one) => ({ ...one, times: one.times.slice(-1), values: one.values.slice(-1) }));
    const full = aRun(
      { range: done(answer), instant: done(anAnswer({ type: "vector", series: vector })) },
      { key: "full", unit: "<img src=x onerror=pwned(9)>", legend: "{{__name__}} <img src=x onerror=pwned(8)>" },
    );
    await show([...runs, full]);
    for (const { request } of runs.slice(0, 10)) await page.locator(".picker").selectOption(request.key);
    await page.locator(".picker").selectOption("full");
    await page.locator(".plot canvas").waitFor();
    const box = await page.locator(".u-over").boundingBox();
    assert.ok(box !== null);
    for (const part of [0.2, 0.5, 0.99]) {
      await page.locator(".u-over").hover({ position: { x: box.width * part, y: box.height / 2 } });
      await page.locator(".tooltip").waitFor();
    }
    await page.locator(".legend .rows-body").evaluate((body) => body.scrollTo(0, 2000));
    await page.locator("#tab-table").click();
    const names = page.locator(".table-view .name");
    await names.first().waitFor();
    for (let i = 0; i < 8; i++) await names.nth(i).click();
    await page.locator("#tab-json").click();
    await page.locator(".json").waitFor();
    for (const text of hostileStrings.slice(0, 10)) {
      await show([
        aRun({ instant: done(anAnswer({ type: "string", time: testNow, value: text })) }, { key: "string" }),
      ]);
    }
    await page.waitForTimeout(300);
    assert.deepEqual(complaints, []);
    assert.equal(await page.locator("main img, main iframe, main script, main svg, main object, main a").count(), 0);
    await close();
  });

  for (const theme of ["dark", "light", "contrast"] as const) {
    test(`has nothing serious against it in the eyes of axe: ${theme}`, async () => {
      const { page, show, close } = await pages.open({ theme, bypassCsp: true });
      const answer = anAnswer(
        { type: "matrix", series },
        { warnings: ["PromQL warning: a"], infos: ["PromQL info: b"] },
      );
      await show([
        aRun({ range: done(answer), instant: done(anAnswer({ type: "vector", series: last })) }),
        aRun({}, { key: "other" }),
      ]);
      await page.locator(".legend .rows-body .row").first().waitFor();
      for (const tab of ["chart", "table", "json"]) {
        await page.locator(`#tab-${tab}`).click();
        await page.waitForTimeout(300);
        assert.deepEqual(await seriousFaults(page), [], tab);
      }
      await close();
    });
  }
});

/** Pixels of the chart with a colour that neither axes nor grid have. */
async function coloredPixels(page: Page): Promise<number> {
  return page.locator(".plot canvas").evaluate((canvas) => {
    if (!(canvas instanceof HTMLCanvasElement)) return 0;
    const data = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    let found = 0;
    for (let i = 0; i < data.length; i += 4) {
      const [red = 0, green = 0, blue = 0, alpha = 0] = data.slice(i, i + 4);
      if (alpha > 100 && Math.max(red, green, blue) - Math.min(red, green, blue) > 40) found++;
    }
    return found;
  });
}

function lastParams(actions: readonly Action[]): unknown {
  const action = actions.at(-1);
  assert.ok(action !== undefined);
  return action.params;
}
