import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";

const require = createRequire(import.meta.url);

/** A coloured piece of one line; `scopes` from the outermost to the innermost, `source.promql` left out. */
export interface ScopedText {
  readonly text: string;
  readonly scopes: readonly string[];
}

/** Loads our grammar into the tokenizer that VS Code itself uses; answers with the pieces of each line of a text. */
export async function loadGrammar(): Promise<(text: string) => readonly (readonly ScopedText[])[]> {
  const wasm = readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm"));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const path = fileURLToPath(new URL("../../media/language/promql.tmLanguage.json", import.meta.url));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (sources) => new oniguruma.OnigScanner(sources),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => textmate.parseRawGrammar(readFileSync(path, "utf8"), path),
  });
  const grammar = await registry.loadGrammar("source.promql");
  if (grammar === null) throw new Error("The grammar has no scope source.promql");
  return (text) => {
    let state = textmate.INITIAL;
    return text.split(/\r\n|\r|\n/).map((line) => {
      const result = grammar.tokenizeLine(line, state);
      if (result.stoppedEarly) throw new Error(`Colouring took too long: ${line.slice(0, 80)}`);
      state = result.ruleStack;
      return result.tokens.map(({ startIndex, endIndex, scopes }) => ({
        text: line.slice(startIndex, endIndex),
        scopes: scopes.slice(1),
      }));
    });
  };
}
