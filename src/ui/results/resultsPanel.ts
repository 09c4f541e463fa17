import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { ExportOptions } from "../../host/exportOptions.ts";
import type { ExportFormatId } from "../../query/export/exportFormats.ts";
import type { Run } from "../../query/run.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import type { ResultAction } from "../../shared/protocol/results.ts";
import { resultsHtml } from "./html.ts";
import { ResultsSession, type ResultsSessionDeps } from "./resultsSession.ts";

export interface ResultsPanelDeps extends Omit<ResultsSessionDeps, "isVisible" | "showsAllRuns" | "keep"> {
  readonly panel: vscode.WebviewPanel;
  readonly extensionUri: vscode.Uri;
}

/** One results panel: a page beside the text, and the session that answers it. */
export class ResultsPanel extends DisposableStore {
  readonly #deps: ResultsPanelDeps;
  readonly #panel: vscode.WebviewPanel;
  readonly #session: ResultsSession;
  #title = "";
  #keeping: (() => void) | undefined;

  constructor(deps: ResultsPanelDeps) {
    super();
    const { panel, extensionUri } = deps;
    this.#deps = deps;
    this.#panel = panel;
    this.#session = this.register(
      new ResultsSession({ ...deps, showsAllRuns: false, isVisible: () => panel.visible, keep: () => this.#keep() }),
    );
    this.register(panel.onDidChangeViewState(() => this.#session.visibilityChanged()));
    const { webview } = panel;
    const icon = (theme: string) => vscode.Uri.joinPath(extensionUri, "media", "icons", `results-${theme}.svg`);
    panel.iconPath = { light: icon("light"), dark: icon("dark") };
    const media = vscode.Uri.joinPath(extensionUri, "dist", "webview");
    webview.options = {
      enableScripts: true,
      localResourceRoots: [media],
      enableCommandUris: false,
      // Without it the page's controls could not be submitted; the page's policy lets no form be sent anywhere.
      enableForms: true,
    };
    const page = this.register(this.#session.connect((message) => void webview.postMessage(message)));
    this.register(webview.onDidReceiveMessage((message: unknown) => void page.receive(message)));
    this.register(panel.onDidDispose(() => this.dispose()));
    const resource = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(media, name)).toString();
    webview.html = resultsHtml({
      cspSource: webview.cspSource,
      nonce: randomBytes(16).toString("base64url"),
      script: resource("results.js"),
      style: resource("resultsStyle.css"),
    });
  }

  /** Of its file. */
  get uri(): string {
    return this.#session.uri;
  }

  /** Its file is somewhere else now, under this title. */
  move(uri: string, title: string): void {
    this.#title = title;
    this.#panel.title = `${this.#keeping === undefined ? "Kept" : "Results"}: ${title}`;
    this.#session.move(uri, title);
  }

  /** `front`: the run to bring to the front. */
  show(title: string, runs: readonly Run[], front: string | undefined): void {
    this.#title = title;
    this.#panel.title = `Results: ${title}`;
    this.#session.update(title, runs, front);
  }

  /** A panel of a window that was opened again, with nothing but what its page stored. */
  restored(title: string, keptAt: number | undefined): void {
    this.#title = title;
    this.#panel.title = `${keptAt === undefined ? "Results" : "Kept"}: ${title}`;
    if (keptAt === undefined) return;
    this.#keeping = undefined;
    this.#session.keep(keptAt);
  }

  /** Tells the page how things are now. */
  refresh(): void {
    this.#session.refresh();
  }

  /** Brings the panel to the front and gives it the keyboard: somebody asked for it. */
  reveal(): void {
    this.#panel.reveal(undefined, false);
  }

  get isActive(): boolean {
    return this.#panel.active;
  }

  /** Does to what is looked at what a command says. */
  async act(action: ResultAction): Promise<string> {
    return this.#session.actions.act(action);
  }

  /** Exports what is looked at; the person is asked for what `options` does not say. */
  async export(options: ExportOptions<ExportFormatId>): Promise<void> {
    await this.#session.actions.export(options);
  }

  /** `onKeep`: told when the person keeps this panel, which then changes no more. */
  set onKeep(onKeep: () => void) {
    this.#keeping = onKeep;
  }

  #keep(): string {
    if (this.#keeping === undefined) return "This panel is kept already.";
    if (this.#session.isRunning) return "Wait for the answers first.";
    this.#keeping();
    this.#keeping = undefined;
    this.#session.keep(this.#deps.clock.now());
    this.#panel.title = `Kept: ${this.#title}`;
    this.refresh();
    return "";
  }
}
