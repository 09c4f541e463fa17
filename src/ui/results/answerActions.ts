import type { ExportOptions } from "../../host/exportOptions.ts";
import type { Clock } from "../../platform/ports.ts";
import type { ExportFormatId } from "../../query/export/exportFormats.ts";
import { type ExportSubject, exportSubject } from "../../query/export/exportSubject.ts";
import type { ResultsModel } from "../../query/resultsModel.ts";
import { AppError } from "../../shared/errors.ts";
import { timeZoneOf } from "../../shared/model/zonedTime.ts";
import type { Looking, ResultAction } from "../../shared/protocol/results.ts";
import type { ActionSubject, PanelActions, RunLinks } from "./panelActions.ts";
import type { ResultExporter } from "./resultExporter.ts";

export interface AnswerActionsDeps {
  readonly model: ResultsModel;
  readonly clock: Clock;
  readonly exporter: Pick<ResultExporter, "pickFormat" | "toFile" | "toClipboard">;
  readonly links: () => Promise<RunLinks>;
  /** Runs work; what it throws is shown to the person. */
  readonly guard: <T>(title: string, work: () => Promise<T>) => Promise<T | undefined>;
  /** Keeps what is shown, where that can be; says why not. */
  readonly keep?: (() => string) | undefined;
}

/** What can be done with an answer and its query: from a page's menu, and by commands with the one that is looked at. */
export class AnswerActions {
  readonly #deps: AnswerActionsDeps;
  readonly #actions: PanelActions;
  /** What is looked at, as the page last said. */
  looking: Looking | undefined;

  constructor(deps: AnswerActionsDeps) {
    this.#deps = deps;
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
  }

  /** Does it to `looking`; says in a few words what came of it, or nothing where that shows by itself. */
  async act(action: ResultAction, looking = this.looking): Promise<string> {
    return this.#actions[action](this.#subject(looking));
  }

  /** Exports what is looked at; the person is asked for what `options` does not say. */
  async export({ format, target }: ExportOptions<ExportFormatId>): Promise<void> {
    const { exporter } = this.#deps;
    // Taken before the person is asked: a newer answer may come meanwhile.
    const subject = this.#exportSubject(this.#subject(this.looking));
    const picked = format ?? (await exporter.pickFormat(subject));
    if (picked !== undefined) await exporter.toFile(subject, picked, target);
  }

  #subject(looking: Looking | undefined): ActionSubject {
    const run = looking && this.#deps.model.run(looking.key);
    if (looking === undefined || run === undefined) {
      throw new AppError({ kind: "misconfigured", what: "noAnswer", detail: looking?.key ?? "" });
    }
    const { key, part, id, zone } = looking;
    return { key, run, part, id, zone: timeZoneOf(zone) };
  }

  #exportSubject({ key, part, id, zone }: ActionSubject): ExportSubject {
    const { model, clock } = this.#deps;
    const { run, comparedWith, part: done } = model.answer({ key, part, id });
    return exportSubject(run, part, done, { comparedWith, zone, exportedAt: clock.now() });
  }

  /** Begins an export and says nothing: progress, end and failures show outside the page, which may be closed by then. */
  async #exportAs(format: ExportFormatId, subject: ActionSubject): Promise<string> {
    const { guard, exporter } = this.#deps;
    void guard("Export", async () => exporter.toFile(this.#exportSubject(subject), format));
    return "";
  }

  async #copyAs(format: ExportFormatId, subject: ActionSubject): Promise<string> {
    const { guard, exporter } = this.#deps;
    const copy = async () => exporter.toClipboard(this.#exportSubject(subject), format);
    return (await guard("Copy", copy)) ?? "";
  }

  /** Says nothing here: the links say themselves what came of them. */
  async #link(name: keyof RunLinks, { run }: ActionSubject): Promise<string> {
    const { guard, links } = this.#deps;
    void guard("Query", async () => (await links())[name]({ run }));
    return "";
  }

  #keep(): string {
    const { keep } = this.#deps;
    if (keep === undefined) throw new AppError({ kind: "bug", detail: "nothing can be kept here" });
    return keep();
  }
}
