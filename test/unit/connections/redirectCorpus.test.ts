import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { after, before, describe, test } from "node:test";
import { ConnectionService } from "../../../src/connections/connectionService.ts";
import { ProfileStore } from "../../../src/connections/profileStore.ts";
import { ConnectionSecrets, type SecretPurpose } from "../../../src/connections/secrets.ts";
import { NodeFileReader } from "../../../src/host/nodeFileReader.ts";
import { NodeProgramRunner } from "../../../src/host/nodeProgramRunner.ts";
import { systemClock } from "../../../src/host/systemClock.ts";
import { createNetwork } from "../../../src/prometheus/network.ts";
import { type Failure, failureOf } from "../../../src/shared/errors.ts";
import type { MetricsSource } from "../../../src/shared/model/source.ts";
import { pem, tlsFixture } from "../../support/certificates.ts";
import { MemoryProfileSettings, MemorySecrets, MemoryValues } from "../../support/connectionDoubles.ts";
import { newPrefix, type RedirectCase, type RedirectPlaces, redirects } from "../../support/redirects.ts";
import { awkward, awkwardToken, type PlantedSecret, plantSecret, secretsIn } from "../../support/secretSearch.ts";
import { neverAborted, recordingLogger } from "../../support/sources.ts";

/*
 * Every redirect of the corpus, over real sockets, with every kind of credential and both transports: a server of another
 * origin records what reaches it, and that is nothing, not even a connection.
 */
const header = awkward.replace("é", "");
const planted = {
  bearer: plantSecret("bearer", "0", awkwardToken),
  basic: plantSecret("basic", "0"),
  raw: plantSecret("raw", "0", header),
  secretHeader: plantSecret("secretHeader", "0", header),
  cookie: plantSecret("cookie", "0", "+/=~&"),
  plainHeader: plantSecret("plainHeader", "0", header),
  secretParameter: plantSecret("secretParameter", "0"),
  plainParameter: plantSecret("plainParameter", "0"),
  clientSecret: plantSecret("clientSecret", "0"),
  issued: plantSecret("issued", "0", awkwardToken),
  command: plantSecret("command", "0", awkwardToken),
  env: plantSecret("env", "0", awkwardToken),
  file: plantSecret("file", "0"),
} as const;
const all: readonly PlantedSecret[] = Object.values(planted);
/** A tenant or the like stands in the settings for everybody to read: it may be shown, but goes nowhere else. */
const secret = all.filter((one) => one !== planted.plainHeader && one !== planted.plainParameter);

interface Kind {
  readonly title: string;
  readonly profile: () => Readonly<Record<string, unknown>>;
  readonly stored?: { readonly [purpose in SecretPurpose]?: string };
  /** What the own server has to have received for the kind to be tested at all. */
  readonly sent: readonly PlantedSecret[];
}

let folder: string;
let issuer: Recorder;

const everything: Kind = {
  title: "all of them that go together",
  profile: () => ({
    auth: { type: "basic", username: "user" },
    ...{ headers: { "X-Scope-OrgID": planted.plainHeader.value }, secretHeaders: ["X-Api-Key", "Cookie"] },
    ...{ queryParams: { tenant: planted.plainParameter.value }, secretQueryParams: ["authKey"] },
  }),
  stored: {
    password: planted.basic.value,
    "header:X-Api-Key": planted.secretHeader.value,
    "header:Cookie": planted.cookie.value,
    "query:authKey": planted.secretParameter.value,
  },
  sent: [
    ...[planted.basic, planted.plainHeader, planted.secretHeader, planted.cookie],
    ...[planted.plainParameter, planted.secretParameter],
  ],
};

const issued: Kind = {
  title: "a token of OAuth2",
  profile: () => ({ auth: { type: "oauth2", tokenUrl: `${issuer.origin}/token`, clientId: "client" } }),
  stored: { clientSecret: planted.clientSecret.value },
  sent: [planted.issued],
};

/** A command that prints a file; not Node, where it can be, since it runs often. */
const printing = (path: string): readonly string[] =>
  process.platform === "win32"
    ? [process.execPath, "-p", `fs.readFileSync(${JSON.stringify(path)}, "utf8")`]
    : ["cat", path];

