import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { parse } from "jsonc-parser";
import {
  readSettingFromText,
  removeFromSettingsText,
  type SettingsTextResult,
  upsertInSettingsText,
} from "../../../src/connections/settingsText.ts";

const key = "promqlWorkbench.connections";
const element = { id: "b", url: "http://b" };

function textOf(result: SettingsTextResult): string {
  assert.ok(result.ok, result.ok ? "" : result.problem);
  return result.text;
}

const lines = (...parts: string[]) => parts.join("\n");

describe("writing one element", () => {
  const cases: readonly { title: string; input: string; expected: string }[] = [
    {
      title: "an empty file",
      input: "",
      expected: lines(
        "{",
        `    "${key}": [`,
        "        {",
        '            "id": "b",',
        '            "url": "http://b"',
        "        }",
        "    ]",
        "}",
        "",
      ),
    },
    {
      title: "a file of comments",
      input: "// mine\n",
      expected: lines(
        "// mine",
        "{",
        `    "${key}": [`,
        "        {",
        '            "id": "b",',
        '            "url": "http://b"',
        "        }",
        "    ]",
        "}",
        "",
      ),
    },
    {
      title: "other settings, two blanks, a trailing comma and a comment",
      input: lines("{", '  "a": 1, // one', "  // last", "}"),
      expected: lines(
        "{",
        '  "a": 1, // one',
        "  // last",
        `  "${key}": [`,
        "    {",
        '      "id": "b",',
        '      "url": "http://b"',
        "    }",
        "  ],",
        "}",
      ),
    },
    {
      title: "other settings without trailing comma",
      input: lines("{", '\t"a": 1 // one', "}"),
      expected: lines(
        "{",
        '\t"a": 1, // one',
        `\t"${key}": [`,
        "\t\t{",
        '\t\t\t"id": "b",',
        '\t\t\t"url": "http://b"',
        "\t\t}",
        "\t]",
        "}",
      ),
    },
    {
      title: "an empty object on one line",
      input: "{}",
      expected: lines(
        "{",
        `    "${key}": [`,
        "        {",
        '            "id": "b",',
        '            "url": "http://b"',
        "        }",
        "    ]",
        "}",
      ),
    },
    {
      title: "an empty list",
      input: lines("{", `  "${key}": []`, "}"),
      expected: lines(
        "{",
        `  "${key}": [`,
        "    {",
        '      "id": "b",',
        '      "url": "http://b"',
        "    }",
        "  ]",
        "}",
      ),
    },
    {
      title: "an empty list with a comment in it",
      input: lines("{", `  "${key}": [`, "    // none yet", "  ]", "}"),
      expected: lines(
        "{",
        `  "${key}": [`,
        "    // none yet",
        "    {",
        '      "id": "b",',
        '      "url": "http://b"',
        "    }",
        "  ]",
        "}",
      ),
    },
    {
      title: "a list with an element, its remark and an invalid neighbour",
      input: lines(
        "{",
        `  "${key}": [`,
        "    // first",
        '    { "id": "a" }, // after a',
        "    42 /* odd */",
        "  ]",
        "}",
      ),
      expected: lines(
        "{",
        `  "${key}": [`,
        "    // first",
        '    { "id": "a" }, // after a',
        "    42, /* odd */",
        "    {",
        '      "id": "b",',
        '      "url": "http://b"',
        "    }",
        "  ]",
        "}",
      ),
    },
    {
      title: "a list with a trailing comma",
      input: lines("{", `  "${key}": [`, '    { "id": "a" },', "  ],", "}"),
      expected: lines(
        "{",
        `  "${key}": [`,
        '    { "id": "a" },',
        "    {",
        '      "id": "b",',
        '      "url": "http://b"',
        "    },",
        "  ],",
        "}",
      ),
    },
    {
      title: "a list on one line",
      input: `{ "${key}": [{ "id": "a" }], "z": 1 }`,
      expected: lines(
        `{ "${key}": [{ "id": "a" },`,
        "    {",
        '        "id": "b",',
        '        "url": "http://b"',
        "    }",
        '], "z": 1 }',
      ),
    },
    {
      title: "the nested form",
      input: lines(
        "{",
        '  "promqlWorkbench": {',
        '    "connections": [{ "id": "b", "url": "http://old" }]',
        "  }",
        "}",
      ),
      expected: lines(
        "{",
        '  "promqlWorkbench": {',
        '    "connections": [{ "id": "b", "url": "http://b" }]',
        "  }",
        "}",
      ),
    },
    {
      title: "an element that is there: only what differs",
      input: lines(
        "{",
        `  "${key}": [`,
        "    {",
        '      "id": "b", // stable',
        '      "url": "http://old", // moved',
        '      "name": "gone" // remark',
        "    }",
        "  ]",
        "}",
      ),
      expected: lines(
        "{",
        `  "${key}": [`,
        "    {",
        '      "id": "b", // stable',
        '      "url": "http://b" // moved',
        "      // remark",
        "    }",
        "  ]",
        "}",
      ),
    },
    {
      title: "of two elements with one id the first",
      input: `{ "${key}": [{ "id": "b", "url": "1" }, { "id": "b", "url": "2" }] }`,
      expected: `{ "${key}": [{ "id": "b", "url": "http://b" }, { "id": "b", "url": "2" }] }`,
    },
    {
      title: "Windows line ends",
      input: `{\r\n  "${key}": [\r\n    { "id": "a" }\r\n  ]\r\n}\r\n`,
      expected: `{\r\n  "${key}": [\r\n    { "id": "a" },\r\n    {\r\n      "id": "b",\r\n      "url": "http://b"\r\n    }\r\n  ]\r\n}\r\n`,
    },
    {
      title: "nothing, if the element is as it should be",
      input: `{ "${key}": [ {"id":"b","url":"http://b"} ] }`,
      expected: `{ "${key}": [ {"id":"b","url":"http://b"} ] }`,
    },
  ];
  for (const { title, input, expected } of cases) {
    test(title, () => {
      assert.equal(textOf(upsertInSettingsText(input, key, "b", element)), expected);
    });
  }

  test("objects inside an element are changed key by key as well", () => {
    const input = `{ "${key}": [{ "id": "b", "auth": { "type": "basic", /* who */ "username": "x" } }] }`;
    const target = { id: "b", auth: { type: "basic", username: "y" } };
    assert.equal(textOf(upsertInSettingsText(input, key, "b", target)), input.replace('"x"', '"y"'));
  });
});

