import { type ComponentChild, h } from "preact";
import { useEffect, useState } from "preact/hooks";
import { parseDuration, parseTime } from "../../src/shared/model/time.ts";
import type { PanelChoices, RunSnapshot, Snapshot } from "../../src/shared/protocol/results.ts";
import { timeHint } from "../../src/shared/timeHint.ts";
import { elapsedText, isRunning } from "./facts.ts";
import { type Host, rerun } from "./host.ts";
import { select } from "./pickers.ts";

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
}

/** What to ask and when: kind of request, range, step, and Run or Cancel. A changed choice asks at once. */
export function Controls({ host, run, runs, refreshes }: ControlsProps): ComponentChild {
  const [choices, setChoices] = useState(run.choices);
  const [problem, setProblem] = useState("");
  const sent = JSON.stringify(run.choices);
  useEffect(() => setChoices(run.choices), [sent]);
  const ask = (changed: PanelChoices) => {
    setChoices(changed);
    const wrong = problemOf(changed);
    setProblem(wrong);
    if (wrong !== "") return;
    rerun(host, run, changed);
  };
  const start = parseTime(choices.start.trim());
  const back = start?.kind === "now" ? -start.offsetMs : undefined;
  const preset = choices.end === "now" ? presets.find((one) => parseDuration(one) === back) : undefined;
  const isInstant = choices.mode === "instant";
  return h(
    "form",
    {
      class: "controls",
      "aria-label": "What to ask",
      onSubmit: (event: Event) => {
        event.preventDefault();
        ask(choices);
      },
    },
    select("Kind of request", choices.mode, modes, (mode) =>
      ask({ ...choices, mode: modes.find(([name]) => name === mode)?.[0] ?? "both" }),
    ),
    isInstant
      ? text("Time", choices.time, "now", (time) => setChoices({ ...choices, time }))
      : [
          select(
            "Range",
            preset ?? "custom",
            [...presets.map((one) => [one, `Last ${one}`] as const), ["custom", "Custom range"] as const],
            (value) => (value === "custom" ? undefined : ask({ ...choices, start: `now-${value}`, end: "now" })),
          ),
          text("From", choices.start, "now-1h", (start) => setChoices({ ...choices, start })),
          text("To", choices.end, "now", (end) => setChoices({ ...choices, end })),
          select(
            "Step",
            choices.step,
            [...new Set<string>([...steps, choices.step])].map(
              (step) => [step, step === "" ? "Step: automatic" : `Step: ${step}`] as const,
            ),
            (step) => ask({ ...choices, step }),
          ),
          select(
            "Compare with",
            choices.compare,
            [...new Set<string>([...comparisons, choices.compare])].map(
              (one) => [one, one === "" ? "Compare: nothing" : `Compare: ${one} earlier`] as const,
            ),
            (compare) => ask({ ...choices, compare }),
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
    isRunning(run) ? h(Elapsed, { since: run.range?.startedAt ?? run.instant?.startedAt ?? 0 }) : null,
    problem === "" ? null : h("span", { class: "problem", role: "alert" }, problem),
  );
}

/** How often the query is asked again without anybody's doing; off unless it is chosen here. */
function RefreshSelect({ host, run, runs, refreshes }: ControlsProps): ComponentChild {
  // What is asked again while another query is looked at is said all the same.
  const other = runs.find(
    ({ key }) => key !== run.key && refreshes.some((one) => one.key === key && one.state !== "stopped"),
  );
  const mine = refreshes.find(({ key }) => key === run.key);
  const isStopped = mine?.state === "stopped";
  const value = mine === undefined || isStopped ? "0" : String(mine.everyMs);
  const change = (key: string, ms: string) =>
    host.attempt(host.rpc.request("results/refresh", { key, everyMs: Number(ms) }), "Refreshing could not be changed");
  return [
    select("Refresh", value, intervals, (ms) => change(run.key, ms)),
    other === undefined
      ? null
      : [
          h("span", { key: "other", role: "status" }, `Refreshing ${other.title}.`),
          h("button", { key: "stop", type: "button", class: "link", onClick: () => change(other.key, "0") }, "Stop"),
        ],
    isStopped ? h("span", { class: "problem", role: "alert" }, "Refreshing stopped after three failures.") : null,
  ];
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
      return `${name}: ${timeHint(value.trim()) ?? "write now, now-6h, 2026-01-31T12:00:00Z or unix seconds."}`;
  }
  return choices.step !== "" && parseDuration(choices.step) === undefined ? "Step: write a duration such as 30s." : "";
}

function text(label: string, value: string, placeholder: string, onInput: (value: string) => void): ComponentChild {
  return h("input", {
    type: "text",
    class: "time",
    "aria-label": label,
    title: `${label}: now, now-6h, 2026-01-31T12:00:00Z or unix seconds`,
    placeholder,
    value,
    spellcheck: false,
    onInput: (event: Event) => onInput((event.currentTarget as HTMLInputElement).value),
  });
}

function Elapsed({ since }: { readonly since: number }): ComponentChild {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 100);
    return () => clearInterval(timer);
  }, []);
  return h("span", { class: "elapsed", "aria-hidden": true }, elapsedText(Math.max(0, now - since)));
}