const kinds: readonly Kind[] = [
  {
    title: "a bearer token",
    profile: () => ({ auth: { type: "bearer" } }),
    stored: { token: planted.bearer.value },
    sent: [planted.bearer],
  },
  {
    title: "a password",
    profile: () => ({ auth: { type: "basic", username: "user" } }),
    stored: { password: planted.basic.value },
    sent: [planted.basic],
  },
  {
    title: "a raw Authorization header",
    profile: () => ({ auth: { type: "raw" } }),
    stored: { authorization: planted.raw.value },
    sent: [planted.raw],
  },
  {
    title: "a secret header",
    profile: () => ({ secretHeaders: ["X-Api-Key"] }),
    stored: { "header:X-Api-Key": planted.secretHeader.value },
    sent: [planted.secretHeader],
  },
  {
    title: "a cookie",
    profile: () => ({ secretHeaders: ["Cookie"] }),
    stored: { "header:Cookie": planted.cookie.value },
    sent: [planted.cookie],
  },
  {
    title: "a plain header of one's own",
    profile: () => ({ headers: { "X-Scope-OrgID": planted.plainHeader.value } }),
    sent: [planted.plainHeader],
  },
  {
    title: "a secret query parameter",
    profile: () => ({ secretQueryParams: ["authKey"] }),
    stored: { "query:authKey": planted.secretParameter.value },
    sent: [planted.secretParameter],
  },
  {
    title: "a plain query parameter",
    profile: () => ({ queryParams: { tenant: planted.plainParameter.value } }),
    sent: [planted.plainParameter],
  },
  issued,
  {
    title: "what a program prints",
    profile: () => ({
      auth: { type: "command", command: printing(join(folder, "printed")) },
    }),
    sent: [planted.command],
  },
  {
    title: "a variable of the environment",
    profile: () => ({ auth: { type: "bearer", tokenRef: "$env:PLANTED" } }),
    sent: [planted.env],
  },
  {
    title: "a file",
    profile: () => ({
      auth: { type: "basic", username: "user", passwordRef: `$file:${join(folder, "password")}` },
    }),
    sent: [planted.file],
  },
  everything,
];

/** A request as it reached a server, all of it in one text. */
interface Recorded {
  readonly host: string;
  readonly text: string;
}

interface Recorder {
  readonly origin: string;
  readonly port: number;
  readonly requests: readonly Recorded[];
  /** Connections so far. */
  readonly connections: number;
  clear(): void;
  stop(): void;
}

type Answer = (request: IncomingMessage, recorded: Recorded, response: ServerResponse) => void;

/** Listens on every address of this machine that a redirect of the corpus names, on one port. */
async function startRecorder(answer: Answer, scheme: "http" | "https" = "http"): Promise<Recorder> {
  const requests: Recorded[] = [];
  const servers: Server[] = [];
  let connections = 0;
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await textOf(request);
    const { host = "" } = request.headers;
    const recorded = { host, text: `${request.method} ${request.url}\n${request.rawHeaders.join("\n")}\n${body}` };
    requests.push(recorded);
    response.setHeader("Connection", "close");
    answer(request, recorded, response);
  };
  let port = 0;
  for (const address of ["127.0.0.1", "127.0.0.2", "::1"]) {
    const listener = (request: IncomingMessage, response: ServerResponse) => void handle(request, response);
    const server =
      scheme === "http"
        ? createServer(listener)
        : createSecureServer({ cert: pem("server.pem"), key: pem("server.key.pem") }, listener);
    server.on("connection", () => connections++);
    const isThere = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, address, () => resolve(true));
    });
    // Not every machine has all of them.
    if (!isThere) continue;
    servers.push(server);
    port = (server.address() as AddressInfo).port;
  }
  return {
    origin: `${scheme}://127.0.0.1:${port}`,
    port,
    requests,
    get connections() {
      return connections;
    },
    clear: () => requests.splice(0),
    stop() {
      for (const server of servers) server.close();
    },
  };
}

const good = '{"status":"success","data":{"resultType":"vector","result":[]}}';
const json = { "Content-Type": "application/json" };
/** What the own servers do now. */
let current: RedirectCase;
let own: Readonly<Record<"http" | "https", Recorder>>;
let others: Readonly<Record<"http" | "https", Recorder>>;

function placesOf(request: IncomingMessage, recorded: Recorded, server: Recorder): RedirectPlaces {
  const { scheme = "http", host = "127.0.0.1" } = current;
  const ownHost = `${host}:${server.port}`;
  return {
    own: `${scheme}://${ownHost}`,
    ownHost,
    ownPort: server.port,
    other: others.http.origin,
    otherHost: `127.0.0.1:${others.http.port}`,
    otherTls: others.https.origin,
    path: new URL(request.url ?? "/", "http://h").pathname,
    carried: recorded.text.replace(/\s+/g, " ").slice(0, 4000),
  };
}

