import { registerHooks } from "node:module";

const members: Record<string, unknown> = {};
Object.assign(globalThis, { editorDouble: members });
const names = ["window", "commands", "workspace", "env", "EventEmitter"];
const source = names.map((name) => `export const ${name} = globalThis.editorDouble.${name};`).join("");
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "vscode"
      ? { url: `data:text/javascript,${encodeURIComponent(source)}`, shortCircuit: true }
      : next(specifier, context),
});

/**
 * Lets modules that speak to VS Code be imported outside of it, from then on, by `import()`: they find these members of its API, and
 * no others. Once a process.
 */
export function standInForEditor(api: Readonly<Record<string, unknown>>): void {
  Object.assign(members, api);
}
