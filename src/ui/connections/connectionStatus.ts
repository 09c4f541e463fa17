import * as vscode from "vscode";
import type { ConnectionService } from "../../connections/connectionService.ts";
import { plainLabel } from "../../host/plainLabel.ts";
import { DisposableStore } from "../../shared/disposable.ts";

import { connectionCautions, connectionTooltip, profileColor } from "./connectionTooltip.ts";

const selectCommand = "promqlWorkbench.connection.select";

/** Where queries of this window go, in the status bar and in the language status of `.promql` text. */
export class ConnectionStatus extends DisposableStore {
  readonly #service: ConnectionService;
  readonly #isViewVisible: () => boolean;
  readonly #bar: vscode.StatusBarItem;
  readonly #language: vscode.LanguageStatusItem;

  constructor(service: ConnectionService, view: Pick<vscode.TreeView<unknown>, "visible" | "onDidChangeVisibility">) {
    super();
    this.#service = service;
    this.#isViewVisible = () => view.visible;
    this.#bar = this.register(
      vscode.window.createStatusBarItem("promqlWorkbench.connection", vscode.StatusBarAlignment.Left, 10),
    );
    this.#bar.name = "PromQL Connection";
    this.#bar.command = selectCommand;
    this.#language = this.register(
      vscode.languages.createLanguageStatusItem("promqlWorkbench.connection", { language: "promql" }),
    );
    this.#language.name = "PromQL Connection";
    this.register(service.onDidChange(() => this.#update()));
    this.register(vscode.window.onDidChangeVisibleTextEditors(() => this.#update()));
    this.register(vscode.window.onDidChangeVisibleNotebookEditors(() => this.#update()));
    this.register(view.onDidChangeVisibility(() => this.#update()));
    this.#update();
  }

  #isWanted(): boolean {
    return (
      this.#isViewVisible() ||
      vscode.window.visibleTextEditors.some(({ document }) => document.languageId === "promql") ||
      vscode.window.visibleNotebookEditors.some(({ notebook }) => notebook.notebookType.startsWith("promql-workbench."))
    );
  }

  #update(): void {
    const { active } = this.#service;
    switch (active.kind) {
      case "ready": {
        const { profile } = active;
        const health = this.#service.healthOf(profile.id);
        const icon = health.state === "failed" ? "$(error)" : "$(pulse)";
        const cautions = connectionCautions(profile, this.#service);
        const lock = cautions.length > 0 ? " $(unlock)" : "";
        this.#show(`${icon} ${plainLabel(profile.name)}${lock}`, connectionTooltip(profile, this.#service));
        this.#bar.color = profileColor(profile);
        this.#language.detail = profile.origin;
        this.#language.severity =
          health.state === "failed" ? vscode.LanguageStatusSeverity.Error : vscode.LanguageStatusSeverity.Information;
        this.#bar.accessibilityInformation = {
          label: [`PromQL connection ${profile.name}`, profile.origin, ...cautions].join(", "),
        };
        break;
      }
      case "unusable":
        this.#show(`$(warning) ${plainLabel(active.id)}`, "This connection is not set up here or cannot be used.");
        this.#showNone(`PromQL connection ${active.id} cannot be used`);
        break;
      case "none":
        this.#show("$(plug) No connection", "Choose where PromQL queries go.");
        this.#showNone("No PromQL connection");
        break;
    }
    if (this.#isWanted()) this.#bar.show();
    else this.#bar.hide();
  }

  #show(text: string, tooltip: string): void {
    this.#bar.text = text;
    this.#bar.tooltip = tooltip;
    this.#language.text = text;
    this.#language.command = { title: "Choose", command: selectCommand };
  }

  #showNone(label: string): void {
    this.#bar.color = undefined;
    this.#bar.accessibilityInformation = { label };
    this.#language.detail = "PromQL connection";
    this.#language.severity = vscode.LanguageStatusSeverity.Warning;
  }
}
