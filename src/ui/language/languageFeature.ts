import { CompletionNames } from "../../catalog/completionNames.ts";
import type { HostPorts } from "../../host/hostPorts.ts";
import type { QueryConnections } from "../../query/destination.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import { CompletionProvider } from "./completionProvider.ts";
import type { QueryTexts } from "./queryTexts.ts";

export interface LanguageFeatureDeps {
  readonly host: HostPorts;
  readonly connections: QueryConnections;
  readonly texts: QueryTexts;
}

/** Everything behind language help, loaded when it is first asked for. */
export class LanguageFeature extends DisposableStore {
  readonly completion: CompletionProvider;

  constructor({ host, connections, texts }: LanguageFeatureDeps) {
    super();
    const { clock, log, settings } = host;
    const names = this.register(new CompletionNames({ clock, log }));
    this.completion = new CompletionProvider({ names, connections, texts, clock, settings });
  }
}
