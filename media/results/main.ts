import { h, render } from "preact";
import type { Snapshot } from "../../src/shared/protocol/results.ts";
import { App } from "./app.ts";
import { Failed } from "./asked.ts";
import { connectHost } from "./host.ts";

const root = document.getElementById("app");
if (root === null) throw new Error("the page has no place for the app");

let snapshot: Snapshot | undefined;
let problem = "";
let hasFailed = false;
const host = connectHost({
  onChange(changed) {
    snapshot = changed;
    draw();
  },
  onProblem(text) {
    problem = text;
    draw();
  },
});

function draw(): void {
  if (root === null) return;
  const isLost = hasFailed && snapshot === undefined;
  render(
    isLost ? h(Failed, { text: "The results could not be read", retry: start }) : h(App, { host, snapshot, problem }),
    root,
  );
}

function start(): void {
  hasFailed = false;
  draw();
  host.rpc.request("results/ready", {}).then(
    (first) => {
      snapshot ??= first;
      draw();
    },
    () => {
      hasFailed = true;
      draw();
    },
  );
}

start();
