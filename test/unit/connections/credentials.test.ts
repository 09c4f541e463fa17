import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Credentials, type CredentialsDeps, noDrafts } from "../../../src/connections/credentials.ts";
import { type Profile, parseProfile } from "../../../src/connections/profile.ts";
import { ConnectionSecrets, type SecretPurpose } from "../../../src/connections/secrets.ts";
import { NodeFileReader } from "../../../src/host/nodeFileReader.ts";
import { NodeProgramRunner } from "../../../src/host/nodeProgramRunner.ts";
import { systemClock } from "../../../src/host/systemClock.ts";
import { AppError, type Failure } from "../../../src/shared/errors.ts";
import type { RequestCredentials } from "../../../src/shared/model/source.ts";
import type { TokenRequest } from "../../../src/shared/model/tokenRequest.ts";
import { MemorySecrets } from "../../support/connectionDoubles.ts";
import { failureFrom, neverAborted } from "../../support/sources.ts";

const origin = "https://prom.example";

function profile(auth: unknown, more: Record<string, unknown> = {}): Profile {
  const parsed = parseProfile({ id: "a", name: "A", url: `${origin}/p`, auth, ...more });
  assert.ok(parsed.ok);
  return parsed.profile;
}

interface SetUp extends Partial<CredentialsDeps> {
  readonly stored?: Readonly<Record<string, string>>;
  readonly boundTo?: string;
}

/** What a request of a profile carries; later calls say what was refused. */
async function credentialsOf(one: Profile, { stored = {}, boundTo = origin, ...deps }: SetUp = {}) {
  const secrets = new ConnectionSecrets(new MemorySecrets());
  for (const [purpose, value] of Object.entries(stored)) {
    await secrets.save("a", purpose as SecretPurpose, { origin: boundTo, value });
  }
  const credentials = new Credentials(one, noDrafts, {
    secrets,
    environment: () => undefined,
    files: new NodeFileReader(),
    programs: new NodeProgramRunner(),
    requestToken: () => assert.fail("no token is asked for"),
    isTrusted: () => true,
    clock: systemClock,
    ...deps,
  });
  return (refused?: RequestCredentials, to = origin, onWait?: (waitedFor: Failure | undefined) => void) =>
    credentials.for(to, { signal: neverAborted(), refused, onWait });
}

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "promql-credentials-"));
});
after(() => rm(folder, { recursive: true, force: true }));

