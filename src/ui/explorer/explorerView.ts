import * as vscode from "vscode";
import { nothingArrived, partialRows } from "../../catalog/partialNodes.ts";
import type { Section } from "../../catalog/section.ts";
import { ageText, badgeText, sayPartial } from "../../catalog/sectionText.ts";
import { remark, type TreeNode, withOwnIds } from "../../catalog/treeNode.ts";
import { describeFailure } from "../../host/failureMessage.ts";
import { absenceAfter, absenceSentence, partAdvice, type ServerPart } from "../../host/notOfferedMessage.ts";
import { plainLine, plainLines } from "../../host/plainText.ts";
import { remediesOf } from "../../host/remedies.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import { type Failure, failureOf } from "../../shared/errors.ts";
import { failureActionTitle } from "../../shared/failureAction.ts";
import type { ActiveServer } from "./activeServer.ts";
import { momentText } from "./momentText.ts";

/** A shorter wait would only make a line flicker, in ms. */
const noticedMs = 1000;

/** What every view that follows the active connection stands on. */
export interface FollowingView {
  readonly view: vscode.TreeView<TreeNode>;
  readonly server: ActiveServer;
  readonly now: () => number;
}

/** What is particular about one view. */
export interface ExplorerViewDeps<T> {
  readonly view: vscode.TreeView<TreeNode>;
  readonly section: Section<T>;
  /** Reads the section again; the row that says so runs it. */
  readonly refreshCommand: string;
  /** Without a current one the view shows its welcome. */
  readonly server: ActiveServer;
  readonly rows: (value: T) => readonly TreeNode[];
  /** Said where the server has nothing to show. */
  readonly empty: string;
  /** What is shown; a server may lack it. */
  readonly part: ServerPart;
  /** When it was found that the server lacks this; then only a refresh asks it again. */
  readonly missingSince?: () => number | undefined;
  /** One line above the rows, such as what was cut. */
  readonly message?: (value: T) => string | undefined;
  readonly badge?: (value: T) => vscode.ViewBadge | undefined;
}

/**
 * A tree over one section: it is read when the view is first shown, old rows stay while it is read again, and every state
 * has its words. Sends nothing for a view that nobody looks at.
 */
export class ExplorerView<T> extends DisposableStore implements vscode.TreeDataProvider<TreeNode> {
  readonly #deps: ExplorerViewDeps<T>;
  readonly #changed = this.register(new vscode.EventEmitter<TreeNode | undefined>());
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(deps: ExplorerViewDeps<T>) {
    super();
    this.#deps = deps;
    this.register(deps.section.onDidRetry(() => this.decorate()));
    this.register(
      deps.section.onDidChange(() => {
        const { kind } = deps.section.state;
        // Readings that end are awaited by whoever asked for rows.
        if (kind === "loading" || kind === "idle") this.redraw();
        this.decorate();
      }),
    );
  }

  /** Asks for the rows again, without reading anything. */
  redraw(): void {
    this.#changed.fire(undefined);
  }

