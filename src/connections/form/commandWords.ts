/**
 * The words of a command: a JSON list of texts, or words apart by blanks, with quotes around what has blanks inside. There is
 * no shell: nothing else means anything. `undefined` where that cannot be read.
 */
export function parseCommand(text: string): readonly string[] | undefined {
  const trimmed = text.trim();
  if (trimmed.startsWith("[")) {
    try {
      const list: unknown = JSON.parse(trimmed);
      const isWords = Array.isArray(list) && list.every((word) => typeof word === "string");
      return isWords && (list[0] ?? "") !== "" ? list : undefined;
    } catch {
      return undefined;
    }
  }
  const words = trimmed.match(/"[^"]*"|'[^']*'|[^\s"']+/g) ?? [];
  const isWhole = /^(?:\s*(?:"[^"]+"|'[^']+'|[^\s"']+)(?=\s|$))+$/.test(trimmed);
  return isWhole ? words.map((word) => word.replace(/^(["'])(.*)\1$/s, "$2")) : undefined;
}
