/** Commands of notebooks. Those of a cell take it from where they are clicked, or mean the selected one. */
export interface NotebookCommands {
  "promqlWorkbench.notebook.new"(): Promise<void>;
  "promqlWorkbench.notebook.openAsNotebook"(uri?: unknown): Promise<void>;
  "promqlWorkbench.notebook.openAsText"(): Promise<void>;
  /** `options`: `{ format, target }`, as a key binding gives them. */
  "promqlWorkbench.notebook.export"(options?: unknown): Promise<void>;
  "promqlWorkbench.notebook.setConnection"(): Promise<void>;
  "promqlWorkbench.notebook.setTimeRange"(): Promise<void>;
  "promqlWorkbench.notebook.setTitle"(cell?: unknown): Promise<void>;
  "promqlWorkbench.notebook.setCellConnection"(cell?: unknown): Promise<void>;
  "promqlWorkbench.notebook.setMode"(cell?: unknown): Promise<void>;
  "promqlWorkbench.notebook.setRange"(cell?: unknown): Promise<void>;
  "promqlWorkbench.notebook.setStep"(cell?: unknown): Promise<void>;
}
