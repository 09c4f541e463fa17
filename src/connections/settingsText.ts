import { getNodeValue, type Node, type ParseError, parseTree } from "jsonc-parser";

/** Why a settings file cannot be edited safely. */
export type SettingsTextProblem = "unparsable" | "keyTwice" | "notAList" | "idMissing";

/** The text after an edit, or why there is none. */
export type SettingsTextResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: SettingsTextProblem };

/** The value of a setting in the text of a settings file; `undefined` where the text does not hold it. */
export type SettingInText =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: SettingsTextProblem };

/** Editors of some systems begin a file with it. VS Code reads such settings; a JSON parser does not. */
const byteOrderMark = "\ufeff";

/** Makes an edit in the text behind a byte order mark, and puts the mark back in front. */
function behindMark(text: string, edit: (text: string) => SettingsTextResult): SettingsTextResult {
  if (!text.startsWith(byteOrderMark)) return edit(text);
  const result = edit(text.slice(byteOrderMark.length));
  return result.ok ? { ok: true, text: byteOrderMark + result.text } : result;
}

/** Reads a setting, written with a dotted key (`"a.b": …`) or nested (`"a": { "b": … }`). */
export function readSettingFromText(text: string, key: string): SettingInText {
  const found = findSetting(text.startsWith(byteOrderMark) ? text.slice(byteOrderMark.length) : text, key);
  if (!found.ok) return found;
  return { ok: true, value: found.node === undefined ? undefined : getNodeValue(found.node) };
}

/**
 * Writes one element of a list setting: the first one with this `id` is changed key by key, else the element is
 * appended. Everything else, comments and elements that nobody can read included, stays as it is.
 */
export function upsertInSettingsText(
  text: string,
  key: string,
  id: string,
  element: Readonly<Record<string, unknown>>,
): SettingsTextResult {
  return behindMark(text, (unmarked) => upsertUnmarked(unmarked, key, id, element));
}

function upsertUnmarked(
  text: string,
  key: string,
  id: string,
  element: Readonly<Record<string, unknown>>,
): SettingsTextResult {
  const found = findSetting(text, key);
  if (!found.ok) return found;
  const layout = layoutOf(text);
  if (found.node === undefined) {
    const property = (indent: string) => `${JSON.stringify(key)}: ${stringify([element], layout, indent)}`;
    if (found.root === undefined) {
      const before = text === "" || text.endsWith("\n") ? text : text + layout.eol;
      const { unit, eol } = layout;
      return { ok: true, text: `${before}{${eol}${unit}${property(unit)}${eol}}${eol}` };
    }
    return { ok: true, text: insertItem(text, found.root, layout, property) };
  }
  if (found.node.type !== "array") return { ok: false, problem: "notAList" };
  const existing = indexOfId(found.node, id);
  if (existing === -1) {
    return { ok: true, text: insertItem(text, found.node, layout, (indent) => stringify(element, layout, indent)) };
  }
  return { ok: true, text: updateObject(text, [...found.path, existing], element) };
}

/** Takes the first element with this `id` out of a list setting. Comments around it stay. */
export function removeFromSettingsText(text: string, key: string, id: string): SettingsTextResult {
  return behindMark(text, (unmarked) => removeUnmarked(unmarked, key, id));
}

function removeUnmarked(text: string, key: string, id: string): SettingsTextResult {
  const found = findSetting(text, key);
  if (!found.ok) return found;
  if (found.node?.type !== "array") return { ok: false, problem: found.node === undefined ? "idMissing" : "notAList" };
  const index = indexOfId(found.node, id);
  if (index === -1) return { ok: false, problem: "idMissing" };
  return { ok: true, text: removeItem(text, found.node, index) };
}

type Path = readonly (string | number)[];

type Found =
  | { readonly ok: true; readonly root: Node | undefined; readonly node: Node | undefined; readonly path: Path }
  | { readonly ok: false; readonly problem: SettingsTextProblem };

