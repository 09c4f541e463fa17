/**
 * Text of settings and servers in one line that VS Code shows as text: icon syntax (`$(icon)`) and the links that
 * notifications know (`[text](command:...)`, which runs the command) do not work in it, and it ends somewhere.
 */
export function plainLabel(text: string, maxLength = 60): string {
  const line = text
    .replace(/\$\(/g, "$\u200b(")
    .replace(/\]\(/g, "]\u200b(")
    .replace(/[\s\p{Cc}]+/gu, " ")
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, "")
    .trim();
  const characters = [...line];
  return characters.length <= maxLength ? line : `${characters.slice(0, maxLength - 1).join("")}…`;
}
