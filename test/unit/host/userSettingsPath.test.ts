import assert from "node:assert/strict";
import { test } from "node:test";
import { userSettingsPaths } from "../../../src/host/userSettingsPath.ts";

test("the user's settings file is found from the extension's storage", () => {
  const cases: readonly [storage: string, paths: readonly string[]][] = [
    ["/home/u/.config/Code/User/globalStorage/x.y", ["/home/u/.config/Code/User/settings.json", "/User/settings.json"]],
    [
      "/home/u/.config/Code/User/profiles/-1a2b/globalStorage/x.y",
      ["/home/u/.config/Code/User/settings.json", "/User/settings.json"],
    ],
    [
      "/c:/Users/u/AppData/Roaming/Code/User/globalStorage/x.y",
      ["/c:/Users/u/AppData/Roaming/Code/User/settings.json", "/User/settings.json"],
    ],
    ["/User/globalStorage/x.y", ["/User/settings.json"]],
    ["/somewhere/else", ["/User/settings.json"]],
  ];
  for (const [storage, paths] of cases) assert.deepEqual(userSettingsPaths(storage), paths);
});
