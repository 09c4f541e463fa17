import assert from "node:assert/strict";
import { test } from "node:test";
import { SuggestedConnections } from "../../../../src/connections/suggestions.ts";
import type { ErrorReporter } from "../../../../src/host/errorReporter.ts";
import type { ConnectionCommands } from "../../../../src/ui/connections/connectionCommands.ts";
import { one, setUp } from "../../../support/connectionServices.ts";
import { standInForEditor } from "../../../support/editorDouble.ts";

/* The commands speak to VS Code; here it is a record of what they do with it. */
const done: string[] = [];
let picked: string | undefined;
const editor = {
  showInformationMessage: async (text: string, ...buttons: unknown[]) => {
    done.push([text, ...buttons].join(" | "));
    return picked;
  },
  createInputBox: () => {
    done.push("the form");
    throw new Error("That is far enough.");
  },
};
standInForEditor({ window: editor });
const { connectionCommands } = await import("../../../../src/ui/connections/connectionCommands.ts");

function commandsWith(connections: readonly unknown[]): ConnectionCommands {
  const { service, profiles } = setUp(connections);
  const suggestions = new SuggestedConnections({
    read: () => [],
    onDidChange: () => ({ dispose() {} }),
    adopted: () => service.list(),
  });
  const reporter: Pick<ErrorReporter, "report"> = { report: () => assert.fail("nothing has failed") };
  done.length = 0;
  return connectionCommands({ service, profiles, suggestions, reporter: reporter as ErrorReporter });
}

const needOne = ["remove", "test", "probe", "replaceSecret", "copyAsCurl"] as const;

for (const command of needOne) {
  test(`${command} without any connection says so, and opens the form only for who wants it`, async () => {
    const commands = commandsWith([]);
    picked = undefined;
    await commands[`promqlWorkbench.connection.${command}`]();
    assert.deepEqual(done, ["There is no connection yet. | Add Connection"]);
    picked = "Add Connection";
    await assert.rejects(commands[`promqlWorkbench.connection.${command}`](), /far enough/);
    assert.deepEqual(done.slice(1), ["There is no connection yet. | Add Connection", "the form"]);
  });
}

test("a connection that cannot be used is one as well", async () => {
  const commands = commandsWith([{ ...one, kind: "scrape" }]);
  await assert.rejects(commands["promqlWorkbench.connection.remove"]());
  assert.deepEqual(done, []);
});
