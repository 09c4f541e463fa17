import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { parsePromqlCell, parsePromqlFile } from "../../../src/promql/file.ts";
import {
  cellScope,
  definitionOf,
  placeAt,
  type Related,
  relatedPlaces,
  renamePlaces,
  type VariableScope,
  variableScopes,
} from "../../../src/promql/variableScopes.ts";
import { promqlText } from "../../support/promqlText.ts";

/** The scopes of a file and the variable at `|` in it. */
function at(marked: string): { text: string; scopes: readonly VariableScope[]; found: Related | undefined } {
  const offset = marked.indexOf("|");
  const text = marked.replace("|", "");
  const scopes = variableScopes(text, parsePromqlFile(text));
  const [found] = scopes.flatMap((scope, i) => {
    const place = placeAt(scope, offset);
    return place === undefined ? [] : [{ scope: i, place }];
  });
  return { text, scopes, found };
}

/** The text with `<...>` around each of these places. */
function marked(text: string, places: readonly Related[]): string {
  return [...places]
    .sort((a, b) => b.place.from - a.place.from)
    .reduce((out, { place: { from, to } }) => `${out.slice(0, from)}<${out.slice(from, to)}>${out.slice(to)}`, text);
}

describe("the places of a variable", () => {
  const table: readonly (readonly [title: string, text: string, expected: string])[] = [
    ["of a definition", '# @var jo|b=node\nup{job="$job"}', '# @var <job>=node\nup{job="$<job>"}'],
    ["of a reference, at its sign", "# @var a=1\n|$a + $b", "# @var <a>=1\n$<a> + $b"],
    ["of a reference, at its end", "# @var a=1\n$a| + $b", "# @var <a>=1\n$<a> + $b"],
    [
      "in every form",
      `# @var x=1\n|$x + \${x} + f{a=~"\${x:regex}", b='[[x]]', c=\`$x\`} + [[x]] + \${x.text}`,
      `# @var <x>=1\n$<x> + \${<x>} + f{a=~"\${<x>:regex}", b='[[<x>]]', c=\`$<x>\`} + [[<x>]] + \${<x>.text}`,
    ],
    ["in the value of another", '# @var a=1\n# @var b="$a $|a"\n$b', '# @var <a>=1\n# @var b="$<a> $<a>"\n$b'],
    ["in quotes as a whole", '# @var "a b"\n# @var "a=1"\n|$a', '# @var "a b"\n# @var "<a>=1"\n$<a>'],
    [
      "of the prologue, but not where a block has its own",
      "# @var a=1\n\n# %% A\n# @var a=2\n$a\n# %% B\n|$a\n",
      "# @var <a>=1\n\n# %% A\n# @var a=2\n$a\n# %% B\n$<a>\n",
    ],
    [
      "of a block's own alone",
      "# @var a=1\n\n# %% A\n# @var a=2\n|$a\n# %% B\n$a\n",
      "# @var a=1\n\n# %% A\n# @var <a>=2\n$<a>\n# %% B\n$a\n",
    ],
    ["defined twice", "# @var a=1\n# @var a=2\n|$a", "# @var <a>=1\n# @var <a>=2\n$<a>"],
    ["that nothing defines", "|$a + 1\n# %% B\n$a\n", "$<a> + 1\n# %% B\n$<a>\n"],
    [
      "in a replacement, if it is defined",
      '# @var a=1\nlabel_replace($|a, "d", "$a$1", "s", "")',
      '# @var <a>=1\nlabel_replace($<a>, "d", "$<a>$1", "s", "")',
    ],
    [
      "in a replacement, which is a group otherwise",
      'label_replace($|a, "d", "$a", "s", "")',
      'label_replace($<a>, "d", "$a", "s", "")',
    ],
    ["not in Markdown", "|$a\n# %% [markdown]\n$a\n", "$<a>\n# %% [markdown]\n$a\n"],
    ["not in comments", "# $a\n|$a # $a", "# $a\n$<a> # $a"],
  ];
  for (const [title, text, expected] of table) {
    test(title, () => {
      const { text: plain, scopes, found } = at(text);
      assert.ok(found !== undefined);
      assert.equal(marked(plain, relatedPlaces(scopes, found.scope, found.place.name)), expected);
    });
  }

  test("are none beside it", () => {
    for (const text of ["| $a", "$a |", "# @v|ar a=1", "# @var a=|1", "u|p"]) {
      assert.equal(at(text).found, undefined, text);
    }
  });
});

