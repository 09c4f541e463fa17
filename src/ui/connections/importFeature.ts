import * as vscode from "vscode";
import {
  type ExistingConnection,
  existingFor,
  freeId,
  nameOfImport,
  planImport,
} from "../../connections/import/importPlan.ts";
import { type ImportedText, type ImportOutcome, importSummary } from "../../connections/import/importSummary.ts";
import { exportProfiles, isExportable } from "../../connections/import/profileExport.ts";
import { type ImportStores, saveImported } from "../../connections/import/saveImported.ts";
import type { Environment } from "../../connections/profileStore.ts";
import { failureSentence } from "../../host/failureMessage.ts";
import { plainLabel } from "../../host/plainLabel.ts";
import { failureOf } from "../../shared/errors.ts";
import { askCollision, askMissing, type ImportCandidate, pickImports } from "./importPrompts.ts";
import { askSources, type ReadSource } from "./importSources.ts";

/** What importing and exporting stand on. */
export interface ImportFeatureDeps {
  readonly existing: () => readonly ExistingConnection[];
  readonly environment: Environment;
  readonly stores: ImportStores;
  /** Called before anything is saved; what it answers is called behind it, with the ids. */
  readonly keepActive: () => (saved: readonly string[]) => Promise<void>;
}

const messageMs = 10_000;

/** A message has room for so many names. */
const mostNamed = 6;

/** Brings connections in from files and out as text. Nothing is sent to any server. */
export class ImportFeature {
  readonly #deps: ImportFeatureDeps;

  constructor(deps: ImportFeatureDeps) {
    this.#deps = deps;
  }

  /** Asks where connections are and which of them to take, saves these, and shows what was and was not taken. */
  async importConnections(): Promise<void> {
    const sources = await askSources(this.#deps.environment);
    if (sources === undefined || sources.length === 0) return;
    const texts = sources.map((source) => this.#judge(source));
    const candidates = texts.flatMap((text) => text.candidates);
    const picked = candidates.length === 0 ? new Set<ImportCandidate>() : await pickImports(candidates);
    if (picked === undefined) return;
    const settle = this.#deps.keepActive();
    const imported: ImportedText[] = [];
    const ids: string[] = [];
    for (const { source, candidates: own, unusable } of texts) {
      const outcomes: ImportOutcome[] = [];
      for (const candidate of own) {
        const outcome: ImportOutcome = picked.has(candidate)
          ? await this.#take(candidate)
          : { kind: "notChosen", name: candidate.name };
        outcomes.push(outcome);
        if (outcome.kind === "saved") ids.push(outcome.planned.id);
      }
      const { title, outcome } = source;
      const notTaken = outcome.ok ? outcome.result.notTaken : [];
      const problem = outcome.ok ? {} : { problem: outcome.problem };
      imported.push({ title, ...problem, outcomes: [...outcomes, ...unusable], notTaken });
    }
    await settle(ids);
    await show(importSummary(imported), "plaintext");
    const count = ids.length === 1 ? "1 connection" : `${ids.length} connections`;
    void vscode.window.setStatusBarMessage(`$(info) Imported ${count}`, messageMs);
  }

  /** Parts what can be imported from what cannot, whatever is answered. */
  #judge(source: ReadSource): {
    readonly source: ReadSource;
    readonly candidates: readonly ImportCandidate[];
    readonly unusable: readonly ImportOutcome[];
  } {
    const candidates: ImportCandidate[] = [];
    const unusable: ImportOutcome[] = [];
    for (const connection of source.outcome.ok ? source.outcome.result.connections : []) {
      const url = connection.askUrl === undefined ? undefined : "http://localhost";
      const username = connection.askUsername ? "user" : undefined;
      const planned = planImport(connection, "id", { url, username });
      const name = nameOfImport(connection);
      if (!planned.ok) unusable.push({ kind: "unusable", name, problems: planned.problems });
      else {
        const existing = existingFor(connection, name, this.#deps.existing());
        candidates.push({ connection, name, source: source.title, existing });
      }
    }
    return { source, candidates, unusable };
  }

  async #take(candidate: ImportCandidate): Promise<ImportOutcome> {
    const { connection } = candidate;
    const answers = await askMissing(candidate);
    if (answers === undefined) return { kind: "notAnswered", name: candidate.name };
    // The host may have given it a name by now, and another one of this import may have taken that.
    const name = nameOfImport(connection, answers);
    const existing = existingFor(connection, name, this.#deps.existing());
    const collision = existing === undefined ? "both" : await askCollision({ ...candidate, name }, existing);
    if (collision === "skip") return { kind: "keptOld", name };
    const isReplacing = collision === "replace" && existing !== undefined;
    const taken = new Set(this.#deps.existing().map(({ id }) => id));
    const planned = planImport(connection, isReplacing ? existing.id : freeId(connection, name, taken), answers);
    if (!planned.ok) return { kind: "unusable", name, problems: planned.problems };
    try {
      await saveImported(planned.planned, { isReplacing }, this.#deps.stores);
    } catch (error) {
      return { kind: "failed", name, reason: failureSentence(failureOf(error), { server: name }) };
    }
    return { kind: "saved", planned: planned.planned, isReplacing };
  }

  /** Shows the chosen connections as text, to be looked at and saved where the person likes. */
  async exportConnections(): Promise<void> {
    const all = this.#deps.existing().flatMap(({ id, name }) => {
      const element = this.#deps.stores.profiles.rawOf(id);
      return isExportable(element)
        ? [{ label: plainLabel(name), description: plainLabel(id), picked: true, element }]
        : [];
    });
    const unreadable = this.#deps.existing().length - all.length;
    const remark = unreadable === 0 ? "" : ` ${unreadable} cannot be used and are left out.`;
    if (all.length === 0) {
      void vscode.window.setStatusBarMessage(`$(info) There are no connections to export.${remark}`, messageMs);
      return;
    }
    const picked = await vscode.window.showQuickPick(all, {
      title: "Export Connections",
      placeHolder: `Which of these? Secrets are not exported.${remark}`,
      canPickMany: true,
    });
    if (picked === undefined || picked.length === 0) return;
    const { text, leftOut } = exportProfiles(picked.map(({ element }) => element));
    await show(text, "json");
    if (leftOut.length === 0) return;
    const [most, others] = [leftOut.slice(0, mostNamed), leftOut.length - mostNamed];
    const named = others > 0 ? [...most, `${others} more`] : most;
    // Not awaited: the message may stand as long as it likes.
    vscode.window
      .showInformationMessage(`Not exported, since it may be secret: ${named.join(", ")}.`)
      .then(undefined, () => undefined);
  }
}

async function show(content: string, language: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language, content });
  await vscode.window.showTextDocument(document, { preview: false });
}
