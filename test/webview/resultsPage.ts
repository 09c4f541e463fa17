import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { describeFailure } from "../../src/host/failureMessage.ts";
import { AnswerExemplars, type ReadExemplars } from "../../src/query/answerExemplars.ts";
import { QuietRuns } from "../../src/query/quietRuns.ts";
import { ResultsModel } from "../../src/query/resultsModel.ts";
import { isFixed, type Run } from "../../src/query/run.ts";
import type { EmptyAnswer, RefreshState, ResultsContract, Snapshot } from "../../src/shared/protocol/results.ts";
import { type Envelope, type Handlers, RpcServer } from "../../src/shared/protocol/rpc.ts";
import { resultsHtml } from "../../src/ui/results/html.ts";
import { parseParams } from "../../src/ui/results/inbound.ts";
import { chromiumArguments, ensureChromium } from "../host/codeServer.ts";
import { temporaryFolder } from "../servers/processes.ts";
import { HandClock } from "../support/handClock.ts";
import { testNow } from "../support/runs.ts";
import { type ThemeName, themeCss } from "./themes.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A request of the page that is an action, as the panel would carry it out. */
export interface Action {
  readonly method: string;
  readonly params: unknown;
}

/** The results page in Chromium under the panel's own content policy, answered by the panel's own model. */
export interface ResultsPage {
  readonly page: Page;
  readonly actions: readonly Action[];
  /** Violations of the content policy, errors, and whatever a hostile text managed to run. */
  readonly complaints: string[];
  show(runs: readonly Run[], front?: string): Promise<void>;
  /** Time goes by for the host. */
  forward(ms: number): void;
  /** The person keeps the panel. */
  keep(): void;
  /** From now on the page's requests of these methods, and of no others, fail as those to a host that is out of order. */
  breakDown(...methods: readonly (keyof ResultsContract["requests"])[]): Promise<void>;
  close(): Promise<void>;
}

/** Builds the page once and serves it; `open` gives a fresh tab with a theme. */
export class ResultsPages {
  readonly #browser: Browser;
  readonly #server: Server;

  private constructor(browser: Browser, server: Server) {
    this.#browser = browser;
    this.#server = server;
  }