async function untilRead(path: string): Promise<number> {
  for (;;) {
    const pid = Number(await readFile(path, "utf8").catch(() => ""));
    if (pid > 0) return pid;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A killed child of a killed parent may stay as an entry that nobody has asked about yet. */
function isAlive(pid: number): boolean {
  try {
    return !/ Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

describe("what is sent", () => {
  const pair = Buffer.from("jürgen:pä:ss").toString("base64");
  const cases: readonly {
    readonly title: string;
    readonly one: Profile;
    readonly stored?: SetUp["stored"];
    readonly expected: RequestCredentials;
  }[] = [
    {
      title: "nothing but plain headers and parameters",
      one: profile({ type: "none" }, { headers: { "X-Scope-OrgID": "t" }, queryParams: { dedup: "true" } }),
      expected: { headers: { "X-Scope-OrgID": "t" }, queryParams: { dedup: "true" }, secrets: [] },
    },
    {
      title: "a bearer token",
      one: profile({ type: "bearer" }),
      stored: { token: "t0k" },
      expected: { headers: { Authorization: "Bearer t0k" }, queryParams: {}, secrets: ["t0k"] },
    },
    {
      title: "basic: base64 of UTF-8; both forms are to be redacted",
      one: profile({ type: "basic", username: "jürgen" }),
      stored: { password: "pä:ss" },
      expected: { headers: { Authorization: `Basic ${pair}` }, queryParams: {}, secrets: ["pä:ss", pair] },
    },
    {
      title: "a raw value, no scheme added",
      one: profile({ type: "raw" }),
      stored: { authorization: "ZGF0YQ==" },
      expected: { headers: { Authorization: "ZGF0YQ==" }, queryParams: {}, secrets: ["ZGF0YQ=="] },
    },
    {
      title: "secret headers and parameters beside plain ones",
      one: profile(
        { type: "none" },
        {
          headers: { "X-A": "1" },
          secretHeaders: ["X-Api-Key"],
          queryParams: { b: "2" },
          secretQueryParams: ["authKey"],
        },
      ),
      stored: { "header:X-Api-Key": "k3y", "query:authKey": "p4r" },
      expected: {
        headers: { "X-A": "1", "X-Api-Key": "k3y" },
        queryParams: { b: "2", authKey: "p4r" },
        secrets: ["k3y", "p4r"],
      },
    },
  ];
  for (const { title, one, stored, expected } of cases) {
    test(title, async () => {
      const ask = await credentialsOf(one, stored === undefined ? {} : { stored });
      assert.deepEqual(await ask(), expected);
    });
  }
});

describe("nothing is sent", () => {
  const bearer = profile({ type: "bearer" });
  const cases: readonly {
    readonly title: string;
    readonly one: Profile;
    readonly setUp: SetUp;
    readonly to?: string;
    readonly expected: Failure;
  }[] = [
    {
      title: "without the token",
      one: bearer,
      setUp: {},
      expected: { kind: "secretMissing", connectionId: "a", purpose: "token" },
    },
    {
      title: "without a secret header",
      one: profile({ type: "none" }, { secretHeaders: ["X-K"] }),
      setUp: {},
      expected: { kind: "secretMissing", connectionId: "a", purpose: "header:X-K" },
    },
    {
      title: "to another origin than the profile's, not even plain headers",
      one: profile({ type: "none" }, { headers: { "X-A": "1" } }),
      setUp: {},
      to: "https://prom.example:444",
      expected: { kind: "originChanged", connectionId: "a", boundTo: origin, origin: "https://prom.example:444" },
    },
    {
      title: "of a secret that was given for another origin",
      one: bearer,
      setUp: { stored: { token: "s3cret" }, boundTo: "https://old.example" },
      expected: { kind: "originChanged", connectionId: "a", boundTo: "https://old.example", origin },
    },
    {
      title: "of a client secret that was given for the server and not for the token server",
      one: profile({ type: "oauth2", tokenUrl: "https://login.example/t", clientId: "c" }),
      setUp: { stored: { clientSecret: "s3cret" } },
      expected: { kind: "originChanged", connectionId: "a", boundTo: origin, origin: "https://login.example" },
    },
    {
      title: "with a value that would end the header",
      one: bearer,
      setUp: { stored: { token: "a\r\nX: b" } },
      expected: { kind: "misconfigured", what: "secretCharacters", detail: "token" },
    },
    {
      title: "of a variable that is not set",
      one: profile({ type: "bearer", tokenRef: "$env:UNSET" }),
      setUp: {},
      expected: { kind: "credential", source: "env", problem: "unset", name: "UNSET", detail: "" },
    },
    {
      title: "of a variable of two lines",
      one: profile({ type: "bearer", tokenRef: "$env:TWO" }),
      setUp: { environment: () => "a\nb" },
      expected: { kind: "credential", source: "env", problem: "characters", name: "TWO", detail: "" },
    },
    {
      title: "of a file that is not there",
      one: profile({ type: "bearer", tokenRef: "$file:/nowhere/token" }),
      setUp: {},
      expected: { kind: "credential", source: "file", problem: "notFound", name: "/nowhere/token", detail: "ENOENT" },
    },
    {
      title: "of a device, which may never end",
      one: profile({ type: "bearer", tokenRef: "$file:/dev/zero" }),
      setUp: {},
      expected: { kind: "credential", source: "file", problem: "unreadable", name: "/dev/zero", detail: "EINVAL" },
    },
    {
      title: "of a command in Restricted Mode",
      one: profile({ type: "command", command: ["/bin/echo", "x"] }),
      setUp: { isTrusted: () => false, programs: { run: () => assert.fail("it runs") } },
      expected: { kind: "credential", source: "command", problem: "notAllowed", name: "/bin/echo", detail: "" },
    },
  ];
  for (const { title, one, setUp, to, expected } of cases) {
    test(title, async () => {
      const ask = await credentialsOf(one, setUp);
      const found = await failureFrom(ask(undefined, to));
      assert.deepEqual(found, expected);
      assert.equal(JSON.stringify(found).includes("s3cret"), false);
    });
  }
});

test("a file that is empty, too long or a pipe is no token, and a pipe keeps nobody waiting", async () => {
  const cases = [
    ["empty", "", "empty"],
    ["long", "x".repeat(70_000), "tooLarge"],
    ["pipe", undefined, "unreadable"],
  ] as const;
  for (const [name, content, problem] of cases) {
    const path = join(folder, name);
    if (content === undefined) execFileSync("mkfifo", [path]);
    else await writeFile(path, content);
    const ask = await credentialsOf(profile({ type: "bearer", tokenRef: `$file:${path}` }));
    const failure = await failureFrom(ask());
    assert.ok(failure.kind === "credential");
    assert.equal(failure.problem, problem, name);
  }
});

test("a file is read for each request, without the blanks around it", async () => {
  const path = join(folder, "token");
  const ask = await credentialsOf(profile({ type: "bearer", tokenRef: `$file:${path}` }));
  await writeFile(path, " first\r\n");
  assert.equal((await ask()).headers["Authorization"], "Bearer first");
  await writeFile(path, "second\n");
  assert.equal((await ask()).headers["Authorization"], "Bearer second");
});

describe("who keeps a request waiting is told", () => {
  const silent = {
    programs: { run: () => new Promise<never>(() => {}) },
    requestToken: () => new Promise<never>(() => {}),
  };
  const cases: readonly { readonly title: string; readonly one: Profile; readonly expected: object }[] = [
    {
      title: "a program, without its arguments",
      one: profile({ type: "command", command: ["/bin/token", "s3cret"] }),
      expected: { source: "command", name: "/bin/token" },
    },
    {
      title: "a token server, without its query",
      one: profile({ type: "oauth2", tokenUrl: "https://login.example/t?a=s3cret", clientId: "c" }),
      expected: { source: "oauth2", name: "https://login.example/t" },
    },
    {
      title: "the system's keyring, which may ask for a password",
      one: profile({ type: "bearer" }),
      expected: { source: "keyring", name: "" },
    },
    {
      title: "a file",
      one: profile({ type: "bearer", tokenRef: "$file:/net/token" }),
      expected: { source: "file", name: "/net/token" },
    },
  ];
  for (const { title, one, expected } of cases) {
    test(title, async () => {
      const ask = await credentialsOf(one, {
        ...silent,
        stored: { clientSecret: "x" },
        boundTo: "https://login.example",
        files: { read: () => new Promise<never>(() => {}) },
      });
      const told: unknown[] = [];
      ask(undefined, origin, (failure) => told.push(failure)).catch(() => {});
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(told.at(-1), { kind: "credential", problem: "timedOut", detail: "", ...expected });
    });
  }

  test("and that nobody does any more", async () => {
    const ask = await credentialsOf(profile({ type: "command", command: [process.execPath, "-e", "console.log(1)"] }));
    const told: unknown[] = [];
    await ask(undefined, origin, (failure) => told.push(failure));
    assert.deepEqual([told.length > 1, told.at(-1)], [true, undefined]);
  });
});

describe("a credential command", () => {
  const node = process.execPath;
  const command = (script: string) => profile({ type: "command", command: [node, "-e", script] });
  const failures: readonly { readonly title: string; readonly one: Profile; readonly problem: object }[] = [
    {
      title: "that is not there",
      one: profile({ type: "command", command: ["/nowhere/program"] }),
      problem: { problem: "notFound", name: "/nowhere/program", code: "ENOENT" },
    },
    {
      title: "that fails; what it says is not told, since it may be a secret",
      one: command("console.error('s3cret'); process.exit(3)"),
      problem: { problem: "failed", name: node, code: "3" },
    },
    { title: "that prints nothing", one: command(""), problem: { problem: "empty", name: node } },
    {
      title: "that prints too much",
      one: command("process.stdout.write('x'.repeat(70000))"),
      problem: { problem: "tooLarge", name: node },
    },
    {
      title: "that prints JSON without a token",
      one: command('console.log(\'{"token":"x"}\')'),
      problem: { problem: "badAnswer", name: node },
    },
    {
      title: "that prints two words",
      one: command("console.log('not a token')"),
      problem: { problem: "characters", name: node },
    },
  ];
  for (const { title, one, problem } of failures) {
    test(title, async () => {
      const ask = await credentialsOf(one);
      assert.deepEqual(await failureFrom(ask()), { kind: "credential", source: "command", detail: "", ...problem });
    });
  }

  test("gives its first line, with exactly its arguments and no shell", async () => {
    const script = "console.log(Buffer.from(process.argv[1]).toString('hex') + '\\nmore')";
    const argument = '$(id); `id` %PATH% "quoted" * é';
    const ask = await credentialsOf(profile({ type: "command", command: [node, "-e", script, argument] }));
    assert.equal((await ask()).headers["Authorization"], `Bearer ${Buffer.from(argument).toString("hex")}`);
  });

  test("runs once until its token expires or is refused, and once for all who wait", async () => {
    let runs = 0;
    let now = 1000;
    const expiry = new Date(now + 600_000).toISOString();
    const ask = await credentialsOf(command(""), {
      clock: { now: () => now, setTimeout: systemClock.setTimeout },
      programs: {
        run: async () => ({ code: 0, stdout: JSON.stringify({ access_token: `t${++runs}`, expiry }), stderr: "" }),
      },
    });
    const first = await Promise.all([ask(), ask(), ask()]);
    assert.deepEqual(
      first.map(({ headers }) => headers["Authorization"]),
      ["Bearer t1", "Bearer t1", "Bearer t1"],
    );
    // So new that another one would be refused as well.
    assert.deepEqual((await ask(first[0])).secrets, ["t1"]);
    now += 2_000;
    assert.deepEqual((await ask(first[0])).secrets, ["t2"]);
    // Refused is the first one, which nobody uses any more.
    assert.deepEqual((await ask(first[0])).secrets, ["t2"]);
    now += 580_000;
    assert.deepEqual((await ask()).secrets, ["t3"]);
    assert.equal(runs, 3);
  });

  test("that fails is not run again by every read that waits for it", async () => {
    let runs = 0;
    let now = 0;
    const ask = await credentialsOf(command(""), {
      clock: { now: () => now, setTimeout: systemClock.setTimeout },
      programs: {
        run: async () => {
          runs++;
          return { code: 1, stdout: "", stderr: "" };
        },
      },
    });
    for (let i = 0; i < 5; i++) assert.equal((await failureFrom(ask())).kind, "credential");
    assert.equal(runs, 1);
    now = 6_000;
    await failureFrom(ask());
    assert.equal(runs, 2);
  });

  test("ends with everything that it has started, and does not wait for what it leaves behind", async () => {
    const runner = new NodeProgramRunner();
    const pidFile = join(folder, "pid");
    const controller = new AbortController();
    const shell = ["/bin/sh", "-c", `sleep 60 & echo $! > ${pidFile}; wait`];
    const ended = runner.run(shell, { maxBytes: 100, signal: controller.signal }).catch((error: unknown) => error);
    const pid = await untilRead(pidFile);
    controller.abort(new Error("given up"));
    assert.equal(((await ended) as Error).message, "given up");
    while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
    const background = ["/bin/sh", "-c", `sleep 60 & echo $! > ${pidFile}2; echo token`];
    const outcome = await runner.run(background, { maxBytes: 100, signal: neverAborted() });
    assert.deepEqual(outcome, { code: 0, stdout: "token\n", stderr: "" });
    process.kill(await untilRead(`${pidFile}2`));
  });

  test("that Windows would find only in a shell says so, whether or not its name is written whole", async () => {
    const path = join(folder, "bin");
    await mkdir(path);
    for (const name of ["promql-a.cmd", "promql-b.bat", "promql-c.txt"])
      await writeFile(join(path, name), "@echo t0k\r\n");
    const windows = new NodeProgramRunner({ platform: "win32", searchPath: `${folder}/none;;"${path}";` });
    const run = (program: string) =>
      windows.run([program, "x"], { maxBytes: 100, signal: neverAborted() }).catch((error: unknown) => String(error));
    for (const program of ["promql-a", "promql-b", "promql-a.cmd", "PROMQL-A.CMD", join(path, "promql-a")]) {
      assert.equal(await run(program), "shellScript", program);
    }
    for (const program of ["promql-c", "promql-d", join(folder, "promql-a")]) {
      assert.match(String(await run(program)), /ENOENT/, program);
    }
  });

  test("that takes too long is killed", async () => {
    let callback = () => {};
    let killed: boolean | undefined;
    const ask = await credentialsOf(command(""), {
      clock: {
        now: () => 0,
        setTimeout: (run) => {
          callback = run;
          return { dispose() {} };
        },
      },
      programs: {
        run: (_command, { signal }) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener("abort", () => {
              killed = true;
              reject(new Error("aborted"));
            });
          }),
      },
    });
    const asking = failureFrom(ask());
    await new Promise((resolve) => setImmediate(resolve));
    callback();
    const failure = await asking;
    assert.deepEqual([failure.kind, "problem" in failure && failure.problem, killed], ["credential", "timedOut", true]);
  });
});

test("OAuth2: the client's secret goes to the token server, and its token to the server until shortly before it expires", async () => {
  const asked: TokenRequest[] = [];
  let now = 0;
  const auth = {
    type: "oauth2",
    tokenUrl: "https://login.example/t",
    clientId: "c",
    scopes: ["s"],
    params: { audience: "x" },
  };
  const ask = await credentialsOf(profile(auth), {
    stored: { clientSecret: "s3cret" },
    boundTo: "https://login.example",
    clock: { now: () => now, setTimeout: systemClock.setTimeout },
    requestToken: async (request) => {
      asked.push(request);
      return { accessToken: `t${asked.length}`, expiresInSeconds: 3600, signedIn: "basic" };
    },
  });
  assert.deepEqual(await ask(), { headers: { Authorization: "Bearer t1" }, queryParams: {}, secrets: ["t1"] });
  now = 3_500_000;
  assert.deepEqual((await ask()).secrets, ["t1"]);
  now = 3_580_000;
  assert.deepEqual((await ask()).secrets, ["t2"]);
  const { type: _type, ...request } = auth;
  assert.deepEqual(asked, [
    { ...request, clientSecret: "s3cret", signIn: undefined },
    { ...request, clientSecret: "s3cret", signIn: "basic" },
  ]);
});

test("OAuth2: how the client signs in is found out once, and again after it was refused", async () => {
  const asked: TokenRequest["signIn"][] = [];
  let now = 0;
  let problem: "refused" | "unreachable" | undefined;
  const ask = await credentialsOf(profile({ type: "oauth2", tokenUrl: "https://login.example/t", clientId: "c" }), {
    stored: { clientSecret: "s3cret" },
    boundTo: "https://login.example",
    clock: { now: () => now, setTimeout: systemClock.setTimeout },
    requestToken: async ({ signIn }) => {
      asked.push(signIn);
      if (problem === undefined) return { accessToken: `t${asked.length}`, expiresInSeconds: 60, signedIn: "form" };
      throw new AppError({ kind: "credential", source: "oauth2", problem, name: "", detail: "" });
    },
  });
  const outcomes = [undefined, "unreachable", "refused", undefined, undefined] as const;
  for (const outcome of outcomes) {
    problem = outcome;
    await ask().catch(() => {});
    now += 100_000;
  }
  assert.deepEqual(asked, [undefined, "form", "form", undefined, "form"]);
});
