import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import type { NotebookExportCell, NotebookSubject } from "../../src/query/export/notebook/notebookSubject.ts";
import { chromiumArguments, ensureChromium } from "../host/codeServer.ts";
import { temporaryFolder } from "../servers/processes.ts";
import { aHistogram } from "../support/exports.ts";
import { hostileStrings } from "../support/hostileStrings.ts";
import { aNotebook, aQueryCell, writtenNotebook } from "../support/notebookExports.ts";
import { anAnswer, aRun, aSeries, done, testNow } from "../support/runs.ts";

const pictures = fileURLToPath(new URL("../../.vscode-test/pictures", import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What the page may be made of. */
const ownElements = [
  ..."html head meta title style body header main footer section div h1 h2 h3 h4 h5 h6 p pre code strong b em del a br hr".split(
    " ",
  ),
  ..."ul ol li blockquote dl dt dd table thead tbody tr th td figure figcaption svg desc path text tspan".split(" "),
];

const failure = { kind: "rejected", status: 422, errorType: "execution", message: "too many samples" } as const;

/** 30 lines of an hour, one of them with a pause. */
const lines = Array.from({ length: 30 }, (_, k) => {
  const whole = aSeries(
    [
      ["__name__", "http_requests"],
      ["job", `job ${k}`],
    ],
    Array.from({ length: 241 }, (_, i) => 10 * k + 8 * Math.sin(i / 15 + k)),
  );
  const isThere = (_: number, i: number) => k !== 1 || i < 100 || i > 140;
  return { ...whole, times: whole.times.filter(isThere), values: whole.values.filter(isThere) };
});

const usual: readonly NotebookExportCell[] = [
  {
    kind: "markdown",
    text: "# What happened\n\n**Checkout** was *slow*, see [the runbook](https://runbooks.example) and `latency`.\n\n- a\n  1. b\n- [x] c\n\n> d\n\n| e | f |\n| --- | ---: |\n| g | 1 |\n\n```promql\nup\n```\n\n---",
  },
  aQueryCell(undefined, { title: undefined, text: "# range: 1h" }),
  aQueryCell(
    aRun(
      {
        range: done(anAnswer({ type: "matrix", series: lines }, { isPartial: true, warnings: ["slow storage"] })),
        instant: done(
          anAnswer({ type: "vector", series: lines.slice(0, 3).map(({ labels }) => aSeries(labels, [1 / 3])) }),
        ),
      },
      { query: "rate(http_requests_total[1m])" },
    ),
    { isStale: true },
  ),
  aQueryCell(aRun({ instant: done(anAnswer({ type: "scalar", time: testNow, value: 0.999 })) }), { title: "Share" }),
  aQueryCell(
    aRun({
      instant: done(anAnswer({ type: "vector", series: [{ ...aSeries([], []), histograms: [aHistogram(testNow)] }] })),
    }),
    { title: "Histogram" },
  ),
  aQueryCell(aRun({ range: { state: "failed", failure, finishedAt: testNow } }), { title: "Too much" }),
  aQueryCell(undefined, { title: undefined }),
];

/** Cells with the text in every place that a server or a person can write to. */
function hostileCells(text: string): readonly NotebookExportCell[] {
  const target = { connectionId: text, name: text, origin: text, color: text };
  const labels = [
    ["__name__", text],
    ["job", text],
    [text, text],
  ] as const;
  const said = { warnings: [text], infos: [text] };
  const series = [aSeries(labels, [1, 2, 3])];
  const about = { target, text, query: `${text} `, unit: text, title: text };
  const places = ["%", "# %", "- %", "> %", "`%`", "[%](%)", "[a](<%>)", "![%](%)", "<%>", "| % |\n| --- |\n| % |"];
  const range = done(anAnswer({ type: "matrix", series }, said));
  const instant = done(anAnswer({ type: "vector", series }, said));
  const failed = {
    state: "failed",
    failure: { ...failure, message: text },
    finishedAt: testNow,
  } as const;
  const string = done(anAnswer({ type: "string", time: testNow, value: text }, said));
  return [
    ...places.map((place) => ({ kind: "markdown" as const, text: place.replaceAll("%", () => text) })),
    aQueryCell(aRun({ range, instant, before: failed }, about), { title: text, text: `up ${text}` }),
    aQueryCell(aRun({ instant: string }, about), { text: `# ${text}\nup` }),
  ];
}

describe("an exported notebook in a browser", { timeout: 180_000 }, () => {
  let browser: Browser;
  const folder = temporaryFolder("notebook");
  before(async () => {
    mkdirSync(pictures, { recursive: true });
    browser = await chromium.launch({ executablePath: ensureChromium(), args: [...chromiumArguments] });
  });
  after(async () => {
    await browser.close();
  });

  /** The page as a reader opens it: a file, with scripts switched on, and whatever it does is complained of. */
  async function opened(notebook: NotebookSubject, colorScheme: "light" | "dark", width = 1000) {
    const file = join(folder, "notebook.html");
    writeFileSync(file, await writtenNotebook("html", notebook));
    const address = pathToFileURL(file).href;
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("dialog", (dialog) => {
      complaints.push(dialog.message());
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      if (request.url() !== address) complaints.push(`asked for ${request.url()}`);
    });
    await page.goto(address);
    return { page, complaints, close: () => context.close() };
  }

  function elementsOf(page: Page): Promise<{ names: string[]; attributes: string[]; links: string[] }> {
    return page.evaluate(() => {
      const all = [...document.querySelectorAll("*")];
      return {
        names: [...new Set(all.map(({ localName }) => localName))],
        attributes: [...new Set(all.flatMap((element) => element.getAttributeNames()))],
        links: [...document.querySelectorAll("a")].map(({ protocol }) => protocol),
      };
    });
  }

  for (const colorScheme of ["light", "dark"] as const) {
    test(`is complete, and can be read by everybody (${colorScheme})`, async () => {
      for (const width of [1000, 400]) {
        const { page, complaints, close } = await opened(aNotebook(usual), colorScheme, width);
        assert.equal(await page.title(), "Incident 42");
        const paths = await page.locator("svg.chart path.line").evaluateAll((all) => all.map((one) => one.outerHTML));
        assert.deepEqual(
          paths.map((path) => path.split("M").length - 1),
          [1, 2, ...Array<number>(18).fill(1)],
        );
        assert.equal(await page.locator(".series tbody tr").count(), 30 + 3 + 1);
        // The style sheet is let in by the policy: the page is wide enough for all that is on it.
        const isWide = await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
        assert.equal(isWide, true);
        const stroke = await page
          .locator("path.line.s0")
          .first()
          .evaluate((line) => getComputedStyle(line).stroke);
        assert.equal(stroke, colorScheme === "light" ? "rgb(0, 114, 178)" : "rgb(86, 180, 233)");
        assert.deepEqual(complaints, []);
        await page.screenshot({ path: `${pictures}/notebook-${colorScheme}-${width}.png`, fullPage: true });
        // The page lets no script in, but for those of the one who looks at it from outside.
        await page.evaluate(axe);
        const found = await page.evaluate(async () => {
          const { violations } = await (
            window as unknown as {
              axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
            }
          ).axe.run();
          return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
        });
        assert.deepEqual(found, []);
        await close();
      }
    });
  }

  test("is made of nothing but our own elements, whatever its texts are, and asks for nothing", async () => {
    const size = 12;
    for (let from = 0; from < hostileStrings.length; from += size) {
      const texts = hostileStrings.slice(from, from + size);
      const notebook = aNotebook(texts.flatMap(hostileCells), { title: texts.join(" ") });
      const { page, complaints, close } = await opened(notebook, "dark");
      const { names, attributes, links } = await elementsOf(page);
      const strange = names.filter((name) => !ownElements.includes(name));
      assert.deepEqual(strange, [], JSON.stringify(texts));
      const handlers = attributes.filter((name) => name.startsWith("on") || name === "style" || name === "src");
      assert.deepEqual(handlers, [], JSON.stringify(texts));
      assert.ok(links.every((scheme) => ["http:", "https:", "mailto:"].includes(scheme)));
      assert.equal(await page.locator("h1").count(), 1);
      assert.equal(await page.locator("section.query").count(), 2 * texts.length);
      assert.deepEqual(complaints, [], JSON.stringify(texts));
      await close();
    }
  });
});
