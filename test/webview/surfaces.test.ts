import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import type { Failure } from "../../src/shared/errors.ts";
import type { EmptyAnswer, EmptyReason } from "../../src/shared/protocol/results.ts";
import { cacheFolder } from "../servers/binaries.ts";
import { seriousFaults } from "../support/axe.ts";
import { hostileStrings } from "../support/hostileStrings.ts";
import { anAnswer, aRun, aSeries, done, testNow } from "../support/runs.ts";
import { type ResultsPage, ResultsPages } from "./resultsPage.ts";
import type { ThemeName } from "./themes.ts";

/*
 * Parts of the results page that come up only now and then: failures with what can be done about them, why an answer is empty,
 * big numbers. Each is looked at by axe and, as a picture in `.vscode-test/pictures`, by a reviewer; in each a server does its worst.
 */
const pictures = join(cacheFolder, "pictures");
const themes: readonly ThemeName[] = ["dark", "light", "contrast"];

const failed = (failure: Failure) => ({ state: "failed", failure, finishedAt: testNow }) as const;
const rejected = (message: string): Failure => ({ kind: "rejected", status: 422, errorType: "execution", message });
const selector = 'http_requests_total{job="checkout", code=~"5.."}';
const empty = aRun({ range: done(anAnswer({ type: "matrix", series: [] })) });
const read = (reason: EmptyReason): EmptyAnswer => ({ kind: "read", reason });
const hour = 3_600_000;
const tiles = ["checkout", "cart", "search"].map((job, i) =>
  aSeries(
    [["instance", `a-long-name-of-a-machine-${i}.eu-west.example:9090`] as const, ["job", job] as const],
    [i, 1024 ** i],
  ),
);

/** What is shown, and what has to be there when it is. */
const surfaces: readonly {
  readonly title: string;
  readonly whyEmpty?: EmptyAnswer;
  readonly show: (page: ResultsPage) => Promise<void>;
  readonly shown: string;
}[] = [
  {
    title: "failure-timeout",
    show: ({ show }) =>
      show([aRun({ range: failed({ kind: "timedOut", by: "server", afterMs: 30_000, detail: "query timed out" }) })]),
    shown: "Wider Step: 30s",
  },
  {
    title: "failure-sign-in",
    show: ({ show }) => show([aRun({ instant: failed({ kind: "unauthorized", status: 401, detail: "no org id" }) })]),
    shown: "Add Tenant Header",
  },
  {
    title: "failure-restricted",
    show: ({ show }) =>
      show([
        aRun({
          range: failed({ kind: "credential", source: "command", problem: "notAllowed", name: "gcloud", detail: "" }),
        }),
      ]),
    shown: "Manage Workspace Trust",
  },
  {
    title: "failure-kept",
    show: async ({ show, keep }) => {
      await show([
        aRun({ range: failed({ kind: "timedOut", by: "server", afterMs: 30_000, detail: "query timed out" }) }),
      ]);
      keep();
    },
    shown: "Run again",
  },
  {
    title: "empty-gone",
    whyEmpty: read({ kind: "gone", selector, first: testNow - 9 * 24 * hour, last: testNow - hour }),
    show: ask,
    shown: "has no series in this window",
  },
  {
    title: "empty-present",
    whyEmpty: read({ kind: "present", found: [{ selector, series: 12 }], since: undefined, isWhole: true }),
    show: ask,
    shown: "The server has series",
  },
  {
    title: "empty-failed",
    whyEmpty: {
      kind: "failed",
      error: {
        title: "Production EU did not answer within 30 s",
        detail: "",
        next: "Ask for less, or try again later.",
        position: undefined,
        isCancelled: false,
        actions: [],
      },
    },
    show: ask,
    shown: "Ask Again",
  },
  {
    title: "stat",
    show: ({ show }) =>
      show([aRun({ range: done(anAnswer({ type: "matrix", series: tiles })) }, { view: "stat", unit: "bytes" })]),
    shown: "1 KiB",
  },
];

async function ask({ page, show }: ResultsPage): Promise<void> {
  await show([empty]);
  await page.getByRole("button", { name: "Why is it empty?" }).click();
}

