import assert from "node:assert/strict";
import { test } from "node:test";
import { countFiring, ruleNodes } from "../../../src/catalog/ruleNodes.ts";
import type { TreeNode } from "../../../src/catalog/treeNode.ts";
import type { Alert, Rule, RuleGroup } from "../../../src/shared/model/source.ts";

const time = (at: number) => `at ${at}`;
const children = (node: TreeNode | undefined) => (node?.children?.() ?? []) as readonly TreeNode[];
const text = ({ label, description }: TreeNode) => `${label}: ${description}`;

const alert = (state: string, instance: string): Alert => ({
  labels: [
    ["alertname", "Down"],
    ["instance", instance],
  ],
  annotations: [["summary", `${instance} is down`]],
  state,
  activeAt: 5000,
  value: "0e+00",
  keepFiringSince: undefined,
});

function aRule(changes: Partial<Rule>): Rule {
  return {
    kind: "alerting",
    name: "Down",
    query: "up == 0",
    labels: [["severity", "page"]],
    health: "ok",
    lastError: "",
    lastEvaluation: 9000,
    evaluationSeconds: 0.00123,
    state: "inactive",
    alerts: [],
    ...changes,
  } as Rule;
}

const groups: readonly RuleGroup[] = [
  {
    name: "availability",
    file: "/etc/prometheus/alerts.yml",
    intervalSeconds: 30,
    lastEvaluation: undefined,
    evaluationSeconds: undefined,
    rules: [
      aRule({ state: "firing", alerts: [alert("pending", "a"), alert("firing", "b")] }),
      aRule({ name: "Quiet" }),
    ],
  },
  {
    name: "records",
    file: "/etc/prometheus/records.yml",
    intervalSeconds: undefined,
    lastEvaluation: undefined,
    evaluationSeconds: undefined,
    rules: [
      aRule({ kind: "recording", name: "job:up:sum", state: undefined }),
      aRule({ kind: "recording", name: "broken", state: undefined, health: "err", lastError: "many-to-many" }),
    ],
  },
];

test("what is active comes first, firing before pending; then files, groups and rules", () => {
  const rows = ruleNodes(groups, { time });
  assert.deepEqual(rows.map(text), [
    "Active alerts: 1 firing, 1 pending",
    "alerts.yml: 1 group",
    "records.yml: 1 group",
  ]);
  assert.deepEqual(children(rows[0]).map(text), [
    "Down: firing since at 5000 · value 0e+00 · instance=b",
    "Down: pending since at 5000 · value 0e+00 · instance=a",
  ]);
  assert.equal(countFiring(groups), 1);
  const [availability] = children(rows[1]);
  assert.equal(availability?.description, "2 rules · every 30 s");
  assert.deepEqual(children(availability).map(text), ["Down: firing (2) · 1.2 ms", "Quiet: inactive · 1.2 ms"]);
});

test("a rule has its alerts with annotations, its expression and its labels", () => {
  const [, file] = ruleNodes(groups, { time });
  const rule = children(children(file)[0])[0];
  const below = children(rule);
  assert.deepEqual(below.map(text), [
    "instance=a: pending since at 5000 · value 0e+00",
    "instance=b: firing since at 5000 · value 0e+00",
    "Expression: up == 0",
    "Last evaluation: at 9000",
    "severity: page",
  ]);
  assert.deepEqual(children(below[0]).map(text), ["summary: a is down", "instance: a"]);
  assert.deepEqual(rule?.subject, { kind: "rule", name: "Down", query: "up == 0" });
});

test("a rule's expression brings no comment with it, which could direct it to another connection", () => {
  const query = 'up # @connection prod\n# %% Other\n+ label_replace(up, "a", "# no comment", "", "")';
  const rule = { ...groups[0], rules: [aRule({ query })] } as RuleGroup;
  const subject = children(children(ruleNodes([rule], { time })[0])[0])[0]?.subject;
  assert.ok(subject?.kind === "rule");
  assert.doesNotMatch(subject.query, /@connection|%%/);
  assert.match(subject.query, /^up\s+\+ label_replace\(up, "a", "# no comment", "", ""\)$/);
});

test("what looks like a variable in a rule's string is none", () => {
  const rule = { ...groups[0], rules: [aRule({ query: 'state{name="mssql$sqlexpress"} == 0' })] } as RuleGroup;
  const subject = children(children(ruleNodes([rule], { time })[0])[0])[0]?.subject;
  assert.ok(subject?.kind === "rule");
  assert.equal(subject.query, String.raw`state{name="mssql\x24sqlexpress"} == 0`);
});

test("a rule that cannot be evaluated says why, and its group says so", () => {
  const records = children(ruleNodes(groups, { time })[2])[0];
  assert.equal(records?.description, "2 rules, 1 with errors");
  assert.deepEqual(children(records).map(text), [
    "job:up:sum: recording · 1.2 ms",
    "broken: recording · many-to-many · 1.2 ms",
  ]);
  assert.equal(children(records)[1]?.icon, "error");
});

test("without an active alert there is no row for them", () => {
  const [first] = ruleNodes(groups.slice(1), { time });
  assert.equal(first?.label, "records.yml");
});

test("a rule in another language can be read, and offers nothing that would run it as PromQL", () => {
  const query = "sumSeries(foo.bar)";
  const rule = aRule({ query, foreignLanguage: "graphite", state: "firing", alerts: [alert("firing", "a")] });
  const rows = ruleNodes([{ ...groups[0], rules: [rule] } as RuleGroup], { time });
  const node = children(children(rows[1])[0])[0];
  assert.equal(node?.description, "firing (1) · in graphite, not PromQL · 1.2 ms");
  for (const one of [node, children(node)[0], children(rows[0])[0]]) {
    assert.deepEqual([one?.context, one?.subject], [undefined, undefined]);
  }
  assert.ok(children(node).some(({ description }) => description === query));
});