  static async start(): Promise<ResultsPages> {
    const folder = temporaryFolder("webview");
    const built = await build({
      absWorkingDir: root,
      entryPoints: { results: "media/results/main.ts", resultsStyle: "media/results/results.css" },
      outdir: folder,
      bundle: true,
      format: "iife",
      write: false,
      logLevel: "warning",
    });
    const files = new Map(built.outputFiles.map(({ path, text }) => [path.slice(folder.length + 1), text]));
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? "/", "http://localhost");
      const name = join(url.pathname).slice(1);
      const origin = `http://${request.headers.host}`;
      if (name === "page") {
        response.setHeader("content-type", "text/html; charset=utf-8");
        const html = resultsHtml({
          cspSource: origin,
          nonce: "a-nonce-of-this-test",
          script: `${origin}/results.js`,
          style: `${origin}/resultsStyle.css`,
        });
        // VS Code writes the theme's variables on the page; here a style sheet of the same origin does.
        response.end(
          html.replace("</head>", `<link rel="stylesheet" href="${origin}/theme.css?${url.searchParams}"></head>`),
        );
      } else if (name === "theme.css") {
        response.setHeader("content-type", "text/css");
        response.end(themeCss(url.searchParams.get("theme") as ThemeName));
      } else {
        response.setHeader("content-type", name.endsWith(".css") ? "text/css" : "text/javascript");
        response.end(files.get(name) ?? "");
      }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const browser = await chromium.launch({ executablePath: ensureChromium(), args: [...chromiumArguments] });
    return new ResultsPages(browser, server);
  }

  async open(
    options: {
      readonly theme?: ThemeName;
      readonly width?: number;
      readonly bypassCsp?: boolean;
      readonly timeZone?: string;
      /** What the page stored before its window was opened again. */
      readonly state?: unknown;
      readonly exemplars?: ReadExemplars;
      /** As `breakDown`, from the page's first request on. */
      readonly broken?: readonly (keyof ResultsContract["requests"])[];
      readonly whyEmpty?: () => Promise<EmptyAnswer>;
      /** Failures are said in the words of the product. */
      readonly inWords?: boolean;
    } = {},
  ): Promise<ResultsPage> {
    const { theme = "dark", width = 900, bypassCsp = false, timeZone = "local", state, broken = [] } = options;
    const context: BrowserContext = await this.#browser.newContext({
      viewport: { width, height: 800 },
      bypassCSP: bypassCsp,
      timezoneId: "UTC",
    });
    const page = await context.newPage();
    const complaints: string[] = [];
    const actions: Action[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" || /policy/i.test(message.text())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("dialog", (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    let refreshes: Snapshot["refreshes"] = [];
    const clock = new HandClock();
    const quiet = new QuietRuns({ clock, onChange: () => rpc.send("results/changed", model.snapshot()) });
    const model: ResultsModel = new ResultsModel({
      describe: (failure, { name }) => {
        const message = describeFailure(failure, { server: name });
        if (options.inWords === true) return message;
        const detail = failure.kind === "rejected" ? failure.message : failure.kind;
        return { title: `${name} said no`, detail, next: "Try again.", actions: message.actions ?? [] };
      },
      timeZone: () => timeZone,
      uri: () => "file:///test.promql",
      refreshes: () =>
        refreshes.map((one): RefreshState => {
          const run = model.run(one.key);
          return run !== undefined && isFixed(run.request.choices) ? { ...one, state: "fixed" } : one;
        }),
      isQuiet: (run) => quiet.has(run),
      pause: () => new Promise((resolve) => setImmediate(resolve)),
    });
    const exemplars = new AnswerExemplars({
      read: options.exemplars ?? (() => Promise.reject(new Error("nobody switched exemplars on"))),
      error: (failure, target) => model.error(failure, target),
    });
    const deliver = (message: Envelope) => {
      const text = JSON.stringify(message, (_key, value) =>
        value instanceof ArrayBuffer ? { base64: Buffer.from(value).toString("base64") } : value,
      );
      void page
        .evaluate((json) => (window as unknown as { deliver(json: string): void }).deliver(json), text)
        .catch(() => undefined);
    };
    const act = (method: keyof ResultsContract["requests"]) => async (params: unknown) => {
      actions.push({ method, params: parseParams(method, params) });
      return null;
    };
    const handlers: Handlers<ResultsContract> = {
      "results/ready": async () => model.snapshot(),
      // Panels are told everything.
      "results/changes": async () => ({ ...model.snapshot(), number: 1, since: 0, gone: [] }),
      "results/legend": (params) => model.legend(parseParams("results/legend", params)),
      "results/frame": (params) => model.frame(parseParams("results/frame", params)),
      "results/exemplars": async (params) => {
        const asked = parseParams("results/exemplars", params);
        const { run, ...whole } = model.asked(asked);
        return exemplars.answer(asked, run, whole);
      },
      "results/exemplarsOff": async (params) => {
        exemplars.release(parseParams("results/exemplarsOff", params));
        return null;
      },
      "results/whyEmpty": async (params) => {
        actions.push({ method: "results/whyEmpty", params: parseParams("results/whyEmpty", params) });
        return options.whyEmpty?.() ?? { kind: "declined" };
      },
      "results/whyEmptyOff": act("results/whyEmptyOff"),
      "results/heatmap": (params) => model.heatmap(parseParams("results/heatmap", params)),
      "results/page": (params) => model.page(parseParams("results/page", params)),
      "results/detail": async (params) => model.detail(parseParams("results/detail", params)),
      "results/json": async (params) => model.json(parseParams("results/json", params)),
      "results/rerun": act("results/rerun"),
      "results/showAll": async (params) => {
        const asked = parseParams("results/showAll", params);
        actions.push({ method: "results/showAll", params: asked });
        model.showAll(asked.key);
        rpc.send("results/changed", model.snapshot());
        return null;
      },
      "results/refresh": async (params) => {
        const { key, everyMs } = parseParams("results/refresh", params);
        refreshes = everyMs === 0 ? [] : [{ key, everyMs, state: "on" }];
        rpc.send("results/changed", model.snapshot());
        return null;
      },
      "results/remedy": act("results/remedy"),
      "results/cancel": act("results/cancel"),
      "results/reveal": act("results/reveal"),
      "results/copy": act("results/copy"),
      "results/looking": async (params) => {
        parseParams("results/looking", params);
        return null;
      },
      "results/act": async (params) => {
        actions.push({ method: "results/act", params: parseParams("results/act", params) });
        return { said: "Done." };
      },
      "results/savePicture": async (params) => {
        actions.push({ method: "results/savePicture", params: parseParams("results/savePicture", params) });
        return { said: "Saved." };
      },
      "results/timeZone": act("results/timeZone"),
    };
    const rpc = new RpcServer<ResultsContract>(deliver, handlers, (method, failure) => {
      if (failure.kind !== "cancelled") complaints.push(`${method}: ${JSON.stringify(failure)}`);
    });
    await page.exposeFunction("sendToHost", (json: string) => rpc.receive(JSON.parse(json, revive)));
    await page.exposeFunction("complain", (text: string) => complaints.push(text));
    await page.addInitScript(bridge, { theme, state, broken });
    const { port } = this.#server.address() as AddressInfo;
    await page.goto(`http://127.0.0.1:${port}/page?theme=${theme}`);
    return {
      page,
      actions,
      complaints,
      async show(runs, front) {
        quiet.update(runs);
        model.update("test.promql", runs, front);
        exemplars.update(runs);
        rpc.send("results/changed", model.snapshot());
        await page.locator(".panel").waitFor();
      },
      forward: (ms) => clock.forward(ms),
      keep() {
        model.keep(testNow);
        rpc.send("results/changed", model.snapshot());
      },
      async breakDown(...methods) {
        await page.evaluate((all) => {
          (window as unknown as { broken: readonly string[] }).broken = all;
        }, methods);
      },
      close: () => context.close(),
    };
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** Binary data is text on its way from the page, which VS Code hands over as it is. */
function revive(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("base64" in value)) return value;
  return new Uint8Array(Buffer.from(String(value.base64), "base64")).buffer;
}

