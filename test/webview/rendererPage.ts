import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type BuildOptions, build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import { bundles } from "../../esbuild.js";
import type { Run } from "../../src/query/run.ts";
import { Emitter } from "../../src/shared/event.ts";
import { type CellOutput, cellOutputData } from "../../src/shared/protocol/cellOutput.ts";
import type { RendererPacket } from "../../src/shared/protocol/rendererPacket.ts";
import { NotebookOutputs } from "../../src/ui/results/notebookOutputs.ts";
import { ResultsSession, type ResultsSessionDeps } from "../../src/ui/results/resultsSession.ts";
import { chromiumArguments, ensureChromium } from "../host/codeServer.ts";
import { type SessionWorld, sessionDeps } from "../support/sessions.ts";
import { type ThemeName, themeCss } from "./themes.ts";

/** What a page has asked of the host. */
export interface Asked {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Outputs of a notebook in Chromium, with no content policy at all, answered by the host's own sessions. */
export interface RendererPage {
  readonly page: Page;
  readonly asked: readonly Asked[];
  readonly world: SessionWorld;
  /** Errors, and whatever a hostile text managed to run. */
  readonly complaints: string[];
  readonly outputs: NotebookOutputs;
  /** Tells of the notebook's runs. */
  show(runs: readonly Run[], started?: string): void;
  /** Shows an output, or the same one again. */
  render(id: string, output: CellOutput | string): Promise<void>;
  dispose(id?: string): Promise<void>;
  close(): Promise<void>;
}

/** The notebook of the tests. */
export const notebookUri = "file:///test.promqlnb";

/** What other outputs of a page may style: all of it is to stop at ours. */
const foreignCss = `
  * { letter-spacing: 3px; }
  button, select, input, div, p { font-size: 40px !important; border: 5px dotted red; text-transform: uppercase; }
  .panel, .menu, .rows { display: none; }
  body { margin: 0; font-size: 30px; color: magenta; }
  .output { padding: 8px 16px; }
`;

/** Builds the renderer once and serves it; `open` gives a fresh page of outputs. */
export class RendererPages {
  readonly #browser: Browser;
  readonly #server: Server;

  private constructor(browser: Browser, server: Server) {
    this.#browser = browser;
    this.#server = server;
  }

  static async start(): Promise<RendererPages> {
    const options = bundles(false).find(({ entryPoints }) => "renderer" in entryPoints) as BuildOptions;
    const built = await build({ ...options, sourcemap: false, write: false });
    const script = built.outputFiles?.[0]?.text ?? "";
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? "/", "http://localhost");
      const isScript = url.pathname === "/renderer.js";
      response.setHeader("content-type", `${isScript ? "text/javascript" : "text/html"}; charset=utf-8`);
      response.end(isScript ? script : html(url.searchParams.get("theme") as ThemeName));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const browser = await chromium.launch({ executablePath: ensureChromium(), args: [...chromiumArguments] });
    return new RendererPages(browser, server);
  }

  async open(
    options: {
      readonly theme?: ThemeName;
      readonly width?: number;
      /** False: there is no host to speak to. */
      readonly hasHost?: boolean;
      readonly session?: Partial<ResultsSessionDeps>;
    } = {},
  ): Promise<RendererPage> {
    const { theme = "dark", width = 900, hasHost = true } = options;
    const context = await this.#browser.newContext({ viewport: { width, height: 900 }, timezoneId: "UTC" });
    const page = await context.newPage();
    const complaints: string[] = [];
    const asked: Asked[] = [];
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("dialog", (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    const { deps, world } = sessionDeps(options.session);
    const outputs = new NotebookOutputs<unknown>({
      post: (packet) => {
        // As VS Code does: what is no JSON is lost.
        const json = JSON.stringify(packet);
        void page
          .evaluate((text) => (window as unknown as { deliver(text: string): void }).deliver(text), json)
          .catch(() => undefined);
      },
      uriOf: () => notebookUri,
      createSession: (uri) => new ResultsSession({ ...deps, uri }),
      onDidChangeVisibility: new Emitter<unknown>().event,
      onDidChangeSettings: new Emitter<unknown>().event,
    });
    await page.exposeFunction("sendToHost", (json: string) => {
      const packet = JSON.parse(json) as RendererPacket;
      if (packet.message.kind === "request") asked.push(packet.message as unknown as Asked);
      return outputs.receive("the editor", packet);
    });
    await page.exposeFunction("complain", (text: string) => complaints.push(text));
    const { port } = this.#server.address() as AddressInfo;
    await page.goto(`http://127.0.0.1:${port}/page?theme=${theme}`);
    await page.evaluate(activate, hasHost);
    return {
      page,
      asked,
      world,
      complaints,
      outputs,
      show: (runs, started) => outputs.show(notebookUri, "test.promqlnb", runs, started),
      render: (id, output) =>
        page.evaluate(renderOutput, { id, data: typeof output === "string" ? output : cellOutputData(output) }),
      dispose: (id) => page.evaluate(disposeOutput, id),
      async close() {
        await context.close();
        outputs.dispose();
      },
    };
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

function html(theme: ThemeName): string {
  const classes = { dark: "vscode-dark", light: "vscode-light", contrast: "vscode-high-contrast" };
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Outputs</title>
<style>${themeCss(theme)} body { background: var(--vscode-editor-background); } ${foreignCss}</style></head>
<body class="${classes[theme]}"><main id="container"></main></body></html>`;
}

interface PageWindow {
  sendToHost(json: string): void;
  complain(text: string): void;
  deliver(json: string): void;
  pwned(what: unknown): void;
  state: unknown;
  renderer: {
    renderOutputItem(item: { readonly id: string; text(): string }, element: HTMLElement): void;
    disposeOutputItem(id?: string): void;
  };
}

/** Runs in the page: VS Code's side of a renderer. */
async function activate(hasHost: boolean): Promise<void> {
  const page = window as unknown as PageWindow;
  const listeners: ((message: unknown) => void)[] = [];
  page.deliver = (json) => {
    for (const listener of listeners) listener(JSON.parse(json));
  };
  page.pwned = (what) => page.complain(`executed: ${String(what)}`);
  const messaging = {
    postMessage: (message: unknown) => page.sendToHost(JSON.stringify(message)),
    onDidReceiveMessage: (listener: (message: unknown) => void) => listeners.push(listener),
  };
  const url = "/renderer.js";
  const module = (await import(url)) as { activate(context: unknown): PageWindow["renderer"] };
  page.renderer = module.activate({
    getState: () => page.state,
    setState: (state: unknown) => {
      page.state = structuredClone(state);
    },
    ...(hasHost ? messaging : {}),
  });
}

/** Runs in the page. */
function renderOutput({ id, data }: { readonly id: string; readonly data: string }): void {
  const { renderer } = window as unknown as PageWindow;
  const container = document.getElementById("container");
  let element = document.getElementById(id);
  if (element === null) {
    element = document.createElement("div");
    element.id = id;
    element.className = "output";
    container?.append(element);
  }
  renderer.renderOutputItem({ id, text: () => data }, element);
}

/** Runs in the page. VS Code takes the element out afterwards. */
function disposeOutput(id: string | undefined): void {
  (window as unknown as PageWindow).renderer.disposeOutputItem(id);
}