describe("parts of the results page that are seldom seen", { timeout: 300_000 }, () => {
  let pages: ResultsPages;
  before(async () => {
    mkdirSync(pictures, { recursive: true });
    pages = await ResultsPages.start();
  });
  after(async () => {
    await pages.stop();
  });

  /** Elements that only a text that was taken for markup would have made. */
  const markup = (page: Page) =>
    page
      .locator("main :is(img, iframe, script, svg, object, embed, base, meta, a, style, template, details[open])")
      .count();

  for (const theme of themes) {
    for (const { title, whyEmpty, show, shown } of surfaces) {
      test(`${title} has nothing serious against it in the eyes of axe: ${theme}`, async () => {
        const answer = whyEmpty === undefined ? {} : { whyEmpty: async () => whyEmpty };
        const opened = await pages.open({
          theme,
          width: 640,
          bypassCsp: true,
          inWords: true,
          timeZone: "utc",
          ...answer,
        });
        const { page, close } = opened;
        await show(opened);
        await page.getByText(shown).first().waitFor();
        await page.waitForTimeout(200);
        await page.screenshot({ path: join(pictures, `surface-${title}-${theme}.png`) });
        assert.deepEqual(await seriousFaults(page), []);
        const [inner, outer] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.ok((inner ?? 0) <= (outer ?? 0), "wider than the panel");
        await close();
      });
    }
  }

  test("failures with buttons run nothing that a server says", async () => {
    const { page, show, keep, complaints, close } = await pages.open({ inWords: true });
    for (const [i, text] of hostileStrings.entries()) {
      const target = { connectionId: "x", name: text === "" ? "x" : text, origin: text, color: undefined };
      const failures: readonly Failure[] = [
        rejected(text),
        { kind: "unauthorized", status: 401, detail: text },
        { kind: "timedOut", by: "server", afterMs: 1000, detail: text },
        { kind: "credential", source: "command", problem: "failed", name: text, detail: text },
      ];
      const [range, instant] = [failures[i % failures.length], failures[(i + 1) % failures.length]];
      assert.ok(range !== undefined && instant !== undefined);
      await show([aRun({ range: failed(range), instant: failed(instant) }, { key: `k${i}`, target })], `k${i}`);
      await page.locator(".banner-error").first().waitFor();
    }
    keep();
    await page.getByRole("button", { name: "Run again" }).waitFor();
    assert.equal(await markup(page), 0);
    assert.deepEqual(complaints, []);
    await close();
  });

  const reasons = (text: string): readonly EmptyAnswer[] => [
    read({ kind: "gone", selector: text, first: testNow - hour, last: testNow }),
    read({ kind: "present", found: [{ selector: text, series: 1 }], since: testNow, isWhole: false }),
    read({ kind: "gone", selector: text }),
    read({ kind: "arrived", found: [{ selector: text, series: 1 }] }),
    read({ kind: "between", selector: text, last: testNow, stepMs: hour }),
    read({ kind: "shortRange", selector: text, last: testNow, rangeMs: hour }),
    read({ kind: "otherLabels", selector: text, name: text }),
    read({ kind: "neverSeen", selector: text, name: text, days: 30 }),
    {
      kind: "failed",
      error: { title: text, detail: text, next: text, position: undefined, isCancelled: false, actions: [] },
    },
  ];
  for (const at of reasons("").keys()) {
    test(`why an answer is empty runs nothing that a server says: ${at + 1} of ${reasons("").length}`, async () => {
      const all = hostileStrings.join(" ");
      const { page, show, complaints, close } = await pages.open({
        whyEmpty: async () => reasons(all)[at] ?? { kind: "declined" },
      });
      await show([empty]);
      await page.getByRole("button", { name: "Why is it empty?" }).click();
      await page.getByRole("status").filter({ hasText: "onerror" }).waitFor();
      assert.equal(await markup(page), 0);
      assert.deepEqual(complaints, []);
      await close();
    });
  }

  test("big numbers run nothing that a server says", async () => {
    const { page, show, complaints, close } = await pages.open();
    for (let from = 0; from < hostileStrings.length; from += 50) {
      const series = hostileStrings.slice(from, from + 50).map((text, i) =>
        aSeries(
          [
            ["__name__", text],
            [text === "" ? "empty" : text, text],
          ],
          [i, i + 1],
        ),
      );
      const legend = from === 0 ? "{{__name__}} <img src=x onerror=pwned(8)>" : undefined;
      const unit = "<img src=x onerror=pwned(9)>";
      const key = `stat${from}`;
      await show(
        [aRun({ range: done(anAnswer({ type: "matrix", series })) }, { key, view: "stat", unit, legend })],
        key,
      );
      await page
        .locator(".tile")
        .nth(series.length - 1)
        .waitFor();
      await page.locator(".tile").first().hover();
      assert.equal(await markup(page), 0);
    }
    assert.deepEqual(complaints, []);
    await close();
  });
});
