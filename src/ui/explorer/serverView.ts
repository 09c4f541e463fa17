import { Section } from "../../catalog/section.ts";
import { readServerFacts, type ServerFacts, serverNodes, wholeFailure } from "../../catalog/serverNodes.ts";
import { failureSentence } from "../../host/failureMessage.ts";
import { partAdvice, serverParts } from "../../host/notOfferedMessage.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import { AppError } from "../../shared/errors.ts";
import { ExplorerView, type FollowingView } from "./explorerView.ts";
import { momentText } from "./momentText.ts";

/** What the server of the active connection says of itself. */
export class ServerView extends DisposableStore {
  readonly section: Section<ServerFacts>;
  readonly tree: ExplorerView<ServerFacts>;

  constructor({ view, server, now }: FollowingView) {
    super();
    this.section = this.register(
      new Section({
        load: async (options) => {
          const facts = await readServerFacts(await server.source(options.signal), options);
          const failure = wholeFailure(facts);
          if (failure !== undefined) throw new AppError(failure);
          return facts;
        },
        now,
      }),
    );
    this.tree = this.register(
      new ExplorerView({
        view,
        section: this.section,
        refreshCommand: "promqlWorkbench.server.refresh",
        server,
        rows: (facts) =>
          serverNodes(facts, {
            now: now(),
            time: momentText,
            describe: (failure) =>
              failureSentence(failure, { ...server.context, ...partAdvice(serverParts.server, server.queries) }),
          }),
        empty: "The server says nothing of itself.",
        part: serverParts.server,
        missingSince: () => server.missingSince(["buildInfo", "runtimeInfo", "tsdbStatus", "flags"]),
      }),
    );
  }
}