/** Comments and trailing commas are allowed, as in VS Code's own settings. */
function parseText(text: string): Node | undefined | "broken" {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, disallowComments: false, allowEmptyContent: true });
  return errors.length > 0 || (root !== undefined && root.type !== "object") ? "broken" : root;
}

function findSetting(text: string, key: string): Found {
  const root = parseText(text);
  if (root === "broken") return { ok: false, problem: "unparsable" };
  if (root === undefined) return { ok: true, root, node: undefined, path: [] };
  const dotted = valuesOf(root, key);
  const [first, last] = splitKey(key);
  const nested = valuesOf(root, first).flatMap((group) => valuesOf(group, last));
  const [node, ...others] = [...dotted, ...nested];
  // Which of several counts depends on the reader; nobody should write into a guess.
  if (others.length > 0) return { ok: false, problem: "keyTwice" };
  return { ok: true, root, node, path: dotted.length > 0 ? [key] : [first, last] };
}

function splitKey(key: string): readonly [string, string] {
  const dot = key.indexOf(".");
  return [key.slice(0, dot), key.slice(dot + 1)];
}

/** The values of all properties of this name; JSON allows a name twice. */
function valuesOf(node: Node, name: string): Node[] {
  if (node.type !== "object") return [];
  return (node.children ?? []).flatMap(({ children }) => {
    const [key, value] = children ?? [];
    return key?.value === name && value !== undefined ? [value] : [];
  });
}

function indexOfId(list: Node, id: string): number {
  return (list.children ?? []).findIndex((element) => valuesOf(element, "id").at(-1)?.value === id);
}

/** How a file is laid out: its line ends and one step of indentation. */
interface Layout {
  readonly eol: string;
  readonly unit: string;
}

