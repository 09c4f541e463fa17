import * as vscode from "vscode";
import type { PromqlDocuments } from "../../host/promqlDocuments.ts";
import { resolveDirectives } from "../../promql/effectiveDirectives.ts";
import { type Dialect, ExpressionChecks } from "../../promql/expressionProblems.ts";
import type { Block, PromqlFile } from "../../promql/file.ts";
import { lexPromql } from "../../promql/lexer.ts";
import { type ProblemSeverity, severityOf } from "../../promql/problems.ts";
import type { SyntaxProblem } from "../../promql/syntaxProblems.ts";
import { blockOfRun } from "../../query/runnables.ts";
import type { Verdict } from "../../query/verdict.ts";
import { type Disposable, DisposableStore } from "../../shared/disposable.ts";
import { problemMessage } from "./problemMessage.ts";
import { syntaxMessage } from "./syntaxMessage.ts";

const severities: Readonly<Record<ProblemSeverity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  information: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

/** What some servers take: right or wrong depends on where the query goes. */
const remarks: ReadonlySet<SyntaxProblem["code"]> = new Set<SyntaxProblem["code"]>([
  "metricsqlOnly",
  "thanosOnly",
  "renamedFunction",
]);

export interface TextProblemsDeps {
  readonly documents: PromqlDocuments;
  /** What the server of a block understands, as far as is known; `name` is that of its directive. */
  readonly dialectOf: (name: string | undefined) => Dialect;
  readonly onDidChangeConnections: (listener: () => void) => Disposable;
}

/** Problems of `.promql` files in the editor: our own findings about the text, and servers' verdicts at their place. */
export class TextProblems extends DisposableStore {
  readonly #documents: PromqlDocuments;
  readonly #dialectOf: TextProblemsDeps["dialectOf"];
  readonly #checks = new WeakMap<vscode.TextDocument, ExpressionChecks>();
  readonly #diagnostics = this.register(vscode.languages.createDiagnosticCollection("promql"));
  readonly #verdicts = new Map<string, Map<string, Verdict>>();

  constructor({ documents, dialectOf, onDidChangeConnections }: TextProblemsDeps) {
    super();
    this.#documents = documents;
    this.#dialectOf = dialectOf;
    this.register(
      onDidChangeConnections(() => {
        // A file may go to a server that speaks MetricsQL by now.
        for (const document of vscode.workspace.textDocuments) {
          if (document.languageId === "promql") this.#refresh(document);
        }
      }),
    );
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
    const refused = new Set<string>();
    const fromServers = [...(verdicts ?? [])].flatMap(([key, verdict]) => {
      const at = placeOf(text, file.blocks, key, verdict);
      if (at === undefined) {
        // The text changed since: the verdict is about something that is no longer there.
        verdicts?.delete(key);
        return [];
      }
      refused.add(blockOfRun(key).key);
      const diagnostic = new vscode.Diagnostic(range(at.from, at.to), verdict.message, severities.error);
      diagnostic.source = verdict.server;
      return [diagnostic];
    });
    const ofSyntax = this.#syntaxOf(document, text, file, refused).map(({ problem, from, to }) => {
      const severity = remarks.has(problem.code) ? severities.information : severities.error;
      const diagnostic = new vscode.Diagnostic(range(from, to), syntaxMessage(problem), severity);
      diagnostic.source = "PromQL";
      diagnostic.code = problem.code;
      return diagnostic;
    });
    this.#diagnostics.set(document.uri, [...own, ...ofSyntax, ...fromServers]);
  }

  /** What a server would refuse, but for blocks (`refused`) whose server has said so itself. */
  #syntaxOf(document: vscode.TextDocument, text: string, file: PromqlFile, refused: ReadonlySet<string>) {
    const checks = this.#checks.get(document) ?? new ExpressionChecks();
    this.#checks.set(document, checks);
    const expressions = file.blocks.flatMap((block) =>
      block.expression === undefined || refused.has(block.key) || isDisputed(file, block)
        ? []
        : {
            at: block.expression.from,
            text: text.slice(block.expression.from, block.expression.to),
            dialect: this.#dialectOf(resolveDirectives(file, block).connection),
          },
    );
    return checks.check(expressions).flatMap((problems, i) => {
      const at = expressions[i]?.at ?? 0;
      return problems.map((problem) => ({ problem, from: at + problem.from, to: at + problem.to }));
    });
  }
}

/** True where it is said already that the block is not one expression: a parser would say it again in other words. */
function isDisputed(file: PromqlFile, { from, to }: Block): boolean {
  return file.problems.some((problem) => {
    if (problem.code === "twoExpressions") return from <= problem.from && problem.from < to;
    return problem.code === "separatorInsideExpression" && from <= problem.openedAt && problem.openedAt < to;
  });
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
