import { type ComponentChild, h } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import { parseDuration, parseTime } from "../../src/shared/model/time.ts";
import type { TimeZone } from "../../src/shared/model/zonedTime.ts";
import type { PanelChoices, RefreshState, RunSnapshot, Snapshot } from "../../src/shared/protocol/results.ts";
import { timeHint } from "../../src/shared/timeHint.ts";
import { elapsedText, isRunning } from "./facts.ts";
import { type Host, rerun } from "./host.ts";
import { select } from "./pickers.ts";
import { Zone } from "./zone.ts";
import { withoutZone, zonedText } from "./zonedText.ts";

const presets = ["5m", "15m", "30m", "1h", "3h", "6h", "12h", "24h", "2d", "7d", "30d"] as const;
const steps = ["", "1s", "5s", "15s", "30s", "1m", "5m", "15m", "1h", "1d"] as const;
const comparisons = ["", "1h", "1d", "1w"] as const;
const intervals = [
  ["0", "Refresh: off"],
  ["10000", "Refresh: 10s"],
  ["30000", "Refresh: 30s"],
  ["60000", "Refresh: 1m"],
  ["300000", "Refresh: 5m"],
] as const;
const modes: readonly (readonly [PanelChoices["mode"], string])[] = [
  ["both", "Range and instant"],
  ["range", "Range"],
  ["instant", "Instant"],
];

export interface ControlsProps {
  readonly host: Host;
  readonly run: RunSnapshot;
  readonly runs: readonly RunSnapshot[];
  readonly refreshes: Snapshot["refreshes"];
  /** When the page saw it begin, on the clock of `performance.now()`; `undefined`: nothing is under way. */
  readonly runningSince: number | undefined;
}

/** The times that can be written. */
const moments = ["start", "end", "time"] as const;

type Moment = (typeof moments)[number];

type Drafts = Partial<Readonly<Record<Moment, string>>>;

/** What to ask and when: kind of request, range, step, and Run or Cancel. A changed choice asks at once. */
export function Controls({ host, run, runs, refreshes, runningSince }: ControlsProps): ComponentChild {
  const [choices, setChoices] = useState(run.choices);
  /** Times as they are being written, in the page's zone; what is sent and kept needs none. */
  const [drafts, setDrafts] = useState<Drafts>({});
  const [problem, setProblem] = useState("");
  const zone = useContext(Zone);
  const sent = JSON.stringify(run.choices);
  useEffect(() => {
    setChoices(run.choices);
    setDrafts({});
  }, [sent]);
  const ask = (changed: Partial<PanelChoices>) => {
    const asked = { ...choices, ...readDrafts(drafts, zone, changed.mode ?? choices.mode), ...changed };
    const wrong = problemOf(asked);
    setProblem(wrong);
    // What cannot be read stays a draft.
    setChoices(wrong === "" ? asked : { ...choices, ...changed });
    if (wrong !== "") return;
    setDrafts({});
    rerun(host, run, asked);
  };
  const written = (name: Moment) => drafts[name] ?? zonedText(choices[name], zone);
  const timeField = (label: string, name: Moment, placeholder: string) =>
    text(label, written(name), placeholder, (value) => setDrafts((old) => ({ ...old, [name]: value })));
  const start = parseTime(written("start").trim());
  const back = start?.kind === "now" ? -start.offsetMs : undefined;
  const preset = written("end").trim() === "now" ? presets.find((one) => parseDuration(one) === back) : undefined;
  const isInstant = choices.mode === "instant";
  return h(
    "form",
    {
      class: "controls",
      "aria-label": "What to ask",
      onSubmit: (event: Event) => {
        event.preventDefault();
        ask({});
      },
    },
    select("Kind of request", choices.mode, modes, (mode) =>
      ask({ mode: modes.find(([name]) => name === mode)?.[0] ?? "both" }),
    ),
    isInstant
      ? timeField("Time", "time", "now")
      : [
          select(
            "Range",
            preset ?? "custom",
            [...presets.map((one) => [one, `Last ${one}`] as const), ["custom", "Custom range"] as const],
            (value) => (value === "custom" ? undefined : ask({ start: `now-${value}`, end: "now" })),
          ),
          timeField("From", "start", "now-1h"),
          timeField("To", "end", "now"),
          select(
            "Step",
            choices.step,
            [...new Set<string>([...steps, choices.step])].map(
              (step) => [step, step === "" ? "Step: automatic" : `Step: ${step}`] as const,
            ),
            (step) => ask({ step }),
          ),
          select(
            "Compare with",
            choices.compare,
            [...new Set<string>([...comparisons, choices.compare])].map(
              (one) => [one, one === "" ? "Compare: nothing" : `Compare: ${one} earlier`] as const,
            ),
            (compare) => ask({ compare }),
          ),
        ],
    h(RefreshSelect, { key: "refresh", host, run, runs, refreshes }),
    isRunning(run)
      ? h(
          "button",
          {
            type: "button",
            class: "primary",
            onClick: () =>
              host.attempt(host.rpc.request("results/cancel", { key: run.key }), "The query could not be cancelled"),
          },
          "Cancel",
        )
      : h("button", { type: "submit", class: "primary" }, "Run"),
    runningSince === undefined ? null : h(Elapsed, { since: runningSince }),
    problem === "" ? null : h("span", { class: "problem", role: "alert" }, problem),
  );
}

