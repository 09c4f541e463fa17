import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build, context } from "esbuild";

const root = fileURLToPath(new URL(".", import.meta.url));

/** The oldest extension host we support: VS Code 1.105 with Node 22.19. */
const hostTarget = "node22.19";

/**
 * Bundles that the extension loads on first use. A dynamic `import()` of one of these files becomes a `require` of
 * its own bundle, so that `activate` reads neither undici nor zod nor the language code.
 */
export const lazyBundles = {
  network: "src/prometheus/network.ts",
  query: "src/ui/query/queryFeature.ts",
  language: "src/ui/language/languageFeature.ts",
  links: "src/ui/query/linkFeature.ts",
  curl: "src/query/links/curlCommand.ts",
  explorer: "src/ui/explorer/explorerFeature.ts",
  results: "src/ui/results/resultsFeature.ts",
  settings: "src/connections/settingsText.ts",
  import: "src/ui/connections/importFeature.ts",
  notebook: "src/ui/notebook/notebookFeature.ts",
  notebookFile: "src/ui/notebook/notebookSerializer.ts",
  notebookOpen: "src/ui/notebook/openNotebook.ts",
  notebookExport: "src/ui/notebook/notebookExporter.ts",
};

/**
 * Of undici only the client is bundled, not its `fetch`, caches and mocks: the bundle is a third smaller and read sooner.
 * And importing all of it replaces the process-wide dispatcher that every extension in the host shares; nobody else's
 * `fetch` may ever run through our client.
 */
export const isolatedUndici = {
  name: "isolated-undici",
  setup(bundler) {
    bundler.onLoad({ filter: /undici[\\/]index\.js$/ }, ({ path }) => ({
      contents: `
        Object.assign(require("./lib/dispatcher/dispatcher").prototype, require("./lib/api"));
        exports.Client = require("./lib/dispatcher/client");
        exports.buildConnector = require("./lib/core/connect");`,
      resolveDir: dirname(path),
      loader: "js",
    }));
  },
};

const lazyImports = {
  name: "lazy-imports",
  setup(bundler) {
    const byPath = new Map(Object.entries(lazyBundles).map(([name, path]) => [resolve(root, path), name]));
    bundler.onResolve({ filter: /^\./ }, ({ path, resolveDir, kind }) => {
      if (kind !== "dynamic-import") return undefined;
      const name = byPath.get(resolve(resolveDir, path));
      return name === undefined ? undefined : { path: `./${name}.cjs`, external: true };
    });
  },
};

/** A style sheet that a script imports is text in it, with the sheets that it imports: a shadow tree takes no other. */
export const styleTexts = {
  name: "style-texts",
  setup(bundler) {
    bundler.onLoad({ filter: /\.css$/ }, async ({ path, with: { type } }) => {
      if (type !== "text") return undefined;
      const { minify = false } = bundler.initialOptions;
      const { outputFiles, metafile } = await build({
        absWorkingDir: root,
        entryPoints: [path],
        bundle: true,
        minify,
        write: false,
        metafile: true,
        logLevel: "warning",
      });
      const watchFiles = Object.keys(metafile.inputs).map((input) => resolve(root, input));
      return { contents: outputFiles[0].text, loader: "text", watchFiles };
    });
  },
};

/** What esbuild is asked for, bundle by bundle. */
export function bundles(production) {
  const common = {
    absWorkingDir: root,
    bundle: true,
    minify: production,
    sourcemap: production ? false : "linked",
    metafile: true,
    legalComments: "none",
    logLevel: "warning",
  };
  const host = {
    ...common,
    platform: "node",
    format: "cjs",
    target: hostTarget,
    external: ["vscode"],
    // jsonc-parser's other build asks for its files at run time, where there are none.
    mainFields: ["module", "main"],
  };
  return [
    {
      ...host,
      entryPoints: { extension: "src/extension.ts" },
      outdir: "dist",
      outExtension: { ".js": ".cjs" },
      plugins: [lazyImports],
    },
    {
      ...host,
      entryPoints: lazyBundles,
      outdir: "dist",
      outExtension: { ".js": ".cjs" },
      plugins: [isolatedUndici, lazyImports],
    },
    {
      ...common,
      platform: "browser",
      format: "iife",
      target: "chrome128",
      entryPoints: { results: "media/results/main.ts", resultsStyle: "media/results/results.css" },
      outdir: "dist/webview",
      loader: { ".ttf": "file" },
    },
    {
      ...common,
      platform: "browser",
      // VS Code loads a renderer with `import()`.
      format: "esm",
      target: "chrome128",
      entryPoints: { renderer: "media/renderer/main.ts" },
      outdir: "dist/webview",
      plugins: [styleTexts],
    },
  ];
}

/** Names of the npm packages whose code is inside the bundles, in order. */
export function bundledPackages(metafiles) {
  const names = metafiles.flatMap(({ inputs }) =>
    Object.keys(inputs).map((path) => /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]),
  );
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

/** The licence texts that bundled code obliges us to ship. A package without one stops the build. */
async function writeNotices(metafiles) {
  const parts = ["PromQL Workbench contains the following third-party software.\n"];
  for (const name of bundledPackages(metafiles)) {
    const folder = join(root, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((entry) => /^(licen[cs]e|copying)(\.|$)/i.test(entry));
    if (file === undefined) throw new Error(`${name} has no licence file to ship`);
    const text = await readFile(join(folder, file), "utf8");
    parts.push(`${"=".repeat(80)}\n${name} ${version} (${license})\n\n${text.trim()}\n`);
  }
  await writeFile(resolve(root, "dist/THIRD-PARTY-NOTICES.txt"), parts.join("\n"));
}

/** Builds everything into `dist/` and answers esbuild's metafiles. */
export async function buildAll({ production = false } = {}) {
  await rm(resolve(root, "dist"), { recursive: true, force: true });
  const results = await Promise.all(bundles(production).map((options) => build(options)));
  const metafiles = results.map(({ metafile }) => metafile);
  await writeNotices(metafiles);
  return metafiles;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes("--watch")) {
    for (const options of bundles(false)) await (await context(options)).watch();
  } else {
    await buildAll({ production: process.argv.includes("--production") });
  }
}
