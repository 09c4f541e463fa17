import type { Remedy } from "../shared/failureAction.ts";
import type { Labels } from "../shared/model/labels.ts";
import type { Rule } from "../shared/model/source.ts";
import { maxRows } from "./nameTree.ts";

/** What the menus of a node act on. Texts in it are a server's. */
export type Subject =
  | { readonly kind: "metric"; readonly name: string }
  | { readonly kind: "label"; readonly name: string }
  | { readonly kind: "labelValue"; readonly label: string; readonly value: string }
  /** `page`: where a person opens it, if not at `url`, where the server scrapes it. */
  | { readonly kind: "target"; readonly url: string; readonly page?: string; readonly labels: Labels }
  | { readonly kind: "rule"; readonly name: string; readonly query: string }
  | { readonly kind: "ruleGroup"; readonly name: string; readonly rules: readonly Pick<Rule, "name" | "query">[] }
  | { readonly kind: "query"; readonly title: string; readonly text: string }
  | { readonly kind: "run"; readonly id: string }
  | { readonly kind: "text"; readonly text: string };

/** A row of a tree as plain data; VS Code is not known here. Labels, tooltips and the rest are text, not markup. */
export interface TreeNode {
  /** The same for the same thing in every reading, so that what is open stays open. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  /** A codicon's name, and a theme colour for it; colour never says anything alone. */
  readonly icon?: string;
  readonly color?: string;
  /** Lines of plain text. */
  readonly tooltip?: string;
  /** What a screen reader says instead of label and description. */
  readonly spoken?: string;
  /** For `when` clauses of menus. */
  readonly context?: string;
  readonly subject?: Subject;
  /** What the row's command repairs. */
  readonly remedy?: Remedy;
  /** Runs when the row is clicked or confirmed; it is handed the node. */
  readonly command?: string;
  /** A box in front of the row. */
  readonly isChecked?: boolean;
  readonly children?: () => readonly TreeNode[] | Promise<readonly TreeNode[]>;
  readonly isOpen?: boolean;
}

/** A row that only says something. */
export function remark(id: string, text: string, icon = "info"): TreeNode {
  return { id, label: text, icon, tooltip: text };
}

/** Rows of a level that have no id in common: VS Code takes rows with the same one for the same, and servers repeat themselves. */
export function withOwnIds(rows: readonly TreeNode[]): readonly TreeNode[] {
  const seen = new Map<string, number>();
  return rows.map((row) => {
    const count = (seen.get(row.id) ?? 0) + 1;
    seen.set(row.id, count);
    return count === 1 ? row : { ...row, id: `${row.id} (${count})` };
  });
}

const numbers = new Intl.NumberFormat("en-US");

/** Rows as they are, or in stretches that say what is in them where a level would have more than 500. */
export function inStretches(rows: readonly TreeNode[], id: string): readonly TreeNode[] {
  if (rows.length <= maxRows) return rows;
  const size = Math.max(maxRows / 2, Math.ceil(rows.length / maxRows));
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, i): TreeNode => {
    const part = rows.slice(i * size, (i + 1) * size);
    const label = `${part[0]?.label ?? ""} … ${part.at(-1)?.label ?? ""}`;
    return {
      id: `${id} stretch ${i}`,
      label,
      description: numbers.format(part.length),
      icon: "list-flat",
      children: () => inStretches(part, `${id} ${i}`),
    };
  });
}

/** A label or a fact as a row, with its value to copy. */
export function fact(id: string, name: string, value: string, icon = "symbol-field"): TreeNode {
  return {
    id,
    label: name,
    description: value,
    icon,
    tooltip: `${name}: ${value}`,
    spoken: `${name}: ${value}`,
    context: "fact",
    subject: { kind: "text", text: value },
  };
}
