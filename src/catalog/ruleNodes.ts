import { literalStrings } from "../promql/literalStrings.ts";
import { withoutComments } from "../promql/withoutComments.ts";
import type { Labels } from "../shared/model/labels.ts";
import type { Alert, Rule, RuleGroup } from "../shared/model/source.ts";
import { fact, inStretches, type TreeNode } from "./treeNode.ts";

export interface RuleNodesOptions {
  /** Formats a moment for people. */
  readonly time: (at: number) => string;
}

/** How each state is drawn, the most urgent first. */
const states: Readonly<Record<string, { readonly order: number; readonly icon: string; readonly color: string }>> = {
  firing: { order: 0, icon: "flame", color: "testing.iconFailed" },
  pending: { order: 1, icon: "watch", color: "testing.iconQueued" },
  inactive: { order: 2, icon: "pass", color: "testing.iconPassed" },
};
const otherState = { order: 3, icon: "question", color: "testing.iconUnset" };
const brokenRule = { icon: "error", color: "testing.iconErrored" };

/** An alert of a rule that is firing or pending. */
interface ActiveAlert {
  readonly rule: Rule;
  readonly alert: Alert;
}

/** What is firing or pending now, then every file with its groups and rules as the server has them. */
export function ruleNodes(groups: readonly RuleGroup[], options: RuleNodesOptions): readonly TreeNode[] {
  const active = activeAlerts(groups);
  const files = new Map<string, RuleGroup[]>();
  for (const group of groups) {
    const file = files.get(group.file);
    if (file === undefined) files.set(group.file, [group]);
    else file.push(group);
  }
  const top: readonly TreeNode[] =
    active.length === 0
      ? []
      : [
          {
            id: "active alerts",
            label: "Active alerts",
            description: countsOf(active),
            icon: "bell-dot",
            isOpen: true,
            spoken: `Active alerts: ${countsOf(active)}`,
            children: () =>
              inStretches(
                active.map((one, i) => alertNode(one, `active ${i}`, true, options)),
                "active",
              ),
          },
        ];
  return [
    ...top,
    ...inStretches(
      [...files].map(([file, own]) => fileNode(file, own, options)),
      "files",
    ),
  ];
}

/** How many alerts are firing. */
export function countFiring(groups: readonly RuleGroup[]): number {
  return activeAlerts(groups).filter(({ alert }) => alert.state === "firing").length;
}

function activeAlerts(groups: readonly RuleGroup[]): readonly ActiveAlert[] {
  return groups
    .flatMap(({ rules }) => rules.flatMap((rule) => rule.alerts.map((alert) => ({ rule, alert }))))
    .filter(({ alert }) => alert.state !== "inactive")
    .sort((a, b) => stateOf(a.alert.state).order - stateOf(b.alert.state).order);
}

function countsOf(active: readonly ActiveAlert[]): string {
  const firing = active.filter(({ alert }) => alert.state === "firing").length;
  const others = active.length - firing;
  return others === 0 ? `${firing} firing` : `${firing} firing, ${others} pending`;
}

function stateOf(state: string | undefined) {
  return states[state ?? ""] ?? otherState;
}

function fileNode(file: string, groups: readonly RuleGroup[], options: RuleNodesOptions): TreeNode {
  const name = file.split(/[\\/]/).at(-1) ?? file;
  return {
    id: `file ${file}`,
    label: name === "" ? "Rules" : name,
    description: `${groups.length} ${groups.length === 1 ? "group" : "groups"}`,
    icon: "file",
    tooltip: file,
    isOpen: groups.length <= 5,
    children: () =>
      inStretches(
        groups.map((group, i) => groupNode(group, `${file} ${i}`, options)),
        `file ${file}`,
      ),
  };
}

function groupNode({ name, rules, intervalSeconds }: RuleGroup, id: string, options: RuleNodesOptions): TreeNode {
  const broken = rules.filter(isBroken).length;
  const every = intervalSeconds === undefined ? "" : ` · every ${intervalSeconds} s`;
  const count = `${rules.length} ${rules.length === 1 ? "rule" : "rules"}`;
  const description = `${count}${broken === 0 ? "" : `, ${broken} with errors`}${every}`;
  const queries = rules.flatMap((rule) => queryOf(rule) ?? []);
  return {
    id: `group ${id}`,
    label: name,
    description,
    ...(broken === 0 ? { icon: "symbol-namespace" } : brokenRule),
    spoken: `Group ${name}, ${description}`,
    ...(queries.length === 0 ? {} : { context: "ruleGroup", subject: { kind: "ruleGroup", name, rules: queries } }),
    children: () =>
      inStretches(
        rules.map((rule, i) => ruleNode(rule, `${id} ${i}`, options)),
        `group ${id}`,
      ),
  };
}

