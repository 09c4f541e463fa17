import type { Clock, Logger } from "../../platform/ports.ts";
import { AnswerExemplars, type ReadExemplars } from "../../query/answerExemplars.ts";
import { AutoRefreshes } from "../../query/autoRefreshes.ts";
import { EmptyAnswers, type SourceOfRun } from "../../query/emptyAnswers.ts";
import { exportFileName } from "../../query/export/exportFileName.ts";
import { QuietRuns } from "../../query/quietRuns.ts";
import { ResultsModel, type ResultsModelDeps } from "../../query/resultsModel.ts";
import { isFixed, partsOf, type Run, type RunAgain } from "../../query/run.ts";
import { type Disposable, DisposableStore, toDisposable } from "../../shared/disposable.ts";
import type { ServerPosition } from "../../shared/errors.ts";
import type { Remedy } from "../../shared/failureAction.ts";
import { timeZoneOf } from "../../shared/model/zonedTime.ts";
import type { ResultsContract } from "../../shared/protocol/results.ts";
import { type Handlers, type Post, RpcServer } from "../../shared/protocol/rpc.ts";
import { AnswerActions, type AnswerActionsDeps } from "./answerActions.ts";
import { ChangeFeed } from "./changeFeed.ts";
import { parseParams } from "./inbound.ts";
import { readPanelChoices } from "./panelChoices.ts";

/** What the buttons of a page do. */
export interface ResultsController {
  /** `isAutomatic`: nobody asked for it just now. Resolves with the run when it is over; `undefined`: there was none. */
  rerun(asked: RunAgain, isAutomatic: boolean): Promise<Run | undefined>;
  cancel(key: string): void;
  reveal(key: string, position: ServerPosition | undefined): void;
  /** `choose`: the person picks one of all zones. */
  setTimeZone(zone: "local" | "utc" | "choose"): Promise<void>;
}

/** What leaves the session for the editor around it. */
export interface ResultsDesk {
  copyText(text: string): Promise<void>;
  /** Asks where to save a PNG, beginning near the file; says what came of it. */
  savePicture(name: string, bytes: ArrayBuffer, near: string): Promise<string>;
  repair(remedy: Remedy): Promise<void>;
}

export interface ResultsSessionDeps extends Omit<AnswerActionsDeps, "model"> {
  readonly describe: ResultsModelDeps["describe"];
  readonly timeZone: () => string;
  readonly clock: Clock;
  readonly uri: string;
  readonly controller: ResultsController;
  readonly desk: ResultsDesk;
  /** Whether anybody can see it: what nobody sees is not asked again and again. */
  readonly isVisible: () => boolean;
  /** True where each run has a place of its own; false: one is seen at a time. */
  readonly showsAllRuns: boolean;
  /** Asks for exemplars, which a person has just switched on. */
  readonly exemplars: ReadExemplars;
  /** The way to a run's server, to ask why an answer is empty. */
  readonly sourceOf: SourceOfRun;
  readonly log: Logger;
}

/** The wire from one page to the session. */
export interface SessionConnection extends Disposable {
  /** Takes what the page has sent, whatever it is; the answer goes to that page alone. */
  receive(message: unknown): Promise<void>;
}

/** A page that is spoken to. */
interface Page extends Disposable {
  /** Tells it how things are now. */
  tell(): void;
}

/** Answers that do not depend on which page asks. */
type SharedHandlers = Omit<Handlers<ResultsContract>, "results/changes">;

/** The answers to one file's queries, and all that pages may ask of them. Samples stay here until they are asked for. */
export class ResultsSession extends DisposableStore {
  readonly #deps: ResultsSessionDeps;
  readonly #model: ResultsModel;
  readonly #exemplars: AnswerExemplars;
  readonly #empty: EmptyAnswers;
  readonly #refreshes: AutoRefreshes;
  readonly #quiet: QuietRuns;
  readonly #handlers: SharedHandlers;
  readonly #pages = new Set<Page>();
  readonly actions: AnswerActions;
  #uri: string;
  #announced: NodeJS.Immediate | undefined;

