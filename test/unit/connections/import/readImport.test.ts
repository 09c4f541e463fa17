import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { mostImportBytes, readImport } from "../../../../src/connections/import/readImport.ts";
import { hostileStrings } from "../../../support/hostileStrings.ts";
import { readForTable, readText } from "../../../support/imports.ts";

describe("which form a text has", () => {
  const cases: readonly {
    readonly title: string;
    readonly text: string;
    readonly fileName?: string;
    readonly problem: object;
  }[] = [
    { title: "nothing", text: " \n", problem: { code: "empty" } },
    { title: "prose", text: "Dear all,\n\nplease", problem: { code: "unknownFormat" } },
    { title: "a list", text: "- a\n- b\n", problem: { code: "unknownFormat" } },
    { title: "another YAML", text: "scrape_configs: []\n", problem: { code: "unknownFormat" } },
    { title: "another JSON", text: '{"a": 1}', problem: { code: "unknownFormat" } },
    { title: "JSON with a mistake", text: '{"a": 1', fileName: "x.json", problem: { code: "jsonSyntax" } },
    {
      title: "a provisioning without data sources",
      text: "apiVersion: 1\ndatasources: []\n",
      problem: { code: "noConnections" },
    },
    {
      title: "a .env file of something else",
      text: "not an assignment\nA=b",
      fileName: ".env",
      problem: { code: "noVariables" },
    },
    {
      title: "a mistake in YAML",
      text: "datasources:\n  - name: a\n   type: b\n",
      problem: { code: "yamlSyntax", line: 3 },
    },
  ];
  for (const { title, text, fileName, problem } of cases) {
    test(title, () => assert.deepEqual(readForTable(readText(text, fileName)), { problem }));
  }

  const names = [".env", "prod.env", ".env.local", "env"];
  for (const fileName of names) {
    test(`${fileName} is one of variables, also with lines that are none`, () => {
      const read = readForTable(readText("source other\nPROMETHEUS_URL=http://a\n", fileName));
      assert.deepEqual(read, {
        connections: [{ name: "a", url: "http://a", auth: { type: "none" } }],
        secrets: [],
        notTaken: [],
      });
    });
  }

  test("bytes that are no text, and too many of them", () => {
    const read = (bytes: Uint8Array) => readForTable(readImport({ bytes, fileName: "x.yaml", folder: undefined }));
    assert.deepEqual(read(new Uint8Array([0xff, 0xfe, 0x41, 0])), { problem: { code: "notText" } });
    assert.deepEqual(read(new Uint8Array([0x41, 0, 0x42])), { problem: { code: "notText" } });
    assert.deepEqual(read(new Uint8Array(mostImportBytes + 1).fill(0x41)), { problem: { code: "tooLarge" } });
    assert.deepEqual(read(new Uint8Array(mostImportBytes).fill(0x20)), { problem: { code: "empty" } });
  });

  test("any hostile text in any place is read or refused", () => {
    for (const hostile of hostileStrings) {
      const quoted = JSON.stringify(hostile);
      for (const text of [
        hostile,
        `PROMETHEUS_URL=${hostile}`,
        `apiVersion: 1\ndatasources: [{name: ${quoted}, type: prometheus, url: ${quoted}}]`,
        `apiVersion: 1\ndatasources: [{name: a, type: ${quoted}, ${quoted}: b}]`,
        `http_headers: {${quoted}: {values: [${quoted}]}}`,
        `{"promqlWorkbenchConnections": 1, "connections": [{"id": ${quoted}, "name": ${quoted}, ${quoted}: 1}]}`,
      ]) {
        assert.equal(typeof readText(text).ok, "boolean", text);
      }
    }
  });
});
