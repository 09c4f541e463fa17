import { stat } from "node:fs/promises";
import { join } from "node:path";

const extensions = [".cmd", ".bat"];

/**
 * True if a name that Windows found no program for is that of a script, such as `gcloud` of `gcloud.cmd`: a terminal finds it,
 * CreateProcess does not. `searchPath` is the value of `Path`.
 */
export async function isScriptName(program: string, searchPath: string): Promise<boolean> {
  const folders = /[\\/]/.test(program) ? [""] : searchPath.split(";").map((folder) => folder.replaceAll('"', ""));
  for (const folder of folders) {
    if (folder === "" && folders.length > 1) continue;
    for (const extension of extensions) {
      if (await isFile(join(folder, program + extension))) return true;
    }
  }
  return false;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
