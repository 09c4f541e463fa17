import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { anAnswer, aRun, aSeries, done, testNow } from "../support/runs.ts";
import { noteCanvasTexts } from "./canvasTexts.ts";
import { ResultsPages } from "./resultsPage.ts";

const pictures = fileURLToPath(new URL("../../.vscode-test/pictures", import.meta.url));
mkdirSync(pictures, { recursive: true });

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

  test("says what a time in milliseconds was meant to be, and asks nothing with it", async () => {
    const { page, show, actions, complaints, close } = await pages.open();
    await show([both]);
    const from = page.getByLabel("From", { exact: true });
    await from.fill("1700000000000");
    await from.press("Enter");
    await page.getByText("From: That looks like milliseconds: write 1700000000.").waitFor();
    assert.deepEqual(
      actions.filter(({ method }) => method === "results/rerun"),
      [],
    );
    await from.fill("1700000000");
    await from.press("Enter");
    await page.getByText("That looks like").waitFor({ state: "hidden" });
    const rerun = actions.find(({ method }) => method === "results/rerun");
    assert.equal((rerun?.params as { choices: { start: string } } | undefined)?.choices.start, "1700000000");
    assert.deepEqual(complaints, []);
    await close();
  });

  test("takes and shows fixed times on the wall clock of that zone, and sends them without one", async () => {
    const { page, show, actions, complaints, close } = await pages.open({ timeZone: "Europe/Berlin" });
    const at = (text: string) => ({ kind: "at", time: Date.parse(text) }) as const;
    const choices = {
      ...both.request.choices,
      start: at("2026-01-02T10:00:00.123Z"),
      end: at("2026-01-02T12:00:00Z"),
    };
    const fixed = { ...both, request: { ...both.request, choices } };
    await show([fixed]);
    const [from, to] = [page.getByLabel("From", { exact: true }), page.getByLabel("To", { exact: true })];
    assert.deepEqual(
      [await from.inputValue(), await to.inputValue()],
      ["2026-01-02 11:00:00.123", "2026-01-02 13:00:00"],
    );
    await to.fill("2026-01-02 13:30");
    await to.press("Enter");
    const asked = () => {
      const { params } = actions.at(-1) ?? {};
      const { start, end } = (params as { readonly choices: { readonly start: string; readonly end: string } }).choices;
      return [start, end];
    };
    // What was not touched goes as it is.
    assert.deepEqual(asked(), ["2026-01-02T10:00:00.123Z", "2026-01-02T12:30:00Z"]);
    await from.fill("half past ten");
    await from.press("Enter");
    await page.getByText("From: write now, now-6h, 2026-01-31 12:00").waitFor();
    assert.equal(await from.inputValue(), "half past ten");
    // It is in nobody's way where it is not asked with.
    await page.getByLabel("Kind of request").selectOption("instant");
    assert.equal(asked()[0], "2026-01-02T10:00:00.123Z");
    assert.deepEqual(complaints, []);
    await close();
  });

  test("says in its head that nobody checked who answered", async () => {
    const { page, show, complaints, close } = await pages.open();
    const badge = page.locator(".header").getByText("certificate not checked");
    await show([both]);
    await page.locator(".header").waitFor();
    assert.equal(await badge.count(), 0);
    const { request } = both;
    await show([{ ...both, request: { ...request, target: { ...request.target, isUnverified: true } } }]);
    await badge.waitFor();
    await page.screenshot({ path: `${pictures}/unverified.png` });
    assert.deepEqual(complaints, []);
    await close();
  });

  test("offers to export what is looked at: a range for the chart, one moment for the table", async () => {
    const { page, show, actions, complaints, close } = await pages.open();
    await show([both]);
    const titles = async () => {
      await page.getByRole("button", { name: "More …" }).click();
      await page.getByRole("menuitem").first().waitFor();
      return (await page.getByRole("menuitem").allTextContents()).filter((title) =>
        /Export|Copy as (CSV|Mark)/.test(title),
      );
    };
    assert.deepEqual(await titles(), [
      "Export CSV, One Row per Sample…",
      "Export CSV, One Column per Series…",
      "Export JSON…",
      "Export Markdown…",
      "Copy as CSV",
      "Copy as Markdown",
    ]);
    await page.getByRole("menuitem", { name: "One Column" }).click();
    await page.getByText("Done.").waitFor();
    await page.getByRole("tab", { name: "Table" }).click();
    assert.deepEqual(await titles(), [
      "Export CSV…",
      "Export JSON…",
      "Export Markdown…",
      "Copy as CSV",
      "Copy as Markdown",
    ]);
    await page.getByRole("menuitem", { name: "Copy as CSV" }).click();
    await page.getByText("Done.").waitFor();
    const asked = actions
      .filter(({ method }) => method === "results/act")
      .map(({ params }) => params as Readonly<Record<string, unknown>>);
    assert.deepEqual(
      asked.map((params) => [params["action"], params["part"], typeof params["id"]]),
      [
        ["exportCsvWide", "range", "number"],
        ["copyCsv", "instant", "number"],
      ],
    );
    assert.notEqual(asked[0]?.["id"], asked[1]?.["id"]);
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

  test("exports the earlier answer, which exports of the newer one leave out, from the JSON tab", async () => {
    const { page, show, actions, complaints, close } = await pages.open();
    const earlier = series.map((one) => ({ ...one, times: one.times.map((time) => time - 86_400_000) }));
    const range = done(anAnswer({ type: "matrix", series }));
    await show([aRun({ range, before: done(anAnswer({ type: "matrix", series: earlier })) })]);
    await page.locator("#tab-json").click();
    await page.getByLabel("Answer", { exact: true }).selectOption({ label: "Earlier answer" });
    await page.getByRole("button", { name: "More …" }).click();
    await page.getByRole("menuitem", { name: "Export JSON…" }).click();
    await page.getByText("Done.").waitFor();
    const { part, action } = (actions.at(-1)?.params ?? {}) as { readonly part?: string; readonly action?: string };
    assert.deepEqual([part, action], ["before", "exportJson"]);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("asks again and again only when told to, and says when it gave up", async () => {
    const { page, show, actions, complaints, close } = await pages.open();
    await show([both]);
    const refresh = page.getByLabel("Refresh", { exact: true });
    assert.equal(await refresh.inputValue(), "0");
    await refresh.selectOption("10000");
    await page.getByText("Refresh: 10s").first().waitFor({ state: "attached" });
    assert.equal(await refresh.inputValue(), "10000");
    assert.deepEqual(actions, []);
    // It goes on, and is seen, while another query is looked at; and can be stopped there.
    const other = { ...both, request: { ...both.request, key: "other", title: "Other" } };
    await show([both, other], "other");
    await page.getByText("Refreshing Requests.").waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("Refreshing Requests.").waitFor({ state: "detached" });
    assert.deepEqual(complaints, []);
    await close();
  });

  test("offers no refresh of a time that does not move on, and says that one is over", async () => {
    const { page, show, complaints, close } = await pages.open();
    await show([both]);
    const refresh = page.getByLabel("Refresh", { exact: true });
    await refresh.selectOption("10000");
    await page.getByText("Refresh: 10s").first().waitFor({ state: "attached" });
    const choices = { ...both.request.choices, end: { kind: "at", time: testNow } as const };
    await show([{ ...both, request: { ...both.request, choices } }]);
    await refresh.waitFor({ state: "detached" });
    await page.getByText("Refreshing stopped: the time is fixed").waitFor();
    await show([both]);
    await refresh.waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("saves and copies a picture of the chart with what it is about", async () => {
    const hostile = "x\u202e\u0007<script>".padEnd(5000, "long ");
    const { page, show, actions, complaints, close } = await pages.open();
    await show([{ ...both, request: { ...both.request, title: hostile, query: hostile } }]);
    await page.locator(".legend .name").nth(1).waitFor();
    await noteCanvasTexts(page);
    await page.getByRole("button", { name: "More …" }).click();
    await page.getByRole("menuitem", { name: "Save Picture …" }).click();
    await page.getByText("Saved.").waitFor();
    const written = await page.evaluate(() => (window as unknown as { written: readonly string[] }).written);
    // The line of facts does not fit: it goes on in a second one, with a whole fact.
    const facts = (await page.locator(".panel > .facts").textContent()) ?? "";
    const at = written.findIndex((text) => text.length > 20 && facts.startsWith(text));
    assert.equal(written.slice(at, at + 2).join(" · "), facts);
    assert.ok(written.every((text) => text === text.trim()));
    const { params } = actions.at(-1) ?? {};
    const png = Buffer.from((params as { bytes: ArrayBuffer }).bytes);
    // Width and height stand in a PNG's first chunk.
    const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
    assert.ok(width >= 850 && width < 1000, `${width}`);
    // Chart of 300, title, at most seven lines of query, two facts, two series.
    assert.ok(height > 420 && height < 620, `${height}`);
    writeFileSync(`${pictures}/saved-picture.png`, png);
    await page.getByRole("button", { name: "More …" }).click();
    await page.getByRole("menuitem", { name: "Copy Picture" }).click();
    await page.getByText(/Picture copied|clipboard takes no picture/).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("keeps query and picture for a window that is opened again, where nothing is asked until Run", async () => {
    const first = await pages.open();
    await first.show([both]);
    await first.page.locator(".legend .name").nth(1).waitFor();
    const state = await first.page.waitForFunction(() => {
      const { state } = window as unknown as { state?: { stored?: { picture: string } } };
      return state?.stored?.picture.startsWith("data:image/webp") === true ? state : undefined;
    });
    const stored = (await state.jsonValue()) as { stored: { picture: string } };
    await first.close();
    // A picture, but no sample and no label of the answer.
    assert.doesNotMatch(JSON.stringify({ ...stored, stored: { ...stored.stored, picture: "" } }), /checkout|cart/);

    const again = await pages.open({ state: stored });
    await again.page
      .getByText("From before this window was opened again: an answer of 2026-01-02 12:00:00Z.")
      .waitFor();
    assert.equal(await again.page.locator(".query").textContent(), both.request.query);
    const picture = again.page.locator(".stored-picture");
    await again.page.waitForFunction(() => (document.querySelector("img")?.naturalWidth ?? 0) > 100);
    assert.match((await picture.getAttribute("alt")) ?? "", /^Chart of Requests as it was at 2026-01-02/);
    await again.page.screenshot({ path: `${pictures}/restored.png` });
    assert.deepEqual(again.actions, []);
    await again.page.getByRole("button", { name: "Run" }).click();
    await again.page.waitForTimeout(100);
    const { method, params } = again.actions.at(-1) ?? { method: "", params: {} };
    assert.deepEqual([method, (params as { key: string }).key], ["results/rerun", both.request.key]);
    assert.deepEqual(again.complaints, []);
    await again.close();
    // What another version, or somebody else, stored is no reason to fall over.
    for (const broken of [
      { stored: { version: 2 } },
      { stored: { ...stored.stored, picture: 7 } },
      5,
      { looks: [1] },
    ]) {
      const other = await pages.open({ state: broken });
      await other.page.getByText("Nothing has been run yet").waitFor();
      assert.deepEqual(other.complaints, []);
      await other.close();
    }
  });
});
