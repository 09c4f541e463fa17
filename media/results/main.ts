import { h, render } from "preact";
import type { Snapshot } from "../../src/shared/protocol/results.ts";
import { App } from "./app.ts";
import { connectHost } from "./host.ts";

const root = document.getElementById("app");
if (root === null) throw new Error("the page has no place for the app");

let snapshot: Snapshot | undefined;
const host = connectHost((changed) => {
  snapshot = changed;
  draw();
});

function draw(): void {
  if (root !== null) render(h(App, { host, snapshot }), root);
}

draw();
void host.rpc.request("results/ready", {}).then((first) => {
  snapshot ??= first;
  draw();
});
