import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const program = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly target: readonly string[] }[];
}

/**
 * What axe has against a page, or a part of it, that is serious: a line for each element. `off`: rules that do not apply. The
 * page's content policy has to let a test's script in.
 */
export async function seriousFaults(
  page: Page,
  { within = "html", off = [] }: { readonly within?: string; readonly off?: readonly string[] } = {},
): Promise<readonly string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(program);
  return page.evaluate(
    async ({ within, off }) => {
      const { axe } = window as unknown as {
        axe: { run(where: string, options: unknown): Promise<{ violations: readonly Violation[] }> };
      };
      const rules = Object.fromEntries(off.map((rule) => [rule, { enabled: false }]));
      const { violations } = await axe.run(within, { rules });
      return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .flatMap(({ id, nodes }) =>
          nodes.map(({ html, target }) => `${id}: ${target.join(" ")} ${html.slice(0, 200)}`),
        );
    },
    { within, off },
  );
}
