import * as vscode from "vscode";
import { runRemedy } from "../../host/remedies.ts";
import type { ResultsDesk } from "./resultsSession.ts";
import { savePicture } from "./savePicture.ts";

/** The clipboard, files and repairs of VS Code. */
export const editorDesk: ResultsDesk = {
  copyText: async (text) => vscode.env.clipboard.writeText(text),
  savePicture: (name, bytes, near) => savePicture(name, bytes, vscode.Uri.parse(near)),
  repair: runRemedy,
};