  /** Says all moments anew, without reading anything: what was today's is so no more. */
  refreshTimes(): void {
    if (this.#deps.section.state.loaded === undefined) return;
    this.decorate();
    this.redraw();
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    return treeItem(node);
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    return [...withOwnIds(await (node === undefined ? this.#roots() : this.#childrenOf(node)))];
  }

  async #roots(): Promise<readonly TreeNode[]> {
    const { section, rows, empty, part, server } = this.#deps;
    if (server.current === undefined) return [];
    const missingSince = section.state.kind === "idle" ? this.#deps.missingSince?.() : undefined;
    const absence = absenceSentence(part, server.queries);
    if (missingSince !== undefined && absence !== undefined) return [missingRow(absence, missingSince)];
    const state = await section.ensure();
    const absent = state.kind === "failed" ? absenceAfter(state.failure, part, server.queries) : undefined;
    if (absent !== undefined) return [remark("not offered", absent)];
    const failed = state.kind === "failed" ? this.failureRows(state.failure) : [];
    if (state.loaded === undefined) return failed;
    const { value, doubts } = state.loaded;
    const shown = rows(value);
    const isBare = shown.length === 0 && state.kind !== "failed";
    const nothing = isBare ? [remark("empty", doubts.length === 0 ? empty : nothingArrived)] : [];
    return [...failed, ...partialRows(doubts), ...shown, ...nothing];
  }

  /** The rows below a row; what could not be read is said there, and opening it again asks again. */
  async #childrenOf(node: TreeNode): Promise<readonly TreeNode[]> {
    try {
      return (await node.children?.()) ?? [];
    } catch (error) {
      return this.failureRows(failureOf(error), { below: node.id });
    }
  }

  /** What went wrong, what to do, and rows that do it or try again; `below`: the row that it stands under. */
  failureRows(
    failure: Failure,
    { below = "", retry = this.#deps.refreshCommand }: { readonly below?: string; readonly retry?: string } = {},
  ): TreeNode[] {
    const { server, part } = this.#deps;
    const context = { ...server.context, ...partAdvice(part, server.queries) };
    const { title, detail, next, actions } = describeFailure(failure, context);
    const repairs = remediesOf(actions, server.current?.id).map(
      (remedy): TreeNode => ({
        ...remark(`${remedy.action.kind} ${below}`, failureActionTitle(remedy.action), "wrench"),
        command: "promqlWorkbench.connection.remedy",
        remedy,
      }),
    );
    const more = [remark(`detail ${below}`, detail, "quote"), remark(`next ${below}`, next, "lightbulb")];
    return [
      {
        ...remark(`failure ${below}`, title, failure.kind === "cancelled" ? "circle-slash" : "error"),
        isOpen: true,
        children: () => more.filter(({ label }) => label !== ""),
      },
      ...repairs,
      { ...remark(`retry ${below}`, "Retry", "refresh"), command: retry },
    ];
  }

  /** Brings what stands around the rows up to date: server and time, message, badge. */
  decorate(): void {
    const { view, section, server, message, badge } = this.#deps;
    const { state } = section;
    const { loaded } = state;
    const name = server.current?.name;
    const age = ageText(state, momentText);
    view.description = name === undefined ? "" : age === undefined ? name : `${name} · ${age}`;
    const said = loaded && sayPartial(loaded, message?.(loaded.value));
    view.message = this.#askingAgain() ?? said ?? "";
    const count = loaded && badge?.(loaded.value);
    view.badge = count && { value: count.value, tooltip: badgeText(count.tooltip, state, momentText) };
  }

  /** Why the rows take so long, where a person notices that. */
  #askingAgain(): string | undefined {
    const { section, server } = this.#deps;
    if (section.retry === undefined || section.retry.waitMs < noticedMs) return undefined;
    const { title } = describeFailure(section.retry.failure, server.context);
    return plainLine(`Asking again: ${title}.`);
  }
}

function missingRow(text: string, since: number): TreeNode {
  const tooltip = `${text}\nFound out on ${new Date(since).toLocaleString()}. Refresh asks the server again.`;
  return { ...remark("not offered", text), tooltip };
}

/** A node as VS Code draws it. Labels, descriptions and plain tooltips are text to it, whatever a server put there. */
export function treeItem(node: TreeNode): vscode.TreeItem {
  const { children, isOpen, isChecked } = node;
  const state = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(
    // A name of nothing but invisible characters is still a row.
    plainLine(node.label).trim() || '""',
    children === undefined ? state.None : isOpen === true ? state.Expanded : state.Collapsed,
  );
  item.id = node.id;
  if (node.description !== undefined) item.description = plainLine(node.description);
  if (node.icon !== undefined) {
    item.iconPath = new vscode.ThemeIcon(
      node.icon,
      node.color === undefined ? undefined : new vscode.ThemeColor(node.color),
    );
  }
  // Not Markdown: addresses in it would become links, escaped or not.
  item.tooltip = plainLines(node.tooltip ?? node.label);
  // Without it a screen reader would be given the whole tooltip.
  const spoken = node.spoken ?? [node.label, ...(node.description === undefined ? [] : [node.description])].join(", ");
  item.accessibilityInformation = { label: plainLine(spoken) };
  if (node.context !== undefined) item.contextValue = node.context;
  if (node.command !== undefined) item.command = { title: "Open", command: node.command, arguments: [node] };
  if (isChecked !== undefined) {
    item.checkboxState = isChecked ? vscode.TreeItemCheckboxState.Checked : vscode.TreeItemCheckboxState.Unchecked;
  }
  return item;
}
