import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join, matchesGlob, normalize } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { bundles } from "../../esbuild.js";
import { cellOutputMime, rendererId } from "../../src/shared/protocol/cellOutput.ts";

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

interface Walkthrough {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly when?: string;
  readonly steps: readonly {
    readonly id: string;
    readonly title: string;
    readonly description: string;
    readonly media: { readonly svg: string; readonly altText: string };
    readonly completionEvents: readonly string[];
  }[];
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
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly supported: unknown; readonly restrictedConfigurations: readonly string[] };
  };
  readonly contributes: {
    readonly commands: readonly Required<Pick<Contribution, "command" | "title" | "category">>[];
    readonly menus: Readonly<Record<string, readonly Contribution[]>>;
    readonly keybindings: readonly Contribution[];
    readonly viewsWelcome: readonly Contribution[];
    readonly walkthroughs: readonly Walkthrough[];
    readonly views: Readonly<Record<string, readonly Contribution[]>>;
    readonly viewsContainers: Readonly<Record<string, readonly Contribution[]>>;
    readonly configuration: { readonly properties: Readonly<Record<string, Setting>> };
    readonly languages: readonly Contribution[];
    readonly grammars: readonly Contribution[];
    readonly snippets: readonly Contribution[];
    readonly notebookRenderer: readonly unknown[];
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
    // VS Code's own `Help: ` entries are where one looks for help; there the extension has to say its name.
    const isHelp = title.startsWith("PromQL Workbench: ");
    assert.equal(category, isHelp ? "Help" : "PromQL", command);
    assert.equal(isHelp && !command.startsWith(`${prefix}help.`), false, command);
    assert.match(title, /^[A-Z]/, command);
  }
});

/** Commands that VS Code makes of the views: they show a view. */
const focusCommands = Object.values(contributes.views)
  .flat()
  .map(({ id }) => `${id}.focus`);

/** Commands of VS Code itself that texts of ours link to; each was tried. */
const foreignCommands = ["workbench.trust.manage", "workbench.action.openSettings"];

/** Commands in the links of a text. */
function linkedCommands(text: string): string[] {
  return [...text.matchAll(/\(command:([\w.]+)/g)].map((match) => match[1] ?? "");
}

test("menus, keys, welcome views and the walkthrough name commands that exist", () => {
  const used = [...Object.values(contributes.menus).flat(), ...contributes.keybindings].map(
    ({ command }) => command ?? "",
  );
  for (const command of used) {
    if (command.startsWith(prefix)) assert.ok(declared.includes(command), `${command} is not declared`);
  }
  const texts = [
    ...contributes.viewsWelcome.map(({ contents }) => contents ?? ""),
    ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ description }) => description)),
    ...Object.values(contributes.configuration.properties).map(({ markdownDescription }) => markdownDescription ?? ""),
  ];
  const linked = texts.flatMap(linkedCommands);
  assert.ok(linked.length > 10);
  for (const command of linked) {
    const isKnown = [...declared, ...focusCommands, ...foreignCommands].includes(command);
    assert.ok(isKnown, `${command} is linked and does not exist`);
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
    ...contributes.walkthroughs,
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
    ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.svg)),
  ].filter((path) => path !== undefined && !path.startsWith("$("));
  assert.ok(paths.length > 0);
  const packed = readFileSync(join(root, ".vscodeignore"), "utf8")
    .split("\n")
    .flatMap((line) => (line.startsWith("!") ? line.slice(1) : []));
  for (const path of paths) {
    assert.ok(existsSync(join(root, path ?? "")), `${path} is missing`);
    const isPacked = packed.some((pattern) => matchesGlob(normalize(path ?? ""), pattern));
    assert.ok(isPacked, `${path} would not be in the package`);
  }
});

