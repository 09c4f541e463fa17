import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { noDrafts } from "../../../src/connections/credentials.ts";
import type { OriginMove } from "../../../src/connections/secrets.ts";
import { AppError } from "../../../src/shared/errors.ts";
import { answerOf, upVector } from "../../support/connectionDoubles.ts";
import { failure, one, profileOf, setUp, signal, two, typedToken } from "../../support/connectionServices.ts";

describe("a test", () => {
  test("asks 1+1, then up, and closes its source", async () => {
    const { service, sources } = setUp([one]);
    assert.deepEqual(await service.check("one", { signal }), {
      durationMs: 12,
      targets: { up: 2, total: 3 },
      upFailure: undefined,
      buildInfo: { application: "Prometheus", version: "3.1.0", revision: undefined },
      marksPartial: false,
    });
    assert.deepEqual(
      sources[0]?.sent.map(({ query }) => query),
      ["1+1", "up"],
    );
    assert.equal(sources[0]?.isDisposed, true);
  });

  test("succeeds without up", async () => {
    const { service } = setUp([one], (query) => {
      if (query === "up") throw new AppError({ kind: "rejected", status: 422, errorType: "execution", message: "no" });
      return answerOf({ type: "scalar", time: 1, value: 2 });
    });
    const report = await service.check("one", { signal });
    assert.equal(report.targets, undefined);
    assert.equal(report.upFailure?.kind, "rejected");
  });

  test("fails with 1+1, and the connection with it", async () => {
    const { service, sources } = setUp([one], () => {
      throw new AppError({ kind: "unauthorized", status: 401, detail: "" });
    });
    assert.equal((await failure(service.check("one", { signal }))).kind, "unauthorized");
    assert.equal(service.healthOf("one").state, "failed");
    assert.equal(sources[0]?.isDisposed, true);
  });

  test("that the server refuses is a failed one, though a refused query is not", async () => {
    const { service } = setUp([one], () => {
      throw new AppError({ kind: "rejected", status: 400, errorType: "bad_data", message: "no queries here" });
    });
    const source = await service.sourceFor("one");
    await assert.rejects(source.query({ query: "nonsense(", time: 0 }, { signal }));
    assert.equal(service.healthOf("one").state, "ok");
    assert.equal((await failure(service.check("one", { signal }))).kind, "rejected");
    assert.equal(service.healthOf("one").state, "failed");
  });

  test("of a draft uses the typed secret and stores nothing", async () => {
    const { service, sources, log } = setUp([]);
    await service.test(profileOf(two), typedToken("typed"), { signal });
    assert.equal(sources[0]?.sent[0]?.headers["Authorization"], "Bearer typed");
    assert.deepEqual(log, []);
  });

  test("of a draft sends a stored secret to another origin only when that was confirmed", async () => {
    const { service, secrets, sources } = setUp([two]);
    await secrets.save("two", "token", { origin: "https://two.example", value: "v" });
    const moved = profileOf({ ...two, url: "https://new.example" });
    assert.equal((await failure(service.test(moved, noDrafts, { signal }))).kind, "originChanged");
    assert.deepEqual(sources[0]?.sent, []);
    const move = { from: "https://two.example", to: "https://new.example" };
    const others: readonly OriginMove[] = [
      { ...move, purposes: ["password", "notStored"] },
      { purposes: ["token"], from: "https://old.example", to: move.to },
    ];
    assert.equal(
      (await failure(service.test(moved, { ...noDrafts, confirmed: others }, { signal }))).kind,
      "originChanged",
    );
    await service.test(moved, { ...noDrafts, confirmed: [{ ...move, purposes: ["token"] }] }, { signal });
    assert.equal(sources[2]?.sent[0]?.headers["Authorization"], "Bearer v");
  });

  test("that is cancelled says so", async () => {
    const controller = new AbortController();
    const { service } = setUp([one], (query) => {
      if (query === "1+1") controller.abort(new AppError({ kind: "cancelled" }));
      return upVector([]);
    });
    assert.equal((await failure(service.check("one", { signal: controller.signal }))).kind, "cancelled");
    assert.equal(service.healthOf("one").state, "unknown");
  });
});
