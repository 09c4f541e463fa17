import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildAll } from "../esbuild.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const vsce = join(root, "node_modules/@vscode/vsce/vsce");

/** Bytes that the VSIX may have at the most. */
export const vsixLimit = 2_000_000;

/** The files that `vsce` would put into the VSIX. */
export function packagedFiles(): string[] {
  const listing = execFileSync(process.execPath, [vsce, "ls", "--no-dependencies"], { cwd: root, encoding: "utf8" });
  return listing.split("\n").filter((line) => line !== "");
}

/** Builds for production and makes `promql-workbench-VERSION.vsix` in the project's folder; answers its path. */
export async function packageExtension(): Promise<string> {
  await buildAll({ production: true });
  const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    name: string;
    version: string;
  };
  const vsix = join(root, `${name}-${version}.vsix`);
  execFileSync(
    process.execPath,
    [vsce, "package", "--no-dependencies", "--allow-missing-repository", "--no-rewrite-relative-links", "--out", vsix],
    {
      cwd: root,
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  const files = packagedFiles();
  const { size } = statSync(vsix);
  if (size > vsixLimit) throw new Error(`${vsix} has ${size} bytes, more than ${vsixLimit}`);
  if (files.some((file) => file.includes("node_modules"))) throw new Error("node_modules is in the VSIX");
  if (!files.includes("dist/THIRD-PARTY-NOTICES.txt")) throw new Error("The third-party notices are not in the VSIX");
  return vsix;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const vsix = await packageExtension();
  console.log(`${vsix}: ${(statSync(vsix).size / 1024).toFixed(0)} KB, ${packagedFiles().length} files`);
}
