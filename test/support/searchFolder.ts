import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type PlantedSecret, type SecretFound, secretsIn } from "./secretSearch.ts";

/** Every planted secret in the files below a folder, and in their names; and how many files were looked into. */
export async function searchFolder(
  folder: string,
  planted: readonly PlantedSecret[],
): Promise<{ readonly found: readonly SecretFound[]; readonly files: number }> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const found: SecretFound[] = [];
  for (const path of paths) {
    // What a running program takes away in between holds nothing any more.
    const content = await readFile(path).catch(() => new Uint8Array());
    found.push(...secretsIn(path, "the name of a file", planted), ...secretsIn(content, path, planted));
  }
  return { found, files: paths.length };
}
