import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import type { Run } from "../../src/query/run.ts";
import { seriousFaults } from "../support/axe.ts";
import { hostileStrings } from "../support/hostileStrings.ts";
import { anAnswer, aRun, aSeries, done, testNow } from "../support/runs.ts";
import { type RendererPage, RendererPages } from "./rendererPage.ts";

const pictures = fileURLToPath(new URL("../../.vscode-test/pictures", import.meta.url));

const jobs = ["checkout", "cart", "search", "login"];
const series = jobs.map((job, i) =>
  aSeries(
    [["job", job]],
    Array.from({ length: 240 }, (_, n) => 10 * (i + 1) + (n % 5)),
  ),
);
const last = series.map((one) => ({ ...one, times: one.times.slice(-1), values: one.values.slice(-1) }));
const matrix = () => done(anAnswer({ type: "matrix", series }));
const vector = (limit = last.length) => done(anAnswer({ type: "vector", series: last.slice(0, limit) }));

const chart = aRun({ range: matrix(), instant: vector() }, { key: "chart", title: "Requests" });
const table = aRun(
  { instant: vector() },
  { key: "table", title: "Instances", query: "up{env='eu'}", text: "up{env=$env}" },
);
const failed = aRun(
  {
    range: {
      state: "failed",
      failure: { kind: "rejected", status: 400, errorType: "bad_data", message: "1:5: parse error" },
      finishedAt: testNow,
    },
  },
  { key: "failed", title: "Broken" },
);
const three = [chart, table, failed];

/** Shows the outputs of three cells, and waits until all are there. */
async function showThree({ show, render, page }: RendererPage): Promise<void> {
  show(three);
  for (const { request } of three) await render(request.key, { key: request.key, text: "4 series", since: 1 });
  await page.locator("#chart .plot canvas").waitFor();
  await page.locator("#table .name").first().waitFor();
  await page.locator("#failed .banner-error").waitFor();
}

const canvases = (page: Page) => page.locator("canvas").count();

