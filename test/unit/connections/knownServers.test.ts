import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ConnectionService } from "../../../src/connections/connectionService.ts";
import { noDrafts } from "../../../src/connections/credentials.ts";
import { AppError } from "../../../src/shared/errors.ts";
import type { QueryAnswer } from "../../../src/shared/model/answer.ts";
import { upVector } from "../../support/connectionDoubles.ts";
import { failure, one, profileOf, settled, setUp, signal, two } from "../../support/connectionServices.ts";

describe("health", () => {
  test("follows the queries that were really sent", async () => {
    let outcome: () => QueryAnswer = () => upVector([1]);
    const { service, changes } = setUp([one], () => outcome());
    const source = await service.sourceFor("one");
    assert.deepEqual(service.healthOf("one"), { state: "unknown" });
    await source.query({ query: "up" }, { signal });
    await settled();
    const before = changes();
    await source.query({ query: "up" }, { signal });
    assert.deepEqual(service.healthOf("one"), { state: "ok", at: 1000 });
    assert.equal(changes(), before);
    const refused = { kind: "unreachable", code: "refused", detail: "" } as const;
    outcome = () => {
      throw new AppError(refused);
    };
    await failure(source.query({ query: "up" }, { signal }));
    assert.deepEqual(service.healthOf("one"), { state: "failed", at: 1000, failure: refused });
    outcome = () => {
      throw new AppError({ kind: "rejected", status: 400, errorType: "bad_data", message: "" });
    };
    await failure(source.query({ query: "(" }, { signal }));
    assert.deepEqual(service.healthOf("one"), { state: "ok", at: 1000 });
  });

  test("is unknown again when the profile changes, not when another one does", async () => {
    const { service, settings } = setUp([one, two]);
    await service.check("one", { signal });
    settings.replace([one]);
    assert.equal(service.healthOf("one").state, "ok");
    settings.replace([{ ...one, timeoutMs: 500 }]);
    assert.equal(service.healthOf("one").state, "unknown");
  });
});

describe("whether queries work", () => {
  const agent = {
    kind: "rejected",
    status: 422,
    errorType: "execution",
    message: "unavailable with Prometheus Agent",
  } as const;
  const noPath = { kind: "notPrometheus", status: 404, content: "text", detail: "" } as const;
  const noRoute = { kind: "rejected", status: 404, errorType: "not_found", message: "no such route" } as const;
  const unreadable = { kind: "rejected", status: 400, errorType: "bad_data", message: "" } as const;
  const down = { kind: "unreachable", code: "refused", detail: "" } as const;
  const cases = [
    [undefined, "answered"],
    [unreadable, "answered"],
    [noPath, "missing"],
    [noRoute, "missing"],
    [agent, "agent"],
    [down, "unknown"],
  ] as const;
  for (const [outcome, expected] of cases) {
    test(`${expected} after ${outcome === undefined ? "an answer" : JSON.stringify(outcome)}`, async () => {
      const { service } = setUp([one], () => {
        if (outcome !== undefined) throw new AppError(outcome);
        return upVector([1]);
      });
      const profile = service.find("one") ?? assert.fail();
      assert.equal(service.queriesOf(profile), "unknown");
      const source = await service.sourceFor("one");
      await source.query({ query: "up" }, { signal }).catch(() => undefined);
      assert.equal(service.queriesOf(profile), expected);
    });
  }

  test("an agent that was found out before is one until it answers", async () => {
    const { service } = setUp([one], () => upVector([1]));
    const profile = service.find("one") ?? assert.fail();
    service.capabilities.noteProbe(profile, { offers: new Map(), isAgent: true });
    assert.equal(service.queriesOf(profile), "agent");
    await (await service.sourceFor("one")).query({ query: "up" }, { signal });
    assert.equal(service.queriesOf(profile), "answered");
  });
});

describe("the program of a server", () => {
  const program = (service: ConnectionService, id: string) => service.backends.of(service.find(id) ?? assert.fail());
  const prometheus = { name: "Prometheus", version: "3.1.0", learntAt: 1000 };

  test("is learnt by a test, and by whoever reads the build information of the connection", async () => {
    const { service, changes } = setUp([one, two]);
    assert.equal(program(service, "one"), undefined);
    await service.check("one", { signal });
    assert.partialDeepStrictEqual(program(service, "one"), prometheus);
    await settled();
    const before = changes();
    const source = await service.sourceFor("two");
    assert.equal(program(service, "two"), undefined);
    await source.buildInfo({ signal });
    assert.partialDeepStrictEqual(program(service, "two"), prometheus);
    assert.equal(changes(), before + 1);
  });

  test("is not learnt by the test of a draft, which is nobody's yet", async () => {
    const { service } = setUp([one]);
    await service.test(profileOf({ ...one, url: "https://new.example" }), noDrafts, { signal });
    assert.equal(program(service, "one"), undefined);
  });

  test("is unknown at another address and forgotten with the connection", async () => {
    const { service, settings } = setUp([one, two]);
    await service.check("one", { signal });
    settings.replace([{ ...one, url: "https://other.example" }, two]);
    assert.equal(program(service, "one"), undefined);
    settings.replace([one, two]);
    assert.partialDeepStrictEqual(program(service, "one"), prometheus);
    await service.remove("one");
    settings.replace([one, two]);
    assert.equal(program(service, "one"), undefined);
  });
});
