import { parseCellOutput } from "../../src/shared/protocol/cellOutput.ts";
import { NotebookPage } from "./notebookPage.ts";
import { OutputMount } from "./outputMount.ts";
import type { Renderer, RendererContext } from "./rendererApi.ts";

/** Called by VS Code once for each page of outputs. */
export function activate(context: RendererContext): Renderer {
  const page = new NotebookPage(context);
  const mounts = new Map<string, OutputMount>();
  return {
    renderOutputItem(item, element) {
      const mount = mounts.get(item.id) ?? new OutputMount(page);
      mounts.set(item.id, mount);
      mount.show(parseCellOutput(item.text()), element);
    },
    disposeOutputItem(id) {
      for (const gone of id === undefined ? [...mounts.keys()] : [id]) {
        mounts.get(gone)?.dispose();
        mounts.delete(gone);
      }
    },
  };
}
