import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { isDotEnv, parseDotEnv } from "../../../../src/connections/import/dotEnv.ts";
import { readEnvironmentNames } from "../../../../src/connections/import/environmentNames.ts";
import { readForTable, readText } from "../../../support/imports.ts";

describe("lines of a .env file", () => {
  const cases: readonly { readonly title: string; readonly text: string; readonly value: string | undefined }[] = [
    { title: "plain", text: "A=b", value: "b" },
    { title: "export", text: "export A=b", value: "b" },
    { title: "blanks", text: "  A = b c  ", value: "b c" },
    { title: "empty", text: "A=", value: "" },
    { title: "a comment behind it", text: "A=b # c", value: "b" },
    { title: "nothing but a comment", text: "A= # c", value: "" },
    { title: "a number sign within", text: "A=b#c", value: "b#c" },
    { title: "an equals sign within", text: "A=b=c==", value: "b=c==" },
    { title: "double quotes", text: 'A="b # c" # d', value: "b # c" },
    { title: "double quotes with escapes", text: 'A="a\\"b\\\\c\\$d\\n"', value: 'a"b\\c$d\n' },
    { title: "an escape that is none", text: 'A="a\\d"', value: "a\\d" },
    { title: "single quotes keep everything", text: "A='a\\n$b \"c\"'", value: 'a\\n$b "c"' },
    { title: "empty quotes", text: 'A=""', value: "" },
    { title: "several lines in quotes", text: 'A="b\nc=d\n# e"\n', value: "b\nc=d\n# e" },
    { title: "a quote that nothing closes", text: "A='b\nC=d", value: "'b" },
    { title: "the last of two", text: "A=b\nA=c", value: "c" },
    { title: "Windows' line ends and a byte order mark", text: "\ufeffA=b\r\nC=d\r\n", value: "b" },
    { title: "a comment", text: "# A=b", value: undefined },
    { title: "a dollar sign", text: "A=pa$$word", value: "pa$$word" },
    { title: "nothing is expanded", text: "B=x\nA=$B", value: "$B" },
    { title: "nothing is executed", text: "A=$(id)", value: "$(id)" },
  ];
  for (const { title, text, value } of cases) {
    test(title, () => assert.equal(parseDotEnv(text).variables.get("A"), value));
  }

  test("what a shell would expand is named, unless quotes or a backslash keep it", () => {
    const { expands } = parseDotEnv(`A=$B\nB="\${C}"\nC='$D'\nD="\\$E"\nE=5$\nF=$(id)\n`);
    assert.deepEqual([...expands], ["A", "B", "F"]);
  });

  test("another text is no such file", () => {
    assert.equal(isDotEnv("apiVersion: 1\n"), false);
    assert.equal(isDotEnv("# nothing\n"), false);
    assert.equal(isDotEnv("A=b\nsomething else\n"), false);
    assert.equal(parseDotEnv("A=b\nsomething else\n").strayLine, 2);
  });

  test("quotes that nothing closes cost no more than the lines they may span", () => {
    const start = performance.now();
    parseDotEnv("A='\n".repeat(1) + 'B="\\"x\n'.repeat(100_000));
    assert.ok(performance.now() - start < 5000);
  });

  test("any value survives single quotes, and double quotes with escapes", () => {
    const value = fc.string({ unit: "binary" }).filter((text) => !/[\r\n]/.test(text));
    fc.assert(
      fc.property(value, (text) => {
        const double = text.replace(/[\\"$`]/g, (letter) => `\\${letter}`);
        assert.equal(parseDotEnv(`A="${double}"`).variables.get("A"), text);
        if (!text.includes("'")) assert.equal(parseDotEnv(`A='${text}'`).variables.get("A"), text);
      }),
    );
  });
});

describe("the names of the environment", () => {
  const url = { PROMETHEUS_URL: "https://prom.example/p" };
  const prod = { name: "prom.example", url: "https://prom.example/p" };
  const cases: readonly {
    readonly title: string;
    readonly variables: Readonly<Record<string, string>>;
    readonly connection: Readonly<Record<string, unknown>>;
    readonly copied?: readonly string[];
    readonly auth?: Readonly<Record<string, unknown>>;
    readonly notTaken?: readonly string[];
  }[] = [
    { title: "an address alone", variables: url, connection: prod, auth: { type: "none" } },
    {
      title: "a bearer token",
      variables: { ...url, PROMETHEUS_AUTH_TYPE: "bearer", PROMETHEUS_TOKEN: "abc" },
      connection: prod,
      auth: { type: "bearer", tokenRef: "$env:PROMETHEUS_TOKEN" },
      copied: ["token=abc"],
    },
    {
      title: "basic, as a form calls it",
      variables: {
        ...url,
        PROMETHEUS_AUTH_TYPE: "Basic Auth",
        PROMETHEUS_USERNAME: "1234567",
        PROMETHEUS_PASSWORD: " glc_x ",
      },
      connection: prod,
      auth: { type: "basic", username: "1234567", passwordRef: "$env:PROMETHEUS_PASSWORD" },
      copied: ["password= glc_x "],
    },
    {
      title: "without a type a token says it",
      variables: { ...url, PROMETHEUS_TOKEN: "abc" },
      connection: prod,
      auth: { type: "bearer", tokenRef: "$env:PROMETHEUS_TOKEN" },
      copied: ["token=abc"],
    },
    {
      title: "without a type a user says it",
      variables: { ...url, PROMETHEUS_USERNAME: "me", PROMETHEUS_PASSWORD: "x" },
      connection: prod,
      auth: { type: "basic", username: "me", passwordRef: "$env:PROMETHEUS_PASSWORD" },
      copied: ["password=x"],
    },
    {
      title: "what the type does not use is remarked",
      variables: { ...url, PROMETHEUS_AUTH_TYPE: "none", PROMETHEUS_TOKEN: "abc", PROMETHEUS_USERNAME: "me" },
      connection: prod,
      auth: { type: "none" },
      notTaken: ["PROMETHEUS_TOKEN switchedOff", "PROMETHEUS_USERNAME switchedOff"],
    },
    {
      title: "a type that is none of ours",
      variables: { ...url, PROMETHEUS_AUTH_TYPE: "kerberos", PROMETHEUS_TOKEN: "abc" },
      connection: prod,
      auth: { type: "none" },
      notTaken: ["PROMETHEUS_AUTH_TYPE authType", "PROMETHEUS_TOKEN switchedOff"],
    },
    {
      title: "no address",
      variables: { PROMETHEUS_TOKEN: "abc" },
      connection: { name: "", askUrl: "" },
      auth: { type: "bearer", tokenRef: "$env:PROMETHEUS_TOKEN" },
      copied: ["token=abc"],
    },
    {
      title: "a password without a user asks for that",
      variables: { ...url, PROMETHEUS_AUTH_TYPE: "basic", PROMETHEUS_PASSWORD: "x" },
      connection: { ...prod, askUsername: true },
      auth: { type: "basic", passwordRef: "$env:PROMETHEUS_PASSWORD" },
      copied: ["password=x"],
    },
  ];
  for (const { title, variables, connection, auth = {}, copied = [], notTaken = [] } of cases) {
    test(`${title}, of a process: secrets stay where they are`, () => {
      const read = readEnvironmentNames({ get: (name) => variables[name], secrets: "refer" });
      assert.deepEqual(readForTable(read), { connections: [{ ...connection, auth }], secrets: [], notTaken });
    });

    test(`${title}, of a file: secrets are copied`, () => {
      const text = Object.entries(variables)
        .map(([name, value]) => `${name}="${value}"\n`)
        .join("");
      const { tokenRef: _token, passwordRef: _password, ...plain } = auth;
      assert.deepEqual(readForTable(readText(`OTHER=1\n${text}`, "settings.txt")), {
        connections: [{ ...connection, auth: plain }],
        secrets: copied,
        notTaken,
      });
    });
  }

  test("nothing of it is set", () => {
    assert.deepEqual(readEnvironmentNames({ get: () => undefined, secrets: "refer" }), {
      ok: false,
      problem: { code: "noVariables" },
    });
    assert.deepEqual(readForTable(readText("A=b\n")), { problem: { code: "noVariables" } });
  });

  test("a value that a shell would have changed is taken as it stands, and remarked", () => {
    assert.deepEqual(readForTable(readText("PROMETHEUS_URL=http://a\nPROMETHEUS_TOKEN=$T\n")), {
      connections: [{ name: "a", url: "http://a", auth: { type: "bearer" } }],
      secrets: ["token=$T"],
      notTaken: ["PROMETHEUS_TOKEN notExpanded"],
    });
  });
});
