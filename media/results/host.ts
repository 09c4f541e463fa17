import type { ResultsContract, RunSnapshot, Snapshot } from "../../src/shared/protocol/results.ts";
import { type Envelope, RpcClient } from "../../src/shared/protocol/rpc.ts";

/** What VS Code gives a webview; it may be asked for once only. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** How the panel is looked at; kept while it is hidden. Holds no data. */
export interface ViewState {
  readonly run: string | undefined;
  /** Number of the last bringing to the front that was followed. */
  readonly front: number;
  /** Tabs that were picked, newest last, each under what `pickKey` makes of its run. */
  readonly tabs: readonly (readonly [key: string, tab: Tab])[];
}

export type Tab = "chart" | "table" | "json";

/** How many picked tabs are remembered. */
const mostTabs = 100;

/** What a picked tab is remembered under: another query or another `@view` of its block is another matter. */
export function pickKey({ key, view }: RunSnapshot): string {
  return `${view ?? ""} ${key}`;
}

/** The state with a tab picked. */
export function withTab(state: ViewState, key: string, tab: Tab): ViewState {
  const others = state.tabs.filter(([one]) => one !== key);
  return { ...state, tabs: [...others, [key, tab] as const].slice(-mostTabs) };
}

function isPick(value: unknown): value is readonly [string, Tab] {
  if (!Array.isArray(value)) return false;
  const [key, tab] = value;
  return typeof key === "string" && (tab === "chart" || tab === "table" || tab === "json");
}

/** The extension host as this page sees it. */
export interface Host {
  readonly rpc: RpcClient<ResultsContract>;
  readState(): ViewState;
  writeState(state: ViewState): void;
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
    readState() {
      const state = api.getState();
      if (typeof state !== "object" || state === null) return { run: undefined, tabs: [], front: 0 };
      const { run, tabs, front } = state as Partial<Record<keyof ViewState, unknown>>;
      return {
        run: typeof run === "string" ? run : undefined,
        tabs: Array.isArray(tabs) ? tabs.filter(isPick) : [],
        front: typeof front === "number" ? front : 0,
      };
    },
    writeState: (state) => api.setState(state),
  };
}
