import { spawn } from "node:child_process";
import type { ProgramOutcome, ProgramRunner } from "../platform/ports.ts";

/** As much of what a program complains is kept. */
const maxComplaint = 4096;

/** Starts programs on the machine that the extension host runs on: no shell, no window, no input. */
export class NodeProgramRunner implements ProgramRunner {
  run(
    [program = "", ...args]: readonly string[],
    { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
  ): Promise<ProgramOutcome | "tooMuchOutput" | "shellScript"> {
    // Node itself refuses these since CVE-2024-27980: their arguments are read by cmd.exe, whatever is quoted.
    if (process.platform === "win32" && /\.(?:cmd|bat)$/i.test(program)) return Promise.resolve("shellScript");
    return new Promise((resolve, reject) => {
      const child = spawn(program, args, {
        shell: false,
        windowsHide: true,
        stdio: ["ignore", "pipe", "pipe"],
        signal,
      });
      const stdout: Buffer[] = [];
      let length = 0;
      let stderr = "";
      child.stdout.on("data", (chunk: Buffer) => {
        length += chunk.length;
        if (length > maxBytes) {
          child.kill("SIGKILL");
          resolve("tooMuchOutput");
        } else stdout.push(chunk);
      });
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        stderr = (stderr + text).slice(0, maxComplaint);
      });
      child.once("error", reject);
      child.once("close", (code) => {
        resolve({ code: code ?? undefined, stdout: Buffer.concat(stdout).toString("utf8"), stderr });
      });
    });
  }
}
