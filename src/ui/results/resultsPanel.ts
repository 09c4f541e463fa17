import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { runRemedy } from "../../host/remedies.ts";
import type { Clock, Logger } from "../../platform/ports.ts";
import { AnswerExemplars, type ReadExemplars } from "../../query/answerExemplars.ts";
import { AutoRefresh } from "../../query/autoRefresh.ts";
import { EmptyAnswers, type SourceOfRun } from "../../query/emptyAnswers.ts";
import { exportFileName } from "../../query/export/exportFileName.ts";
import type { ExportFormatId } from "../../query/export/exportFormats.ts";
import { type ExportSubject, exportSubject } from "../../query/export/exportSubject.ts";
import { ResultsModel, type ResultsModelDeps } from "../../query/resultsModel.ts";
import { partsOf, type Run, type RunAgain } from "../../query/run.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import { AppError, type ServerPosition } from "../../shared/errors.ts";
import { timeZoneOf } from "../../shared/model/zonedTime.ts";
import type { Looking, ResultAction, ResultsContract } from "../../shared/protocol/results.ts";
import { type Envelope, RpcServer } from "../../shared/protocol/rpc.ts";
import type { ExportOptions } from "./exportOptions.ts";
import { resultsHtml } from "./html.ts";
import { parseParams } from "./inbound.ts";
import type { ActionSubject, PanelActions, RunLinks } from "./panelActions.ts";
import { readPanelChoices } from "./panelChoices.ts";
import type { ResultExporter } from "./resultExporter.ts";
import { savePicture } from "./savePicture.ts";

/** What the panel's buttons do. */
export interface ResultsController {
  /** `isAutomatic`: nobody asked for it just now. Resolves with the run when it is over; `undefined`: there was none. */
  rerun(asked: RunAgain, isAutomatic: boolean): Promise<Run | undefined>;
  cancel(key: string): void;
  reveal(key: string, position: ServerPosition | undefined): void;
  /** `choose`: the person picks one of all zones. */
  setTimeZone(zone: "local" | "utc" | "choose"): Promise<void>;
}

export interface ResultsPanelDeps {
  readonly panel: vscode.WebviewPanel;
  readonly extensionUri: vscode.Uri;
  readonly describe: ResultsModelDeps["describe"];
  readonly timeZone: () => string;
  readonly clock: Clock;
  readonly uri: string;
  readonly controller: ResultsController;
  /** Asks for exemplars, which a person has just switched on. */
  readonly exemplars: ReadExemplars;
  /** The way to a run's server, to ask why an answer is empty. */
  readonly sourceOf: SourceOfRun;
  readonly exporter: ResultExporter;
  readonly links: () => Promise<RunLinks>;
  /** Runs work; what it throws is shown to the person. */
  readonly guard: <T>(title: string, work: () => Promise<T>) => Promise<T | undefined>;
  readonly log: Logger;
}

/** One results panel: a page that asks, and the model that answers. Samples stay here until they are asked for. */
export class ResultsPanel extends DisposableStore {
  readonly #panel: vscode.WebviewPanel;
  readonly #model: ResultsModel;
  readonly #exemplars: AnswerExemplars;
  readonly #rpc: RpcServer<ResultsContract>;
  readonly #log: Logger;
  readonly #clock: Clock;
  readonly #links: () => Promise<RunLinks>;
  readonly #refresh: AutoRefresh;
  readonly #exporter: ResultExporter;
  readonly #guard: ResultsPanelDeps["guard"];
  readonly #actions: PanelActions;
  #title = "";
  #uri: string;
  #announced: NodeJS.Immediate | undefined;
  #looking: Looking | undefined;
  #keeping: (() => void) | undefined;

