import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const prefix = "promqlWorkbench.";

interface Contribution {
  readonly command?: string;
  readonly title?: string;
  readonly category?: string;
  readonly when?: string;
  readonly enablement?: string;
  readonly view?: string;
  readonly id?: string;
  readonly contents?: string;
  readonly icon?: string;
  readonly path?: string;
  readonly configuration?: string;
}

interface Setting {
  readonly type?: unknown;
  readonly default?: unknown;
  readonly scope?: string;
  readonly description?: string;
  readonly markdownDescription?: string;
}

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly Required<Pick<Contribution, "command" | "title" | "category">>[];
    readonly menus: Readonly<Record<string, readonly Contribution[]>>;
    readonly keybindings: readonly Contribution[];
    readonly viewsWelcome: readonly Contribution[];
    readonly views: Readonly<Record<string, readonly Contribution[]>>;
    readonly viewsContainers: Readonly<Record<string, readonly Contribution[]>>;
    readonly configuration: { readonly properties: Readonly<Record<string, Setting>> };
    readonly languages: readonly Contribution[];
    readonly grammars: readonly Contribution[];
    readonly snippets: readonly Contribution[];
  };
}

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
const { contributes } = manifest;
const sources = globSync("src/**/*.ts", { cwd: root }).map((path) => readFileSync(join(root, path), "utf8"));
const allSource = sources.join("\n");
const declared = contributes.commands.map(({ command }) => command);

/** Ids written as string literals anywhere in the sources. */
function literals(form: RegExp): Set<string> {
  return new Set([...allSource.matchAll(form)].map((match) => match[1] ?? ""));
}

test("every command of the manifest is implemented, and every implemented one is in the manifest or internal", () => {
  const implemented = literals(/^\s*(?:async )?"(promqlWorkbench\.[\w.]+)"\s*(?:[:(]|,)/gm);
  for (const command of declared) assert.ok(implemented.has(command), `${command} has no implementation`);
  assert.equal(new Set(declared).size, declared.length, "a command is declared twice");
  for (const { title, category, command } of contributes.commands) {
    assert.equal(category, "PromQL", command);
    assert.match(title, /^[A-Z]/, command);
  }
});

test("menus, keys and welcome views name commands that exist", () => {
  const used = [...Object.values(contributes.menus).flat(), ...contributes.keybindings].map(
    ({ command }) => command ?? "",
  );
  const linked = contributes.viewsWelcome.flatMap(({ contents }) =>
    [...(contents ?? "").matchAll(/command:([\w.]+)/g)].map((match) => match[1] ?? ""),
  );
  for (const command of [...used, ...linked]) {
    if (command.startsWith(prefix)) assert.ok(declared.includes(command), `${command} is not declared`);
  }
});

test("every context key of ours in a when-clause is set by the code", () => {
  const clauses = JSON.stringify(contributes).matchAll(/promqlWorkbench\.[\w.]+/g);
  const settings = Object.keys(contributes.configuration.properties);
  const views = Object.values(contributes.views)
    .flat()
    .map(({ id }) => id ?? "");
  const whens = [
    ...Object.values(contributes.menus).flat(),
    ...contributes.keybindings,
    ...contributes.commands,
    ...contributes.viewsWelcome,
    ...Object.values(contributes.views).flat(),
  ] as readonly Contribution[];
  const keys = whens.flatMap(({ when, enablement }) =>
    [...`${when ?? ""} ${enablement ?? ""}`.matchAll(/promqlWorkbench\.[\w.]+/g)].map((match) => match[0]),
  );
  for (const key of new Set(keys)) {
    const known = views.includes(key) || settings.includes(key) || allSource.includes(`"${key}"`);
    assert.ok(known, `nothing sets ${key}`);
  }
  assert.ok([...clauses].length > 0);
});

test("every setting has a type, a default, a scope and a description, and is read by the code", () => {
  for (const [key, setting] of Object.entries(contributes.configuration.properties)) {
    assert.ok(key.startsWith(prefix), key);
    assert.ok(setting.type !== undefined && setting.default !== undefined && setting.scope !== undefined, key);
    assert.ok((setting.description ?? setting.markdownDescription ?? "").length > 20, key);
    assert.ok(allSource.includes(key.slice(prefix.length)), `${key} is not read`);
  }
  assert.equal(contributes.configuration.properties[`${prefix}connections`]?.scope, "application");
});

test("every file that the manifest names is there", () => {
  const paths = [
    ...[...contributes.languages, ...contributes.grammars, ...contributes.snippets].flatMap(
      ({ path, configuration }) => [path, configuration],
    ),
    ...[...Object.values(contributes.views).flat(), ...Object.values(contributes.viewsContainers).flat()].map(
      ({ icon }) => icon,
    ),
  ].filter((path) => path !== undefined && !path.startsWith("$("));
  assert.ok(paths.length > 0);
  for (const path of paths) assert.ok(existsSync(join(root, path ?? "")), `${path} is missing`);
});

test("nothing activates at start-up or for other languages", () => {
  for (const event of manifest.activationEvents) assert.match(event, /^onWebviewPanel:promqlWorkbench\./);
});
