import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";

/** The arguments that a real shell hands to a command, which lists them instead of obeying them. */
export function argumentsInShell(command: string, environment: Readonly<Record<string, string>> = {}): string[] {
  const stub = (name: string) => `${name}() { for word in "$@"; do printf '%s\\0' "$word"; done; }`;
  const script = `${stub("curl")}\n${stub("promtool")}\n${command}\n`;
  const { stdout, stderr, status } = spawnSync("/bin/sh", ["-s"], {
    input: script,
    encoding: "utf8",
    env: { ...environment, PATH: "/nowhere" },
  });
  assert.equal(status, 0, `${stderr}\n${command}`);
  return stdout.split("\0").slice(0, -1);
}

/** A text as it arrives elsewhere: lone surrogates have no bytes of their own. */
export function asUtf8(text: string): string {
  return Buffer.from(text, "utf8").toString("utf8");
}
