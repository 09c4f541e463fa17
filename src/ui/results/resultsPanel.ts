import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { Logger } from "../../platform/ports.ts";
import { ResultsModel, type ResultsModelDeps } from "../../query/resultsModel.ts";
import type { Run, RunChoices } from "../../query/run.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import type { ServerPosition } from "../../shared/errors.ts";
import type { ResultsContract } from "../../shared/protocol/results.ts";
import { type Envelope, RpcServer } from "../../shared/protocol/rpc.ts";
import { resultsHtml } from "./html.ts";
import { parseParams } from "./inbound.ts";
import { readPanelChoices } from "./panelChoices.ts";

/** What the panel's buttons do. */
export interface ResultsController {
  rerun(key: string, choices: RunChoices): void;
  cancel(key: string): void;
  reveal(key: string, position: ServerPosition | undefined): void;
}

export interface ResultsPanelDeps {
  readonly panel: vscode.WebviewPanel;
  readonly extensionUri: vscode.Uri;
  readonly describe: ResultsModelDeps["describe"];
  readonly controller: ResultsController;
  readonly log: Logger;
}

/** One results panel: a page that asks, and the model that answers. Samples stay here until they are asked for. */
export class ResultsPanel extends DisposableStore {
  readonly #panel: vscode.WebviewPanel;
  readonly #model: ResultsModel;
  readonly #rpc: RpcServer<ResultsContract>;
  readonly #log: Logger;
  #announced: NodeJS.Immediate | undefined;

  constructor({ panel, extensionUri, describe, controller, log }: ResultsPanelDeps) {
    super();
    this.#panel = panel;
    this.#log = log;
    const model = new ResultsModel({ describe, pause: () => new Promise((resolve) => setImmediate(resolve)) });
    this.#model = model;
    this.#rpc = new RpcServer<ResultsContract>(
      (message: Envelope) => {
        // An answer may be ready only after the panel was closed.
        if (!this.isDisposed) void panel.webview.postMessage(message);
      },
      {
        "results/ready": async (params) => {
          parseParams("results/ready", params);
          return model.snapshot();
        },
        "results/legend": (params) => model.legend(parseParams("results/legend", params)),
        "results/frame": (params) => model.frame(parseParams("results/frame", params)),
        "results/page": (params) => model.page(parseParams("results/page", params)),
        "results/detail": async (params) => model.detail(parseParams("results/detail", params)),
        "results/json": async (params) => model.json(parseParams("results/json", params)),
        "results/rerun": async (params) => {
          const { key, choices } = parseParams("results/rerun", params);
          controller.rerun(key, readPanelChoices(choices));
          return null;
        },
        "results/cancel": async (params) => {
          controller.cancel(parseParams("results/cancel", params).key);
          return null;
        },
        "results/reveal": async (params) => {
          const { key, position } = parseParams("results/reveal", params);
          controller.reveal(key, position ?? undefined);
          return null;
        },
        "results/copy": async (params) => {
          await vscode.env.clipboard.writeText(parseParams("results/copy", params).text);
          return null;
        },
      },
      (method, failure) => {
        if (failure.kind === "bug") log.warn("results", `${method}: ${failure.detail}`);
      },
    );
    const { webview } = panel;
    const media = vscode.Uri.joinPath(extensionUri, "dist", "webview");
    webview.options = {
      enableScripts: true,
      localResourceRoots: [media],
      enableCommandUris: false,
      // Without it the page's controls could not be submitted; the page's policy lets no form be sent anywhere.
      enableForms: true,
    };
    this.register(webview.onDidReceiveMessage((message: unknown) => void this.#rpc.receive(message)));
    this.register(panel.onDidDispose(() => this.dispose()));
    const resource = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(media, name)).toString();
    webview.html = resultsHtml({
      cspSource: webview.cspSource,
      nonce: randomBytes(16).toString("base64url"),
      script: resource("results.js"),
      style: resource("resultsStyle.css"),
    });
  }

  /** `front`: the run to bring to the front. */
  show(title: string, runs: readonly Run[], front: string | undefined): void {
    this.#panel.title = `Results: ${title}`;
    this.#model.update(title, runs, front);
    // Several changes of one moment cross as one.
    this.#announced ??= setImmediate(() => {
      this.#announced = undefined;
      if (this.isDisposed) return;
      try {
        this.#rpc.send("results/changed", this.#model.snapshot());
      } catch (error) {
        this.#log.error("results", "The panel could not be brought up to date", error);
      }
    });
  }

  /** Brings the panel to the front and gives it the keyboard: somebody asked for it. */
  reveal(): void {
    this.#panel.reveal(undefined, false);
  }

  override dispose(): void {
    if (this.#announced !== undefined) clearImmediate(this.#announced);
    super.dispose();
  }
}
