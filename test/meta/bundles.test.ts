import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build, type Metafile } from "esbuild";
import { bundledPackages, bundles, lazyBundles } from "../../esbuild.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

let outputs: Metafile["outputs"] = {};
let metafiles: Metafile[] = [];

before(async () => {
  metafiles = await Promise.all(
    bundles(true).map(async (options) => {
      const { metafile } = await build({ ...(options as BuildOptions), write: false, metafile: true });
      return metafile;
    }),
  );
  outputs = Object.assign({}, ...metafiles.map((metafile) => metafile.outputs));
});

function inputsOf(name: string): string[] {
  const output = outputs[`dist/${name}`];
  assert.ok(output !== undefined, `${name} is not built: ${Object.keys(outputs)}`);
  return Object.keys(output.inputs);
}

test("what activation loads is small and holds no network, language or panel code", () => {
  const inputs = inputsOf("extension.cjs");
  const heavy = inputs.filter((path) =>
    /node_modules\/(undici|zod|jsonc-parser|yaml)\/|src\/(promql|prometheus)\/|src\/query\/links\/|ui\/results\/(?!register|resultsViewType)/.test(
      path,
    ),
  );
  assert.deepEqual(heavy, []);
  assert.ok((outputs["dist/extension.cjs"]?.bytes ?? Number.POSITIVE_INFINITY) < 200_000);
});

test("the notebook renderer is one file that asks for no other", () => {
  const { imports, exports } = outputs["dist/webview/renderer.js"] ?? { imports: [], exports: [] };
  assert.deepEqual([imports, exports], [[], ["activate"]]);
  // What the pages of panels have no use for.
  assert.deepEqual(
    inputsOf("webview/results.js").filter((path) => path.startsWith("media/renderer/")),
    [],
  );
});

for (const [library, owner] of [
  ["undici", "network"],
  ["marked", "notebookExport"],
]) {
  test(`${library} is in the ${owner} bundle alone`, () => {
    for (const name of ["extension", ...Object.keys(lazyBundles)]) {
      const holds = inputsOf(`${name}.cjs`).some((path) => path.includes(`node_modules/${library}/`));
      assert.equal(holds, name === owner, name);
    }
  });
}

test("every bundled package is named in README with its reason, and so is every other dependency", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8").toLowerCase();
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    readonly devDependencies: Readonly<Record<string, string>>;
    readonly optionalDependencies: Readonly<Record<string, string>>;
  };
  const named = bundledPackages(metafiles);
  assert.ok(named.length >= 6);
  for (const name of named) assert.ok(readme.includes(`**${name}**`), `${name} is bundled and not in README`);
  const others = [...Object.keys(manifest.devDependencies), ...Object.keys(manifest.optionalDependencies)];
  for (const name of others)
    assert.ok(readme.includes(`**${name}**`) || name.startsWith("@types/"), `${name} is not in README`);
});

test("the pages make no markup out of text and run none", () => {
  const forbidden =
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|dangerouslySetInnerHTML|setAttribute\(["']style/;
  const files = globSync("media/**/*.ts", { cwd: root });
  assert.ok(files.length > 8);
  for (const file of files) assert.doesNotMatch(readFileSync(join(root, file), "utf8"), forbidden, file);
});

/** The cells of README's table under a heading, without their padding, and without the table's head. */
function readmeTable(heading: string): string[][] {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const [, section = ""] = readme.split(`\n## ${heading}\n`);
  const [text = ""] = section.split("\n## ");
  const rows = text.split("\n").filter((line) => line.startsWith("|"));
  return rows.slice(2).map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

test("the settings table of README is that of the manifest", () => {
  const { contributes } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    readonly contributes: {
      readonly configuration: { readonly properties: Readonly<Record<string, { readonly default: unknown }>> };
    };
  };
  const rows = readmeTable("Settings").map(([key, value]) => [key, value]);
  const settings = Object.entries(contributes.configuration.properties).map(([key, setting]) => [
    `\`${key}\``,
    `\`${typeof setting.default === "string" ? setting.default : JSON.stringify(setting.default)}\``,
  ]);
  assert.deepEqual(rows.sort(), settings.sort());
});

test("the commands table of README is that of the manifest", () => {
  const { contributes } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    readonly contributes: {
      readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string }[];
    };
  };
  const commands = contributes.commands.map(({ command, title, category }) => [
    `${category}: ${title.replace(/…$/, "")}`,
    `\`${command}\``,
  ]);
  assert.deepEqual(readmeTable("Commands").sort(), commands.sort());
});
