import assert from "node:assert/strict";
import { test } from "node:test";
import { parseDuration } from "../../../src/shared/model/time.ts";
import type { PanelChoices, SentTimes } from "../../../src/shared/protocol/results.ts";
import { withShorterRange, withWiderStep } from "../../../src/shared/runChoices.ts";

const ms = (text: string) => parseDuration(text) ?? 0;
const end = Date.UTC(2026, 0, 2, 12);
const sent = (range: string, step: string): SentTimes => ({
  start: end - ms(range),
  end,
  stepMs: ms(step),
  stepIsAutomatic: true,
});
const choices = (changes: Partial<PanelChoices> = {}): PanelChoices => ({
  mode: "both",
  start: "now-1h",
  end: "now",
  time: "now",
  step: "",
  maxSeries: 0,
  compare: "",
  ...changes,
});

const steps: readonly (readonly [title: string, SentTimes | undefined, Partial<PanelChoices>, string | undefined])[] = [
  ["the next step that is at least twice as wide", sent("1h", "15s"), {}, "30s"],
  ["between two listed steps", sent("1h", "14s"), {}, "30s"],
  ["longer than a day", sent("1y", "1d"), {}, "2d"],
  ["nothing was sent: what the controls say", undefined, { step: "5s" }, "15s"],
  ["nothing was sent: so few points that servers allow them", undefined, { start: "now-30d", step: "1s" }, "5m"],
  ["an instant query has no step", undefined, { mode: "instant" }, undefined],
  ["times that cannot be read", undefined, { start: "yesterday" }, undefined],
];

for (const [title, times, changes, step] of steps) {
  test(`a wider step: ${title}`, () => {
    const before = choices(changes);
    assert.deepEqual(withWiderStep(before, times), step === undefined ? undefined : { ...before, step });
  });
}

const ranges: readonly (readonly [title: string, SentTimes | undefined, Partial<PanelChoices>, string | undefined])[] =
  [
    ["half of it", sent("1h", "15s"), {}, "now-30m"],
    ["the longest listed one below half", sent("5h", "15s"), { start: "now-5h" }, "now-1h"],
    ["to an earlier end", sent("1h", "15s"), { start: "now-25h", end: "now-1d" }, "now-1d30m"],
    [
      "to a fixed end",
      sent("6h", "15s"),
      { start: "2026-01-02T06:00:00Z", end: "2026-01-02T12:00:00Z" },
      "2026-01-02T09:00:00Z",
    ],
    ["too short already", sent("1m", "1s"), { start: "now-1m" }, undefined],
    ["nothing was sent", undefined, { start: "now-2d" }, "now-1d"],
    ["an instant query has no range", sent("1h", "15s"), { mode: "instant" }, undefined],
  ];

for (const [title, times, changes, start] of ranges) {
  test(`a shorter range: ${title}`, () => {
    const before = choices(changes);
    assert.deepEqual(withShorterRange(before, times), start === undefined ? undefined : { ...before, start });
  });
}
