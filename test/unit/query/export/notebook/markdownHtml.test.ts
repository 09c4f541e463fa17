import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { markdownHtml } from "../../../../../src/query/export/notebook/markdownHtml.ts";
import { hostileStrings } from "../../../../support/hostileStrings.ts";

function htmlOf(text: string): string {
  return [...markdownHtml(text)].join("");
}

describe("Markdown as HTML", () => {
  const cases: readonly { readonly title: string; readonly input: string; readonly expected: string }[] = [
    { title: "headings, one level down", input: "# a\n\n###### b", expected: "<h2>a</h2>\n<h6>b</h6>\n" },
    {
      title: "emphasis and code",
      input: "**a** *b* ~~c~~ `<d>`",
      expected: "<p><strong>a</strong> <em>b</em> <del>c</del> <code>&lt;d&gt;</code></p>\n",
    },
    { title: "a break", input: "a  \nb", expected: "<p>a<br>b</p>\n" },
    { title: "a rule", input: "a\n\n---", expected: "<p>a</p>\n<hr>\n" },
    { title: "a list", input: "- a\n- b", expected: "<ul>\n<li>a\n</li>\n<li>b\n</li>\n</ul>\n" },
    { title: "a list from 3", input: "3. a", expected: '<ol start="3">\n<li>a\n</li>\n</ol>\n' },
    { title: "a quotation", input: "> a", expected: "<blockquote>\n<p>a</p>\n</blockquote>\n" },
    { title: "code in a fence", input: "```promql\nup < 1\n```", expected: "<pre><code>up &lt; 1</code></pre>\n" },
    { title: "characters with names", input: "&copy; &lt; a & b", expected: "<p>&copy; &lt; a &amp; b</p>\n" },
    { title: "escaped signs", input: "\\*a\\* \\<", expected: "<p>*a* &lt;</p>\n" },
    {
      title: "a table",
      input: "| a | b |\n| --- | ---: |\n| 1 | 2 |",
      expected:
        '<table>\n<thead>\n<tr><th>a</th><th class="right">b</th></tr>\n</thead>\n<tbody>\n<tr><td>1</td><td class="right">2</td></tr>\n</tbody>\n</table>\n',
    },
    {
      title: "a link to a web page",
      input: "[a](https://x.example/b?c=1&d=2)",
      expected: '<p><a href="https://x.example/b?c=1&amp;d=2" rel="noopener noreferrer">a</a></p>\n',
    },
    {
      title: "an address in angle brackets",
      input: "<mailto:a@x.example>",
      expected: '<p><a href="mailto:a@x.example" rel="noopener noreferrer">mailto:a@x.example</a></p>\n',
    },
    { title: "no link of a bare address", input: "https://x.example", expected: "<p>https://x.example</p>\n" },
    { title: "no link to a script", input: "[a](javascript:b)", expected: "<p>a (javascript:b)</p>\n" },
    {
      title: "no link to a hidden script",
      input: "[a](java&#115;cript:b)",
      expected: "<p>a (java&amp;#115;cript:b)</p>\n",
    },
    { title: "no link to a command", input: "[a](command:b)", expected: "<p>a (command:b)</p>\n" },
    { title: "no link to a file nearby", input: "[a](b.md)", expected: "<p>a (b.md)</p>\n" },
    {
      title: "a picture as text",
      input: "![a](https://x.example/b.png)",
      expected: "<p>a (https://x.example/b.png)</p>\n",
    },
    { title: "HTML as text", input: "a <b>c</b>", expected: "<p>a &lt;b&gt;c&lt;/b&gt;</p>\n" },
    { title: "a block of HTML as text", input: "<div>\na\n</div>", expected: "<p>&lt;div&gt;\na\n&lt;/div&gt;</p>\n" },
    { title: "nothing", input: "", expected: "" },
  ];
  for (const { title, input, expected } of cases) {
    test(title, () => assert.equal(htmlOf(input), expected));
  }

  test("a task has a sign", () => {
    assert.match(htmlOf("- [x] a\n- [ ] b"), /<li>☑ ?\n?a\n<\/li>\n<li>☐ ?\n?b\n<\/li>/);
  });

  const own =
    /<\/?(?:h[2-6]|p|strong|em|del|code|br|hr|ul|ol|li|blockquote|pre|table|thead|tbody|tr|th|td|a)\b[^<>]*>/g;
  const attributes =
    / (?:class="(?:left|center|right)"|start="\d+"|href="(?:https?:|mailto:)[^"<>]*"|rel="noopener noreferrer")/g;

  test("no hostile text brings an element or attribute of its own, wherever it stands", () => {
    const places = [
      ...["%", "# %", "**%**", "- %", "> %", "`%`", "```\n%\n```", "    %", "| a |\n| --- |\n| % |"],
      ...[
        "[%](https://x.example)",
        "[a](%)",
        "[a](<%>)",
        '[a](https://x.example "%")',
        "![%](%)",
        "<%>",
        "[a]: %\n\n[a]",
      ],
    ];
    for (const hostile of hostileStrings) {
      for (const place of places) {
        const html = htmlOf(place.replaceAll("%", () => hostile));
        const rest = html.replace(own, (tag) => {
          assert.doesNotMatch(tag.replace(attributes, ""), /[ "'=]/, tag);
          return "";
        });
        assert.doesNotMatch(rest, /[<>]/, `${place}: ${hostile}`);
      }
    }
  });

  test("what would take long or goes too deep is shown as it is", () => {
    const long = `${"*a* ".repeat(20_000)}b`;
    assert.ok(
      htmlOf(long) ===
        `<pre>${long}</pre>
`,
    );
    const paragraph = `${"*a* ".repeat(2000)}b`;
    assert.ok(
      htmlOf(paragraph) ===
        `<p>${paragraph}</p>
`,
    );
    assert.ok(htmlOf("> ".repeat(20_000)).startsWith("<pre>"));
  });

  test("comes in pieces", () => {
    assert.ok([...markdownHtml("a *b*\n\n".repeat(1000))].length > 1000);
  });
});
