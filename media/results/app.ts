import { type ComponentChild, h } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { timeZoneOf } from "../../src/shared/model/zonedTime.ts";
import type { RunSnapshot, Snapshot } from "../../src/shared/protocol/results.ts";
import { cautionsOf } from "./banners.ts";
import type { ChartPicture } from "./chartView.ts";
import { runFacts } from "./facts.ts";
import type { Host } from "./host.ts";
import { type Look, lookOf, withLook } from "./look.ts";
import { Header } from "./panelHead.ts";
import { storedPicture } from "./pictures.ts";
import { RunResult } from "./runResult.ts";
import { storedOf } from "./storedResult.ts";
import { StoredView } from "./storedView.ts";
import { Zone } from "./zone.ts";

/** How long nothing changes before the panel's picture is stored. */
const settledMs = 1500;

/** The whole panel: the run that is looked at, of which there may be several, or what was stored of one. */
export function App({
  host,
  snapshot,
  problem,
}: {
  readonly host: Host;
  readonly snapshot: Snapshot | undefined;
  /** What could not be done; empty: nothing. */
  readonly problem: string;
}): ComponentChild {
  const [state, setState] = useState(() => host.readState());
  const setting = snapshot?.timeZone ?? "local";
  const zone = useMemo(() => timeZoneOf(setting), [setting]);
  const picture = useRef<(() => ChartPicture | undefined) | undefined>(undefined);
  const [drawings, setDrawings] = useState(0);
  useEffect(() => host.writeState(state), [state]);
  // A run that was just started comes to the front; a choice made since then stays.
  useEffect(() => {
    const front = snapshot?.front;
    if (front === undefined) return;
    setState((old) => (old.front === front.number ? old : { ...old, run: front.key, front: front.number }));
  }, [snapshot]);

  const run = snapshot && runOf(snapshot, state.run);
  const store = (picture?: string) =>
    setState((old) => {
      if (snapshot === undefined || run === undefined) return old;
      const facts = [runFacts(run, zone), ...cautionsOf(host, run, zone)];
      const stored = storedOf(snapshot, run, { picture: picture ?? "", facts });
      const before = old.stored;
      const isSame = before !== undefined && before.key === stored?.key && before.at === stored.at;
      return {
        ...old,
        stored: stored && isSame && picture === undefined ? { ...stored, picture: before.picture } : stored,
      };
    });
  // What it is at once, a window may close at any moment; its picture when nothing has changed for a while.
  useEffect(() => store(), [snapshot, state.run]);
  useEffect(() => {
    const timer = setTimeout(() => store(storedPicture(picture)), settledMs);
    return () => clearTimeout(timer);
  }, [snapshot, state.run, state.looks, drawings]);

  if (snapshot === undefined) return h("p", { class: "empty", role: "status" }, "Loading …");
  if (run === undefined && state.stored !== undefined) {
    return h(Zone.Provider, { value: zone }, h(StoredView, { host, stored: state.stored, problem }));
  }
  if (run === undefined) {
    return h(
      "p",
      { class: "empty" },
      "Nothing has been run yet. Put the cursor in a query and press Ctrl+Enter (Cmd+Enter).",
    );
  }
  return h(RunResult, {
    host,
    run,
    snapshot,
    problem,
    picture,
    head: h(Header, { run, snapshot, onPick: (key: string) => setState({ ...state, run: key }) }),
    look: lookOf(state, run),
    onLook: (change: Look) => setState((old) => withLook(old, run, change)),
    onDrawn: () => setDrawings((n) => n + 1),
  });
}

/** The run that is looked at: the picked one, or the one that came to the front, or the first. */
function runOf({ runs, front }: Snapshot, picked: string | undefined): RunSnapshot | undefined {
  return runs.find(({ key }) => key === picked) ?? runs.find(({ key }) => key === front?.key) ?? runs[0];
}