/** Redirects as the present case does, and answers below `newPrefix`. */
const redirect: Answer = (request, recorded, response) => {
  const server = own[current.scheme ?? "http"];
  if (request.url?.startsWith(newPrefix)) {
    response.writeHead(200, json).end(/\/query/.test(request.url) ? good : '{"status":"success","data":[]}');
    return;
  }
  const places = placesOf(request, recorded, server);
  const { status = 302, location, headers, body } = current;
  for (const [name, value] of Object.entries(headers?.(places) ?? {})) response.setHeader(name, value);
  const target = location?.(places);
  if (target !== undefined) response.setHeader("Location", target);
  response.statusCode = status;
  response.end(body?.(places) ?? `<html>moved to ${target ?? "somewhere"}</html>`);
};

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "promql-redirects-"));
  await writeFile(join(folder, "password"), `${planted.file.value}\n`);
  await writeFile(join(folder, "printed"), `${planted.command.value}\n`);
  own = { http: await startRecorder(redirect), https: await startRecorder(redirect, "https") };
  const welcome: Answer = (_, __, response) => response.writeHead(200, json).end(good);
  others = { http: await startRecorder(welcome), https: await startRecorder(welcome, "https") };
  issuer = await startRecorder((_, __, response) =>
    response.writeHead(200, json).end(JSON.stringify({ access_token: planted.issued.value, expires_in: 3600 })),
  );
});

after(async () => {
  for (const server of [own.http, own.https, others.http, others.https, issuer]) server.stop();
  await rm(folder, { recursive: true, force: true });
});

type Transport = "own" | "vscode";

/** A connection of the extension: from its setting to its sockets, with one kind of credential. */
async function connect(one: RedirectCase, { profile, stored = {} }: Kind, transport: Transport) {
  const { scheme = "http", host = "127.0.0.1", method = "GET" } = one;
  const origin = `${scheme}://${host}:${own[scheme].port}`;
  const element = { version: 1, id: "c", name: "C", url: origin, method, transport, timeoutMs: 5000, ...profile() };
  const tls = scheme === "https" ? { tls: { caFile: tlsFixture("ca.pem") } } : {};
  const log = recordingLogger();
  const secrets = new ConnectionSecrets(new MemorySecrets());
  const environment = (name: string) => (name === "PLANTED" ? planted.env.value : undefined);
  const profiles = new ProfileStore(new MemoryProfileSettings([{ ...element, ...tls }]), environment);
  assert.deepEqual(profiles.read().disabled, []);
  for (const [purpose, value] of Object.entries(stored)) {
    const to = purpose === "clientSecret" ? tokenOriginOf(element) : origin;
    await secrets.save("c", purpose as SecretPurpose, { origin: to, value: value ?? "" });
  }
  const service = new ConnectionService({
    profiles,
    secrets,
    workspaceMemory: new MemoryValues(),
    userMemory: new MemoryValues(),
    loadNetwork: async () => createNetwork({ userAgent: "promql-workbench/0.0.0-test", log }),
    environment,
    editorProxy: { read: () => undefined },
    files: new NodeFileReader(),
    programs: new NodeProgramRunner(),
    isTrusted: () => true,
    bounds: () => ({ maxSamples: 1_000_000, maxBytes: 64 * 1024 * 1024 }),
    clock: systemClock,
    log,
  });
  const dispose = () => {
    service.dispose();
    profiles.dispose();
  };
  return { service, log, [Symbol.dispose]: dispose };
}

function tokenOriginOf(element: Readonly<Record<string, unknown>>): string {
  const { tokenUrl } = element["auth"] as { readonly tokenUrl: string };
  return new URL(tokenUrl).origin;
}

/** Nothing reached another origin: no connection to the other server, and no request in another name to our own. */
function assertNothingElsewhere(one: RedirectCase): void {
  assert.equal(others.http.connections + others.https.connections, 0);
  for (const scheme of ["http", "https"] as const) {
    const { requests, port } = own[scheme];
    const hosts = new Set(requests.map(({ host }) => host));
    const expected = scheme === (one.scheme ?? "http") ? [`${one.host ?? "127.0.0.1"}:${port}`] : [];
    assert.deepEqual([...hosts], expected);
  }
}

/** Reads, and checks how that ended; answers the failure. */
async function read(
  { expected, host = "127.0.0.1" }: RedirectCase,
  work: () => Promise<unknown>,
): Promise<Failure | undefined> {
  const failure = await work().then(
    () => undefined,
    (error: unknown) => failureOf(error),
  );
  switch (expected.outcome) {
    case "followed":
    case "answered":
      assert.equal(failure, undefined);
      break;
    case "refused":
      assert.ok(failure?.kind === "redirected", JSON.stringify(failure));
      assert.equal(failure.crossOrigin, expected.crossOrigin);
      assert.equal(failure.httpsOrigin, expected.upgrade && `https://${host}:${others.https.port}`);
      break;
    case "failed":
      assert.equal(failure?.kind, expected.kind);
  }
  return failure;
}

