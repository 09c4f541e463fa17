import * as vscode from "vscode";
import { callContextAt } from "../../promql/callContext.ts";
import { blockAt } from "../../promql/file.ts";
import { signatureText } from "../../promql/signatureText.ts";
import type { ValueType } from "../../promql/syntaxTree.ts";
import { helpMarkdown } from "./helpParts.ts";
import type { LanguageTexts } from "./languageTexts.ts";
import { callableHelp } from "./wordHelp.ts";

const typeHelp: Readonly<Record<ValueType, string>> = {
  scalar: "A number, or an expression that yields one.",
  "instant-vector": "Series with one value each, such as `up`.",
  "range-vector": "Series with the values of a time, such as `up[5m]`.",
  string: 'A text in quotes, such as `"job"`.',
};

/** Shows the parameters of the call that is being written, and which of them it is at. */
export class PromqlSignatureHelp implements vscode.SignatureHelpProvider {
  readonly #texts: LanguageTexts;

  constructor({ texts }: { readonly texts: LanguageTexts }) {
    this.#texts = texts;
  }

  provideSignatureHelp(document: vscode.TextDocument, position: vscode.Position): vscode.SignatureHelp | undefined {
    const { text, file } = this.#texts.read(document);
    const offset = document.offsetAt(position);
    const block = blockAt(file, offset);
    if (block?.kind !== "query") return undefined;
    const call = callContextAt(text, block, offset);
    const signature = call && signatureText(call.name.text, call.argument);
    if (call === undefined || signature === undefined) return undefined;
    const { label, parameters, active } = signature;
    const [, ...parts] = callableHelp(call.name.text);
    const documentation = new vscode.MarkdownString(helpMarkdown(parts));
    const information = new vscode.SignatureInformation(label, documentation);
    information.parameters = parameters.map(
      ({ from, to, type, isOptional }) =>
        new vscode.ParameterInformation(
          [from, to],
          new vscode.MarkdownString(`${typeHelp[type]}${isOptional ? " It may be left out." : ""}`),
        ),
    );
    const help = new vscode.SignatureHelp();
    help.signatures = [information];
    help.activeSignature = 0;
    help.activeParameter = active;
    return help;
  }
}