/** How often the query is asked again without anybody's doing; off unless it is chosen here. */
function RefreshSelect({ host, run, runs, refreshes }: Omit<ControlsProps, "runningSince">): ComponentChild {
  // What is asked again while another query is looked at is said all the same.
  const other = runs.find(({ key }) => key !== run.key && refreshes.some((one) => one.key === key && isGoingOn(one)));
  const mine = refreshes.find(({ key }) => key === run.key);
  const value = mine === undefined || !isGoingOn(mine) ? "0" : String(mine.everyMs);
  const change = (key: string, ms: string) =>
    host.attempt(host.rpc.request("results/refresh", { key, everyMs: Number(ms) }), "Refreshing could not be changed");
  return [
    // Of a time that does not move on there is nothing new.
    run.isFixed ? null : select("Refresh", value, intervals, (ms) => change(run.key, ms)),
    other === undefined
      ? null
      : [
          h("span", { key: "other", role: "status" }, `Refreshing ${other.title}.`),
          h("button", { key: "stop", type: "button", class: "link", onClick: () => change(other.key, "0") }, "Stop"),
        ],
    mine?.state === "stopped"
      ? h("span", { key: "stopped", class: "problem", role: "alert" }, "Refreshing stopped after three failures.")
      : null,
    mine?.state === "fixed"
      ? h("span", { key: "fixed", role: "status" }, "Refreshing stopped: the time is fixed, so there is nothing new.")
      : null,
  ];
}

/** True while it asks, or will when somebody looks. */
function isGoingOn({ state }: RefreshState): boolean {
  return state === "on" || state === "waiting";
}

/** The times that were written, in a form that needs no zone; as they are where they cannot be read. */
function readDrafts(drafts: Drafts, zone: TimeZone, mode: PanelChoices["mode"]): Drafts {
  const read = moments.flatMap((name) => {
    const text = drafts[name];
    if (text === undefined) return [];
    const time = withoutZone(text, zone);
    // What is not asked with is wrong in nobody's way.
    const isUsed = (name === "time") === (mode === "instant");
    return time === undefined && !isUsed ? [] : [[name, time ?? text] as const];
  });
  return Object.fromEntries(read);
}

function problemOf(choices: PanelChoices): string {
  const times: readonly (readonly [string, string])[] =
    choices.mode === "instant"
      ? [["Time", choices.time]]
      : [
          ["From", choices.start],
          ["To", choices.end],
        ];
  for (const [name, value] of times) {
    if (parseTime(value.trim()) === undefined)
      return `${name}: ${timeHint(value.trim()) ?? "write now, now-6h, 2026-01-31 12:00, 2026-01-31T12:00:00Z or unix seconds."}`;
  }
  return choices.step !== "" && parseDuration(choices.step) === undefined ? "Step: write a duration such as 30s." : "";
}

function text(label: string, value: string, placeholder: string, onInput: (value: string) => void): ComponentChild {
  return h("input", {
    type: "text",
    class: "time",
    "aria-label": label,
    title: `${label}: now, now-6h, 2026-01-31 12:00, 2026-01-31T12:00:00Z or unix seconds`,
    placeholder,
    value,
    spellcheck: false,
    onInput: (event: Event) => onInput((event.currentTarget as HTMLInputElement).value),
  });
}

/** How long it has run; `since` is a reading of `performance.now()`. */
function Elapsed({ since }: { readonly since: number }): ComponentChild {
  const [now, setNow] = useState(performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 100);
    return () => clearInterval(timer);
  }, []);
  return h("span", { class: "elapsed", "aria-hidden": true }, elapsedText(Math.max(0, now - since)));
}
