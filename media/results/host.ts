import { isCancelled } from "../../src/shared/errors.ts";
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
  /** Does what a control asks for; `failed` is said in the panel if it cannot be done, until something else is tried. */
  attempt(work: Promise<unknown>, failed: string): void;
}

/** Runs a query once more with these choices; the answer comes by itself. */
export function rerun(
  host: Host,
  { key, text }: { readonly key: string; readonly text: string },
  choices: PanelChoices,
): void {
  host.attempt(host.rpc.request("results/rerun", { key, text, choices }), "The query could not be run");
}

export interface HostEvents {
  /** Told of every new snapshot. */
  readonly onChange: (snapshot: Snapshot) => void;
  /** Told what could not be done, and of nothing once something else is tried. */
  readonly onProblem: (problem: string) => void;
}

/** Connects to the host. */
export function connectHost({ onChange, onProblem }: HostEvents): Host {
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
    attempt(work, failed) {
      onProblem("");
      work.catch((error: unknown) => {
        if (!isCancelled(error)) onProblem(`${failed}; the log says why.`);
      });
    },
  };
}