test("the definition that counts is the block's, then the prologue's, and of two the last", () => {
  const valueAt = (text: string) => {
    const { scopes, found } = at(text);
    return found && definitionOf(scopes, found.scope, found.place.name)?.place.value;
  };
  assert.equal(valueAt("# @var a=1\n\n# %% A\n# @var a=2\n|$a"), "2");
  assert.equal(valueAt("# @var a=1\n\n# %% A\n# @var b=2\n|$a"), "1");
  assert.equal(valueAt('# @var a=1\n# @var a="2 \\" 3"\n\n|$a'), '2 " 3');
  assert.equal(valueAt("|$a"), undefined);
});

describe("another name", () => {
  const table: readonly (readonly [title: string, text: string, newName: string, expected: string])[] = [
    [
      "is written everywhere",
      `# @var a=1\n|$a + f{b="\${a:regex}[[a]]"}`,
      "b",
      `# @var b=1\n$b + f{b="\${b:regex}[[b]]"}`,
    ],
    ["is not given to a built-in variable", "x[$__int|erval]", "a", "builtin"],
    ["cannot be a built-in variable's", "$|a", "__range", "newIsBuiltin"],
    ["is letters, digits and underscores", "$|a", "a-b", "badName"],
    ["begins with no digit", "$|a", "1a", "badName"],
    ["may be the same", "$|a", "a", "$a"],
    ["cannot be one that stands there", "$|a + $b", "b", "taken"],
    ["cannot be one that a block defines", "# @var a=1\n\n# %% A\n# @var b=1\n|$a", "b", "taken"],
    ["cannot take over another block's", "# @var |a=1\n\n# %% A\n$b\n", "b", "taken"],
    [
      "may be one that another block has for itself",
      "# @var |a=1\n\n# %% A\n# @var b=1\n$b\n# %% B\n$a",
      "b",
      "# @var b=1\n\n# %% A\n# @var b=1\n$b\n# %% B\n$b",
    ],
  ];
  for (const [title, text, newName, expected] of table) {
    test(title, () => {
      const { text: plain, scopes, found } = at(text);
      assert.ok(found !== undefined);
      const places = renamePlaces(scopes, found, newName);
      const written = (all: readonly Related[]) =>
        [...all]
          .sort((a, b) => b.place.from - a.place.from)
          .reduce((out, { place }) => out.slice(0, place.from) + newName + out.slice(place.to), plain);
      assert.equal(typeof places === "string" ? places : written(places), expected);
    });
  }
});

test("cells share the definitions of the one that sets defaults", () => {
  const texts = ["# @var a=1 @var b=2", "$a + $b", "# @var a=3\n$a"];
  const defaults = parsePromqlCell(texts[0] ?? "", { defaults: [], title: undefined }).blocks[0]?.directives ?? [];
  const scopes = texts.map((text, i) =>
    cellScope(text, parsePromqlCell(text, { defaults: i === 0 ? [] : defaults, title: undefined }), i === 0),
  );
  const places = (scope: number, name: string) =>
    relatedPlaces(scopes, scope, name).map((one) => `${one.scope}:${one.place.from}`);
  assert.deepEqual(places(1, "a"), ["0:7", "1:1"]);
  assert.deepEqual(places(2, "a"), ["2:7", "2:12"]);
  assert.deepEqual(places(0, "b"), ["0:16", "1:6"]);
});

test("in any text each place holds its name, and each is found where it is", () => {
  fc.assert(
    fc.property(promqlText(), (text) => {
      const scopes = variableScopes(text, parsePromqlFile(text));
      for (const scope of scopes) {
        for (const place of scope.places) {
          assert.equal(text.slice(place.from, place.to), place.name);
          assert.equal(placeAt(scope, place.from)?.name, place.name);
        }
      }
    }),
  );
});
