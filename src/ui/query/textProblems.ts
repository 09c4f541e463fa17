import * as vscode from "vscode";
import type { PromqlDocuments } from "../../host/promqlDocuments.ts";
import type { Block } from "../../promql/file.ts";
import { lexPromql } from "../../promql/lexer.ts";
import { type ProblemSeverity, severityOf } from "../../promql/problems.ts";
import { blockOfRun } from "../../query/runnables.ts";
import type { Verdict } from "../../query/verdict.ts";
import { DisposableStore } from "../../shared/disposable.ts";
import { problemMessage } from "./problemMessage.ts";

const severities: Readonly<Record<ProblemSeverity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  information: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

/** Problems of `.promql` files in the editor: our own findings about the text, and servers' verdicts at their place. */
export class TextProblems extends DisposableStore {
  readonly #documents: PromqlDocuments;
  readonly #diagnostics = this.register(vscode.languages.createDiagnosticCollection("promql"));
  readonly #verdicts = new Map<string, Map<string, Verdict>>();

  constructor({ documents }: { readonly documents: PromqlDocuments }) {
    super();
    this.#documents = documents;
    this.register(documents.onDidSettle((document) => this.#refresh(document)));
    this.register(
      documents.onDidClose((uri) => {
        this.#verdicts.delete(uri.toString());
        this.#diagnostics.delete(uri);
      }),
    );
  }

  /** Sets or clears what the server said about one block. */
  setVerdict(uri: vscode.Uri, key: string, verdict: Verdict | undefined): void {
    const verdicts = this.#verdicts.get(uri.toString()) ?? new Map<string, Verdict>();
    if (verdict === undefined) verdicts.delete(key);
    else verdicts.set(key, verdict);
    this.#verdicts.set(uri.toString(), verdicts);
    const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
    if (document !== undefined) this.#refresh(document);
  }

  #refresh(document: vscode.TextDocument): void {
    const file = this.#documents.parse(document);
    const range = (from: number, to: number) => new vscode.Range(document.positionAt(from), document.positionAt(to));
    const own = file.problems.map((problem) => {
      const diagnostic = new vscode.Diagnostic(
        range(problem.from, problem.to),
        problemMessage(problem),
        severities[severityOf(problem.code)],
      );
      diagnostic.source = "PromQL";
      diagnostic.code = problem.code;
      return diagnostic;
    });
    const text = document.getText();
    const verdicts = this.#verdicts.get(document.uri.toString());
    const fromServers = [...(verdicts ?? [])].flatMap(([key, verdict]) => {
      const at = placeOf(text, file.blocks, key, verdict);
      if (at === undefined) {
        // The text changed since: the verdict is about something that is no longer there.
        verdicts?.delete(key);
        return [];
      }
      const diagnostic = new vscode.Diagnostic(range(at.from, at.to), verdict.message, severities.error);
      diagnostic.source = verdict.server;
      return [diagnostic];
    });
    this.#diagnostics.set(document.uri, [...own, ...fromServers]);
  }
}

/** The span in the document that a verdict is about, as long as its expression is still there unchanged. */
function placeOf(
  text: string,
  blocks: readonly Block[],
  key: string,
  verdict: Verdict,
): { readonly from: number; readonly to: number } | undefined {
  const start = expressionStart(text, blocks, key, verdict.text);
  if (start === undefined) return undefined;
  if (verdict.offset === undefined) return { from: start, to: start + verdict.text.length };
  const tokens = lexPromql(verdict.text, 0, verdict.text.length);
  const { offset } = verdict;
  // A server that misses something points behind the last word; the word itself is what can be seen.
  const token = tokens.find(({ from, to }) => from <= offset && offset < to) ?? tokens.at(-1);
  return { from: start + (token?.from ?? 0), to: start + (token?.to ?? verdict.text.length) };
}

/** Where the expression of a run stands in the text, as long as it is there unchanged; a selection's within its block. */
export function expressionStart(
  text: string,
  blocks: readonly Block[],
  key: string,
  expression: string,
): number | undefined {
  const { key: blockKey, isPart } = blockOfRun(key);
  const named = blocks.find((block) => block.key === blockKey)?.expression;
  if (named === undefined) return undefined;
  const whole = text.slice(named.from, named.to);
  if (!isPart) return whole === expression ? named.from : undefined;
  const at = whole.indexOf(expression);
  return at === -1 ? undefined : named.from + at;
}
