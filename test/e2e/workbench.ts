import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type FrameLocator, type Locator, type Page } from "playwright-core";
import { type CodeServer, chromiumArguments, ensureChromium, workbenchUrl } from "../host/codeServer.ts";

/** VS Code's workbench in a browser, driven as a person drives it: keys, clicks and looks. */
export class Workbench {
  readonly page: Page;
  readonly #browser: Browser;
  readonly #pictures: string;
  /** What a person would never see but a reviewer wants to know: errors of pages and violated content policies. */
  readonly complaints: string[] = [];
  /** What text of servers or settings executed; nothing, if all is well. */
  readonly executed: readonly string[];

  private constructor(browser: Browser, page: Page, pictures: string, executed: readonly string[]) {
    this.executed = executed;
    this.#browser = browser;
    this.page = page;
    this.#pictures = pictures;
    page.on("console", (message) => {
      const text = message.text();
      if (/content security policy/i.test(text)) this.complaints.push(text);
    });
  }

  static async open(
    server: CodeServer,
    options: { readonly folder: string; readonly pictures: string; readonly extensionDevelopmentPath?: string },
  ): Promise<Workbench> {
    mkdirSync(options.pictures, { recursive: true });
    const browser = await chromium.launch({ executablePath: ensureChromium(), args: [...chromiumArguments] });
    const page = await browser.newPage({
      viewport: { width: 1400, height: 900 },
      // What desktop VS Code may do anyway.
      permissions: ["clipboard-read", "clipboard-write"],
    });
    // What hostile text would call if it ever ran.
    const calls: string[] = [];
    await page.exposeFunction("pwned", (call: unknown) => calls.push(String(call)));
    page.setDefaultTimeout(30_000);
    await page.goto(workbenchUrl(server, options));
    await page.locator(".monaco-workbench").waitFor({ timeout: 60_000 });
    await page.locator(".explorer-folders-view .monaco-list-row").first().waitFor({ timeout: 60_000 });
    return new Workbench(browser, page, options.pictures, calls);
  }

  get quickInput(): Locator {
    return this.page.locator(".quick-input-widget:visible");
  }

  /** Runs a command by its palette title, e.g. `PromQL: Run Query`; extensions may still be on their way. */
  async command(title: string): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      await this.page.keyboard.press("F1");
      await this.quickInput.locator("input").first().fill(`>${title}`);
      const row = this.quickInput.locator(".monaco-list-row").filter({ hasText: title }).first();
      try {
        await row.click({ timeout: 4000 });
        return;
      } catch (error) {
        if (attempt === 5) throw error;
        await this.page.keyboard.press("Escape");
      }
    }
  }

  /** Waits until the input that is open says this in its title or text. */
  async asked(text: string): Promise<void> {
    await this.quickInput.filter({ hasText: text }).waitFor();
  }

  /** Opens a file of the workspace by name. */
  async openFile(name: string): Promise<void> {
    await this.page.keyboard.press("Control+p");
    await this.quickInput.locator("input").first().fill(name);
    await this.quickInput.locator(".monaco-list-row").filter({ hasText: name }).first().click();
    await this.page.locator(".tab.active", { hasText: name }).waitFor();
  }

  /** Puts the cursor at the end of a line (1-based) of the active editor. */
  async goToLine(line: number): Promise<void> {
    // A workbench that is still settling may close the input again: then it is asked for once more.
    for (let attempt = 0; ; attempt++) {
      await this.page.keyboard.press("Control+g");
      const input = this.quickInput.locator("input").first();
      const isFilled = await input.fill(`:${line}`, { timeout: attempt < 3 ? 4000 : 30_000 }).then(
        () => true,
        (error: unknown) => {
          if (attempt === 3) throw error;
          return false;
        },
      );
      if (isFilled) break;
    }
    // On a busy machine Enter may come before the input has read the number.
    for (let attempt = 0; attempt < 10 && (await this.quickInput.isVisible()); attempt++) {
      await this.page.keyboard.press("Enter");
      await this.quickInput.waitFor({ state: "hidden", timeout: 1500 }).catch(() => undefined);
    }
    await this.page.keyboard.press("End");
  }

  /** Types into the quick input that is open and confirms. */
  async answer(text: string): Promise<void> {
    await this.quickInput.locator("input").first().fill(text);
    await this.page.keyboard.press("Enter");
  }

  /** Picks a row of the quick pick that is open. */
  async pick(text: string | RegExp): Promise<void> {
    const row = this.quickInput.locator(".monaco-list-row").filter({ hasText: text }).first();
    await row.waitFor();
    // The widget slides in; a click on the way may hit the row below.
    await this.page.waitForTimeout(300);
    await row.click();
  }

  /** The content of the webview that is shown. */
  get webview(): FrameLocator {
    return this.page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");
  }

  /** Chooses a colour theme through the person's settings command. */
  async theme(name: string): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      await this.command("Preferences: Color Theme");
      await this.quickInput.locator("input").first().fill(name);
      const row = this.quickInput.locator(".monaco-list-row").filter({ hasText: name }).first();
      // Right after the start the list may be there before the themes are.
      if (
        await row.waitFor({ timeout: 4000 }).then(
          () => true,
          () => false,
        )
      )
        break;
      if (attempt === 5) throw new Error(`there is no theme ${name}`);
      await this.page.keyboard.press("Escape");
    }
    await this.pick(name);
    await this.quickInput.waitFor({ state: "hidden" });
    // The pick lay over what is below it, whose tooltip would come into the next picture.
    await this.page.mouse.move(1395, 895);
  }

  async picture(name: string): Promise<void> {
    await this.page.screenshot({ path: join(this.#pictures, `${name}.png`) });
  }

  /** A picture of the side bar alone, as README shows it. */
  async sideBarPicture(name: string): Promise<void> {
    const clip = await this.page.locator(".part.sidebar").boundingBox();
    await this.page.screenshot({ path: join(this.#pictures, `${name}.png`), ...(clip === null ? {} : { clip }) });
  }

  /** A picture of the upper left part of the editor, as README shows it. */
  async editorPicture(name: string): Promise<void> {
    const box = await this.page.locator(".part.editor").boundingBox();
    const clip = { x: box?.x ?? 0, y: box?.y ?? 0, width: 720, height: 400 };
    await this.page.screenshot({ path: join(this.#pictures, `${name}.png`), clip });
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}