function layoutOf(text: string): Layout {
  const indent = /^([ \t]+)["{]/m.exec(text)?.[1];
  const unit = indent === undefined ? "    " : indent.startsWith("\t") ? "\t" : indent;
  return { eol: text.includes("\r\n") ? "\r\n" : "\n", unit };
}

function stringify(value: unknown, { eol, unit }: Layout, indent: string): string {
  return JSON.stringify(value, null, unit).replaceAll("\n", eol + indent);
}

/** The blanks at the start of the line that holds `offset`. */
function indentAt(text: string, offset: number): string {
  const start = Math.max(text.lastIndexOf("\n", offset - 1), text.lastIndexOf("\r", offset - 1)) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? "";
}

/** A comma or comment between the items of a container. */
interface Mark {
  readonly isComma: boolean;
  readonly from: number;
  readonly to: number;
}

/** Commas and comments from `from` to `to`, where besides blanks nothing else is. */
function marksBetween(text: string, from: number, to: number): Mark[] {
  const forms = /,|\/\/[^\r\n]*|\/\*[\s\S]*?\*\//g;
  return [...text.slice(from, to).matchAll(forms)].map(({ 0: mark, index }) => ({
    isComma: mark === ",",
    from: from + index,
    to: from + index + mark.length,
  }));
}

/** Puts an item at the end of a list or object, behind the comments there, on lines of its own; a trailing comma stays one. */
function insertItem(text: string, container: Node, { eol, unit }: Layout, item: (indent: string) => string): string {
  const items = container.children ?? [];
  const close = container.offset + container.length - 1;
  const last = items.at(-1);
  const lastEnd = last === undefined ? container.offset + 1 : last.offset + last.length;
  const marks = marksBetween(text, lastEnd, close);
  const hasTrailingComma = marks.some(({ isComma }) => isComma);
  const at = marks.at(-1)?.to ?? lastEnd;
  const closeIndent = indentAt(text, container.offset);
  const startsLine = last !== undefined && text.slice(0, last.offset).endsWith(`\n${indentAt(text, last.offset)}`);
  const indent = startsLine ? indentAt(text, last.offset) : closeIndent + unit;
  const rest = text.slice(at);
  const needsLine = !/^[ \t]*\r?\n/.test(rest);
  const comma = last === undefined || hasTrailingComma ? "" : ",";
  return (
    text.slice(0, lastEnd) +
    comma +
    text.slice(lastEnd, at) +
    eol +
    indent +
    item(indent) +
    (hasTrailingComma ? "," : "") +
    (needsLine ? eol + closeIndent + rest.trimStart() : rest)
  );
}

/** Takes an item out, with the comma that separated it; the line goes if nothing else is on it. */
function removeItem(text: string, container: Node, index: number): string {
  const items = container.children ?? [];
  const item = items[index];
  if (item === undefined) return text;
  const end = item.offset + item.length;
  const next = items[index + 1];
  const close = container.offset + container.length - 1;
  const comma = marksBetween(text, end, next?.offset ?? close).find(({ isComma }) => isComma);
  const previous = items[index - 1];
  const before =
    previous === undefined
      ? undefined
      : marksBetween(text, previous.offset + previous.length, item.offset).find(({ isComma }) => isComma);
  const cuts: [from: number, to: number][] = [];
  if (comma === undefined && before !== undefined) cuts.push([before.from, before.to]);
  if (comma !== undefined && text.slice(end, comma.from).trim() === "")
    cuts.push(wholeLine(text, item.offset, comma.to));
  else {
    cuts.push(wholeLine(text, item.offset, end));
    if (comma !== undefined) cuts.push([comma.from, comma.to]);
  }
  let result = text;
  for (const [from, to] of cuts.sort((a, b) => b[0] - a[0])) result = result.slice(0, from) + result.slice(to);
  return result;
}

/** The range with the line break before it, if the range has its lines to itself; else with the blanks after it. */
function wholeLine(text: string, from: number, to: number): [from: number, to: number] {
  const start = from - indentAt(text, from).length;
  const breakBefore = text.slice(0, start).endsWith("\r\n") ? 2 : text.slice(0, start).endsWith("\n") ? 1 : 0;
  if (breakBefore > 0 && /^[ \t]*(?:\r?\n|$)/.test(text.slice(to))) {
    return [start - breakBefore, to + (/^[ \t]*/.exec(text.slice(to))?.[0].length ?? 0)];
  }
  return [from, to + (/^[ \t]*/.exec(text.slice(to))?.[0].length ?? 0)];
}

function nodeAt(root: Node, path: Path): Node | undefined {
  let node: Node | undefined = root;
  for (const step of path) {
    if (node === undefined) return undefined;
    node = typeof step === "number" ? node.children?.[step] : valuesOf(node, step).at(-1);
  }
  return node;
}

/** Changes an object to hold exactly `target`, key by key; one edit after the other, so that positions stay simple. */
function updateObject(text: string, path: Path, target: Readonly<Record<string, unknown>>): string {
  let result = text;
  const object = () => {
    const root = parseText(result);
    return root === undefined || root === "broken" ? undefined : nodeAt(root, path);
  };
  const keys = (object()?.children ?? []).map(({ children }) => String(children?.[0]?.value));
  for (const key of keys.filter((one) => !Object.hasOwn(target, one))) {
    const node = object();
    const index = node?.children?.findIndex(({ children }) => children?.[0]?.value === key) ?? -1;
    if (node !== undefined && index >= 0) result = removeItem(result, node, index);
  }
  for (const [key, value] of Object.entries(target)) {
    const node = object();
    if (node === undefined) return result;
    const present = valuesOf(node, key).at(-1);
    const layout = layoutOf(result);
    if (present === undefined) {
      const property = (indent: string) => `${JSON.stringify(key)}: ${stringify(value, layout, indent)}`;
      result = insertItem(result, node, layout, property);
    } else if (present.type === "object" && isPlainObject(value)) {
      result = updateObject(result, [...path, key], value);
    } else if (JSON.stringify(getNodeValue(present)) !== JSON.stringify(value)) {
      const written = stringify(value, layout, indentAt(result, present.offset));
      result = result.slice(0, present.offset) + written + result.slice(present.offset + present.length);
    }
  }
  return result;
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
