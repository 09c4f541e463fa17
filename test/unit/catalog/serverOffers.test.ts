import assert from "node:assert/strict";
import { test } from "node:test";
import { CompletionNames } from "../../../src/catalog/completionNames.ts";
import { mostDescribed, mostOffers, serverOffers, wantsNames } from "../../../src/catalog/serverOffers.ts";
import { contextIn } from "../../support/completions.ts";
import { HandClock } from "../../support/handClock.ts";
import { FakeNamesServer, settled } from "../../support/namesServer.ts";
import { recordingLogger } from "../../support/sources.ts";

function setUp() {
  const names = new CompletionNames({ clock: new HandClock(), log: recordingLogger() });
  const server = new FakeNamesServer();
  const ask = (marked: string, typed: string, wait: () => Promise<void> = settled) =>
    serverOffers(contextIn(marked), {
      ...{ names, server, typed, wait, used: new Set(["used"]) },
      signal: new AbortController().signal,
    });
  return { names, server, ask };
}

/** Waits as long as it takes. */
const forever = () => new Promise<void>(() => undefined);

test("a server that takes its time is not waited for: the list is incomplete, and says when to look again", async () => {
  const { server, ask } = setUp();
  const first = await ask("u|", "u");
  assert.deepEqual([first.offers, first.isIncomplete], [[], true]);
  assert.ok(first.pending !== undefined);
  (await server.request(1)).answer(["up", "used"]);
  await first.pending;
  const second = await ask("u|", "u");
  assert.deepEqual(
    second.offers.map(({ label }) => label),
    ["up", "used"],
  );
  assert.deepEqual([second.isIncomplete, second.pending], [false, undefined]);
});

test("a server that answers at once is in the first list", async () => {
  const { server, ask } = setUp();
  const list = ask("u|", "u", forever);
  (await server.request(1)).answer(["up"]);
  assert.deepEqual(
    (await list).offers.map(({ label }) => label),
    ["up"],
  );
});

test("types come after the names, and once they are there with them", async () => {
  const { server, ask } = setUp();
  const first = ask("rate(|)", "", forever);
  (await server.request(1)).answer(["a", "b"]);
  assert.deepEqual(
    (await first).offers.map(({ detail }) => detail),
    [undefined, undefined],
  );
  const metadata = await server.request(2);
  assert.equal(metadata.path, "metadata");
  metadata.describe(new Map([["b", [{ type: "counter", help: "Things.", unit: "" }]]]));
  await settled();
  const { offers } = await ask("rate(|)", "");
  const found = offers.find(({ label }) => label === "b");
  assert.deepEqual([found?.detail, found?.metadata?.help], ["counter", "Things."]);
  assert.ok((found?.rank ?? 0) < (offers.find(({ label }) => label === "a")?.rank ?? 0));
});

test("of very many metrics the types are not asked for all at once", async () => {
  const { server, ask } = setUp();
  const first = ask("m|", "m", forever);
  (await server.request(1)).answer(Array.from({ length: mostDescribed + 1 }, (_, i) => `m${i}`));
  assert.equal((await first).offers.length, mostOffers);
  await ask("m1|", "m1");
  await settled();
  assert.deepEqual(server.paths, ["metrics"]);
});

test("a list that failed offers nothing and is not waited for again at once", async () => {
  const { server, ask } = setUp();
  const first = ask("x{|}", "", forever);
  (await server.request(1)).fail(new Error("down"));
  assert.deepEqual((await first).offers, []);
  assert.deepEqual(await ask("x{|}", ""), { offers: [], isIncomplete: false, pending: undefined });
  assert.equal(server.requests.length, 1);
});

test("more than 300 are cut, which is said", async () => {
  const { server, ask } = setUp();
  const first = ask("m|", "m", forever);
  (await server.request(1)).answer(Array.from({ length: 1000 }, (_, i) => `m${i}`));
  const { offers, isIncomplete } = await first;
  assert.deepEqual([offers.length, isIncomplete], [mostOffers, true]);
  const { offers: fewer, isIncomplete: isStill } = await ask("m|", "m99");
  assert.deepEqual([fewer[0]?.label, isStill], ["m99", false]);
  assert.equal(fewer.filter(({ label }) => label.startsWith("m99")).length, 11);
});

test("values that the server holds back are looked for there with what was typed", async () => {
  const { server, ask } = setUp();
  const first = ask('x{pod="zz|"}', "zz", forever);
  (await server.request(1)).answer(["aa"], { truncated: true });
  const search = await server.request(2);
  assert.deepEqual(
    [search.path, search.scope?.matchers, search.scope?.containing],
    ["values of pod", ['{__name__="x",pod=~"(?i).*zz.*"}'], "zz"],
  );
  search.answer(["zz-top"]);
  const { offers, isIncomplete } = await first;
  assert.deepEqual(
    offers.map(({ insert }) => insert),
    ["zz-top"],
  );
  assert.equal(isIncomplete, true);
});

test("metrics that the server holds back likewise", async () => {
  const { server, ask } = setUp();
  const first = ask("zz|", "zz", forever);
  (await server.request(1)).answer(["aa"], { truncated: true });
  const search = await server.request(2);
  assert.deepEqual([search.path, search.scope?.matchers], ["metrics", ['{__name__=~"(?i).*zz.*"}']]);
  search.answer(["zz_top"]);
  assert.deepEqual(
    (await first).offers.map(({ label }) => label),
    ["zz_top"],
  );
});

test("each place asks for its list alone", async () => {
  const cases = [
    { marked: "|", asked: ["metrics"] },
    { marked: "x{|}", asked: ["labels"] },
    { marked: 'x{job="|"}', asked: ["values of job"] },
    { marked: '{__name__="|"}', asked: ["metrics"] },
    { marked: "sum by (|) (x)", asked: ["labels"] },
    { marked: '{"|"}', asked: ["metrics", "labels"] },
    { marked: "# @legend {{|}}", asked: ["labels"] },
    { marked: "topk(|", asked: [] },
    { marked: "x |", asked: [] },
    { marked: "x[|]", asked: [] },
    { marked: "# @|", asked: [] },
    { marked: "$|", asked: [] },
    { marked: "vector(|", asked: [] },
  ];
  for (const { marked, asked } of cases) {
    const { server, ask, names } = setUp();
    await ask(marked, "");
    await settled();
    assert.deepEqual(server.paths, asked, marked);
    assert.equal(wantsNames(contextIn(marked)), asked.length > 0, marked);
    names.dispose();
  }
});

test("labels that stand in a list already are not offered again", async () => {
  const { server, ask } = setUp();
  const list = ask("sum by (job, |) (x)", "", forever);
  (await server.request(1)).answer(["instance", "job"]);
  assert.deepEqual(
    (await list).offers.map(({ label }) => label),
    ["instance"],
  );
});
