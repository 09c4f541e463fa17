import type { Page } from "playwright-core";

/** From now on `window.written` of the page has every text that is drawn on a canvas. */
export async function noteCanvasTexts(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { prototype } = CanvasRenderingContext2D;
    const write = prototype.fillText;
    const written: string[] = [];
    prototype.fillText = function (text, ...place) {
      written.push(text);
      return write.call(this, text, ...place);
    };
    Object.assign(window, { written });
  });
}