describe("removing one element", () => {
  const cases: readonly { title: string; input: string; expected: string }[] = [
    {
      title: "the first of several",
      input: lines("[", '  { "id": "b" }, // b', '  { "id": "c" }', "]"),
      expected: lines("[", "  // b", '  { "id": "c" }', "]"),
    },
    {
      title: "the last, with the comma before it",
      input: lines("[", "  // a is kept", '  { "id": "a" },', "  // about b", '  { "id": "b" }', "]"),
      expected: lines("[", "  // a is kept", '  { "id": "a" }', "  // about b", "]"),
    },
    {
      title: "the last with a trailing comma",
      input: lines("[", '  { "id": "a" },', '  { "id": "b" },', "]"),
      expected: lines("[", '  { "id": "a" },', "]"),
    },
    { title: "the only one", input: '[{ "id": "b" }]', expected: "[]" },
    { title: "one in the middle of a line", input: '[1, { "id": "b" }, 3]', expected: "[1, 3]" },
    {
      title: "a comment before the comma stays",
      input: '[{ "id": "b" } /* why */, 3]',
      expected: "[/* why */ 3]",
    },
  ];
  for (const { title, input, expected } of cases) {
    test(title, () => {
      const around = (list: string) => `{ "${key}": ${list} }`;
      const text = textOf(removeFromSettingsText(around(input), key, "b"));
      assert.deepEqual(text.replace(/\s+/g, " "), around(expected).replace(/\s+/g, " "));
      const errors: import("jsonc-parser").ParseError[] = [];
      parse(text, errors, { allowTrailingComma: true });
      assert.deepEqual(errors, []);
    });
  }

  test("lines that held only the element are gone", () => {
    const input = lines("{", `  "${key}": [`, '    { "id": "a" },', "    {", '      "id": "b"', "    }", "  ]", "}");
    const expected = lines("{", `  "${key}": [`, '    { "id": "a" }', "  ]", "}");
    assert.equal(textOf(removeFromSettingsText(input, key, "b")), expected);
  });
});

describe("what is not edited", () => {
  const cases: readonly { title: string; input: string; problem: string }[] = [
    { title: "text that is no JSON", input: `{ "${key}": [`, problem: "unparsable" },
    { title: "a list as the whole file", input: "[]", problem: "unparsable" },
    { title: "a setting that is no list", input: `{ "${key}": {} }`, problem: "notAList" },
    { title: "null", input: `{ "${key}": null }`, problem: "notAList" },
    { title: "a key that is there twice", input: `{ "${key}": [], "${key}": [] }`, problem: "keyTwice" },
    {
      title: "a key in both forms",
      input: `{ "${key}": [], "promqlWorkbench": { "connections": [] } }`,
      problem: "keyTwice",
    },
  ];
  for (const { title, input, problem } of cases) {
    test(title, () => {
      assert.deepEqual(upsertInSettingsText(input, key, "b", element), { ok: false, problem });
      assert.deepEqual(removeFromSettingsText(input, key, "b"), { ok: false, problem });
    });
  }

  test("an id that is not there cannot be removed", () => {
    assert.deepEqual(removeFromSettingsText("{}", key, "b"), { ok: false, problem: "idMissing" });
    assert.deepEqual(removeFromSettingsText(`{ "${key}": [{}] }`, key, "b"), { ok: false, problem: "idMissing" });
  });
});

test("reading finds the value in either form", () => {
  assert.deepEqual(readSettingFromText(`{ "${key}": [1], }`, key), { ok: true, value: [1] });
  assert.deepEqual(readSettingFromText('{ "promqlWorkbench": { "connections": 2 } }', key), { ok: true, value: 2 });
  assert.deepEqual(readSettingFromText("// nothing\n", key), { ok: true, value: undefined });
});

