import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { withoutSecretWords } from "../../../../src/connections/import/commandSecrets.ts";

describe("a command is exported without", () => {
  const cases: readonly {
    readonly title: string;
    readonly words: readonly string[];
    readonly expected: readonly string[];
  }[] = [
    { title: "a header", words: ["-H", "X-Vault-Token: s3"], expected: ["-H", "X-Vault-Token: <left-out>"] },
    { title: "a header right behind its option", words: ["-HX-Api-Key: s3"], expected: ["-HX-Api-Key: <left-out>"] },
    {
      title: "a header behind =",
      words: ["--header=Authorization: Bearer s3"],
      expected: ["--header=Authorization: <left-out>"],
    },
    { title: "a long option's value", words: ["--password=s3"], expected: ["--password=<left-out>"] },
    { title: "the next word", words: ["--client-secret", "s3"], expected: ["--client-secret", "<left-out>"] },
    { title: "an assignment", words: ["API_TOKEN=s3", "run"], expected: ["API_TOKEN=<left-out>", "run"] },
    {
      title: "a field of a form",
      words: ["-d", "client_secret=s3&grant_type=client_credentials"],
      expected: ["-d", "client_secret=<left-out>"],
    },
    { title: "a field behind others", words: ["-d", "a=b&password=s3"], expected: ["-d", "a=b&password=<left-out>"] },
    { title: "a field of JSON", words: ["-d", '{"password": "s3"}'], expected: ["-d", "<left-out>"] },
    { title: "user and password", words: ["-u", "me:s3"], expected: ["-u", "me:<left-out>"] },
    {
      title: "user and password at once",
      words: ["-ume:s3", "--user=me:s3"],
      expected: ["-u<left-out>", "--user=me:<left-out>"],
    },
    {
      title: "who signs in in an address",
      words: ["https://me:s3@host:1/p", "https://s3@host/"],
      expected: ["https://<left-out>@host:1/p", "https://<left-out>@host/"],
    },
    {
      title: "a parameter of an address",
      words: ["https://host/p?a=b&api_key=s3#c"],
      expected: ["https://host/p?a=b&api_key=<left-out>#c"],
    },
    { title: "a script with one inside", words: ["-c", "curl -H 'X-Token: s3' h"], expected: ["-c", "<left-out>"] },
    { title: "a script with an option", words: ["-c", "login --password s3 && x"], expected: ["-c", "<left-out>"] },
    { title: "a script with a user", words: ["-c", "curl -u me:s3 h"], expected: ["-c", "<left-out>"] },
    { title: "a word that nobody types", words: ["a.".repeat(5000)], expected: ["<left-out>"] },
    {
      title: "a token known by its form",
      words: ["glpat-abcdefghij0123456789", "eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl"],
      expected: ["<left-out>", "<left-out>"],
    },
  ];
  for (const { title, words, expected } of cases) {
    test(title, () => {
      const found = withoutSecretWords(["program", ...words]);
      assert.deepEqual(found.command, ["program", ...expected]);
      const changed = words.flatMap((word, i) => (word === expected[i] ? [] : [i + 1]));
      assert.deepEqual(found.changed, changed);
      // What is left is not taken for another secret when it is read back.
      assert.deepEqual(withoutSecretWords(found.command).changed, []);
    });
  }
});

describe("a command that only says where a secret is stays", () => {
  const commands: readonly (readonly string[])[] = [
    ["gcloud", "auth", "print-access-token"],
    ["az", "account", "get-access-token", "--resource", "https://prometheus.monitor.azure.com"],
    ["vault", "read", "-field=token", "secret/prometheus"],
    ["aws", "secretsmanager", "get-secret-value", "--secret-id", "prometheus", "--query", "SecretString"],
    ["op", "read", "op://vault/prometheus/password"],
    ["kubectl", "create", "token", "prometheus", "-n", "monitoring"],
    ["oauth2l", "fetch", "--credentials", "/etc/key.json", "--token-file=/run/token"],
    ["sh", "-c", 'curl -s -H "Authorization: Bearer $TOKEN" -u "me:$PASSWORD" https://host/token?api_key=$KEY'],
    ["curl", "-H", "X-Scope-OrgID: team-a", "https://host:9090/api", "ssh://git@host"],
    ["login", "--password-stdin", "me", "--token", "$TOKEN", "--secret", "--verbose"],
  ];
  for (const command of commands) {
    test(command.join(" "), () => assert.deepEqual(withoutSecretWords(command), { command, changed: [] }));
  }
});
