import { allParts, type Part, parts, type SystemCase } from "./systems.ts";

const head = ["system", "how to fill the form", "what works, as tested"] as const;

/** README's table of systems: how each is connected to, and what was tested of it. */
export function systemsTable(systems: readonly SystemCase[]): string {
  const rows = systems.map((one) => [
    one.shownOn === "stand-in" ? `${one.system} ¹` : one.system,
    one.form,
    whatWorks(one),
  ]);
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => (row[i] ?? "").length)));
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, i) => (cells[i] ?? "").padEnd(width)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

function whatWorks({ without, empty }: Pick<SystemCase, "without" | "empty">): string {
  const works = allParts.filter((part) => !without.includes(part) && !empty.includes(part));
  // The shorter list says it.
  if (works.length < without.length + empty.length) return inWords(works);
  const but = without.length === 0 ? "everything" : `all but ${inWords(without)}`;
  return empty.length === 0 ? but : `${but}; always empty: ${inWords(empty)}`;
}

function inWords(some: readonly Part[]): string {
  return some.map((part) => parts[part]).join(", ");
}
