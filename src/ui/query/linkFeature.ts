import * as vscode from "vscode";
import type { Profile } from "../../connections/profile.ts";
import { openAddress } from "../../host/openAddress.ts";
import { plainLabel } from "../../host/plainLabel.ts";
import { parsePromqlFile } from "../../promql/file.ts";
import { type BlockToWrite, blockBody, blocksText } from "../../query/links/blockText.ts";
import { curlCommands } from "../../query/links/curlCommand.ts";
import { insertionPlace, withBlankLines } from "../../query/links/insertionPlace.ts";
import { type PastedLink, parsePastedLink } from "../../query/links/pastedLink.ts";
import { promtoolCommands } from "../../query/links/promtoolCommand.ts";
import { type SentQueries, sentByRun } from "../../query/links/sentQueries.ts";
import { serverUi } from "../../query/links/serverUi.ts";
import type { Run } from "../../query/run.ts";
import { AppError } from "../../shared/errors.ts";
import { insertedMessage, linkProblemMessage } from "./linkMessages.ts";
import { promqlEditor } from "./promqlEditor.ts";
import type { BlockReference } from "./queryLenses.ts";
import type { RunController } from "./runController.ts";

/** What the way of queries out and in stands on. */
export interface LinkFeatureDeps {
  readonly controller: Pick<RunController, "requestsOf" | "requestsAtCursor">;
  readonly profiles: () => readonly Profile[];
  /** Which program the server of a connection is; `undefined` where it does not say so in a moment. */
  readonly programOf: (profile: Profile) => Promise<string | undefined>;
}

/** Ours among the edits that VS Code offers for a paste. */
const linkPasteKind = vscode.DocumentDropOrPasteEditKind.Empty.append("promql", "query");

const messageMs = 10_000;

/** What is copied or opened: a block's last run or what it would send, a run, or the block at the cursor. */
export type LinkSubject = BlockReference | { readonly run: Run } | undefined;

/** A link that holds queries. */
type Link = PastedLink & { readonly ok: true };

/** Queries out as command lines and as addresses of their servers' pages, and in from links. */
export class LinkFeature {
  readonly #deps: LinkFeatureDeps;
  /** What to say once an edit is applied. */
  readonly #offered = new WeakMap<vscode.DocumentPasteEdit, string>();

  constructor(deps: LinkFeatureDeps) {
    this.#deps = deps;
  }

  copyAsCurl(subject: LinkSubject): Promise<void> {
    return this.#copy(subject, "curl", curlCommands);
  }

  copyAsPromtool(subject: LinkSubject): Promise<void> {
    return this.#copy(subject, "promtool", promtoolCommands);
  }

