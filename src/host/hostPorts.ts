import type { Clock } from "../platform/ports.ts";
import type { ContextKeySetter } from "./contextKeys.ts";
import type { ErrorReporter } from "./errorReporter.ts";
import type { FileMoves } from "./fileMoves.ts";
import type { LogOutputChannel } from "./logOutputChannel.ts";
import type { WorkspaceSettings } from "./settings.ts";

/** What every feature has of its host. */
export interface HostPorts {
  readonly log: LogOutputChannel;
  readonly reporter: ErrorReporter;
  readonly settings: WorkspaceSettings;
  readonly contextKeys: ContextKeySetter;
  readonly fileMoves: FileMoves;
  readonly clock: Clock;
}
