import { type ComponentChild, h } from "preact";
import { useContext } from "preact/hooks";
import type { Host } from "./host.ts";
import { Zone } from "./zone.ts";

/** The zone of all times: that of this machine, UTC, or another one. Changes the setting, so every panel follows. */
export function TimeZoneSelect({ host, setting }: { readonly host: Host; readonly setting: string }): ComponentChild {
  const zone = useContext(Zone);
  const local = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const isUtc = setting.toLowerCase() === "utc";
  const value = setting === "local" ? "local" : isUtc ? "utc" : "named";
  const options: readonly (readonly [string, string])[] = [
    ["local", `Local time (${local})`],
    ["utc", "UTC"],
    ...(value === "named" ? [["named", zone.name] as const] : []),
    ["choose", "Other zone …"],
  ];
  return h(
    "select",
    {
      "aria-label": "Time zone",
      title: "Zone that times are shown in",
      value,
      onChange: (event: Event) => {
        const select = event.currentTarget as HTMLSelectElement;
        const picked = select.value;
        // What is shown follows the setting, which may stay as it is.
        select.value = value;
        if (picked === "local" || picked === "utc" || picked === "choose") {
          const change = host.rpc.request("results/timeZone", { zone: picked });
          host.attempt(change, "The time zone could not be changed");
        }
      },
    },
    options.map(([name, title]) => h("option", { key: name, value: name }, title)),
  );
}
