import assert from "node:assert/strict";
import { ConnectionService } from "../../src/connections/connectionService.ts";
import type { SecretDrafts } from "../../src/connections/credentials.ts";
import { type Profile, parseProfile } from "../../src/connections/profile.ts";
import { ProfileStore } from "../../src/connections/profileStore.ts";
import { ConnectionSecrets } from "../../src/connections/secrets.ts";
import { failureOf } from "../../src/shared/errors.ts";
import type { QueryAnswer } from "../../src/shared/model/answer.ts";
import type { SourceFactory } from "../../src/shared/model/source.ts";
import {
  answerOf,
  bareNetwork,
  FakeSource,
  MemoryProfileSettings,
  MemorySecrets,
  MemoryValues,
  silentLog,
  upVector,
} from "./connectionDoubles.ts";

/** A connection without sign-in. */
export const one = { id: "one", name: "One", url: "https://one.example" };
/** A connection with a bearer token. */
export const two = { id: "two", name: "Two", url: "https://two.example/p", auth: { type: "bearer" } };
export const signal = new AbortController().signal;
/** A token that was just typed. */
export const typedToken = (value: string): SecretDrafts => ({ typed: new Map([["token", value]]), confirmed: [] });

/** A service over doubles of everything around it; `sources` are those that it made. */
export function setUp(
  value: unknown,
  respond: (query: string) => QueryAnswer | Promise<QueryAnswer> = (query) =>
    query === "up" ? upVector([1, 0, 1]) : answerOf({ type: "scalar", time: 1, value: 2 }),
  change: (source: FakeSource) => void = () => {},
) {
  const log: string[] = [];
  const settings = new MemoryProfileSettings(value, log);
  const secretStore = new MemorySecrets(log);
  const secrets = new ConnectionSecrets(secretStore);
  const workspaceMemory = new MemoryValues();
  const sources: FakeSource[] = [];
  let loads = 0;
  const profiles = new ProfileStore(settings, (name) => (name === "TOKEN" ? "t" : undefined));
  const service = new ConnectionService({
    profiles,
    secrets,
    workspaceMemory,
    userMemory: new MemoryValues(),
    loadNetwork: async () => {
      loads++;
      const createSource: SourceFactory = (endpoint) => {
        const source = new FakeSource(endpoint, respond);
        change(source);
        sources.push(source);
        return source;
      };
      return { createSource, requestToken: () => assert.fail("no token is asked for") };
    },
    environment: (name) => (name === "TOKEN" ? "t" : undefined),
    files: bareNetwork.files,
    editorProxy: bareNetwork.editorProxy,
    programs: { run: async () => ({ code: 0, stdout: "t", stderr: "" }) },
    isTrusted: () => true,
    bounds: () => ({ maxSamples: 7, maxBytes: 8 }),
    clock: { now: () => 1000, setTimeout: () => ({ dispose() {} }) },
    log: silentLog,
  });
  let changes = 0;
  service.onDidChange(() => changes++);
  return {
    log,
    settings,
    secretStore,
    secrets,
    workspaceMemory,
    sources,
    profiles,
    service,
    loads: () => loads,
    changes: () => changes,
  };
}

/** The profile of an element that is right. */
export function profileOf(raw: unknown): Profile {
  const parsed = parseProfile(raw);
  assert.ok(parsed.ok);
  return parsed.profile;
}

/** Waits for what goes on behind a call that nobody waits for. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** What the work failed with. */
export async function failure(work: Promise<unknown>) {
  return work.then(
    () => assert.fail("nothing was thrown"),
    (error: unknown) => failureOf(error),
  );
}
