import fc from "fast-check";
import { promqlText } from "./promqlText.ts";

const lines = [
  "up",
  "sum(rate(x[5m]))",
  "sum(",
  "  / 2",
  "",
  "",
  "  ",
  "\t",
  "# a comment",
  "# @connection prod",
  "# @range 6h  @step 1m",
  "#",
  "# %%",
  "# %% ",
  "# %% Title",
  "# %%  Title \t",
  "# %% [markdown]",
  "# %% [markdown] Why",
  "# %% [markdown] [markdown]",
  "# %% \\[markdown] x",
  " # %% not a separator",
  "  # %%",
  "# \\%% text",
  "# \\\\%% text",
  "#  %% text",
  "%% text",
  "\\%% text",
  "### Part",
  "### ",
  "###",
  " <<<<<<< ours",
  "<<<<<<< ours",
  "=======",
  " =======",
  ">>>>>>> theirs",
  "`raw",
  "string`",
  "\ufeffup",
  "é😀",
  "text in markdown",
] as const;

/** Texts of `.promql` files as lines of every kind with every line end, or any other text. */
export function notebookText(): fc.Arbitrary<string> {
  const end = fc.oneof({ weight: 6, arbitrary: fc.constant("\n") }, fc.constantFrom("\r\n", "\r", "\n\n"));
  const line = fc.tuple(fc.constantFrom(...lines), end).map(([text, one]) => text + one);
  const unix = fc.array(fc.constantFrom(...lines), { maxLength: 14 }).map((all) => all.join("\n"));
  const windows = fc.array(fc.constantFrom(...lines), { maxLength: 14 }).map((all) => all.join("\r\n"));
  const mixed = fc.array(line, { maxLength: 14 }).map((all) => all.join(""));
  const start = fc.oneof({ weight: 8, arbitrary: fc.constant("") }, fc.constant("\ufeff"));
  return fc.tuple(start, fc.oneof(unix, windows, mixed, promqlText())).map(([mark, text]) => mark + text);
}
