import { spawn } from "node:child_process";
import type { ProgramOutcome, ProgramRunner } from "../platform/ports.ts";
import { isScriptName } from "./windowsScript.ts";

/** As much of what a program complains is kept. */
const maxComplaint = 4096;

/** How long output is waited for after a program's end, in ms. */
const drainMs = 500;

/** Starts programs on the machine that the extension host runs on: no shell, no window, no input. */
export class NodeProgramRunner implements ProgramRunner {
  readonly #isWindows: boolean;
  readonly #searchPath: string;

  constructor({ platform = process.platform, searchPath = process.env["PATH"] ?? "" } = {}) {
    this.#isWindows = platform === "win32";
    this.#searchPath = searchPath;
  }

  run(
    [program = "", ...args]: readonly string[],
    { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
  ): Promise<ProgramOutcome | "tooMuchOutput" | "shellScript"> {
    // Node itself refuses these since CVE-2024-27980: their arguments are read by cmd.exe, whatever is quoted.
    const isWindows = this.#isWindows;
    if (isWindows && /\.(?:cmd|bat)$/i.test(program)) return Promise.resolve("shellScript");
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      // In a group of its own, so that what it starts itself ends with it.
      const stdio: ["ignore", "pipe", "pipe"] = ["ignore", "pipe", "pipe"];
      const child = spawn(program, args, { shell: false, windowsHide: true, detached: !isWindows, stdio });
      const kill = () => {
        try {
          if (isWindows || child.pid === undefined) child.kill("SIGKILL");
          else process.kill(-child.pid, "SIGKILL");
        } catch {
          // It has ended by itself.
        }
      };
      const onAbort = () => {
        kill();
        reject(signal.reason);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      const stdout: Buffer[] = [];
      let length = 0;
      let stderr = "";
      child.stdout.on("data", (chunk: Buffer) => {
        length += chunk.length;
        if (length > maxBytes) {
          kill();
          resolve("tooMuchOutput");
        } else stdout.push(chunk);
      });
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        stderr = (stderr + text).slice(0, maxComplaint);
      });
      const done = (code: number | null) => {
        signal.removeEventListener("abort", onAbort);
        resolve({ code: code ?? undefined, stdout: Buffer.concat(stdout).toString("utf8"), stderr });
      };
      child.once("error", (error) => {
        signal.removeEventListener("abort", onAbort);
        // Node closes what was never opened too, and tells of it at once.
        child.removeAllListeners("exit").removeAllListeners("close");
        const isMissing = isWindows && "code" in error && error.code === "ENOENT";
        const looking = isMissing ? isScriptName(program, this.#searchPath) : Promise.resolve(false);
        looking.then((isScript) => (isScript ? resolve("shellScript") : reject(error)), reject);
      });
      // What it left running in the background may hold the pipes open: its own end counts, and what came until just after.
      child.once("exit", (code) => setTimeout(() => done(code), drainMs).unref());
      child.once("close", done);
    });
  }
}
