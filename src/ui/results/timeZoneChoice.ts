import * as vscode from "vscode";
import { fullTime, isTimeZone, TimeZone } from "../../shared/model/zonedTime.ts";

/** Lets the person pick one of all zones; `undefined`: nothing was picked. `now` is shown in each of them. */
export function pickTimeZone(current: string, now: number): Promise<string | undefined> {
  const listed = Intl.supportedValuesOf("timeZone").filter((name) => name !== "UTC");
  const names = ["local", "UTC", ...listed];
  const itemOf = (name: string): vscode.QuickPickItem => ({
    label: name,
    description: [
      name === "local" ? "of the machine that shows the results" : fullTime(now, new TimeZone(name)),
      name === current ? "current" : "",
    ]
      .filter((text) => text !== "")
      .join(" · "),
  });
  const items = names.map(itemOf);
  const pick = vscode.window.createQuickPick();
  pick.title = "Time Zone of Results";
  pick.placeholder = "Zone that times are shown in, in charts, tables and exports";
  pick.items = items;
  return new Promise((resolve) => {
    pick.onDidChangeValue((value) => {
      // Many zones have several names, of which only one is listed.
      const typed = value.trim();
      const isOther = isTimeZone(typed) && !names.some((name) => name.toLowerCase() === typed.toLowerCase());
      pick.items = isOther ? [itemOf(typed), ...items] : items;
    });
    pick.onDidAccept(() => {
      // Enter may come before the list has followed what was typed.
      const typed = pick.value.trim();
      const picked = pick.selectedItems[0]?.label ?? (isTimeZone(typed) ? typed : undefined);
      if (picked === undefined) return;
      resolve(picked);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}