  constructor(deps: ResultsPanelDeps) {
    super();
    const { panel, extensionUri, describe, timeZone, clock, uri, controller } = deps;
    const { exemplars, sourceOf, exporter, links, guard, log } = deps;
    this.#panel = panel;
    this.#uri = uri;
    this.#exporter = exporter;
    this.#guard = guard;
    this.#log = log;
    this.#clock = clock;
    this.#links = links;
    const pause = () => new Promise<void>((resolve) => setImmediate(resolve));
    const model = new ResultsModel({
      describe,
      timeZone,
      uri: () => this.#uri,
      refresh: () => this.#refresh.state,
      pause,
    });
    this.#model = model;
    this.#refresh = this.register(
      new AutoRefresh({
        clock,
        isVisible: () => panel.visible,
        isRunning: (key) => partsOf(model.run(key)).some(({ state }) => state === "running"),
        run: async (key) => {
          const run = model.run(key);
          if (run === undefined) return false;
          const { text, choices } = run.request;
          const parts = partsOf(await controller.rerun({ key, text, choices }, true));
          return parts.length > 0 && parts.every(({ state }) => state === "done");
        },
        onChange: () => this.refresh(),
      }),
    );
    this.register(panel.onDidChangeViewState(() => this.#refresh.visibilityChanged()));
    const read = this.register(
      new AnswerExemplars({ read: exemplars, error: (failure, target) => model.error(failure, target) }),
    );
    this.#exemplars = read;
    const empty = this.register(
      new EmptyAnswers({ sourceOf, error: (failure, target) => model.error(failure, target) }),
    );
    this.#actions = {
      keep: async () => this.#keep(),
      copyCurl: (subject) => this.#link("copyAsCurl", subject),
      copyPromtool: (subject) => this.#link("copyAsPromtool", subject),
      openInServerUi: (subject) => this.#link("openInServerUi", subject),
      exportCsv: (subject) => this.#exportAs("csv", subject),
      exportCsvWide: (subject) => this.#exportAs("csvWide", subject),
      exportJson: (subject) => this.#exportAs("json", subject),
      exportMarkdown: (subject) => this.#exportAs("markdown", subject),
      copyCsv: (subject) => this.#copyAs("csv", subject),
      copyMarkdown: (subject) => this.#copyAs("markdown", subject),
    };
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
        "results/exemplars": async (params) => {
          const asked = parseParams("results/exemplars", params);
          const { run, ...whole } = model.asked(asked);
          return read.answer(asked, run, whole);
        },
        "results/exemplarsOff": async (params) => {
          read.release(parseParams("results/exemplarsOff", params));
          return null;
        },
        "results/whyEmpty": async (params) => {
          const asked = parseParams("results/whyEmpty", params);
          const { run, question } = model.emptyQuestion(asked);
          return empty.answer(asked, run, question);
        },
        "results/whyEmptyOff": async (params) => {
          empty.release(parseParams("results/whyEmptyOff", params));
          return null;
        },
        "results/heatmap": (params) => model.heatmap(parseParams("results/heatmap", params)),
        "results/page": (params) => model.page(parseParams("results/page", params)),
        "results/detail": async (params) => model.detail(parseParams("results/detail", params)),
        "results/json": async (params) => model.json(parseParams("results/json", params)),
        "results/rerun": async (params) => {
          const { key, text, choices } = parseParams("results/rerun", params);
          // The answer comes by itself; the page only has to know that the choices can be read.
          void controller.rerun({ key, text, choices: readPanelChoices(choices) }, false);
          return null;
        },
        "results/refresh": async (params) => {
          const { key, everyMs } = parseParams("results/refresh", params);
          if (everyMs === 0) this.#refresh.stop();
          else this.#refresh.start(key, everyMs);
          return null;
        },
        "results/remedy": async (params) => {
          const { key, kind } = parseParams("results/remedy", params);
          void guard("Repair", async () => runRemedy(model.remedy(key, kind)));
          return null;
        },
        "results/cancel": async (params) => {
          this.#refresh.stop();
          controller.cancel(parseParams("results/cancel", params).key);
          return null;
        },
        "results/reveal": async (params) => {
          const { key, position } = parseParams("results/reveal", params);
          controller.reveal(key, position ?? undefined);
          return null;
        },
        "results/looking": async (params) => {
          this.#looking = parseParams("results/looking", params);
          return null;
        },
        "results/act": async (params) => {
          const { action, ...looking } = parseParams("results/act", params);
          return { said: await this.#actions[action](this.#subject(looking)) };
        },
        "results/timeZone": async (params) => {
          await controller.setTimeZone(parseParams("results/timeZone", params).zone);
          return null;
        },
        "results/savePicture": async (params) => {
          const { key, bytes } = parseParams("results/savePicture", params);
          const title = model.run(key)?.request.title ?? "";
          const name = exportFileName(title, clock.now(), timeZoneOf(timeZone()), "png");
          const save = () => savePicture(name, bytes, vscode.Uri.parse(this.#uri));
          return { said: (await guard("Save Picture", save)) ?? "" };
        },
        "results/copy": async (params) => {
          await vscode.env.clipboard.writeText(parseParams("results/copy", params).text);
          return null;
        },
      },
      (method, failure) => {
        // The page says of each of these that the log tells why.
        if (failure.kind === "cancelled") return;
        log.warn("results", `${method}: ${failure.kind} ${"detail" in failure ? failure.detail : ""}`);
      },
    );
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

  /** Of its file. */
  get uri(): string {
    return this.#uri;
  }

  /** Its file is somewhere else now, under this title. */
  move(uri: string, title: string): void {
    this.#uri = uri;
    this.#title = title;
    this.#panel.title = `${this.#keeping === undefined ? "Kept" : "Results"}: ${title}`;
    this.#model.rename(title);
    this.refresh();
  }

  /** `front`: the run to bring to the front. */
  show(title: string, runs: readonly Run[], front: string | undefined): void {
    this.#title = title;
    this.#panel.title = `Results: ${title}`;
    this.#model.update(title, runs, front);
    this.#exemplars.update(runs);
    this.refresh();
  }

  /** A panel of a window that was opened again, with nothing but what its page stored. */
  restored(title: string, keptAt: number | undefined): void {
    this.#title = title;
    this.#panel.title = `${keptAt === undefined ? "Results" : "Kept"}: ${title}`;
    if (keptAt === undefined) return;
    this.#keeping = undefined;
    this.#model.keep(keptAt);
  }

  /** Tells the page how things are now. */
  refresh(): void {
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

  get isActive(): boolean {
    return this.#panel.active;
  }

  /** Does to what is looked at what a command says. */
  async act(action: ResultAction): Promise<string> {
    if (this.#looking === undefined) throw new AppError({ kind: "misconfigured", what: "noAnswer", detail: "" });
    return this.#actions[action](this.#subject(this.#looking));
  }

  /** Exports what is looked at; the person is asked for what `options` does not say. */
  async export({ format, target }: ExportOptions): Promise<void> {
    if (this.#looking === undefined) throw new AppError({ kind: "misconfigured", what: "noAnswer", detail: "" });
    // Taken before the person is asked: a newer answer may come meanwhile.
    const subject = this.#exportSubject(this.#subject(this.#looking));
    const picked = format ?? (await this.#exporter.pickFormat(subject));
    if (picked !== undefined) await this.#exporter.toFile(subject, picked, target);
  }

  /** `onKeep`: told when the person keeps this panel, which then changes no more. */
  set onKeep(onKeep: () => void) {
    this.#keeping = onKeep;
  }

  #subject({ key, part, id, zone }: Looking): ActionSubject {
    const run = this.#model.run(key);
    if (run === undefined) throw new AppError({ kind: "misconfigured", what: "noAnswer", detail: key });
    return { key, run, part, id, zone: timeZoneOf(zone) };
  }

  #exportSubject({ key, part, id, zone }: ActionSubject): ExportSubject {
    const { run, comparedWith, part: done } = this.#model.answer({ key, part, id });
    return exportSubject(run, part, done, { comparedWith, zone, exportedAt: this.#clock.now() });
  }

  /** Begins an export and says nothing: progress, end and failures show outside the panel, which may be closed by then. */
  async #exportAs(format: ExportFormatId, subject: ActionSubject): Promise<string> {
    void this.#guard("Export", async () => this.#exporter.toFile(this.#exportSubject(subject), format));
    return "";
  }

  async #copyAs(format: ExportFormatId, subject: ActionSubject): Promise<string> {
    const copy = async () => this.#exporter.toClipboard(this.#exportSubject(subject), format);
    return (await this.#guard("Copy", copy)) ?? "";
  }

  /** Says nothing here: the links say themselves what came of them. */
  async #link(name: keyof RunLinks, { run }: ActionSubject): Promise<string> {
    void this.#guard("Query", async () => (await this.#links())[name]({ run }));
    return "";
  }

  #keep(): string {
    if (this.#keeping === undefined) return "This panel is kept already.";
    if (this.#model.isRunning) return "Wait for the answers first.";
    this.#refresh.stop();
    this.#keeping();
    this.#keeping = undefined;
    this.#model.keep(this.#clock.now());
    this.#panel.title = `Kept: ${this.#title}`;
    this.refresh();
    return "";
  }

  override dispose(): void {
    if (this.#announced !== undefined) clearImmediate(this.#announced);
    super.dispose();
  }
}
