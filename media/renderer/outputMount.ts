import { h, render } from "preact";
import type { CellOutput } from "../../src/shared/protocol/cellOutput.ts";
import { CellResult } from "./cellResult.ts";
import type { NotebookPage } from "./notebookPage.ts";
import css from "./renderer.css" with { type: "text" };

let sheet: CSSStyleSheet | undefined;

/** Our style sheet, read once for all outputs. */
function styles(): CSSStyleSheet {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
  }
  return sheet;
}

/** One output in its place: a tree of its own, so that neither its styles nor those of other outputs reach the other. */
export class OutputMount {
  readonly #page: NotebookPage;
  readonly #element = document.createElement("div");
  /** Inside the tree, since rules of the page would reach the element that has it. */
  readonly #root = document.createElement("div");
  readonly #stop: () => void;
  #output: CellOutput | undefined;
  /** What of the page's knowledge was drawn. */
  #drawn: readonly unknown[] = [];

  constructor(page: NotebookPage) {
    this.#page = page;
    const tree = this.#element.attachShadow({ mode: "open" });
    tree.adoptedStyleSheets = [styles()];
    this.#root.className = "root";
    tree.append(this.#root);
    this.#root.addEventListener("wheel", onWheel, { passive: true });
    this.#root.addEventListener("keydown", onKeyDown);
    this.#stop = page.onChange(() => {
      // There are hundreds of outputs, and most changes are of one other.
      if (this.#shown().some((one, i) => one !== this.#drawn[i])) this.#draw();
    });
  }

  /** Shows an output, `undefined` if it cannot be read, in a place: what is shown already goes on. */
  show(output: CellOutput | undefined, place: HTMLElement): void {
    if (this.#element.parentElement !== place) place.replaceChildren(this.#element);
    // Another text says that its run went on: one that was not there may be now.
    const isNews = JSON.stringify(output) !== JSON.stringify(this.#output);
    this.#output = output;
    if (isNews && output !== undefined) this.#page.lookFor(output);
    this.#draw();
  }

  dispose(): void {
    this.#stop();
    render(null, this.#root);
    this.#element.remove();
  }

  #shown(): readonly unknown[] {
    const page = this.#page;
    const run = this.#output && page.run(this.#output.key);
    return this.#output === undefined ? [] : run === undefined ? [undefined, page.asking] : [run, page.rest];
  }

  #draw(): void {
    this.#drawn = this.#shown();
    const output = this.#output;
    const page = this.#page;
    render(
      output === undefined
        ? h("p", {}, "This output cannot be read: another version of PromQL Workbench has written it.")
        : h(CellResult, { key: output.key, page, cell: output.key, text: output.text }),
      this.#root,
    );
  }
}

/** VS Code scrolls the notebook unless it sees a list that can be scrolled, and does not see into this tree. */
function onWheel(event: Event): void {
  if (!(event instanceof WheelEvent) || event.deltaY === 0) return;
  const path = event.composedPath();
  const inside = event.currentTarget === null ? [] : path.slice(0, path.indexOf(event.currentTarget));
  const isScrolled = inside.some((one) => one instanceof HTMLElement && scrolls(one, event.deltaY));
  if (isScrolled) event.stopPropagation();
}

function scrolls(element: HTMLElement, by: number): boolean {
  const room = by < 0 ? element.scrollTop : element.scrollHeight - element.clientHeight - element.scrollTop;
  return room >= 1 && /auto|scroll/.test(getComputedStyle(element).overflowY);
}

/** A key that did something here, or is meant for the control that has the focus, is not one of the notebook's. */
function onKeyDown(event: Event): void {
  if (event.defaultPrevented || (event instanceof KeyboardEvent && isOfControl(event))) event.stopPropagation();
}

/** Keys that move in what is typed or chosen. */
const movingKeys: ReadonlySet<string> = new Set([
  ...["Enter", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown"],
]);

/**
 * True for a key that the focused control takes itself. VS Code is not told that an input in this tree has the focus: it would
 * delete the cell at a key that deletes a letter, and leave the answer at Enter.
 */
function isOfControl(event: KeyboardEvent): boolean {
  const [target] = event.composedPath();
  if (!(target instanceof Element)) return false;
  const { key } = event;
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
  const deletes = key === "Delete" || key === "Backspace";
  if (target.matches("input, select, textarea"))
    return deletes || (isPlain && ([...key].length === 1 || movingKeys.has(key)));
  return target.matches("button, a, summary, [tabindex]") && (deletes || (isPlain && (key === "Enter" || key === " ")));
}