  constructor(deps: ResultsSessionDeps) {
    super();
    this.#deps = deps;
    const { describe, timeZone, clock, uri, controller, isVisible, showsAllRuns } = deps;
    this.#uri = uri;
    this.#quiet = this.register(new QuietRuns({ clock, onChange: () => this.#announce() }));
    const model = new ResultsModel({
      describe,
      timeZone,
      uri: () => this.#uri,
      refreshes: () => this.#refreshes.states,
      isQuiet: (run) => this.#quiet.has(run),
      pause: () => new Promise<void>((resolve) => setImmediate(resolve)),
    });
    this.#model = model;
    this.actions = new AnswerActions({ ...deps, model });
    this.#refreshes = this.register(
      new AutoRefreshes({
        ...{ clock, isVisible, isOneAtATime: !showsAllRuns },
        isRunning: (key) => partsOf(model.run(key)).some(({ state }) => state === "running"),
        isFixed: (key) => {
          const run = model.run(key);
          return run !== undefined && isFixed(run.request.choices);
        },
        run: async (key) => {
          const run = model.run(key);
          if (run === undefined) return false;
          const { text, choices } = run.request;
          const parts = partsOf(await controller.rerun({ key, text, choices }, true));
          return parts.length > 0 && parts.every(({ state }) => state === "done");
        },
        onChange: () => this.#announce(),
      }),
    );
    const error: ResultsModel["error"] = (failure, target) => model.error(failure, target);
    this.#exemplars = this.register(new AnswerExemplars({ read: deps.exemplars, error }));
    this.#empty = this.register(new EmptyAnswers({ sourceOf: deps.sourceOf, error }));
    this.#handlers = this.#makeHandlers();
  }

  /** Of its file. */
  get uri(): string {
    return this.#uri;
  }

  /** True while any request of any run is under way. */
  get isRunning(): boolean {
    return this.#model.isRunning;
  }

  /** Lets a page ask, and tells it until the connection is disposed: with each change of everything, or of what has changed. */
  connect(post: Post, told: "everything" | "changes" = "everything"): SessionConnection {
    let isOpen = true;
    const rpc = new RpcServer<ResultsContract>(
      (message) => {
        // An answer may be ready only after the page was closed.
        if (isOpen && !this.isDisposed) post(message);
      },
      {
        ...this.#handlers,
        "results/changes": async (params) => feed.take(parseParams("results/changes", params).isWhole),
      },
      (method, failure) => {
        // The page says of each of these that the log tells why.
        if (failure.kind === "cancelled") return;
        this.#deps.log.warn("results", `${method}: ${failure.kind} ${"detail" in failure ? failure.detail : ""}`);
      },
    );
    const feed = new ChangeFeed({
      clock: this.#deps.clock,
      snapshot: () => this.#model.snapshot(),
      send: (change) => rpc.send("results/someChanged", change),
    });
    const page: Page = {
      tell: () => (told === "changes" ? feed.announce() : rpc.send("results/changed", this.#model.snapshot())),
      dispose: () => feed.dispose(),
    };
    this.#pages.add(page);
    const end = toDisposable(() => {
      isOpen = false;
      this.#pages.delete(page);
      page.dispose();
    });
    return { receive: (message) => rpc.receive(message), dispose: () => end.dispose() };
  }

  /** Takes the present state of all runs of the file; `front`: the run to bring to the front. */
  update(title: string, runs: readonly Run[], front: string | undefined): void {
    this.#quiet.update(runs);
    this.#model.update(title, runs, front);
    this.#exemplars.update(runs);
    this.#refreshes.retain((key) => this.#model.run(key) !== undefined);
    this.#refreshes.timeChanged();
    this.#announce();
  }

  /** Its file is somewhere else now, under this title. */
  move(uri: string, title: string): void {
    this.#uri = uri;
    this.#model.rename(title);
    this.#announce();
  }

  /** From now on what is here stays as it is. */
  keep(at: number): void {
    this.#refreshes.retain(() => false);
    this.#model.keep(at);
  }

  /** To be told when what is shown comes into view or goes out of it. */
  visibilityChanged(): void {
    this.#refreshes.visibilityChanged();
  }

  /** Tells the pages how things are now, also what does not come from runs. */
  refresh(): void {
    this.#model.describeAnew();
    this.#announce();
  }

  #announce(): void {
    // Several changes of one moment cross as one.
    this.#announced ??= setImmediate(() => {
      this.#announced = undefined;
      if (this.isDisposed) return;
      try {
        for (const page of this.#pages) page.tell();
      } catch (error) {
        this.#deps.log.error("results", "The results could not be brought up to date", error);
      }
    });
  }

  override dispose(): void {
    if (this.#announced !== undefined) clearImmediate(this.#announced);
    for (const page of this.#pages) page.dispose();
    super.dispose();
  }

  #makeHandlers(): SharedHandlers {
    const { clock, controller, desk, guard, timeZone } = this.#deps;
    const model = this.#model;
    return {
      "results/ready": async (params) => {
        parseParams("results/ready", params);
        return model.snapshot();
      },
      "results/legend": (params) => model.legend(parseParams("results/legend", params)),
      "results/frame": (params) => model.frame(parseParams("results/frame", params)),
      "results/exemplars": async (params) => {
        const asked = parseParams("results/exemplars", params);
        const { run, ...whole } = model.asked(asked);
        return this.#exemplars.answer(asked, run, whole);
      },
      "results/exemplarsOff": async (params) => {
        this.#exemplars.release(parseParams("results/exemplarsOff", params));
        return null;
      },
      "results/whyEmpty": async (params) => {
        const asked = parseParams("results/whyEmpty", params);
        const { run, question } = model.emptyQuestion(asked);
        return this.#empty.answer(asked, run, question);
      },
      "results/whyEmptyOff": async (params) => {
        this.#empty.release(parseParams("results/whyEmptyOff", params));
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
      "results/showAll": async (params) => {
        model.showAll(parseParams("results/showAll", params).key);
        this.#announce();
        return null;
      },
      "results/refresh": async (params) => {
        const { key, everyMs } = parseParams("results/refresh", params);
        if (everyMs === 0) this.#refreshes.stop(key);
        else this.#refreshes.start(key, everyMs);
        return null;
      },
      "results/remedy": async (params) => {
        const { key, kind } = parseParams("results/remedy", params);
        void guard("Repair", async () => desk.repair(model.remedy(key, kind)));
        return null;
      },
      "results/cancel": async (params) => {
        const { key } = parseParams("results/cancel", params);
        this.#refreshes.stop(key);
        controller.cancel(key);
        return null;
      },
      "results/reveal": async (params) => {
        const { key, position } = parseParams("results/reveal", params);
        controller.reveal(key, position ?? undefined);
        return null;
      },
      "results/looking": async (params) => {
        this.actions.looking = parseParams("results/looking", params);
        return null;
      },
      "results/act": async (params) => {
        const { action, ...looking } = parseParams("results/act", params);
        return { said: await this.actions.act(action, looking) };
      },
      "results/timeZone": async (params) => {
        await controller.setTimeZone(parseParams("results/timeZone", params).zone);
        return null;
      },
      "results/savePicture": async (params) => {
        const { key, bytes } = parseParams("results/savePicture", params);
        const title = model.run(key)?.request.title ?? "";
        const name = exportFileName(title, clock.now(), timeZoneOf(timeZone()), "png");
        return { said: (await guard("Save Picture", () => desk.savePicture(name, bytes, this.#uri))) ?? "" };
      },
      "results/copy": async (params) => {
        await desk.copyText(parseParams("results/copy", params).text);
        return null;
      },
    };
  }
}