describe("outputs of a notebook's cells", { timeout: 240_000 }, () => {
  let pages: RendererPages;
  before(async () => {
    mkdirSync(pictures, { recursive: true });
    pages = await RendererPages.start();
  });
  after(async () => {
    await pages.stop();
  });

  test("each shows the result of its own cell, of a height of its own", async () => {
    const one = await pages.open();
    const { page, complaints, close } = one;
    await showThree(one);
    // The values that were drawn came as binary data through a channel that has only text.
    const legend = page.locator("#chart .legend .rows-body .row").first();
    assert.deepEqual(await legend.locator(".cell-number").allTextContents(), ["24/s", "20/s", "24/s", "22/s"]);
    assert.equal(await page.locator("#table .name").count(), 4);
    assert.match((await page.locator("#failed .banner-error").textContent()) ?? "", /said no/);
    // What has no answer has no views of it, and still all that can be done with its query.
    assert.equal(await page.locator("#failed").getByRole("tab").count(), 0);
    assert.equal(await page.locator("#failed").getByRole("tabpanel").count(), 0);
    assert.equal(await page.locator("#failed").getByRole("button", { name: "More …" }).count(), 1);
    // Only where the text of the cell does not say it.
    assert.deepEqual(await page.locator("pre.query").allTextContents(), ["up{env='eu'}"]);
    assert.equal(await page.locator(".picker").count(), 0);
    assert.equal((await page.locator("#chart .plot").boundingBox())?.height, 260);
    const heights = await page.locator(".output").evaluateAll((all) => all.map((output) => output.clientHeight));
    for (const height of heights) assert.ok(height > 60 && height < 750, String(heights));
    assert.deepEqual(complaints, []);
    await close();
  });

  test("styles of the page stay out, and ours stay in", async () => {
    const one = await pages.open();
    const { page, close } = one;
    await showThree(one);
    const styleOf = (selector: string) =>
      page
        .locator(selector)
        .first()
        .evaluate((element) => {
          const { fontSize, letterSpacing, borderTopStyle, textTransform, color } = getComputedStyle(element);
          return { fontSize, letterSpacing, borderTopStyle, textTransform, color };
        });
    assert.deepEqual(await styleOf("#chart .primary"), {
      fontSize: "13px",
      letterSpacing: "normal",
      borderTopStyle: "solid",
      textTransform: "none",
      color: "rgb(255, 255, 255)",
    });
    assert.equal((await styleOf("#chart .facts")).color, "rgb(157, 157, 157)");
    assert.equal(await page.evaluate(() => document.head.querySelectorAll("style, link").length), 1);
    await close();
  });

  test("the menu opens, goes by keys, and closes; nothing can be kept", async () => {
    const one = await pages.open();
    const { page, world, complaints, close } = one;
    await showThree(one);
    const entries = page.locator("#table [role=menuitem]");
    const focused = () => page.locator("#table [role=menuitem]:focus").textContent();
    await page.locator("#table .quiet").click();
    await entries.first().waitFor();
    const titles = await entries.allTextContents();
    assert.equal(await focused(), titles[0]);
    assert.ok(!titles.some((title) => title.startsWith("Keep")));
    await page.keyboard.press("ArrowDown");
    assert.equal(await focused(), titles[1]);
    await page.keyboard.press("End");
    assert.equal(await focused(), titles.at(-1));
    // What lies over the edge of an output is not to be seen.
    const menu = await page.locator("#table .menu").boundingBox();
    const output = await page.locator("#table").boundingBox();
    assert.ok(menu && output);
    assert.ok(menu.y + menu.height <= output.y + output.height, JSON.stringify({ menu, output }));
    await page.screenshot({ path: `${pictures}/output-menu.png` });
    await page.keyboard.press("Escape");
    await entries.first().waitFor({ state: "detached" });
    assert.equal(await page.locator("#table .quiet:focus").count(), 1);
    // By a click elsewhere in the same output, by the focus going elsewhere in it, and by a click in another.
    for (const away of [
      () => page.locator("#table .facts").click(),
      () => page.locator("#table .search").focus(),
      () => page.locator("#failed .facts").click(),
    ]) {
      await page.locator("#table .quiet").click();
      await entries.first().waitFor();
      await away();
      await entries.first().waitFor({ state: "detached" });
    }
    await page.locator("#table .quiet").click();
    await entries.filter({ hasText: "curl" }).click();
    while (!world.log.includes("curl")) await page.waitForTimeout(20);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("arrow keys go from tab to tab, and what did something here does nothing in the notebook", async () => {
    const one = await pages.open();
    const { page, complaints, close } = one;
    await showThree(one);
    await page.evaluate(() => {
      const page = window as unknown as { keys: string[] };
      page.keys = [];
      window.addEventListener("keydown", ({ key }) => page.keys.push(key));
    });
    await page.locator("#chart #tab-chart").focus();
    await page.keyboard.press("ArrowRight");
    assert.equal(await page.locator("#chart [role=tab]:focus").textContent(), "Table");
    assert.equal(await page.locator("#table [role=tab][aria-selected=true]").textContent(), "Table");
    await page.keyboard.press("ArrowLeft");
    await page.locator("#chart .plot canvas").waitFor();
    await page.locator("#chart .plot").focus();
    // Until the drawing is there, no key finds a point in it.
    while (((await page.locator("#chart .spoken").textContent()) ?? "") === "") {
      await page.keyboard.press("ArrowLeft");
      await page.waitForTimeout(50);
    }
    assert.match((await page.locator("#chart .spoken").textContent()) ?? "", /job="/);
    await page.keyboard.press("F8");
    assert.deepEqual(await page.evaluate(() => (window as unknown as { keys: string[] }).keys), ["F8"]);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a key that a control takes is none of the notebook's, which would delete the cell", async () => {
    const one = await pages.open();
    const { page, close } = one;
    await showThree(one);
    await page.evaluate(() => {
      const page = window as unknown as { keys: string[] };
      page.keys = [];
      window.addEventListener("keydown", ({ key }) => page.keys.push(key));
    });
    // The focus moves inside one tree, of which the page around it is not told.
    await page.locator("#table #tab-table").focus();
    const find = page.locator("#table").getByLabel("Find series");
    await find.focus();
    await page.keyboard.type("cart m");
    for (const key of ["Backspace", "Delete", "Enter", "Home", "Control+Backspace"]) await page.keyboard.press(key);
    await page.locator("#table .quiet").focus();
    for (const key of ["Delete", "Enter", "Escape"]) await page.keyboard.press(key);
    await page.locator("#table").getByLabel("Time zone").focus();
    for (const key of ["u", "ArrowDown"]) await page.keyboard.press(key);
    assert.deepEqual(await page.evaluate(() => (window as unknown as { keys: string[] }).keys), ["Control"]);
    // What neither types nor moves is VS Code's: its commands are there as anywhere.
    await find.focus();
    for (const key of ["F1", "Escape"]) await page.keyboard.press(key);
    const passed = await page.evaluate(() => (window as unknown as { keys: string[] }).keys);
    assert.deepEqual(passed, ["Control", "F1", "Escape"]);
    await close();
  });

  test("a list that scrolls does not scroll the notebook as well", async () => {
    const one = await pages.open();
    const { page, show, render, close } = one;
    const many = Array.from({ length: 100 }, (_, i) => aSeries([["job", `job ${i}`]], [i]));
    show([aRun({ instant: done(anAnswer({ type: "vector", series: many })) }, { key: "many" })]);
    await render("many", { key: "many", text: "", since: 1 });
    await page.locator("#many .name").first().waitFor();
    await page.evaluate(() => {
      const page = window as unknown as { wheels: number };
      page.wheels = 0;
      document.getElementById("container")?.addEventListener("wheel", () => page.wheels++);
    });
    const wheels = () => page.evaluate(() => (window as unknown as { wheels: number }).wheels);
    await page.locator("#many .table-view .rows-body").hover();
    await page.mouse.wheel(0, 100);
    await page.waitForFunction(
      () => (document.querySelector("#many div")?.shadowRoot?.querySelector(".rows-body")?.scrollTop ?? 0) > 0,
    );
    assert.equal(await wheels(), 0);
    await page.locator("#many .facts").hover();
    await page.mouse.wheel(0, 100);
    await page.waitForFunction(() => (window as unknown as { wheels: number }).wheels === 1);
    await close();
  });

  test("the same output again goes on as it was, also while its cell runs anew", async () => {
    const one = await pages.open();
    const { page, show, render, asked, complaints, close } = one;
    await showThree(one);
    await page.locator("#chart").evaluate((output) => {
      const canvas = output.querySelector("div")?.shadowRoot?.querySelector("canvas");
      canvas?.setAttribute("data-same", "");
    });
    const before = asked.length;
    await render("chart", { key: "chart", text: "5 series", since: 1 });
    assert.equal(await page.locator("#chart canvas[data-same]").count(), 1);
    assert.equal(asked.length, before);
    // A new run of the cell: the old answer stays until the new one is there, and so does the tab.
    await page.locator("#chart #tab-json").click();
    await page.locator("#chart .json").waitFor();
    show([
      {
        ...chart,
        startedAt: testNow + 1,
        range: { sent: chart.range?.sent, part: { state: "running", startedAt: testNow + 1 } },
      },
      table,
    ]);
    await page.locator("#chart .banner-info", { hasText: "the earlier one" }).waitFor();
    assert.equal(await page.locator("#chart .json").count(), 1);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("outputs that come together ask once, and one that nothing changed for is not drawn again", async () => {
    const one = await pages.open();
    const { page, show, render, asked, complaints, close } = one;
    const many = Array.from({ length: 30 }, (_, i) => aRun({ instant: vector() }, { key: `many ${i}` }));
    show(many);
    await Promise.all(many.map(({ request: { key } }, i) => render(`m${i}`, { key, text: "", since: 1 })));
    for (const i of many.keys()) await page.locator(`#m${i} .name`).first().waitFor();
    const asks = asked.filter(({ method }) => method === "results/changes").length;
    assert.ok(asks <= 2, `${asks} asks`);
    // Each drawing leaves another tree of Preact's at its root.
    const trees = () =>
      page.evaluate(() => {
        const page = window as unknown as { trees?: unknown[] };
        const roots = [...document.querySelectorAll(".output > div")].map((one) =>
          one.shadowRoot?.querySelector(".root"),
        );
        const now = roots.map((root) => (root as unknown as { __k: unknown }).__k);
        const drawn = now.flatMap((tree, i) => (tree === page.trees?.[i] ? [] : [i]));
        page.trees = now;
        return drawn;
      });
    assert.equal((await trees()).length, 30);
    show(many.map((run, i) => (i === 7 ? aRun({ instant: vector(1) }, { key: "many 7" }) : run)));
    await page.waitForFunction(
      () => document.querySelector("#m7 > div")?.shadowRoot?.querySelectorAll(".name").length === 1,
    );
    assert.deepEqual(await trees(), [7]);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("how it is looked at is remembered for an output that comes anew", async () => {
    const one = await pages.open();
    const { page, render, dispose, complaints, close } = one;
    await showThree(one);
    await page.locator("#chart #tab-stat").click();
    await page.locator("#chart .tile").first().waitFor();
    await dispose("chart");
    assert.equal(await page.locator("#chart .panel").count(), 0);
    await render("chart", { key: "chart", text: "", since: 1 });
    await page.locator("#chart .tile").first().waitFor();
    assert.equal(await page.locator("#table [role=tab][aria-selected=true]").textContent(), "Table");
    assert.deepEqual(complaints, []);
    await close();
  });

  test("an output that is gone leaves nothing behind", async () => {
    const one = await pages.open();
    const { page, show, dispose, asked, complaints, close } = one;
    await showThree(one);
    assert.equal(await canvases(page), 1);
    await dispose("chart");
    assert.equal(await canvases(page), 0);
    assert.equal(await page.locator("#chart *").count(), 0);
    const before = asked.length;
    await page.evaluate(() => {
      document.body.className = "vscode-light";
    });
    await page.setViewportSize({ width: 700, height: 800 });
    show([...three, aRun({ instant: vector(1) }, { key: "other" })]);
    await page.waitForTimeout(300);
    assert.deepEqual(
      asked.slice(before).filter(({ params }) => params["key"] === "chart"),
      [],
    );
    await dispose();
    assert.equal(await page.locator(".output *").count(), 0);
    await dispose("never there");
    assert.deepEqual(complaints, []);
    await close();
  });

  test("of a thousand series only the rows in view and a page around them cross", async () => {
    const one = await pages.open();
    const { page, show, render, asked, complaints, close } = one;
    const thousand = Array.from({ length: 1000 }, (_, i) => aSeries([["job", `job ${i}`]], [i]));
    show([aRun({ instant: done(anAnswer({ type: "vector", series: thousand })) }, { key: "many" })]);
    await render("many", { key: "many", text: "", since: 1 });
    await page.locator("#many .name").first().waitFor();
    await page.locator("#many .table-view .rows-body").evaluate((body) => body.scrollTo(0, 12_000));
    await page.getByText('job="job 500"').first().waitFor();
    const data = asked.filter(({ method }) => !["results/changes", "results/looking"].includes(method));
    assert.deepEqual([...new Set(data.map(({ method }) => method))], ["results/page"]);
    const rows = data.reduce((sum, { params }) => sum + Number(params["to"]) - Number(params["from"]), 0);
    assert.ok(rows <= 800, `${rows} rows were asked for`);
    assert.ok((await page.locator("#many .rows-body .row").count()) < 60);
    assert.deepEqual(complaints, []);
    await close();
  });

  test("what the host has no more is said, with what the output knows itself", async () => {
    const { page, show, render, outputs, complaints, close } = await pages.open();
    await render("gone", { key: "gone", text: "12 series · 84 ms · Local", since: 1 });
    const again = page.locator("#gone", { hasText: "Run this cell to see its result again." });
    await again.waitFor();
    assert.match((await page.locator("#gone .missing").textContent()) ?? "", /^12 series · 84 ms · Local/);
    // Another cell has been run since then.
    show([table]);
    await render("table", { key: "table", text: "", since: 1 });
    await page.locator("#table .name").first().waitFor();
    await again.waitFor();
    // And now this one.
    show([table, aRun({ instant: vector() }, { key: "gone" })]);
    await page.locator("#gone .name").first().waitFor();
    for (const data of ["", "{", "[]", '{"version":2,"key":"a","text":"b"}', '{"version":1,"key":1,"text":"b"}']) {
      await render("odd", data);
      await page.locator("#odd", { hasText: "cannot be read" }).waitFor();
    }
    outputs.dispose();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("without a host the text is shown", async () => {
    const { page, render, complaints, close } = await pages.open({ hasHost: false });
    await render("alone", { key: "alone", text: "12 series · 84 ms · Local", since: 1 });
    await page.locator("#alone", { hasText: "12 series · 84 ms · Local" }).waitFor();
    await page.locator("#alone", { hasText: "Run this cell" }).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test("a text of a server is never markup, and nothing of it runs where no policy forbids it", async () => {
    const one = await pages.open();
    const { page, show, render, complaints, close } = one;
    const hostile = hostileStrings.map((text, i) =>
      aSeries(
        [
          ["__name__", text],
          [text === "" ? "empty" : text, text],
        ],
        [i, i + 1, i + 2],
      ),
    );
    const texts = hostileStrings.filter((_, i) => i % 4 === 0);
    const failures: Run[] = texts.map((text, i) =>
      aRun(
        {
          range: {
            state: "failed",
            failure: { kind: "rejected", status: 400, errorType: text, message: text },
            finishedAt: testNow,
          },
        },
        {
          key: `${i} ${text}`,
          title: text,
          text: "up",
          query: text,
          legend: text,
          target: { connectionId: text, name: text, origin: text, color: text, isUnverified: true },
        },
      ),
    );
    const answer = anAnswer({ type: "matrix", series: hostile }, { warnings: hostileStrings, infos: hostileStrings });
    const newest = hostile.map((line) => ({ ...line, times: line.times.slice(-1), values: line.values.slice(-1) }));
    const full = aRun(
      { range: done(answer), instant: done(anAnswer({ type: "vector", series: newest })) },
      { key: "full", unit: "<img src=x onerror=pwned(9)>", legend: "{{__name__}} <img src=x onerror=pwned(8)>" },
    );
    show([full, ...failures]);
    await render("full", { key: "full", text: "", since: 1 });
    await page.locator("#full .plot canvas").waitFor();
    const box = await page.locator("#full .u-over").boundingBox();
    assert.ok(box !== null);
    await page.locator("#full .u-over").hover({ position: { x: box.width * 0.99, y: box.height / 2 } });
    await page.locator("#full .tooltip").waitFor();
    await page.locator("#full #tab-table").click();
    const names = page.locator("#full .table-view .name");
    await names.first().waitFor();
    for (let i = 0; i < 6; i++) await names.nth(i).click();
    await page.locator("#full .detail dd").first().waitFor();
    await page.locator("#full #tab-json").click();
    await page.locator("#full .json").waitFor();
    for (const [i, { request }] of failures.entries())
      await render(`f${i}`, { key: request.key, text: request.text, since: 1 });
    // The texts of outputs are of cells, which a file may bring along.
    for (const [i, text] of hostileStrings.entries()) await render(`t${i}`, { key: `no such ${text}`, text, since: 1 });
    await page.locator(`#f${failures.length - 1} .banner-error`).waitFor();
    await page.locator(`#t${hostileStrings.length - 1}`, { hasText: "Run this cell" }).waitFor();
    const made = await page.evaluate(() => {
      const found: string[] = [];
      const walk = (root: ParentNode) => {
        for (const element of root.querySelectorAll("*")) {
          if (/^(script|img|iframe|svg|math|object|embed|base|meta|a|template|style|link)$/i.test(element.tagName)) {
            found.push(element.tagName);
          }
          if ([...element.attributes].some(({ name }) => name.startsWith("on"))) found.push(`${element.tagName} on…`);
          if (element.shadowRoot !== null) walk(element.shadowRoot);
        }
      };
      walk(document.body);
      return found;
    });
    assert.deepEqual(made, []);
    await page.waitForTimeout(200);
    assert.deepEqual(complaints, []);
    await close();
  });

  for (const theme of ["dark", "light", "contrast"] as const) {
    test(`have nothing serious against them in the eyes of axe: ${theme}`, async () => {
      const one = await pages.open({ theme });
      const { page, render, complaints, close } = one;
      await showThree(one);
      await render("gone", { key: "gone", text: "12 series · 84 ms · Local", since: 1 });
      await page.locator("#gone", { hasText: "Run this cell" }).waitFor();
      await page.screenshot({ path: `${pictures}/outputs-${theme}.png`, fullPage: true });
      await page.locator("#table .quiet").click();
      assert.deepEqual(await seriousFaults(page), []);
      assert.deepEqual(complaints, []);
      await close();
    });
  }

  test("a change of theme draws the chart in its colours", async () => {
    const one = await pages.open();
    const { page, close } = one;
    await showThree(one);
    const swatch = () => page.locator("#chart .legend .swatch").first().getAttribute("style");
    const dark = await swatch();
    await page.evaluate(() => {
      document.body.className = "vscode-light";
    });
    while ((await swatch()) === dark) await page.waitForTimeout(20);
    await close();
  });
});
