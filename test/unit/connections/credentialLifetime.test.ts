import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ConnectionService } from "../../../src/connections/connectionService.ts";
import { noDrafts } from "../../../src/connections/credentials.ts";
import { ProfileStore } from "../../../src/connections/profileStore.ts";
import { ConnectionSecrets } from "../../../src/connections/secrets.ts";
import { systemClock } from "../../../src/host/systemClock.ts";
import type { ProgramRunner } from "../../../src/platform/ports.ts";
import { createNetwork } from "../../../src/prometheus/network.ts";
import type { TokenRequester } from "../../../src/shared/model/tokenRequest.ts";
import {
  bareNetwork,
  MemoryProfileSettings,
  MemorySecrets,
  MemoryValues,
  silentLog,
} from "../../support/connectionDoubles.ts";
import { failureFrom, neverAborted } from "../../support/sources.ts";

const url = "https://prom.example";
const profiles = [
  { id: "program", name: "A", url, auth: { type: "command", command: ["/bin/token"] } },
  { id: "server", name: "A", url, auth: { type: "oauth2", tokenUrl: "https://login.example/t", clientId: "c" } },
] as const;

/** A service whose programs and token servers give nothing until they are told to stop. */
async function setUp(raw: (typeof profiles)[number]) {
  const secrets = new ConnectionSecrets(new MemorySecrets());
  await secrets.save("server", "clientSecret", { origin: "https://login.example", value: "s3cret" });
  const settings = new MemoryProfileSettings([raw]);
  const running: AbortSignal[] = [];
  let began = () => {};
  const whenRunning = new Promise<void>((resolve) => {
    began = resolve;
  });
  const untilStopped = (signal: AbortSignal) => {
    running.push(signal);
    began();
    return new Promise<never>((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  };
  const run: ProgramRunner["run"] = (_command, { signal }) => untilStopped(signal);
  const requestToken: TokenRequester = (_request, { signal }) => untilStopped(signal);
  const { createSource } = createNetwork({ userAgent: "promql-workbench/test", log: silentLog });
  const service = new ConnectionService({
    ...bareNetwork,
    profiles: new ProfileStore(settings, () => undefined),
    secrets,
    workspaceMemory: new MemoryValues(),
    userMemory: new MemoryValues(),
    loadNetwork: async () => ({ createSource, requestToken }),
    programs: { run },
    isTrusted: () => true,
    bounds: () => ({ maxSamples: 1000, maxBytes: 100_000 }),
    clock: systemClock,
    log: silentLog,
  });
  return { raw, id: raw.id, service, settings, running, whenRunning };
}

type Running = Awaited<ReturnType<typeof setUp>>;

const uses: readonly { readonly title: string; ask(running: Running, signal: AbortSignal): Promise<unknown> }[] = [
  {
    title: "a query",
    ask: async ({ service, id }, signal) => (await service.sourceFor(id)).query({ query: "up" }, { signal }),
  },
  { title: "a test of it", ask: ({ service, id }, signal) => service.check(id, { signal }) },
];

const ends: readonly { readonly title: string; end(running: Running): unknown }[] = [
  { title: "the service is disposed", end: ({ service }) => service.dispose() },
  { title: "the connection is removed", end: ({ service, id }) => service.remove(id) },
  {
    title: "the connection changes",
    end: ({ settings, raw }) => settings.replace([{ ...raw, url: `${url}/other` }]),
  },
];

for (const raw of profiles) {
  describe(`what gives a token: ${raw.auth.type}`, () => {
    for (const { title: use, ask } of uses) {
      for (const { title, end } of ends) {
        test(`for ${use} ends when ${title}`, async () => {
          const running = await setUp(raw);
          const asking = failureFrom(ask(running, neverAborted()));
          await running.whenRunning;
          await end(running);
          assert.deepEqual(await asking, { kind: "cancelled" });
          assert.deepEqual(
            running.running.map(({ aborted }) => aborted),
            [true],
          );
          running.service.dispose();
        });
      }
    }

    test("goes on for a query that is cancelled, since the next one needs it, but not for a test of a draft", async () => {
      const running = await setUp(raw);
      const { service, id } = running;
      const controller = new AbortController();
      const query = failureFrom(uses[0]?.ask(running, controller.signal) ?? assert.fail());
      await running.whenRunning;
      const profile = service.find(id) ?? assert.fail();
      const testing = failureFrom(service.test(profile, noDrafts, { signal: controller.signal }));
      while (running.running.length < 2) await new Promise((resolve) => setImmediate(resolve));
      controller.abort();
      assert.deepEqual([(await query).kind, (await testing).kind], ["cancelled", "cancelled"]);
      assert.deepEqual(
        running.running.map(({ aborted }) => aborted),
        [false, true],
      );
      service.dispose();
    });

    test("is not asked after the service is disposed", async () => {
      const running = await setUp(raw);
      const { service, id } = running;
      const source = await service.sourceFor(id);
      const profile = service.find(id) ?? assert.fail();
      service.dispose();
      assert.equal((await failureFrom(source.query({ query: "up" }, { signal: neverAborted() }))).kind, "cancelled");
      assert.equal((await failureFrom(service.test(profile, noDrafts, { signal: neverAborted() }))).kind, "cancelled");
      assert.equal((await failureFrom(service.check(id, { signal: neverAborted() }))).kind, "cancelled");
      assert.deepEqual(running.running, []);
    });
  });
}