/** Runs in the page before anything else: VS Code's side of the webview. */
function bridge({
  theme,
  state,
  broken,
}: {
  readonly theme: string;
  readonly state: unknown;
  readonly broken: readonly string[];
}): void {
  const page = window as unknown as Record<string, unknown> & {
    sendToHost(json: string): void;
    complain(text: string): void;
    broken: readonly string[];
  };
  page["state"] = state;
  page.broken = broken;
  page["acquireVsCodeApi"] = () => ({
    postMessage: (message: { readonly id: number; readonly method: string }) => {
      if (page.broken.includes(message.method)) {
        const failure = { kind: "bug", detail: "not now" };
        window.postMessage({ kind: "failure", id: message.id, failure }, "*");
        return;
      }
      page.sendToHost(
        JSON.stringify(message, (_key, value) =>
          value instanceof ArrayBuffer
            ? { base64: btoa(Array.from(new Uint8Array(value), (byte) => String.fromCharCode(byte)).join("")) }
            : value,
        ),
      );
    },
    getState: () => page["state"],
    setState: (state: unknown) => {
      page["state"] = state;
    },
  });
  page["deliver"] = (json: string) => {
    const revive = (_key: string, value: unknown) => {
      if (typeof value !== "object" || value === null || !("base64" in value)) return value;
      return Uint8Array.from(atob(String(value.base64)), (char) => char.charCodeAt(0)).buffer;
    };
    window.postMessage(JSON.parse(json, revive), "*");
  };
  page["pwned"] = (what: unknown) => page.complain(`executed: ${String(what)}`);
  document.addEventListener("securitypolicyviolation", (event) =>
    page.complain(`policy violated: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`),
  );
  document.addEventListener("DOMContentLoaded", () => {
    const classes: Record<string, string> = {
      dark: "vscode-dark",
      light: "vscode-light",
      contrast: "vscode-high-contrast",
    };
    document.body.className = classes[theme] ?? "";
  });
}
