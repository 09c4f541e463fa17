import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { anAnswer, aRun, aSeries, done } from "../support/runs.ts";
import { ResultsPages } from "./resultsPage.ts";

const jobs = ["checkout", "cart"];
const series = jobs.map((job, i) => aSeries([["job", job]], [i, i + 1, i + 2]));
const last = series.map((one) => ({ ...one, times: one.times.slice(-1), values: one.values.slice(-1) }));
const both = aRun({
  range: done(anAnswer({ type: "matrix", series })),
  instant: done(anAnswer({ type: "vector", series: last })),
});

describe("what stands around an answer", { timeout: 180_000 }, () => {
  let pages: ResultsPages;
  before(async () => {
    pages = await ResultsPages.start();
  });
  after(async () => {
    await pages.stop();
  });

  test("shows all times in the zone of the setting, and asks for another one", async () => {
    const { page, show, actions, complaints, close } = await pages.open({ timeZone: "Asia/Kathmandu" });
    await show([both]);
    const facts = page.locator(".facts");
    await facts.waitFor();
    // 12:00 UTC is 17:45 there.
    assert.match((await facts.textContent()) ?? "", /to 2026-01-02 17:45:00\+05:45.*times in Asia\/Kat/);
    const zones = page.getByLabel("Time zone");
    assert.match((await zones.locator("option:checked").textContent()) ?? "", /^Asia\/Kat/);
    await zones.selectOption("utc");
    assert.deepEqual(actions.at(-1), { method: "results/timeZone", params: { zone: "utc" } });
    // The setting has not changed yet.
    assert.match((await zones.locator("option:checked").textContent()) ?? "", /^Asia\/Kat/);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("has a menu that keys open, walk through and close, and does what it says to the answer looked at", async () => {
    const { page, show, actions, complaints, close } = await pages.open();
    await show([both]);
    const button = page.getByRole("button", { name: "More …" });
    await button.focus();
    await page.keyboard.press("Enter");
    const entries = page.getByRole("menuitem");
    await entries.first().waitFor();
    await page.keyboard.press("End");
    assert.equal(await entries.last().evaluate((entry) => entry === document.activeElement), true);
    await page.keyboard.press("Escape");
    await entries.first().waitFor({ state: "detached" });
    assert.equal(await button.evaluate((one) => one === document.activeElement), true);
    await button.click();
    await page.getByRole("menuitem", { name: "Keep This Panel" }).click();
    await page.getByText("Done.").waitFor();
    const { method, params } = actions.at(-1) ?? { method: "", params: {} };
    const { action, key, part } = params as Record<string, unknown>;
    assert.deepEqual([method, action, key, part], ["results/act", "keep", both.request.key, "range"]);
    assert.deepEqual(complaints, []);
    await close();
  });
});
