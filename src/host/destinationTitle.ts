import type { Destination } from "../query/destination.ts";
import { plainLabel } from "./plainLabel.ts";

/** Where queries that name `name` go, for a lens or a status bar: an icon with words, and what a click does about it. */
export function destinationTitle(
  destination: Destination,
  name: string | undefined,
  { isSuggested, isTrusted }: { readonly isSuggested: boolean; readonly isTrusted: boolean },
): { readonly title: string; readonly tooltip: string } {
  switch (destination.kind) {
    case "ready": {
      const { target } = destination.connection;
      const isOther = name !== undefined && name !== target.connectionId && name !== target.name;
      const tooltip = `Queries go to ${target.origin}`;
      const title = `$(server) ${isOther && isTrusted ? `${plainLabel(name)} → ` : ""}${plainLabel(target.name)}`;
      if (!isOther || isTrusted) return { title, tooltip };
      return { title, tooltip: `${tooltip}. In Restricted Mode a file's @connection is not followed.` };
    }
    case "unknown":
      return {
        title: `$(warning) ${plainLabel(destination.name)} is not set up here`,
        tooltip: isSuggested
          ? "Adopt the connection that this workspace suggests, or choose another"
          : "Choose a connection, or add this one",
      };
    case "disabled":
      return {
        title: `$(error) ${plainLabel(destination.name)} cannot be used`,
        tooltip: destination.reasons.join("\n"),
      };
    case "none":
      return { title: "$(plug) No connection", tooltip: "Choose or add a connection" };
  }
}