function isBroken({ health, lastError }: Rule): boolean {
  return health === "err" || lastError !== "";
}

/** A rule's query as text of a file; none where its expression is not PromQL, which the server could not run. */
function queryOf({ name, query, foreignLanguage }: Rule): Pick<Rule, "name" | "query"> | undefined {
  return foreignLanguage === undefined ? { name, query: literalStrings(withoutComments(query)) } : undefined;
}

/** What the menus do with a rule. */
function actionsOf(rule: Rule): Pick<TreeNode, "context" | "subject"> {
  const query = queryOf(rule);
  return query === undefined ? {} : { context: "rule", subject: { kind: "rule", ...query } };
}

function ruleNode(rule: Rule, id: string, options: RuleNodesOptions): TreeNode {
  const { kind, name, query, state, alerts, health, lastError, evaluationSeconds, lastEvaluation } = rule;
  const took = evaluationSeconds === undefined ? [] : [`${(evaluationSeconds * 1000).toPrecision(2)} ms`];
  const count = alerts.length === 0 ? "" : ` (${alerts.length})`;
  const said = kind === "alerting" ? [`${state ?? "state unknown"}${count}`] : ["recording"];
  const written = rule.foreignLanguage === undefined ? [] : [`in ${rule.foreignLanguage}, not PromQL`];
  const description = [...said, ...written, ...(isBroken(rule) ? [lastError || health] : []), ...took].join(" · ");
  const drawn = isBroken(rule) ? brokenRule : kind === "recording" ? { icon: "record" } : stateOf(state);
  const evaluated = lastEvaluation === undefined ? [] : [`Last evaluation: ${options.time(lastEvaluation)}`];
  return {
    id: `rule ${id}`,
    label: name,
    description,
    icon: drawn.icon,
    ...("color" in drawn ? { color: drawn.color } : {}),
    tooltip: [name, description, query, labelsText(rule.labels), ...evaluated].filter((line) => line !== "").join("\n"),
    spoken: `${kind} rule ${name}, ${description}`,
    ...actionsOf(rule),
    children: () => [
      ...inStretches(
        alerts.map((alert, i) => alertNode({ rule, alert }, `${id} ${i}`, false, options)),
        `rule ${id}`,
      ),
      fact(`rule ${id} query`, "Expression", query, "code"),
      ...(lastError === "" ? [] : [fact(`rule ${id} error`, "Error", lastError, "error")]),
      ...(lastEvaluation === undefined
        ? []
        : [fact(`rule ${id} evaluated`, "Last evaluation", options.time(lastEvaluation), "history")]),
      ...rule.labels.map(([label, value]) => fact(`rule ${id} label ${label}`, label, value, "tag")),
    ],
  };
}

function alertNode({ rule, alert }: ActiveAlert, id: string, named: boolean, { time }: RuleNodesOptions): TreeNode {
  const { state, activeAt, value, annotations } = alert;
  const labels = alert.labels.filter(([name]) => name !== "alertname");
  const since = activeAt === undefined ? "" : ` since ${time(activeAt)}`;
  const drawn = stateOf(state);
  const own = labelsText(labels);
  const label = named ? rule.name : own || rule.name;
  const description = [`${state}${since}`, `value ${value}`, ...(named && own !== "" ? [own] : [])].join(" · ");
  return {
    id: `alert ${id} ${own}`,
    label,
    description,
    icon: drawn.icon,
    color: drawn.color,
    tooltip: [rule.name, description, own, ...annotations.map(([name, text]) => `${name}: ${text}`)].join("\n"),
    spoken: `${label}, ${description}`,
    ...actionsOf(rule),
    children: () => [
      ...annotations.map(([name, text]) => fact(`alert ${id} annotation ${name}`, name, text, "note")),
      ...labels.map(([name, text]) => fact(`alert ${id} label ${name}`, name, text, "tag")),
    ],
  };
}

function labelsText(labels: Labels): string {
  return labels.map(([name, value]) => `${name}=${value}`).join(", ");
}
