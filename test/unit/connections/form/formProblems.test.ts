import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { answered, withAuth } from "../../../../src/connections/form/formAnswers.ts";
import { openHeader } from "../../../../src/connections/form/formHeaders.ts";
import { noteOn, problemWith } from "../../../../src/connections/form/formProblems.ts";
import { type FormState, newForm } from "../../../../src/connections/form/formState.ts";
import { goTo } from "../../../../src/connections/form/formSteps.ts";
import { through } from "../../../support/connectionForms.ts";

describe("what is said while typing", () => {
  const bearer = withAuth(through(newForm(), "https://h", "H"), "bearer");
  const basic = withAuth(through(newForm(), "https://h", "H"), "basic");
  const withHeader = answered(openHeader(bearer, 0), "X-A: 1");
  const cases: readonly { title: string; state: FormState; answer: string; problem: string | undefined }[] = [
    { title: "a URL", state: newForm(), answer: "https://h", problem: undefined },
    { title: "no URL", state: newForm(), answer: "h", problem: "url scheme" },
    { title: "a name", state: goTo(newForm(), "name"), answer: "  ", problem: "nameInvalid" },
    { title: "a user with a colon", state: basic, answer: "a:b", problem: "usernameInvalid" },
    { title: "no user", state: basic, answer: "", problem: "usernameInvalid" },
    { title: "no token", state: bearer, answer: "", problem: "secretEmpty" },
    { title: "only the scheme", state: bearer, answer: "Bearer ", problem: "secretEmpty" },
    { title: "a token of two words", state: bearer, answer: "a b", problem: "secretInvalid" },
    { title: "a header", state: openHeader(withHeader, 1), answer: "X-B: 2", problem: undefined },
    { title: "the same header again", state: openHeader(withHeader, 1), answer: "x-a: 2", problem: "header twice" },
    { title: "the same header, changed", state: openHeader(withHeader, 0), answer: "x-a: 2", problem: undefined },
    { title: "no colon", state: openHeader(withHeader, 1), answer: "X-B", problem: "header form" },
    { title: "no value", state: openHeader(withHeader, 1), answer: "X-B:", problem: "header form" },
    {
      title: "a credential",
      state: openHeader(withHeader, 1),
      answer: "Authorization: x",
      problem: "header credential",
    },
    { title: "nothing", state: openHeader(withHeader, 0), answer: "", problem: undefined },
  ];
  for (const { title, state, answer, problem } of cases) {
    test(title, () => {
      const found = problemWith(state, answer);
      const text = found === undefined ? undefined : "problem" in found ? `${found.code} ${found.problem}` : found.code;
      assert.equal(text, problem);
    });
  }

  test("what is left out", () => {
    assert.deepEqual(noteOn(newForm(), "https://h/p/graph"), {
      code: "removed",
      removed: "/graph",
      baseUrl: "https://h/p",
    });
    assert.deepEqual(noteOn(newForm(), "http://host:9100/metrics/"), { code: "metricsPage" });
    assert.equal(noteOn(newForm(), "http://host:9100/mymetrics"), undefined);
    assert.deepEqual(noteOn(bearer, "Bearer abc"), { code: "schemeRemoved" });
    assert.equal(noteOn(bearer, " abc "), undefined);
    assert.equal(answered(bearer, "Bearer abc").draft.secret, "abc");
  });
});