  /** Shows a query in its server's own pages; VS Code asks before it opens a browser. */
  async openInServerUi(subject: LinkSubject): Promise<void> {
    const [first] = (await this.#requests(subject)) ?? [];
    if (first === undefined) return;
    const profile = this.#profileOf(first);
    const ui = serverUi(profile.baseUrl, await this.#deps.programOf(profile), first);
    if (ui.kind === "page") {
      await openAddress(ui.url);
      return;
    }
    const text = `${plainLabel(ui.server)} has no page of its own to show a query on. Copy the query as curl, or open it in Grafana.`;
    // Not awaited: the message may stand as long as it likes.
    vscode.window.showInformationMessage(text).then(undefined, () => undefined);
  }

  /** Asks for a link, the clipboard's filled in, and puts its queries behind the block at the cursor or into a new text. */
  async insertLink(): Promise<void> {
    const clipboard = (await vscode.env.clipboard.readText()).trim();
    const text = await vscode.window.showInputBox({
      title: "Insert Query from Link",
      prompt: "A link of Prometheus, Thanos, VictoriaMetrics, Grafana Explore or the HTTP API",
      value: parsePastedLink(clipboard).ok ? clipboard : "",
      ignoreFocusOut: true,
      validateInput: (value) => {
        const parsed = parsePastedLink(value);
        if (parsed.ok) return undefined;
        const message = linkProblemMessage(parsed.problem);
        return parsed.problem === "empty" ? { message, severity: vscode.InputBoxValidationSeverity.Info } : message;
      },
    });
    const link = text === undefined ? undefined : parsePastedLink(text);
    if (link?.ok !== true) return;
    const blocks = this.#blocksOf(link);
    if (!(await insertAtCursor(blocksText(blocks)))) {
      const content = blocksText(blocks);
      const document = await vscode.workspace.openTextDocument({ language: "promql", content });
      await vscode.window.showTextDocument(document, { preview: false });
    }
    say(messageOf(link, blocks));
  }

  /** The edit that puts a pasted link's queries in its place; `undefined` where they would change what is there. */
  pasteEdit(document: vscode.TextDocument, range: vscode.Range, pasted: string): vscode.DocumentPasteEdit | undefined {
    const link = parsePastedLink(pasted);
    // VS Code indents what is inserted like its line, and an indented separator is none.
    if (!link.ok || range.start.character !== 0) return undefined;
    const blocks = this.#blocksOf(link);
    const text = document.getText();
    const before = text.slice(0, document.offsetAt(range.start));
    const behind = text.slice(document.offsetAt(range.end));
    const insert = pastedText(blocks, before, behind, document.uri.scheme === "vscode-notebook-cell");
    if (insert === undefined) return undefined;
    const edit = new vscode.DocumentPasteEdit(insert, "Insert as PromQL Query", linkPasteKind);
    this.#offered.set(edit, messageOf(link, blocks));
    return edit;
  }

  /** Called before an edit is applied. */
  applied(edit: vscode.DocumentPasteEdit): void {
    const message = this.#offered.get(edit);
    if (message !== undefined) say(message);
  }

  async #copy(
    subject: LinkSubject,
    program: string,
    write: (profile: Profile, sent: SentQueries) => string | undefined,
  ): Promise<void> {
    const requests = await this.#requests(subject);
    if (requests === undefined) return;
    const commands = requests.map((one) => write(this.#profileOf(one), one));
    if (commands.includes(undefined)) {
      say(`Not copied: control characters in the query or its connection would be obeyed by a terminal.`);
      return;
    }
    // Without a line end: a pasted command waits for Enter.
    await vscode.env.clipboard.writeText(commands.join("\n\n"));
    const hasSecrets = commands.some((command) => command?.includes("$PROMQL_"));
    say(
      `Copied as ${program}.${hasSecrets ? " Secrets are left out: set the variables $PROMQL_… in your shell." : ""}`,
    );
  }

  async #requests(subject: LinkSubject): Promise<readonly SentQueries[] | undefined> {
    const { controller } = this.#deps;
    if (subject !== undefined && "run" in subject) {
      const sent = sentByRun(subject.run);
      if (sent !== undefined) return [sent];
      throw new AppError({ kind: "misconfigured", what: "noAnswer", detail: "" });
    }
    if (subject !== undefined) return controller.requestsOf(vscode.Uri.parse(subject.uri), subject.key);
    const editor = promqlEditor();
    if (editor !== undefined) return controller.requestsAtCursor(editor);
    say("Open a PromQL text and put the cursor into a query.");
    return undefined;
  }

  /** The profile of a run's connection, as long as it leads where the run went. */
  #profileOf({ target }: SentQueries): Profile {
    const profile = this.#deps.profiles().find(({ id }) => id === target.connectionId);
    if (profile === undefined) {
      throw new AppError({ kind: "misconfigured", what: "connectionUnknown", detail: target.name });
    }
    if (profile.origin !== target.origin) {
      throw new AppError({ kind: "misconfigured", what: "connectionMoved", detail: profile.baseUrl });
    }
    return profile;
  }

  /** Only a connection that surely leads to a query's server is named: another one would mislead. */
  #blocksOf({ blocks }: Link): readonly BlockToWrite[] {
    const profiles = this.#deps.profiles();
    return blocks.map((block) => {
      const [only, ...others] = profiles.filter(({ baseUrl }) => block.bases.includes(baseUrl));
      return { ...block, connection: others.length === 0 ? only?.id : undefined };
    });
  }
}

/** What to insert between `before` and `behind`; `undefined` where a block of the text would change by it. */
function pastedText(
  blocks: readonly BlockToWrite[],
  before: string,
  behind: string,
  isCell: boolean,
): string | undefined {
  if (isCell) {
    const [only, ...others] = blocks;
    const isEmpty = (before + behind).trim() === "";
    return only !== undefined && others.length === 0 && isEmpty ? blockBody(only).trimEnd() : undefined;
  }
  const rest = before + behind;
  const place = insertionPlace(rest, parsePromqlFile(rest), before.length);
  if (place === undefined || rest.slice(before.length, place).trim() !== "") return undefined;
  return withBlankLines(before, blocksText(blocks), behind);
}

/** Puts blocks behind the one at the cursor; false where there is no editor for it. */
async function insertAtCursor(blocks: string): Promise<boolean> {
  const editor = promqlEditor();
  if (editor === undefined || editor.document.uri.scheme === "vscode-notebook-cell") return false;
  const { document } = editor;
  const text = document.getText();
  const place = insertionPlace(text, parsePromqlFile(text), document.offsetAt(editor.selection.active));
  if (place === undefined) return false;
  const insert = withBlankLines(text.slice(0, place), blocks, text.slice(place));
  const at = document.positionAt(place);
  const lineBefore = document.lineCount;
  if (!(await editor.edit((edit) => edit.insert(at, insert)))) return false;
  const last = at.line + document.lineCount - lineBefore;
  const cursor = new vscode.Position(Math.max(at.line, last - 1), 0);
  editor.selection = new vscode.Selection(cursor, cursor);
  editor.revealRange(new vscode.Range(at, cursor));
  await vscode.window.showTextDocument(document, editor.viewColumn);
  return true;
}

function messageOf(link: Link, blocks: readonly BlockToWrite[]): string {
  return insertedMessage({
    count: blocks.length,
    withoutConnection: blocks.filter(({ connection }) => connection === undefined).length,
    origin: plainLabel(link.origin, 120),
    omitted: link.omitted,
    leavesTimesOut: blocks.some(({ leavesTimesOut }) => leavesTimesOut === true),
  });
}

function say(text: string): void {
  void vscode.window.setStatusBarMessage(`$(info) ${text}`, messageMs);
}
