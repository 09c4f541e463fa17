import * as vscode from "vscode";
import { fullTime, isTimeZone, TimeZone } from "../../shared/model/zonedTime.ts";

/** Lets the person pick one of all zones; `undefined`: nothing was picked. `now` is shown in each of them. */
export async function pickTimeZone(current: string, now: number): Promise<string | undefined> {
  const names = ["local", "UTC", ...Intl.supportedValuesOf("timeZone").filter((name) => name !== "UTC")];
  const items = names.map((name) => ({
    label: name,
    description: [
      name === "local" ? "of the machine that shows the results" : fullTime(now, new TimeZone(name)),
      name === current ? "current" : "",
    ]
      .filter((text) => text !== "")
      .join(" · "),
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: "Time Zone of Results",
    placeHolder: "Zone that times are shown in, in charts, tables and exports",
    matchOnDescription: true,
  });
  return picked !== undefined && (picked.label === "local" || isTimeZone(picked.label)) ? picked.label : undefined;
}
