import assert from "node:assert/strict";
import { test } from "node:test";
import { failureActionKinds, failureActionTitle, parseRemedy } from "../../../src/shared/failureAction.ts";

const connectionId = "a";

test("a remedy out of a command's argument is read part by part", () => {
  const rows: readonly (readonly [value: unknown, expected: object | undefined])[] = [
    [
      { connectionId, action: { kind: "enterSecret" } },
      { connectionId, action: { kind: "enterSecret" } },
    ],
    [
      { connectionId, action: { kind: "enterSecret", more: 1 } },
      { connectionId, action: { kind: "enterSecret" } },
    ],
    [
      { connectionId, action: { kind: "editConnection", at: "auth" } },
      { connectionId, action: { kind: "editConnection", at: "auth" } },
    ],
    [
      { connectionId, action: { kind: "editConnection", at: "test" } },
      { connectionId, action: { kind: "editConnection", at: "url" } },
    ],
    [
      { connectionId, action: { kind: "useHttps", origin: "https://a.example" } },
      { connectionId, action: { kind: "useHttps", origin: "https://a.example" } },
    ],
    [
      { connectionId, action: { kind: "useHttps", origin: "https://a.example/path" } },
      { connectionId, action: { kind: "useHttps" } },
    ],
    [
      { connectionId, action: { kind: "useHttps", origin: 7 } },
      { connectionId, action: { kind: "useHttps" } },
    ],
    [{ connectionId: 7, action: { kind: "retry" } }, undefined],
    [{ connectionId, action: { kind: "toString" } }, undefined],
    [{ connectionId, action: "retry" }, undefined],
    [{ connectionId }, undefined],
    [null, undefined],
    ["a", undefined],
  ];
  for (const [value, expected] of rows) assert.deepEqual(parseRemedy(value), expected, JSON.stringify(value));
});

test("every action has a title of its own", () => {
  const titles = failureActionKinds.map((kind) =>
    failureActionTitle(kind === "editConnection" ? { kind, at: "url" } : { kind }),
  );
  assert.equal(new Set(titles).size, failureActionKinds.length);
});
