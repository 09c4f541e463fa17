import * as z from "zod/mini";
import type { Run } from "../../query/run.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import type { Event } from "../../shared/event.ts";
import { binaryFields, packed, type RendererPacket, unpacked } from "../../shared/protocol/rendererPacket.ts";
import type { Envelope } from "../../shared/protocol/rpc.ts";
import type { ResultsSession, SessionConnection } from "./resultsSession.ts";

/** Pages of one notebook that are spoken to; of more, those that were silent for the longest time are forgotten. */
const mostPages = 16;

/** What a page may send. Its params are checked by whoever answers. */
const packet = z.object({
  page: z.string().check(z.minLength(1), z.maxLength(100)),
  message: z.object({
    kind: z.literal("request"),
    id: z.number(),
    method: z.string().check(z.maxLength(100)),
    params: z.unknown(),
  }),
  binary: z.optional(z.object({ field: z.enum(binaryFields), base64: z.string().check(z.maxLength(90_000_000)) })),
});

export interface NotebookOutputsDeps<Editor> {
  /** Sends to the outputs in an editor. */
  readonly post: (packet: RendererPacket, editor: Editor) => void;
  /** The notebook in an editor. */
  readonly uriOf: (editor: Editor) => string;
  readonly createSession: (uri: string) => ResultsSession;
  /** Notebooks came into view or went out of it. */
  readonly onDidChangeVisibility: Event<unknown>;
  readonly onDidChangeSettings: Event<unknown>;
}

interface Page<Editor> {
  /** Where it was heard from last. */
  editor: Editor;
  readonly connection: SessionConnection;
}

interface Notebook<Editor> {
  readonly session: ResultsSession;
  /** By the ids that they gave themselves, the one heard from last at the end. */
  readonly pages: Map<string, Page<Editor>>;
}

/** The answers that the outputs of notebooks show: one session for each notebook, and its pages, which come and go. */
export class NotebookOutputs<Editor = unknown> extends DisposableStore {
  readonly #deps: NotebookOutputsDeps<Editor>;
  readonly #notebooks = new Map<string, Notebook<Editor>>();

  constructor(deps: NotebookOutputsDeps<Editor>) {
    super();
    this.#deps = deps;
    const all = (tell: (session: ResultsSession) => void) => () => {
      for (const { session } of this.#notebooks.values()) tell(session);
    };
    this.register(deps.onDidChangeVisibility(all((session) => session.visibilityChanged())));
    this.register(deps.onDidChangeSettings(all((session) => session.refresh())));
  }

  /** Takes the present state of all runs of a notebook; the key of a run is its cell's. `started`: the newest of them. */
  show(uri: string, title: string, runs: readonly Run[], started: string | undefined): void {
    let notebook = this.#notebooks.get(uri);
    if (notebook === undefined) {
      notebook = { session: this.#deps.createSession(uri), pages: new Map() };
      this.#notebooks.set(uri, notebook);
    }
    notebook.session.update(title, runs, started);
  }

  /** The notebook is closed: its answers go. */
  close(uri: string): void {
    const notebook = this.#notebooks.get(uri);
    this.#notebooks.delete(uri);
    for (const { connection } of notebook?.pages.values() ?? []) connection.dispose();
    notebook?.session.dispose();
  }

  /** Takes what an output in an editor has sent, whatever it is. */
  async receive(editor: Editor, message: unknown): Promise<void> {
    const read = z.safeParse(packet, message);
    if (!read.success) return;
    const { page } = read.data;
    const request = unpacked(read.data as RendererPacket, bytesOf);
    const notebook = this.#notebooks.get(this.#deps.uriOf(editor));
    if (notebook !== undefined) {
      await this.#pageOf(notebook, page, editor).connection.receive(request);
      return;
    }
    // An output of earlier: the page says what to do.
    const failure = { kind: "misconfigured", what: "noAnswer", detail: "" } as const;
    this.#post(page, editor, { kind: "failure", id: read.data.message.id, failure });
  }

  override dispose(): void {
    for (const uri of [...this.#notebooks.keys()]) this.close(uri);
    super.dispose();
  }

  #pageOf({ session, pages }: Notebook<Editor>, id: string, editor: Editor): Page<Editor> {
    const known = pages.get(id);
    const page = known ?? {
      editor,
      connection: session.connect((message) => this.#post(id, pages.get(id)?.editor ?? editor, message), "changes"),
    };
    page.editor = editor;
    pages.delete(id);
    pages.set(id, page);
    for (const [oldest, { connection }] of pages) {
      if (pages.size <= mostPages) break;
      connection.dispose();
      pages.delete(oldest);
    }
    return page;
  }

  #post(page: string, editor: Editor, message: Envelope): void {
    this.#deps.post(
      packed(page, message, (bytes) => Buffer.from(bytes).toString("base64")),
      editor,
    );
  }
}

function bytesOf(base64: string): ArrayBuffer {
  return new Uint8Array(Buffer.from(base64, "base64")).buffer;
}
