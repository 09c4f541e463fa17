import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Which rooms and packages each room may import; `node:` and `vscode` stand for themselves. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  "src/shared": [],
  "src/platform": ["src/shared"],
  "src/promql": ["src/shared", "re2js"],
  "src/prometheus": ["src/shared", "src/platform", "src/promql", "node:", "undici", "zod/mini"],
  "src/connections/import": [...["src/shared", "src/platform", "src/prometheus", "src/connections", "node:", "yaml"]],
  "src/connections": [
    "src/shared",
    "src/platform",
    "src/promql",
    "src/prometheus",
    "node:",
    "zod/mini",
    "jsonc-parser",
  ],
  "src/query/export/notebook": [
    ...[
      "src/shared",
      "src/platform",
      "src/promql",
      "src/prometheus",
      "src/connections",
      "src/query",
      "node:",
      "marked",
    ],
  ],
  "src/query": ["src/shared", "src/platform", "src/promql", "src/prometheus", "src/connections", "node:", "zod/mini"],
  "src/notebook": ["src/shared", "src/promql"],
  "src/catalog": ["src/shared", "src/platform", "src/promql", "src/query", "node:"],
  "src/host": [
    ...["src/shared", "src/platform", "src/promql", "src/prometheus", "src/connections", "src/query"],
    ...["src/notebook", "node:", "vscode", "jsonc-parser", "zod/mini"],
  ],
  "src/ui": [
    ...["src/shared", "src/platform", "src/promql", "src/prometheus", "src/connections", "src/query", "src/host"],
    ...["src/catalog", "src/notebook", "node:", "vscode", "zod/mini"],
  ],
  "src/extension.ts": ["src/", "vscode"],
  "media/plot": ["src/shared", "uplot", "preact"],
  "media/renderer": ["src/shared", "media/plot", "media/results", "preact"],
  "media/results": ["src/shared", "media/plot", "preact", "@tanstack/virtual-core"],
};

/** Every static and dynamic import of a file, type-only ones included. */
function importsOf(path: string): string[] {
  const text = readFileSync(join(root, path), "utf8");
  const forms = [
    /\b(?:import|export)\s[^"'`;]*?\bfrom\s*["']([^"']+)["']/g,
    // Not the end of a command's id.
    /(?<!\.)\bimport\s*["']([^"']+)["']/g,
    /\bimport\(\s*["']([^"']+)["']/g,
  ];
  return forms.flatMap((form) => [...text.matchAll(form)].map((match) => match[1] ?? ""));
}

function resolved(path: string, specifier: string): string {
  return specifier.startsWith(".") ? normalize(join(dirname(path), specifier)) : specifier;
}

const files = globSync(["src/**/*.ts", "media/**/*.ts"], { cwd: root }).filter((path) => !path.endsWith(".d.ts"));

function roomOf(path: string): string {
  const room = Object.keys(allowed).find((name) => path === name || path.startsWith(`${name}/`));
  assert.ok(room !== undefined, `${path} is in no known room; add the room to the table or move the file`);
  return room;
}

test("every import goes from a room to one it may see", () => {
  assert.ok(files.length > 20, "the search found the sources");
  const wrong: string[] = [];
  for (const path of files) {
    const room = roomOf(path);
    const own = room === "src/ui" ? path.split("/").slice(0, 3).join("/") : room;
    for (const specifier of importsOf(path)) {
      const target = resolved(path, specifier);
      const fine =
        target.startsWith(`${own}/`) ||
        (allowed[room] ?? []).some(
          (prefix) =>
            target === prefix ||
            target.startsWith(prefix.endsWith(":") || prefix.endsWith("/") ? prefix : `${prefix}/`),
        );
      if (!fine) wrong.push(`${path} imports ${specifier}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("no two modules need each other", () => {
  const graph = new Map(
    files.map((path) => [
      path,
      importsOf(path)
        .map((specifier) => resolved(path, specifier))
        .filter((target) => files.includes(target)),
    ]),
  );
  const state = new Map<string, "open" | "done">();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]) => {
    if (state.get(path) === "done") return;
    if (state.get(path) === "open") {
      cycles.push([...trail.slice(trail.indexOf(path)), path].join(" -> "));
      return;
    }
    state.set(path, "open");
    for (const target of graph.get(path) ?? []) visit(target, [...trail, path]);
    state.set(path, "done");
  };
  for (const path of files) visit(path, []);
  assert.deepEqual(cycles, []);
});

test("errors reach a person through one file", () => {
  const callers = files.filter((path) => readFileSync(join(root, path), "utf8").includes("showErrorMessage"));
  assert.deepEqual(callers, ["src/host/errorReporter.ts"]);
});

test("house rules of the text", () => {
  const wrong: string[] = [];
  for (const path of globSync(["src/**/*.ts", "media/**/*.ts", "test/**/*.ts"], { cwd: root })) {
    if (path === "test/meta/architecture.test.ts") continue;
    const text = readFileSync(join(root, path), "utf8");
    for (const form of [
      /\bexport default\b/,
      /@ts-(ignore|expect-error|nocheck)/,
      /biome-ignore/,
      /\b(it|test|describe)\.(only|skip|todo)\b/,
    ]) {
      if (form.test(text)) wrong.push(`${path}: ${form}`);
    }
    const lines = text.split("\n").length;
    if (lines > 700 && !path.includes("/data/") && !path.startsWith("test/")) wrong.push(`${path}: ${lines} lines`);
  }
  assert.deepEqual(wrong, []);
});
