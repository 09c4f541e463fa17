import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readSettings } from "../../../src/host/settingsSnapshot.ts";

type Values = Readonly<Record<string, unknown>>;

function read(values: { effective?: Values; user?: Values; workspace?: Values }) {
  return readSettings({
    effective: (key) => values.effective?.[key],
    userOnly: (key) => values.user?.[key],
    workspaceOnly: (key) => values.workspace?.[key],
  });
}

const defaults = {
  suggestedConnections: undefined,
  query: { defaultRangeMs: 3_600_000, maxSeries: 1000, maxSamples: 20_000_000, maxResponseBytes: 1_073_741_824 },
  editor: { codeLens: true },
  completion: { fromServer: true },
  format: { style: "author" },
  results: { timeZone: "local" },
};

test("absent and ill-typed values are the defaults", () => {
  assert.deepEqual(read({}), defaults);
  const wrong = {
    "query.defaultRange": "soon",
    "query.maxSeries": 0,
    "query.maxSamples": "1",
    "query.maxResponseBytes": 1.5,
    "editor.codeLens": "no",
    "completion.fromServer": 0,
    "format.style": "google",
    "results.timeZone": "Mars/Olympus",
  };
  assert.deepEqual(read({ effective: wrong, user: wrong }), defaults);
});

test("values that fit are taken", () => {
  const settings = read({
    effective: {
      "query.defaultRange": "1h30m",
      "query.maxSeries": 5,
      "editor.codeLens": false,
      "format.style": "server",
    },
    user: { "query.maxSamples": 7, "query.maxResponseBytes": 8, "completion.fromServer": false },
  });
  assert.deepEqual(settings.query, { defaultRangeMs: 5_400_000, maxSeries: 5, maxSamples: 7, maxResponseBytes: 8 });
  assert.equal(settings.editor.codeLens, false);
  assert.equal(settings.completion.fromServer, false);
  assert.equal(settings.format.style, "server");
});

test("what a workspace may say ends at what a panel and a clock can hold", () => {
  const of = (values: Values) => read({ effective: values }).query;
  const hundredYears = 100 * 365 * 86_400_000;
  assert.equal(of({ "query.maxSeries": 1_000_000 }).maxSeries, 1_000_000);
  assert.equal(of({ "query.maxSeries": Number.MAX_SAFE_INTEGER }).maxSeries, 1_000_000);
  assert.equal(of({ "query.defaultRange": "100y" }).defaultRangeMs, hundredYears);
  assert.equal(of({ "query.defaultRange": "9999999999999y" }).defaultRangeMs, hundredYears);
  assert.equal(of({ "query.defaultRange": `${"9".repeat(400)}y` }).defaultRangeMs, hundredYears);
});

test("the settings editor says the same bound of maxSeries", () => {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));
  const found = JSON.stringify(manifest).match(/"promqlWorkbench\.query\.maxSeries":(\{[^{}]*\})/)?.[1] ?? "";
  assert.match(found, /"maximum":1000000\b/);
});

test("a workspace says nothing about memory or about asking servers, and a user's suggestions are none", () => {
  const bounds = { "query.maxSamples": 7, "query.maxResponseBytes": 8, "completion.fromServer": false };
  const suggested = { suggestedConnections: [{ name: "x" }] };
  const settings = read({ effective: { ...bounds, ...suggested }, user: suggested, workspace: bounds });
  assert.deepEqual(settings, defaults);
  assert.deepEqual(read({ workspace: suggested }).suggestedConnections, [{ name: "x" }]);
});