test("the walkthrough: a few steps, each with something to do, a picture in words, and an end that is true", () => {
  const [walkthrough, ...others] = contributes.walkthroughs;
  assert.ok(walkthrough !== undefined && others.length === 0, "there is one walkthrough");
  assert.ok(walkthrough.steps.length >= 4 && walkthrough.steps.length <= 6);
  // VS Code opens the walkthrough of an extension that was just installed, unless its condition is not met. Ours is
  // met when the extension first runs, which is when somebody looks at it.
  assert.equal(walkthrough.when, "promqlWorkbench.connectionsReady");
  assert.ok(allSource.includes(`#${walkthrough.id}\``), "the command opens this walkthrough");
  const keysOfVSCode = /^(?:activeWebviewPanelId|resourceExtname|resourceScheme|view\.(.+)\.visible)$/;
  for (const { id, title, description, media, completionEvents } of walkthrough.steps) {
    assert.ok(title.length < 50 && description.length < 420, `${id} is long`);
    assert.ok(media.altText.length > 60, `${id} has no picture in words`);
    assert.ok(completionEvents.length > 0, id);
    for (const event of completionEvents) {
      const [kind, what] = [event.slice(0, event.indexOf(":")), event.slice(event.indexOf(":") + 1)];
      assert.ok(kind === "onCommand" || kind === "onContext", event);
      if (kind === "onCommand") assert.ok(declared.includes(what), `${what} does not exist`);
      else {
        for (const [key] of what.matchAll(/(?<!['\w.])[a-z][\w.]+(?=\s*(?:[=!&]|$))(?!')/g)) {
          const view = keysOfVSCode.exec(key)?.[1];
          if (view !== undefined) assert.ok(focusCommands.includes(`${view}.focus`), `${view} is no view`);
          const isKnown = keysOfVSCode.test(key) || allSource.includes(`"${key}"`) || key === "untitled";
          assert.ok(isKnown, `nothing sets ${key}`);
        }
      }
    }
  }
});

test("pictures of the walkthrough follow the theme and ask for nothing", () => {
  for (const { id, media } of contributes.walkthroughs.flatMap(({ steps }) => steps)) {
    const svg = readFileSync(join(root, media.svg), "utf8");
    assert.ok(svg.length < 6000, id);
    assert.ok(svg.includes(`role="img" aria-label="${media.altText}"`), `${id} says in words something else`);
    // VS Code shows them under a content policy without styles; colours come from the theme, with one to fall back on.
    assert.doesNotMatch(svg, /<(?:style|script|image|use|foreignObject|a)\b|\bstyle=|\bon\w+=|href/, id);
    for (const [, value] of svg.matchAll(/(?:fill|stroke)="([^"]*)"/g)) {
      assert.match(
        value ?? "",
        /^(?:none|var\(--vscode-.+, (?:var\(.+, )?(?:#\w{3,6}|transparent)\)?\))$/,
        `${id}: ${value}`,
      );
    }
  }
});

test("nothing activates at start-up or for other languages", () => {
  for (const event of manifest.activationEvents) assert.match(event, /^onWebviewPanel:promqlWorkbench\./);
});

test("a folder that is not trusted sets nothing of ours", () => {
  const { supported, restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
  assert.equal(supported, "limited");
  const settings = Object.entries(contributes.configuration.properties);
  const ofFolders = settings.filter(([, { scope }]) => scope !== "application").map(([key]) => key);
  assert.ok(ofFolders.length > 0);
  assert.deepEqual([...restrictedConfigurations].sort(), ofFolders.sort());
});

test("the notebook renderer is one that is built, under the id and for the type that the code has", () => {
  assert.deepEqual(contributes.notebookRenderer, [
    {
      id: rendererId,
      displayName: "PromQL Results",
      entrypoint: "./dist/webview/renderer.js",
      mimeTypes: [cellOutputMime],
      requiresMessaging: "optional",
    },
  ]);
  const built = bundles(true).find(({ entryPoints }) => "renderer" in entryPoints);
  assert.equal(`${built?.outdir}/renderer.js`, "dist/webview/renderer.js");
  // It is loaded by an import.
  assert.equal(built?.format, "esm");
});