function start(one: RedirectCase): void {
  current = one;
  own.http.clear();
  own.https.clear();
}

const query = (source: MetricsSource) => source.query({ query: "up" }, { signal: neverAborted() });

/** VS Code's own `fetch` knows no authority of ours. */
const transportsOf = ({ scheme }: RedirectCase): readonly Transport[] =>
  scheme === "https" ? ["own"] : ["own", "vscode"];

test("the corpus is large, and has no title twice", () => {
  assert.equal(new Set(redirects.map(({ title }) => title)).size, redirects.length);
  assert.ok(redirects.length >= 30, `${redirects.length}`);
});

describe("a query with every kind of credential", () => {
  for (const one of redirects) {
    for (const transport of transportsOf(one)) {
      test(`${one.title}, sent by ${transport === "own" ? "our client" : "VS Code"}`, async () => {
        // The transport is given headers and a path, whatever they were made of.
        for (const kind of transport === "own" ? kinds : [everything, issued]) {
          start(one);
          using connection = await connect(one, kind, transport);
          const source = await connection.service.sourceFor("c");
          const failure = await read(one, () => query(source));
          const { requests } = own[one.scheme ?? "http"];
          const seen = secretsIn(requests[0]?.text ?? "", "own", all).map(({ name }) => name);
          assert.deepEqual([...new Set(seen)].sort(), kind.sent.map(({ name }) => name).sort(), kind.title);
          assertNothingElsewhere(one);
          assert.deepEqual(secretsIn(JSON.stringify(failure ?? {}), "failure", secret), [], kind.title);
          assert.deepEqual(secretsIn(connection.log.lines.join("\n"), "log", secret), [], kind.title);
          if (one.expected.outcome === "followed") assert.ok(requests.length >= 2);
        }
      });
    }
  }
});

describe("metadata, a connection's test and the probe", () => {
  for (const one of redirects) {
    for (const transport of transportsOf(one)) {
      test(`${one.title}, sent by ${transport === "own" ? "our client" : "VS Code"}`, async () => {
        start(one);
        using connection = await connect(one, everything, transport);
        const { service } = connection;
        const source = await service.sourceFor("c");
        const signal = neverAborted();
        const ended = await Promise.allSettled([
          source.labelNames({}, { signal }),
          source.metricNames({}, { signal }),
          source.labelValues("job", {}, { signal }),
          source.series({ matchers: ["up"] }, { signal }),
          source.targets({ signal }),
          source.rules({ signal }),
          source.queryRange({ query: "up", start: 0, end: 60_000, stepMs: 15_000 }, { signal }),
          service.check("c", { signal }),
          service.probe("c", { signal }),
        ]);
        assertNothingElsewhere(one);
        const failures = ended.map((end) => (end.status === "rejected" ? failureOf(end.reason) : undefined));
        assert.ok(failures.every((failure) => failure?.kind !== "bug"));
        assert.deepEqual(secretsIn(JSON.stringify(failures), "failures", secret), []);
        assert.deepEqual(secretsIn(connection.log.lines.join("\n"), "log", secret), []);
      });
    }
  }
});

describe("a token URL, with the client's secret", () => {
  for (const one of redirects) {
    for (const transport of transportsOf(one)) {
      test(`${one.title}, sent by ${transport === "own" ? "our client" : "VS Code"}`, async () => {
        start(one);
        const { scheme = "http", host = "127.0.0.1" } = one;
        const tokenUrl = `${scheme}://${host}:${own[scheme].port}/token`;
        const kind: Kind = {
          title: "the client's secret",
          profile: () => ({ auth: { type: "oauth2", tokenUrl, clientId: "client" } }),
          stored: { clientSecret: planted.clientSecret.value },
          sent: [planted.clientSecret],
        };
        using connection = await connect(one, kind, transport);
        const failure = await query(await connection.service.sourceFor("c")).then(
          () => assert.fail("a token came from nowhere"),
          (error: unknown) => failureOf(error),
        );
        // Nothing of all this is a token: a redirect of a token URL is never followed.
        assert.ok(failure.kind === "credential", JSON.stringify(failure));
        assert.ok(["badAnswer", "refused"].includes(failure.problem), failure.problem);
        const { requests } = own[scheme];
        assert.ok(requests.length === 1 || (requests.length === 2 && one.status === 401));
        assert.ok(Buffer.from(requests[0]?.text ?? "").includes("POST /token"));
        assert.ok(secretsIn(requests[0]?.text ?? "", "own", kind.sent).length > 0);
        assertNothingElsewhere(one);
        assert.deepEqual(secretsIn(JSON.stringify(failure), "failure", secret), []);
        assert.deepEqual(secretsIn(connection.log.lines.join("\n"), "log", secret), []);
      });
    }
  }
});
