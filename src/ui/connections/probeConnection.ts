import * as vscode from "vscode";
import type { ConnectionService } from "../../connections/connectionService.ts";
import type { Profile } from "../../connections/profile.ts";
import { withSignal } from "../../host/cancellation.ts";
import type { ErrorReporter } from "../../host/errorReporter.ts";
import { plainLabel } from "../../host/plainLabel.ts";
import { describeBackend, describeOffers } from "./connectionTexts.ts";
import { confirmSending } from "./sendingConsents.ts";

/** Finds out what the server of a connection offers, while the person looks on, and says it. */
export async function probeConnection(
  profile: Profile,
  service: ConnectionService,
  reporter: ErrorReporter,
): Promise<void> {
  if (!(await confirmSending(service, profile.id))) return;
  const name = plainLabel(profile.name);
  try {
    const capabilities = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: `Detecting what ${name} offers`,
        cancellable: true,
      },
      (progress, token) => {
        let shown = 0;
        const onProgress = (done: number, total: number) => {
          const percent = Math.floor((done / total) * 100);
          progress.report({ message: `${done} of ${total}`, increment: Math.max(0, percent - shown) });
          shown = Math.max(shown, percent);
        };
        return withSignal(token, (signal) => service.probe(profile.id, { signal, onProgress }));
      },
    );
    const program = describeBackend(service.programOf(profile));
    const text = `${name}${program === "" ? "" : ` (${program})`} ${describeOffers(capabilities)}.`;
    // Not awaited: the message may stand as long as it likes.
    vscode.window.showInformationMessage(text).then(undefined, () => undefined);
  } catch (error) {
    const { id, method, baseUrl } = profile;
    reporter.report(`Detecting what ${name} offers`, error, { server: name, id, method, baseUrl });
  }
}
