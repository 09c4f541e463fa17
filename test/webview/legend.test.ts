import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { seriousFaults } from "../support/axe.ts";
import { anAnswer, aRun, aSeries, done } from "../support/runs.ts";
import { ResultsPages } from "./resultsPage.ts";

const pictures = fileURLToPath(new URL("../../.vscode-test/pictures", import.meta.url));

const hostile = '"}\n<b>';
const series = ["cart", "checkout", hostile].map((job, i) =>
  aSeries(
    [
      ["__name__", "requests"],
      ["instance", "a long name of an instance.example:9090"],
      ["job", job],
    ],
    [i, i + 1, i + 3],
  ),
);
const run = aRun({ range: done(anAnswer({ type: "matrix", series })) }, { legend: "{{job}}" });
const selector = (job: string) =>
  `requests{instance="a long name of an instance.example:9090", job=${JSON.stringify(job)}}`;

describe("a series of the legend", { timeout: 180_000 }, () => {
  let pages: ResultsPages;
  before(async () => {
    mkdirSync(pictures, { recursive: true });
    pages = await ResultsPages.start();
  });
  after(async () => {
    await pages.stop();
  });

  test("is copied as a selector by pointer, and nothing else changes", async () => {
    for (const [theme, width] of [
      ["dark", 900],
      ["light", 900],
      ["contrast", 380],
    ] as const) {
      const { page, show, actions, complaints, close } = await pages.open({ theme, width });
      await show([run]);
      const row = page.locator(".legend .rows-body .row", { hasText: "checkout" });
      const copy = row.getByRole("button", { name: "Copy as selector: checkout", exact: true });
      await copy.waitFor({ state: "attached" });
      const widthOf = async () => (await row.locator(".row-action").boundingBox())?.width ?? 0;
      assert.ok((await widthOf()) < 2, "takes no room from the name while nobody is there");
      await row.hover();
      assert.ok((await widthOf()) > 40);
      assert.equal(await copy.textContent(), "Copy as selector");
      const name = await row.locator(".name").boundingBox();
      assert.ok((name?.width ?? 0) > 30, "leaves room for the name");
      await copy.click();
      await row.getByText("Copied.", { exact: true }).waitFor();
      assert.deepEqual(actions, [{ method: "results/copy", params: { text: selector("checkout") } }]);
      assert.equal(await page.locator(".legend .row-hidden").count(), 0);
      await page.screenshot({ path: `${pictures}/legend-copy-${theme}.png` });
      assert.deepEqual(complaints, []);
      await close();
    }
  });

  test("is copied as a selector by keyboard, in the order of what is seen", async () => {
    const { page, show, actions, complaints, close } = await pages.open({ bypassCsp: true });
    await show([run]);
    const rows = page.locator(".legend .rows-body .row");
    await rows.nth(2).waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.ariaLabel ?? document.activeElement?.textContent);
    await rows.nth(1).getByRole("checkbox").focus();
    const order = [await focused()];
    for (let i = 0; i < 3; i++) {
      await page.keyboard.press("Tab");
      order.push(await focused());
    }
    const jobs = (await rows.locator(".name").allTextContents()).slice(1);
    assert.deepEqual(order, [`Show ${jobs[0]}`, jobs[0], `Copy as selector: ${jobs[0]}`, `Show ${jobs[1]}`]);
    await page.keyboard.press("Shift+Tab");
    assert.ok(((await rows.nth(1).locator(".row-action").boundingBox())?.width ?? 0) > 40);
    await page.keyboard.press("Enter");
    await rows.nth(1).getByText("Copied.", { exact: true }).waitFor();
    assert.deepEqual(actions.at(-1)?.params, { text: selector(jobs[0] ?? "") });
    assert.deepEqual(await seriousFaults(page), []);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("says that it could not be copied", async () => {
    const { page, show, breakDown, complaints, close } = await pages.open();
    await show([run]);
    await breakDown("results/copy");
    const row = page.locator(".legend .rows-body .row").first();
    await row.hover();
    await row.getByRole("button", { name: "Copy as selector" }).click();
    await row.getByText("This could not be copied.").waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });
});
