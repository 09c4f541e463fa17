/** What VS Code gives a notebook renderer when it is loaded, once for each page of outputs; as far as it is used here. */
export interface RendererContext {
  getState(): unknown;
  setState(state: unknown): void;
  /** Absent where there is no host to speak to. */
  readonly postMessage?: (message: unknown) => void;
  readonly onDidReceiveMessage?: (listener: (message: unknown) => void) => unknown;
}

/** One output, in the form that this renderer shows. */
export interface OutputItem {
  readonly id: string;
  text(): string;
}

/** What VS Code asks of a renderer. */
export interface Renderer {
  /** Shows an output in a place of its own; with the same item again when it has changed. */
  renderOutputItem(item: OutputItem, element: HTMLElement): void;
  /** The output, or without an id every output, is gone. */
  disposeOutputItem(id?: string): void;
}
