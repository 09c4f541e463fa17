/** A cell as it is shown and edited. Lines of `text` end in `\n`. */
export interface NotebookCell {
  readonly kind: "query" | "markdown";
  readonly text: string;
  /** What stands behind the cell's separator. */
  readonly title: string | undefined;
  /** The piece of a file that it was read from; a new cell has none. */
  readonly source: CellSource | undefined;
}

/** A piece of a file as it was, so that a cell that nobody changed is written byte for byte. */
export interface CellSource {
  /** Names the file as it was read: in another one the piece would not be as it was. */
  readonly file: string;
  /** All of it: separator, text, and the blank lines behind it. */
  readonly raw: string;
  readonly form: PieceForm;
  /** Its number among the file's pieces. */
  readonly at: number;
  /** The file's last piece. */
  readonly isLast: boolean;
}

/**
 * How a piece is told from its neighbours: it begins with `# %%` or, in files without, with `###`; or it is bounded by blank
 * lines alone. `head`: the leading comments, which set defaults for every query.
 */
export type PieceForm = "head" | "free" | "weak" | "marked";

/** What of a file belongs to no cell. */
export interface NotebookFrame {
  /** Names the file as it was read. */
  readonly file: string;
  readonly hasByteOrderMark: boolean;
  /** Blank lines before the first cell. */
  readonly lead: string;
  /** How most lines end. */
  readonly eol: "\n" | "\r\n" | "\r";
}

/** A `.promql` file as cells. */
export interface PromqlNotebook {
  readonly frame: NotebookFrame;
  readonly cells: readonly NotebookCell[];
}