const id = fc.constantFrom("a", "b", "c", "d");
const json = fc.jsonValue({ maxDepth: 2 });
const anElement = fc.oneof(
  fc.record({ id, url: fc.string(), headers: fc.dictionary(fc.string({ minLength: 1 }), fc.string()) }),
  json.filter((value) => typeof value !== "object" || value === null || !Object.hasOwn(value, "id")),
);
const gap = fc.constantFrom("", " ", "\n  ", " // c1\n ", "/* c2 */", "\r\n\t", "\n/* , */ // ]\n");
const list = fc.array(fc.tuple(anElement, gap, gap), { maxLength: 5 });
const file = fc.tuple(list, gap, fc.boolean(), fc.boolean()).map(([elements, before, trailing, nested]) => {
  const items = elements.map(([value, a, b]) => `${a}${JSON.stringify(value)}${b}`).join(",");
  const comma = trailing && elements.length > 0 ? "," : "";
  const value = `[${items}${comma}${before}]`;
  const text = nested
    ? `{ "promqlWorkbench": { "connections": ${value}}, "z": 1 }`
    : `{${before}"z": 1,${before}"${key}": ${value}${before}}`;
  return { text, values: elements.map(([one]) => one) };
});

const commentsOf = (text: string) =>
  [...text.matchAll(/\/\/ c1|\/\* c2 \*\/|\/\* , \*\/|\/\/ \]/g)].map(([c]) => c).sort();
const hasId = (value: unknown, wanted: string) =>
  typeof value === "object" && value !== null && "id" in value && value.id === wanted;
/** As text, since what is read has no prototype: `__proto__` is a key like any other. */
const asJson = (value: unknown) => JSON.stringify(value);

test("after any write the setting holds exactly what it should, and every comment is still there", () => {
  fc.assert(
    fc.property(file, id, fc.record({ url: fc.string(), more: json }), ({ text, values }, wanted, rest) => {
      const written = { id: wanted, ...rest };
      const result = textOf(upsertInSettingsText(text, key, wanted, written));
      const index = values.findIndex((value) => hasId(value, wanted));
      const read = readSettingFromText(result, key);
      assert.ok(read.ok && Array.isArray(read.value));
      const got = [...read.value];
      const place = index === -1 ? values.length : index;
      assert.deepEqual(Object.keys(got[place]).sort(), Object.keys(written).sort());
      assert.equal(asJson(got.toSpliced(place, 1)), asJson(index === -1 ? values : values.toSpliced(index, 1)));
      assert.deepEqual(commentsOf(result), commentsOf(text));
      assert.equal(textOf(upsertInSettingsText(result, key, wanted, written)), result);
    }),
    { numRuns: 300 },
  );
});

test("after any removal the others are as before, and every comment is still there", () => {
  fc.assert(
    fc.property(file, id, ({ text, values }, wanted) => {
      const index = values.findIndex((value) => hasId(value, wanted));
      fc.pre(index >= 0);
      const result = textOf(removeFromSettingsText(text, key, wanted));
      const read = readSettingFromText(result, key);
      assert.ok(read.ok);
      assert.equal(asJson(read.value), asJson(values.toSpliced(index, 1)));
      assert.deepEqual(commentsOf(result), commentsOf(text));
    }),
    { numRuns: 300 },
  );
});

test("adding and removing again leaves the text as it was, trailing commas included", () => {
  for (const end of ["", ","]) {
    const input = lines("{", `  "${key}": [`, `    { "id": "a" }${end}`, "  ]", "}");
    const added = textOf(upsertInSettingsText(input, key, "b", element));
    assert.equal(textOf(removeFromSettingsText(added, key, "b")), input);
  }
});

describe("a file with a byte order mark", () => {
  const mark = "\ufeff";
  const texts: readonly { readonly title: string; readonly text: string }[] = [
    { title: "with connections", text: `{\r\n  "${key}": [{ "id": "a" }, { "id": "b" }]\r\n}\r\n` },
    { title: "with other settings", text: '{ "x": 1 }' },
    { title: "of comments", text: "// mine\n" },
    { title: "that is empty", text: "" },
  ];
  for (const { title, text } of texts) {
    test(`${title} is edited like one without, and keeps it`, () => {
      assert.deepEqual(readSettingFromText(mark + text, key), readSettingFromText(text, key));
      const expected = textOf(upsertInSettingsText(text, key, "b", element));
      assert.equal(textOf(upsertInSettingsText(mark + text, key, "b", element)), mark + expected);
    });
  }

  test("loses nothing else when an element goes", () => {
    const text = `{ "${key}": [{ "id": "a" }, { "id": "b" }] }`;
    const expected = textOf(removeFromSettingsText(text, key, "a"));
    assert.equal(textOf(removeFromSettingsText(mark + text, key, "a")), mark + expected);
    assert.deepEqual(removeFromSettingsText(mark + text, key, "c"), { ok: false, problem: "idMissing" });
  });

  test("and another one inside is not JSON", () => {
    assert.deepEqual(readSettingFromText(`${mark}${mark}{}`, key), { ok: false, problem: "unparsable" });
  });
});
