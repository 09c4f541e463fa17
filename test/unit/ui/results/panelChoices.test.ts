import assert from "node:assert/strict";
import { test } from "node:test";
import { AppError } from "../../../../src/shared/errors.ts";
import type { PanelChoices } from "../../../../src/shared/protocol/results.ts";
import { readPanelChoices } from "../../../../src/ui/results/panelChoices.ts";

const choices: PanelChoices = {
  mode: "instant",
  start: "now-1h",
  end: "now",
  time: "now",
  step: "",
  maxSeries: 0,
  compare: "",
};

test("a control that cannot be read is named, with what to write where that can be told", () => {
  const failure = (changed: Partial<PanelChoices>) => {
    try {
      readPanelChoices({ ...choices, ...changed });
    } catch (error) {
      return error instanceof AppError ? error.failure : error;
    }
    return undefined;
  };
  assert.equal(failure({}), undefined);
  const milliseconds = "That looks like milliseconds: write 1700000000.";
  assert.deepEqual(failure({ time: " 1700000000000 " }), { kind: "misconfigured", what: "time", detail: milliseconds });
  const noTime = `"soon" is no time such as now-6h or 2026-01-31T12:00:00Z`;
  assert.deepEqual(failure({ start: "soon" }), { kind: "misconfigured", what: "start", detail: noTime });
});
