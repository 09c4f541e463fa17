import { rm } from "node:fs/promises";
import { resolve } from "node:path";
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
  network: "src/prometheus/httpSource.ts",
};

/**
 * Importing undici replaces the process-wide dispatcher that every extension in the host shares. Inside our bundle its
 * registry becomes module-local, so that nobody else's `fetch` ever runs through our agents.
 */
export const isolatedUndici = {
  name: "isolated-undici",
  setup(bundler) {
    bundler.onLoad({ filter: /undici[\\/]lib[\\/]global\.js$/ }, () => ({
      contents: `
        let dispatcher;
        module.exports = {
          setGlobalDispatcher(agent) { dispatcher = agent; },
          getGlobalDispatcher() { return dispatcher; },
          installedExports: [],
        };`,
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

function bundles(production) {
  const common = {
    absWorkingDir: root,
    bundle: true,
    minify: production,
    sourcemap: production ? false : "linked",
    metafile: true,
    legalComments: "none",
    logLevel: "warning",
  };
  const host = { ...common, platform: "node", format: "cjs", target: hostTarget, external: ["vscode"] };
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
  ];
}

/** Builds everything into `dist/` and answers the metafiles. */
export async function buildAll({ production = false } = {}) {
  await rm(resolve(root, "dist"), { recursive: true, force: true });
  const results = await Promise.all(bundles(production).map((options) => build(options)));
  return results.map(({ metafile }) => metafile);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes("--watch")) {
    for (const options of bundles(false)) await (await context(options)).watch();
  } else {
    await buildAll({ production: process.argv.includes("--production") });
  }
}
