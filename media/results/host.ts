import type { PanelChoices, ResultsContract, Snapshot } from "../../src/shared/protocol/results.ts";
import { type Envelope, RpcClient } from "../../src/shared/protocol/rpc.ts";
import { readViewState, type ViewState } from "./look.ts";

/** What VS Code gives a webview; it may be asked for once only. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The extension host as this page sees it. */
export interface Host {
  readonly rpc: RpcClient<ResultsContract>;
  readState(): ViewState;
  writeState(state: ViewState): void;
}

/** Runs a query once more with these choices; the answer comes by itself. Rejects for choices that cannot be read. */
export async function rerun(
  host: Host,
  { key, text }: { readonly key: string; readonly text: string },
  choices: PanelChoices,
): Promise<void> {
  await host.rpc.request("results/rerun", { key, text, choices });
}

/** Connects to the host; `onChange` is told of every new snapshot. */
export function connectHost(onChange: (snapshot: Snapshot) => void): Host {
  const api = acquireVsCodeApi();
  const rpc = new RpcClient<ResultsContract>(
    (message) => api.postMessage(message),
    (_method, snapshot) => onChange(snapshot),
  );
  window.addEventListener("message", (event: MessageEvent<Envelope>) => {
    // Only the frame that VS Code put around this page speaks to it.
    if (typeof event.data === "object" && event.data !== null && "kind" in event.data) rpc.receive(event.data);
  });
  return {
    rpc,
    readState: () => readViewState(api.getState()),
    writeState: (state) => api.setState(state),
  };
}
