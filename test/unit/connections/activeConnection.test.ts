import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { one, setUp, two } from "../../support/connectionServices.ts";

describe("the active connection", () => {
  test("is the chosen one, or the only one, and never a guess", async () => {
    const { service, settings } = setUp([]);
    assert.deepEqual(service.active, { kind: "none" });
    settings.replace([one]);
    assert.equal(service.active.kind, "ready");
    settings.replace([one, two]);
    assert.deepEqual(service.active, { kind: "none" });
    await service.select("two");
    assert.equal(service.active.kind === "ready" && service.active.profile.id, "two");
  });

  test("that is gone or disabled is not replaced by another one", async () => {
    const { service, settings } = setUp([one, two]);
    await service.select("two");
    settings.replace([one]);
    assert.deepEqual(service.active, { kind: "unusable", id: "two" });
    settings.replace([one, { ...two, oops: 1 }]);
    assert.deepEqual(service.active, { kind: "unusable", id: "two" });
  });

  test("a disabled entry beside a single usable one makes the choice unclear", () => {
    assert.deepEqual(setUp([one, { ...two, oops: 1 }]).service.active, { kind: "none" });
  });

  test("is forgotten with the connection", async () => {
    const { service } = setUp([one, two]);
    await service.select("two");
    await service.remove("two");
    assert.equal(service.active.kind === "ready" && service.active.profile.id, "one");
  });
});
